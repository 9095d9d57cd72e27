"""Classifies a cue, and tells whether it is negated."""

from bot.answering.attribution.attribution import CueClass
from bot.answering.attribution.cues import Lexicon
from bot.answering.attribution.tokens import Tokens

# A negation up to this many tokens before a cue belongs to it: "has not yet publicly confirmed".
_NEGATION_REACH = 4
_NEGATIONS = frozenset("not never no neither nor nobody none cannot without nothing".split())
# Before "to" or "at", or at the end of a cue, these reverse the verb: "declined to confirm".
REFUSALS = frozenset(
    """decline declines declined declining refuse refuses refused refusing fail fails failed failing unable unwilling
    stop stopped stops stopping yet refusal failure reluctant neglected""".split()
)
_BETWEEN = frozenset("to from short of at first publicly directly immediately even either specifically".split())
_CLAUSE_ENDS = frozenset((",", ";", ":", ".", "“", "”", "-", "–", "—", "but", "that", "who", "which", "and", "or"))


def classify_cue(tokens: Tokens, first: int, last: int, lexicon: Lexicon) -> tuple[CueClass, bool]:
    """Return the class of the cue in the tokens `[first, last)`, and whether it is negated.

    A refusal takes the class of the refused act, negated: "declined to confirm" is a negated confirmation. A refusal
    of anything but an act of speech, and "refused" alone, denies.
    """
    words = tokens.words
    refusal = next(
        (
            index
            for index in range(max(0, first - 3), last)
            if words[index] in REFUSALS and (index + 1 == last or words[index + 1] in {"to", "at"})
        ),
        None,
    )
    if refusal is not None:
        refused = _refused_class(words, refusal, lexicon)
        if refused is not None:
            return refused, True
        if refusal >= first:
            return CueClass.DENIES, _is_negated(words, first, refusal)
    if lexicon.classify(words[max(0, first - 2) : last]) is CueClass.UNCONFIRMED:
        # "Could not be verified" denies nothing.
        return CueClass.UNCONFIRMED, False
    return lexicon.classify(words[first:last]) or CueClass.SAYS, _is_negated(words, first, last)


def _refused_class(words: list[str], refusal: int, lexicon: Lexicon) -> CueClass | None:
    """Return the class of the verb after "declined to", None if it is no act of speech."""
    for word in words[refusal + 1 : refusal + 6]:
        if word in _BETWEEN or word.endswith("ly"):
            continue
        return lexicon.words.get(word)
    return None


def _is_negated(words: list[str], first: int, last: int) -> bool:
    """Return whether the cue, or the same clause just before it, holds a negation."""
    for index in range(last - 1, max(-1, first - _NEGATION_REACH - 1), -1):
        word = words[index]
        if word in _NEGATIONS or word.endswith("n't"):
            return True
        if index < first and word in _CLAUSE_ENDS:
            return False
    return False
