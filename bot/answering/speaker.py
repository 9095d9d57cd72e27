"""Decides what of an article's words names a speaker: a person, a body or an outlet, or nobody."""

import re

from bot.answering.attribution.names import OPENERS
from bot.answering.question.clauses import ACTOR_NOUNS

MAX_LENGTH = 70
# A name ends at its first comma, dash or relative clause, or where a verb follows.
_END = re.compile(
    r",|\s[–—-]\s|\s\(|\s(?:who|which|that|whose|is|was|are|were|be|been|has|have|had|will|would|said|says)\s"
    r"|\son\s(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"(?:\s+(?:on|in|at|by|of|to|for|with|later|also|has|have|had|was|were|then|again|still|and|or|as|from)){1,8}$",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^(?:(?:according\s+to|by|from|and|but|later|also|then|meanwhile)\s+){1,4}", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
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
    name = _TRAILING.sub("", _END.split(text, maxsplit=1)[0]).strip(" ,;:")
    written = _WORD.findall(name)
    if not written or len(name) > MAX_LENGTH or written[0].lower() in _PRONOUNS:
        return None
    is_named = any(word[0].isupper() and word.lower() not in OPENERS for word in written)
    is_role = bool(_ROLES & {word.lower() for word in written})
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
        if word[0].lower() in _ROLES:
            return word.end()
    return end


def within_sentence(name: str) -> str:
    """Return a speaker's name as it stands within a sentence: "the minister" for "The minister"."""
    first, *rest = name.split(" ")
    return " ".join([first.lower(), *rest]) if first.lower() in _DETERMINERS else name
