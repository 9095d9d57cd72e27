"""Finds the names in a text, and tells whether they look like a person's."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.attribution.tokens import NAME_KINDS, Tokens

# Allowed between the capitalised words of a name.
_LINKS = frozenset("of de del della di da van von der den bin ibn al el la le y for -".split())
_MAX_LINKS = 2
_TITLES = frozenset(
    """mr. mrs. ms. dr. prof. rev. hon. sen. gov. rep. gen. lt. col. capt. maj. adm. pres. mr mrs ms dr sir lady lord
    dame president prime minister premier chancellor senator governor representative congressman congresswoman secretary
    general colonel admiral major captain king queen prince princess pope judge justice mayor chairman chairwoman
    ambassador spokesman spokeswoman spokesperson director commander chief deputy vice former foreign defence defense
    interior justice finance transport professor attorney speaker""".split()
)
_ORGANISATIONS = frozenset(
    """agency army assembly association authority bank board bureau cabinet centre center commission committee company
    congress corporation council court daily department directorate federation force forces foundation front government
    group guard guards herald house institute journal kingdom league media ministry mission movement nations navy
    network news newspaper office organisation organization parliament party police post press republic senate service
    services state states staff television times tribune union university washington""".split()
)
# Capitalised at the start of a sentence, but not names.
OPENERS = frozenset(
    """a an the this that these those he she it they we you i his her its their our my your who which what when
    where why how if but and or so yet as at by for from in into of on to with after before while since until
    although though because both many some most several few all any no none one two three four five other others
    another such each every either neither officials official authorities police experts analysts critics
    residents witnesses sources reports people supporters opponents aides lawmakers diplomats prosecutors
    investigators researchers scientists voters according asked meanwhile however also still now then there here
    yes later earlier speaking today yesterday monday tuesday wednesday thursday friday saturday sunday january
    february march april may june july august september october november december""".split()
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the tokens `[first, last)`; `description` is its words and those around it that say who it is."""

    first: int
    last: int
    text: str
    description: frozenset[str]
    is_person: bool

    @property
    def family(self) -> str:
        """Return the last word of the name, lower-cased."""
        return self.text.rsplit(maxsplit=1)[-1].lower()


def find_names(tokens: Tokens) -> list[Name]:
    """Return the runs of capitalised words in a text, in order, without leading words that only open a sentence."""
    names = []
    last = 0
    for first, kind in enumerate(tokens.kinds):
        if first < last or kind not in NAME_KINDS:
            continue
        last = _end_of_run(tokens, first)
        begin = next((index for index in range(first, last) if tokens.words[index] not in OPENERS), last)
        if begin < last:
            names.append(_name(tokens, begin, last))
    return names


def _end_of_run(tokens: Tokens, first: int) -> int:
    """Return one past the last token of the run of capitalised words that begins at `first`."""
    last = first
    links = 0
    for index in range(first, len(tokens)):
        if index > first and tokens.opens_line[index]:
            break
        if tokens.kinds[index] in NAME_KINDS:
            links = 0
            last = index + 1
        elif tokens.words[index] in _LINKS and links < _MAX_LINKS:
            links += 1
        else:
            break
    return last


def _name(tokens: Tokens, first: int, last: int) -> Name:
    words = tokens.words[first:last]
    description = set(words)
    for before in range(first - 1, max(-1, first - 5), -1):
        if not tokens.words[before].isalpha() or tokens.opens_line[before + 1]:
            break
        description.add(tokens.words[before])
    # An apposition: "Brandt, the harbour's director, said".
    after = tokens.words[last : last + 12] if tokens.words[last : last + 1] == [","] else []
    description.update(after[1 : after.index(",", 1) if "," in after[1:] else None])
    return Name(first, last, tokens.string(first, last), frozenset(description), _is_person(words, description))


def _is_person(words: Sequence[str], description: set[str]) -> bool:
    if _ORGANISATIONS & set(words) or words[-1].endswith("'"):
        return False
    titled = bool(_TITLES & description)
    plain = [word for word in words if word not in _TITLES]
    return bool(plain) and (titled or 2 <= len(plain) <= 4) and len(plain[-1]) > 1
