"""Whether the act that a cue names is said not to have taken place."""

from bot.answering.attribution.attribution import CueClass
from bot.answering.attribution.cues import Lexicon
from bot.answering.attribution.tokens import Tokens

# Tokens before a cue in which a negation belongs to it: "has not yet publicly confirmed".
_REACH = 4
_NEGATIONS = frozenset("not never no neither nor nobody none cannot without nothing".split())
# Followed by "to" and a verb, or by "of" and a noun, these turn the verb's meaning: "declined to confirm".
_REFUSALS = frozenset(
    """decline declines declined declining refuse refuses refused refusing fail fails failed failing unable unwilling
    stop stopped stops stopping yet refusal failure reluctant neglected""".split()
)
_BETWEEN = frozenset("to from short of at first publicly directly immediately even either specifically".split())
_CLAUSE_ENDS = frozenset((",", ";", ":", ".", "“", "”", "-", "–", "—", "but", "that", "who", "which", "and", "or"))


def judge_cue(tokens: Tokens, first: int, last: int, lexicon: Lexicon) -> tuple[CueClass, bool]:
    """The class of the cue in the tokens `first` up to and without `last`, and whether it is negated.

    Where the cue only refuses, the act refused counts: "declined to confirm" is a negated confirmation, and "declined
    to comment" says negated; but "refused" alone, with no act of speech behind it, denies.
    """
    words = tokens.words
    refusal = next((at for at in range(max(0, first - 3), last) if _is_refusal(words, at, last)), None)
    if refusal is not None:
        spoken = _act_refused(words, refusal, lexicon)
        if spoken is not None:
            return spoken, True
        if refusal >= first:
            return CueClass.DENIES, _is_negated(words, first, refusal)
    found = lexicon.classify(words[max(0, first - 2) : last]) if first else lexicon.classify(words[first:last])
    own = lexicon.classify(words[first:last])
    if found is CueClass.UNCONFIRMED:
        # "Could not be verified" denies nothing.
        return found, False
    return own or CueClass.SAYS, _is_negated(words, first, last)


def _is_refusal(words: list[str], at: int, last: int) -> bool:
    return words[at] in _REFUSALS and (at + 1 == last or words[at + 1] in {"to", "at"})


def _act_refused(words: list[str], refusal: int, lexicon: Lexicon) -> CueClass | None:
    """The class of the verb behind "declined to", None where it is no act of speech."""
    for word in words[refusal + 1 : refusal + 6]:
        if word in _BETWEEN or word.endswith("ly"):
            continue
        return lexicon.words.get(word)
    return None


def _is_negated(words: list[str], first: int, last: int) -> bool:
    """Whether a negation stands in the cue, or just before it in the same clause."""
    for at in range(last - 1, max(-1, first - _REACH - 1), -1):
        word = words[at]
        if word in _NEGATIONS or word.endswith("n't"):
            return True
        if at < first and word in _CLAUSE_ENDS:
            return False
    return False
