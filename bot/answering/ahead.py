"""Tells questions about what is to come, and sentences that speak of it: what has happened answers none of them."""

import re

from corpus.month_names import ENGLISH_MONTH

_WHEN = rf"(?:{ENGLISH_MONTH}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
_ASKS = re.compile(
    r"\b(?:will|won['’]t|shall|gonna)\b|\b(?:am|is|are)\s+(?:[^\W\d_]+\s+){0,5}?going\s+to\s+(?-i:[a-z])"
    r"|\bthe\s+(?:next|upcoming|coming|forthcoming)\s+[^\W\d_]",
    re.IGNORECASE,
)
# Modal verbs, verbs and adjectives of intention and expectation, and the present tense with a date ahead.
_TELLS = re.compile(
    rf"""\b(?:will|won['’]t|would|shall|may|might|could|should)\b | ['’]ll\b
      | \b(?:is|are|was|were|be)\s+(?:\w+\s+)?(?:to|due|set|likely|expected|bound|about|going)\b
      | \b(?:plan|expect|intend|hope|aim|pledg|vow|promis|forecast|predict|project|schedul|propos|threaten|prepar)\w*\b
      | \b(?:next|upcoming|forthcoming|until|ahead\s+of|in\s+(?:\w+\s+)?(?:days|weeks|months|years))\b
      | \b(?:(?:begin|start|open|end|meet|vote|expire|resume|leave|arrive|return|come|close)s?|goe?s?
            |(?:take|hold)s?\s+\w+)\s+(?:\w+\s+){{0,2}}
            (?:on|in|from|at|by)\s+(?:\d{{1,2}}\s+)?(?:{_WHEN}|20\d\d)\b""",
    re.IGNORECASE | re.VERBOSE,
)


def asks_ahead(question: str) -> bool:
    """Return whether a question asks about what is to come: "Who will win ...", "When is the next ..."."""
    return bool(_ASKS.search(question))


def tells_ahead(sentence: str) -> bool:
    """Return whether a sentence speaks of what was to come when it was written, or of what is planned or expected."""
    return bool(_TELLS.search(sentence))
