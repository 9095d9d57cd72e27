"""Decides what of an article's words names a speaker: a person, a body or an outlet, or nobody."""

import re
from collections.abc import Sequence

from bot.answering.attribution.names import OPENERS
from bot.answering.question.clauses import ACTOR_NOUNS

# Characters of one name, and of a list of names.
MAX_LENGTH = 70
LONGEST_LIST = 160
# A name ends at its first comma, dash or relative clause, or where a verb follows.
_END = re.compile(
    r",|\s[–—-]\s|\s\(|\s(?:who|which|that|whose|is|was|are|were|be|been|has|have|had|will|would|said|says)\s"
    r"|\son\s(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day",
    re.IGNORECASE,
)
# "The United States mediated the talks": a verb in the past and its object.
_PAST_VERB = re.compile(
    r"\s[a-z]{2,20}ed\s(?:the|an?|its|their|his|her|several|no|two|three|four|five|six|seven|eight|nine|ten"
    r"|\w{3,8}teen|dozens|hundreds|\d)",
    re.ASCII,
)
_TRAILING = re.compile(
    r"(?:\s+(?:on|in|at|by|of|to|for|with|later|also|has|have|had|was|were|then|again|still|and|or|as|from)){1,8}$",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^(?:(?:according\s+to|by|from|and|but|later|also|then|meanwhile)\s+){1,4}", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
# Between the members of a list of names.
_SEPARATOR = re.compile(r"\s?,\s(?P<last>(?:and|or|nor)\s)?|\s(?P<and>and|or|nor|as\swell\sas)\s")
_MAX_MEMBER_WORDS, _MAX_PLAIN_WORDS = 8, 4
# "Argentina's" of "Argentina's government".
_POSSESSOR = re.compile(r"(?:[A-Z][\w.-]{0,30}\s){0,3}[A-Z][\w.-]{0,30}(?:['’]s|s['’])\s$")
# "On Monday," before a list.
_DAY = re.compile(r"(?:On\s)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s")
# Lower-case words within a name; any other is that of a clause.
_INNER = frozenset("of the for in and de del al el bin ibn da di van von der".split())
_PREPOSITIONS = frozenset(
    """about above across against alongside amid among around besides between beyond despite during except excluding
    following including inside like near outside over past regarding since through throughout together under unlike
    until upon versus via within without""".split()
)
# What a possessor owns, as far as three words.
_OWNED = re.compile(r"['’]s?\s((?:[^\W\d_]+\s?){1,3})")
_DETERMINERS = frozenset("the a an both two three four some several other his her their its our".split())
_PRONOUNS = frozenset("he she it they we i this that these those who which you one another others all".split())
# Who speaks without a name: "officials", "a spokesman".
_ROLES = ACTOR_NOUNS | frozenset(
    """analyst analysts activists adviser advisers aides authorities broadcaster campaigners commanders companies
    critics diplomat diplomats doctors economists envoys executives experts families generals governors guard guards
    hospital investigators journalists judge judges lawyer lawyers mayor ministers monitors negotiators newspaper
    observers organisation organization organisers organizers police politicians presidents prosecutor prosecutors
    residents researchers scientists senators source sources spokesmen spokespeople survivors victims villagers
    watchdog witnesses workers""".split()
)


def speaker_name(phrase: str | None) -> str | None:
    """Return the name or role in a phrase, as written; None if it names nobody.

    "He was quoted by the agency", "the recent" and "Reports" name nobody.
    """
    if phrase is None:
        return None
    text = _LEADING.sub("", phrase.strip(' ,;:“”"'))
    end = _end_of_list(text)
    longest = LONGEST_LIST if end else MAX_LENGTH
    name = text[:end] if end else _without_clause(text)
    name = _TRAILING.sub("", name).strip(" ,;:")
    written = _WORD.findall(name)
    if not written or len(name) > longest or written[0].lower() in _PRONOUNS:
        return None
    is_named, is_role = _has_name(written), any(map(_is_role, written))
    begins_well = name[0].isupper() or name[0].isdigit() or written[0].lower() in _DETERMINERS
    if not (is_named or is_role) or not (begins_well or is_role):
        return None
    return name


def owned_role_end(text: str, end: int) -> int:
    """Return where a possessor's body or role ends ("Tessen" + "'s opposition"); `end` itself if none follows."""
    owned = _OWNED.match(text, end)
    if owned is None:
        return end
    for word in _WORD.finditer(text, owned.start(1), owned.end()):
        if _is_role(word[0]):
            return word.end()
    return end


def source_start(text: str, start: int, end: int) -> int:
    """Return where a source begins of which only the part `text[start:end]` was found; `start` if it is whole.

    "Government" of "Argentina's government", and "Niger" of "Mali and Niger": a list is completed only where its
    sentence begins with it, since elsewhere its first members may belong to something else ("talks with Mali").

    Args:
        text: begins with the source's sentence.
        start: offset of the part.
        end: one past it.
    """
    if (owner := _POSSESSOR.search(text, max(0, start - MAX_LENGTH), start)) is not None:
        words = _WORD.finditer(text, owner.start(), start)
        return next((each.start() for each in words if each[0].lower() not in OPENERS), start)
    day = _DAY.match(text)
    first = day.end() if day else 0
    if not first < start <= first + LONGEST_LIST:
        return start
    before = text[first:start]
    separators = list(_SEPARATOR.finditer(before))
    if not separators or separators[-1].end() != len(before):
        return start
    begins = [0, *(each.end() for each in separators)]
    members = [before[begin : each.start()] for begin, each in zip(begins, separators, strict=False)]
    last = separators[-1]
    is_last = last["and"] or (last["last"] and len(members) > 1)
    is_list = is_last or (not last["last"] and _end_of_list(text[start:end]) > 0)
    return first if is_list and all(map(_is_plain_name, members)) else start


def _end_of_list(text: str) -> int:
    """Return where a list ends that a text begins with ("Mali, Burkina Faso and Niger"); 0 if it begins with none.

    "Vestria, and Kurland said" goes on with another clause: with a comma before its "and" a list has three members.
    """
    start = end = 0
    is_last = False
    for members, found in enumerate([*_SEPARATOR.finditer(text[: 2 * LONGEST_LIST]), None], start=1):
        member = text[start : found.start() if found else 2 * LONGEST_LIST]
        named = _without_clause(member)
        if not _is_member(named) or (not is_last and named != member):
            break
        end = start + len(named) if is_last else end
        if found is None or (is_last and not found["and"]) or (found["last"] and members < 2):
            break
        is_last, start = bool(found["and"] or found["last"]), found.end()
    return end


def _without_clause(text: str) -> str:
    return _PAST_VERB.split(_END.split(text, maxsplit=1)[0], maxsplit=1)[0]


def _is_member(text: str) -> bool:
    """Return whether a text may be one of several speakers: it has a name or a role, and begins as such."""
    words = _WORD.findall(text)
    if not words or len(words) > _MAX_MEMBER_WORDS or words[0].lower() in _PRONOUNS:
        return False
    begins_well = text[0].isupper() or text[0].isdigit() or words[0].lower() in _DETERMINERS or len(words) == 1
    is_the = words[0].lower() == "the" and 1 < len(words) <= _MAX_PLAIN_WORDS
    return begins_well and (is_the or _has_name(words) or any(map(_is_role, words)))


def _is_plain_name(text: str) -> bool:
    """Return whether a text is a name, without anything of a clause around it."""
    words = _WORD.findall(text)
    if not words or len(words) > _MAX_MEMBER_WORDS or not _has_name(words):
        return False
    first = words[0].lower()
    is_clause = (first in OPENERS and first not in _DETERMINERS) or first in _PREPOSITIONS
    return not is_clause and all(word[0].isupper() or word in _INNER or _is_role(word) for word in words)


def _has_name(words: Sequence[str]) -> bool:
    return any(word[0].isupper() and word.lower() not in OPENERS for word in words)


def _is_role(word: str) -> bool:
    """Return whether a word says what somebody is, one or several: "government", "governments"."""
    low = word.lower()
    return low in _ROLES or low.removesuffix("s") in _ROLES or re.sub(r"ies$", "y", low) in _ROLES


def within_sentence(name: str) -> str:
    """Return a speaker's name as it stands within a sentence: "the minister" for "The minister"."""
    first, *rest = name.split(" ")
    return " ".join([first.lower(), *rest]) if first.lower() in _DETERMINERS else name
