"""Words that say no, admit or leave open, with who says it and about what, in one sentence."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from corpus.article import Span


class CueKind(StrEnum):
    """What a cue does: deny a claim, refuse a demand, admit, agree, accuse, or leave it open."""

    DENIES = "denies"
    REFUSES = "refuses"
    ADMITS = "admits"
    AGREES = "agrees"
    ACCUSES = "accuses"
    UNCONFIRMED = "unconfirmed"
    IS_FALSE = "is_false"


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue in a sentence: its place, the part where its subject stands, and the part that it is about."""

    kind: CueKind
    span: Span
    subject: Span
    about: Span


# Regular expressions, one a line under the kind of cue that they find; what stands first wins at its place. `CLAIM` is
# the list of nouns for what is claimed.
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
    # What stands before a cue is looked at once, not for each kind: within words nothing else is tried.
    return tuple(kinds), re.compile(rf"(?<!\w)(?:{found})")


_NEGATED = re.compile(
    r"(?:\b(?:not|never|no\s+longer|cannot|without|neither|nor|refus\w+\s+to|fail\w*\s+to|declin\w+\s+to|nobody|hardly)|n['’]t)"
    r"(?:\s+(?:\w+ly|be|been|yet|ever|even|have|to|explicitly|directly|publicly))*\s+$",
    re.IGNORECASE,
)
# "Could reject" is no rejection.
_MODAL = re.compile(r"\b(?:could|should|might|may|would|must|can)\s+(?:\w+ly\s+|also\s+)?$", re.IGNORECASE)
# "Urged Kurland to accept", "demanded that Kurland reject": nor is what somebody wants of another.
_WISHED = re.compile(
    r"\b(?:demand|urg|ask|press|want|call|tell|told|persuad|convinc|order|insist|propos|lobb)\w*\b[^.;]*?"
    r"\b(?:[A-Z][\w’'-]*|him|her|them|it)\s+(?:to\s+)?$"
)
_BASE = re.compile(
    r"(?:deny|reject|dismiss|refuse|accept|agree|confirm|admit|acknowledge|concede|veto|oppose|block|ignore|approve|back|"
    r"support|endorse|sign|grant|allow|permit|rule out|turn down)(?:\s.*)?",
    re.IGNORECASE,
)
# Where the subject of a verb begins at the latest.
_BOUNDARY = re.compile(
    r"""[;:—–]\s | [,:]\s?["“] | [.,!?]["”]\s?
      | ,?\s\b(?:but|while|whereas|although|though|because|which|that|who|after|before|when|if|as)\b\s
      | \b(?:said|says|saying|told|added|reported|reports|according\s+to|wrote|announced|noted|stating|claimed|claims
          |insisted)\b
      | ,\s(?:and|as|with)\s""",
    re.IGNORECASE | re.VERBOSE,
)
_BY = re.compile(r"\b(?:by|from)\s+", re.IGNORECASE)
_PASSIVE = re.compile(
    r"\b(?:was|were|been|being|is|are|be)\s+(?:\w+ly\s+|also\s+)?$|,\s*$"
    r"|\b(?:claims?|allegations?|reports?|charges?)\s+$",
    re.IGNORECASE,
)


def find_cues(sentence: str) -> list[Cue]:
    """The cues of a sentence, in order.

    A negated cue changes sides or is left out: not to confirm leaves open, not to deny says nothing.
    """
    kinds, pattern = _compiled()
    found = []
    for match in pattern.finditer(_in_small_letters(sentence)):
        kind = kinds[int((match.lastgroup or "k0")[1:])]
        before = sentence[: match.start()]
        if _BASE.fullmatch(match[0]) and (_MODAL.search(before) or _WISHED.search(before)):
            continue
        if _NEGATED.search(before):
            turned = _TURNED.get(kind)
            if turned is None:
                continue
            kind = turned
        subject, about = _sides(sentence, match)
        found.append(Cue(kind, Span(*match.span()), subject, about))
    return found


def _in_small_letters(sentence: str) -> str:
    """A sentence, as long as it was, for patterns in small letters: with `re.IGNORECASE` they take twice as long."""
    # What that flag takes for "i" and "s" besides, the first of which `str.lower` makes two characters of.
    return sentence.replace("İ", "i").lower().replace("ı", "i").replace("ſ", "s")


# What a negated cue is; one that is not here says nothing when negated.
_TURNED = {CueKind.ADMITS: CueKind.UNCONFIRMED, CueKind.AGREES: CueKind.REFUSES}


def _sides(sentence: str, match: re.Match[str]) -> tuple[Span, Span]:
    """Where the subject of a cue stands, and what it is about; behind "by" in the passive."""
    before = sentence[: match.start()]
    starts = [found.end() for found in _BOUNDARY.finditer(before)]
    start = starts[-1] if starts else 0
    if not re.search(r"\w{2,}", before[start:]) and len(starts) > 1:
        start = starts[-2]
    by = _BY.match(sentence, match.end() + 1)
    if by is not None and _PASSIVE.search(before):
        end = re.compile(r"[,;.]|\b(?:on|in|after|before|when|who|which)\b").search(sentence, by.end())
        return Span(by.end(), end.start() if end else len(sentence)), Span(start, match.start())
    return Span(start, match.start()), Span(match.end(), len(sentence))
