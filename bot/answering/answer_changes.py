"""What changed in the answer to a question: verdict, a denial, a new speaker, a new number."""

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.answering.answer import Answer, Evidence, Stance
from bot.answering.cited_places import QuotedPlace, place_of
from bot.answering.numbers import read_numbers
from bot.answering.question.answer_type import AnswerType

_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
# Characters of a hash: a watch holds hundreds at most.
_HASH = 16


class ChangeKind(StrEnum):
    """What changed. `UNCHANGED` is no change, but that there was none for long."""

    VERDICT = "verdict"
    DENIAL = "denial"
    SPEAKER = "speaker"
    NUMBER = "number"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One change.

    Args:
        kind: what changed.
        before: the former verdict.
        after: the new verdict or number.
        place: the quote that shows it; None where no article answers the question any more.
        speaker: who says it, if the article names somebody.
        cue: with which word, such as "denied".
        stance: of the quote, if it has one.
        marks: what the quote tells, as `marks_of` has it: to be forgotten if the change is never told.
    """

    kind: ChangeKind
    before: str = ""
    after: str = ""
    place: QuotedPlace | None = None
    speaker: str = ""
    cue: str = ""
    stance: str = ""
    marks: tuple[str, ...] = ()


def marks_of(answer: Answer) -> list[str]:
    """Return hashes of an answer's speakers, denials and numbers: equal where the same is said again."""
    return [mark for each in answer.evidence for mark in _marks(each, answer).values()]


def find_changes(answer: Answer, verdict: str, marks: Collection[str], last_passage: int) -> list[AnswerChange]:
    """Return what an answer says beyond a former one.

    Only quotes of newer passages count as new: others are merely chosen anew.

    Args:
        answer: the answer now.
        verdict: the former verdict; empty for none.
        marks: what was told before, by `marks_of`.
        last_passage: the highest passage at the time of the former answer.
    """
    told, changes = set(marks), []
    new = [each for each in answer.evidence if each.quote.passage_id > last_passage]
    now = answer.verdict.value if answer.verdict else ""
    if now != verdict:
        # The newest statement has changed it, unless one was removed.
        shown = _turning(answer, new)
        changes.append(_change(ChangeKind.VERDICT, shown, answer, before=verdict, after=now))
        told |= set(_marks(shown, answer).values()) if shown else set()
    for each in new:
        found = {kind: mark for kind, mark in _marks(each, answer).items() if mark not in told}
        told |= set(found.values())
        for kind in (ChangeKind.DENIAL, ChangeKind.NUMBER, ChangeKind.SPEAKER):
            if kind in found:
                after = _number_text(each, answer) if kind is ChangeKind.NUMBER else ""
                changes.append(_change(kind, each, answer, after=after))
                break
    return changes


def _turning(answer: Answer, new: Sequence[Evidence]) -> Evidence | None:
    """Return the quote to show for a new verdict: a new one of the side that it names, else any new one, else any."""
    wanted = {"yes": Stance.ASSERTS, "no": Stance.DENIES}.get(answer.verdict.value if answer.verdict else "")
    best = [each for each in new if each.stance is wanted] if wanted else []
    return next(iter([*best, *new, *answer.evidence]), None)


def _change(
    kind: ChangeKind, evidence: Evidence | None, answer: Answer, before: str = "", after: str = ""
) -> AnswerChange:
    if evidence is None:
        return AnswerChange(kind, before, after)
    said = evidence.attribution
    return AnswerChange(
        kind,
        before,
        after,
        place_of(evidence.quote),
        (said.speaker or "") if said else "",
        said.cue if said else "",
        evidence.stance.value if evidence.stance else "",
        tuple(_marks(evidence, answer).values()),
    )


def _marks(evidence: Evidence, answer: Answer) -> dict[ChangeKind, str]:
    said = evidence.attribution
    speaker = said.speaker if said else None
    found = {ChangeKind.SPEAKER: f"speaker:{_name(speaker)}"} if speaker else {}
    if evidence.stance is Stance.DENIES:
        found[ChangeKind.DENIAL] = f"denial:{_name(speaker or evidence.citation.publisher or '')}"
    if number := _number_text(evidence, answer):
        values = "/".join(f"{each.value:g}" for each in read_numbers(number))
        found[ChangeKind.NUMBER] = f"number:{values}" if values else ""
    return {kind: _hashed(mark) for kind, mark in found.items() if mark}


def _number_text(evidence: Evidence, answer: Answer) -> str:
    """Return the words of the number that was asked for, or of the only one in the quote; empty if neither is there."""
    if answer.answer_type not in {AnswerType.HOW_MANY, AnswerType.HOW_MUCH}:
        return ""
    text, located = evidence.quote.text, evidence.answer
    if located is not None:
        return text[located.start - evidence.quote.start : located.end - evidence.quote.start]
    numbers = read_numbers(text)
    return text[numbers[0].start : numbers[0].end] if len(numbers) == 1 else ""


def _name(name: str) -> str:
    return _ARTICLE.sub("", " ".join(name.split())).casefold()


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH]
