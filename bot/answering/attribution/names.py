"""The names in a text: where they stand, and whether they look like a person's."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.attribution.tokens import NAME_KINDS, Tokens

# Inside a name, between its capitalised words.
_LINKS = frozenset("of de del della di da van von der den bin ibn al el la le y for -".split())
_MOST_LINKS = 2
_TITLES = frozenset(
    """mr. mrs. ms. dr. prof. rev. hon. sen. gov. rep. gen. lt. col. capt. maj. adm. pres. mr mrs ms dr sir lady lord
    dame president prime minister premier chancellor senator governor representative congressman congresswoman secretary
    general colonel admiral major captain king queen prince princess pope judge justice mayor chairman chairwoman
    ambassador spokesman spokeswoman spokesperson director commander chief deputy vice former foreign defence defense
    interior justice finance transport professor attorney speaker""".split()
)
_BODIES = frozenset(
    """agency army assembly association authority bank board bureau cabinet centre center commission committee company
    congress corporation council court daily department directorate federation force forces foundation front government
    group guard guards herald house institute journal kingdom league media ministry mission movement nations navy
    network news newspaper office organisation organization parliament party police post press republic senate service
    services state states staff television times tribune union university washington""".split()
)
# Capitalised where a sentence begins, and no names.
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
    """A name in the tokens `first` up to and without `last`; `described` adds words around it that say what it is."""

    first: int
    last: int
    text: str
    described: frozenset[str]
    is_person: bool

    @property
    def family(self) -> str:
        """The last word of the name, lower-cased."""
        return self.text.rsplit(maxsplit=1)[-1].lower()


def find_names(tokens: Tokens) -> list[Name]:
    """The runs of capitalised words in a text, in order, without the words that only open a sentence."""
    names = []
    at = 0
    for first, kind in enumerate(tokens.kinds):
        if first < at or kind not in NAME_KINDS:
            continue
        at = last = _run(tokens, first)
        begin = next((place for place in range(first, last) if tokens.words[place] not in OPENERS), last)
        if begin < last:
            names.append(_name(tokens, begin, last))
    return names


def _run(tokens: Tokens, first: int) -> int:
    """One past the last token of the run of capitalised words that begins at a token; the same token if none does."""
    last = at = first
    links = 0
    while at < len(tokens) and (at == first or not tokens.opens_line[at]):
        if tokens.kinds[at] in NAME_KINDS:
            links = 0
            last = at + 1
        elif last > first and tokens.words[at] in _LINKS and links < _MOST_LINKS:
            links += 1
        else:
            break
        at += 1
    return last


def _name(tokens: Tokens, first: int, last: int) -> Name:
    words = tokens.words[first:last]
    described = set(words)
    before = first - 1
    while before >= 0 and first - before <= 4 and tokens.words[before].isalpha() and not tokens.opens_line[before + 1]:
        described.add(tokens.words[before])
        before -= 1
    after = tokens.words[last : last + 12] if tokens.words[last : last + 1] == [","] else []
    described.update(word for word in after[1 : after.index(",", 1) if "," in after[1:] else None])
    return Name(first, last, tokens.string(first, last), frozenset(described), _is_person(words, described))


def _is_person(words: Sequence[str], described: set[str]) -> bool:
    if _BODIES & set(words) or words[-1].endswith("'"):
        return False
    titled = bool(_TITLES & described)
    plain = [word for word in words if word not in _TITLES]
    return bool(plain) and (titled or 2 <= len(plain) <= 4) and all(len(word) > 1 for word in plain[-1:])
