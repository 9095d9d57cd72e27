"""Finds cues of denial, admission and doubt in a sentence, with the subject and object of each."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import islice
from pathlib import Path

from corpus.article import Span


class CueKind(StrEnum):
    """What a cue does."""

    DENIES = "denies"
    REFUSES = "refuses"
    ADMITS = "admits"
    AGREES = "agrees"
    ACCUSES = "accuses"
    UNCONFIRMED = "unconfirmed"
    IS_FALSE = "is_false"


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue in a sentence: its span, the part with its subject, and the part that it is about."""

    kind: CueKind
    span: Span
    subject: Span
    about: Span


# Regular expressions, one per line under their kind of cue; the first match at a position wins. `CLAIM` is a list of
# nouns for claims.
CUES_FILE = Path(__file__).with_name("denial_cues.txt")


@cache
def _compiled() -> tuple[tuple[CueKind, ...], re.Pattern[str]]:
    lines = CUES_FILE.read_text(encoding="utf-8").splitlines()
    claim = next(line for line in lines if line.startswith("CLAIM = ")).removeprefix("CLAIM = ")
    kinds: list[CueKind] = []
    patterns: list[str] = []
    for line in lines:
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            kinds.append(CueKind(heading[1]))
            patterns.append("")
        elif kinds and line:
            patterns[-1] += ("|" if patterns[-1] else "") + line.replace("CLAIM", claim).replace(" ", r"\s+")
    found = "|".join(rf"(?P<k{place}>(?:{pattern})(?!\w))" for place, pattern in enumerate(patterns))
    # One lookbehind for all kinds is faster: inside words nothing else is tried.
    return tuple(kinds), re.compile(rf"(?<!\w)(?:{found})")


# Cues read in one sentence; the 80,000 sentences of news that were counted have at most five.
MAX_CUES = 16
# Characters before a cue in which what changes it is looked for: more than four of the longest adverbs.
REACH = 100
# Right before a cue.
_NEGATED = re.compile(
    r"(?:\b(?:not|never|no\s+longer|cannot|without|neither|nor|refus\w+\s+to|fail\w*\s+to|declin\w+\s+to|nobody|hardly)|n['’]t)"
    r"(?:\s+(?:\w+ly|be|been|yet|ever|even|have|to|explicitly|directly|publicly))*\s+$",
    re.IGNORECASE,
)
# "Could reject" is no rejection.
_MODAL = re.compile(
    r"\b(?:could|should|might|may|would|must|can|(?:expected|likely|about|going|set|due|poised|ready)\s+to)\s+"
    r"(?:\w+ly\s+|also\s+)?$",
    re.IGNORECASE,
)
# Nor is what may be so: "If Kurland denied it, ...".
_CONDITION = re.compile(r"\W{0,9}(?:if|unless)\s[^,;:]*", re.IGNORECASE)
# Nor is it one to say nothing: "refused to deny".
_SILENT = re.compile(r"(?:\s+to)?\s+(?:deny|comment|say|answer|respond|discuss)\b", re.IGNORECASE)
# Nor is a wish: "urged Kurland to accept", "demanded that Kurland reject".
_WISH = re.compile(r"\b(?:demand|urg|ask|press|want|call|tell|told|persuad|convinc|order|insist|propos|lobb)\w*\b")
_WISHED_OF = re.compile(r"\b(?:[A-Z][\w’'-]*|him|her|them|it)\s+(?:to\s+)?$")
_BASE = re.compile(
    r"(?:deny|reject|dismiss|refuse|accept|agree|confirm|admit|acknowledge|concede|veto|oppose|block|ignore|approve|back|"
    r"support|endorse|sign|grant|allow|permit|rule out|turn down)(?:\s.*)?",
    re.IGNORECASE,
)
# Boundaries before the subject of a verb.
_BOUNDARY = re.compile(
    r"""[;:—–]\s | [,:]\s?["“] | [.,!?]["”]\s?
      | ,?\s\b(?:but|while|whereas|although|though|because|which|that|who|after|before|when|if|as)\b\s
      | \b(?:said|says|saying|told|added|reported|reports|according\s+to|wrote|announced|noted|stating|claimed|claims
          |insisted)\b
      | ,\s(?:and|as|with)\s""",
    re.IGNORECASE | re.VERBOSE,
)
_LETTERS = re.compile(r"\w{2,}")
_BY = re.compile(r"\b(?:by|from)\s+", re.IGNORECASE)
_AFTER_BY = re.compile(r"[,;.]|\b(?:on|in|after|before|when|who|which)\b")
_PASSIVE = re.compile(
    r"\b(?:was|were|been|being|is|are|be)\s+(?:\w+ly\s+|also\s+)?$|,\s*$"
    r"|\b(?:claims?|allegations?|reports?|charges?)\s+$",
    re.IGNORECASE,
)


def find_cues(sentence: str) -> list[Cue]:
    """Return the cues of a sentence, in order.

    A negated cue changes its kind or is left out: "did not confirm" is unconfirmed, "did not deny" says nothing.
    """
    kinds, pattern = _compiled()
    found = []
    boundaries: list[int] | None = None
    for match in islice(pattern.finditer(_lower(sentence)), MAX_CUES):
        kind = kinds[int((match.lastgroup or "k0")[1:])]
        near, place = max(0, match.start() - REACH), match.start()
        if _BASE.fullmatch(match[0]) and (_MODAL.search(sentence, near, place) or _is_wished(sentence, near, place)):
            continue
        if _CONDITION.fullmatch(sentence, 0, place):
            continue
        if kind is CueKind.REFUSES and _SILENT.match(sentence, match.end()):
            continue
        if _NEGATED.search(sentence, near, place):
            turned = _TURNED.get(kind)
            if turned is None:
                continue
            kind = turned
        if boundaries is None:
            boundaries = [each.end() for each in _BOUNDARY.finditer(sentence)]
        subject, about = _sides(sentence, match, boundaries)
        found.append(Cue(kind, Span(*match.span()), subject, about))
    return found


def _is_wished(sentence: str, near: int, place: int) -> bool:
    """Return whether the cue at `place` is what somebody is urged to do: by a wish in the same clause, then a name."""
    of = _WISHED_OF.search(sentence, near, place)
    if of is None:
        return False
    clause = max(sentence.rfind(".", 0, of.start()), sentence.rfind(";", 0, of.start())) + 1
    return _WISH.search(sentence, clause, of.start()) is not None


def _lower(sentence: str) -> str:
    """Lower-case a sentence without changing its length; `re.IGNORECASE` would take twice as long."""
    # That flag also matches these letters, and `str.lower` turns the first into two characters.
    return sentence.replace("İ", "i").lower().replace("ı", "i").replace("ſ", "s")


# The kind of a negated cue; others say nothing when negated.
_TURNED = {CueKind.ADMITS: CueKind.UNCONFIRMED, CueKind.AGREES: CueKind.REFUSES}


def _sides(sentence: str, match: re.Match[str], boundaries: Sequence[int]) -> tuple[Span, Span]:
    """Return the parts with the subject of a cue, after "by" in the passive, and with its object.

    `boundaries` are where each `_BOUNDARY` of the sentence ends, in order.
    """
    place = match.start()
    earlier = bisect_right(boundaries, place)
    start = boundaries[earlier - 1] if earlier else 0
    if earlier > 1 and not _LETTERS.search(sentence, start, place):
        start = boundaries[earlier - 2]
    by = _BY.match(sentence, match.end() + 1)
    if by is not None and _PASSIVE.search(sentence, max(0, place - REACH), place):
        end = _AFTER_BY.search(sentence, by.end())
        return Span(by.end(), end.start() if end else len(sentence)), Span(start, match.start())
    return Span(start, match.start()), Span(match.end(), len(sentence))
