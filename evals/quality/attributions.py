"""Compares found attributions with annotated ones."""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.answering.attribution.attribution import AttributionSpans
from corpus.article import Span
from corpus.errors import BadInput

ROLES = ("source", "cue", "content")
COMPARED = (*ROLES, "whole")


@dataclass(frozen=True, slots=True)
class RoleSpans:
    """The spans of each role of an attribution, annotated or found; any may be empty."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    is_denial: bool = False


@dataclass(frozen=True, slots=True)
class AnnotatedArticle:
    """An article's text with the attributions that people annotated in it."""

    body: str
    attributions: tuple[RoleSpans, ...]


def read_annotated(path: Path) -> list[AnnotatedArticle]:
    """Read JSONL, plain or gzipped, of `{body, attributions[{source, cue, content, denial_cue}]}`.

    Each role is a list of `[start, end]`, character offsets into the body. Attributions without a cue are left out:
    the finder starts from cues.

    Raises:
        BadInput: the file or one of its lines can't be read; the message names the line.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            lines = file.readlines()
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise BadInput(
            f"The annotated articles in {path} can't be read: {error}.", "Give a JSONL file, one article a line."
        ) from error
    rows = []
    for number, line in enumerate(lines, start=1):
        try:
            rows.extend([_row(json.loads(line))] if line.strip() else [])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadInput(
                f"Line {number} of {path} isn't an annotated article ({type(error).__name__}: {error}).",
                "docs/attribution-model.md describes the rows.",
            ) from error
    return rows


def evaluate_attributions(
    rows: Sequence[AnnotatedArticle], find: Callable[[str], Sequence[AttributionSpans]], on_done: Callable[[], None]
) -> dict[str, Any]:
    """Measure the attributions that `find` returns for each body, micro-averaged over all rows.

    Annotated and found attributions are paired one to one if their cues share a character; those that share the most
    are paired first, the earlier first among equals. A role of a pair agrees *overlapping* if its spans share a
    character, *exactly* if they cover the same characters, and also if it is missing in both.

    - `cue`, `source`, `content`, each `overlapping` and `exact`: precision is the agreeing pairs as a share of the
      found attributions, recall as a share of the annotated ones, f1 their harmonic mean.
    - `whole`: the same for pairs in which all three roles agree.
    - `denials_found`: share of the annotated attributions with a denying cue that have a pair; `denials_whole`: share
      of those whose three roles overlap.
    """
    agreed: Counter[tuple[str, str]] = Counter()
    annotated = found = denials = denials_found = denials_whole = 0
    for row in rows:
        predictions = [_role_spans(each) for each in find(row.body)]
        annotated += len(row.attributions)
        found += len(predictions)
        denials += sum(each.is_denial for each in row.attributions)
        for gold, predicted in _pairs(row.attributions, predictions):
            agreement = _agreement(gold, predicted)
            agreed.update(agreement)
            denials_found += gold.is_denial
            denials_whole += gold.is_denial and ("whole", "overlapping") in agreement
        on_done()
    figures: dict[str, Any] = {"articles": len(rows), "annotated": annotated, "found": found}
    for role in COMPARED:
        figures[role] = {how: _scores(agreed[role, how], found, annotated) for how in ("overlapping", "exact")}
    figures["denials"] = denials
    figures["denials_found"] = round(denials_found / denials, 4) if denials else None
    figures["denials_whole"] = round(denials_whole / denials, 4) if denials else None
    return figures


def _row(fields: dict[str, Any]) -> AnnotatedArticle:
    body = str(fields["body"])
    attributions = [
        RoleSpans(
            source=_spans(each["source"], len(body)),
            cue=_spans(each["cue"], len(body)),
            content=_spans(each["content"], len(body)),
            is_denial=bool(each.get("denial_cue")),
        )
        for each in fields["attributions"]
    ]
    return AnnotatedArticle(body, tuple(each for each in attributions if each.cue))


def _spans(offsets: Sequence[Sequence[int]], length: int) -> tuple[Span, ...]:
    spans = tuple(Span(int(start), int(end)) for start, end in offsets)
    if any(not 0 <= span.start < span.end <= length for span in spans):
        raise ValueError("a span lies outside the body or is empty")
    return spans


def _role_spans(found: AttributionSpans) -> RoleSpans:
    return RoleSpans((found.source,) if found.source else (), (found.cue,), found.content)


def _pairs(annotated: Sequence[RoleSpans], found: Sequence[RoleSpans]) -> list[tuple[RoleSpans, RoleSpans]]:
    """Pair attributions one to one by their cues, greedily."""
    overlaps = sorted(
        (-size, one, other)
        for one, gold in enumerate(annotated)
        for other, predicted in enumerate(found)
        if (size := _overlap(gold.cue, predicted.cue))
    )
    pairs: list[tuple[RoleSpans, RoleSpans]] = []
    left, right = set(range(len(annotated))), set(range(len(found)))
    for _, one, other in overlaps:
        if one in left and other in right:
            left.remove(one)
            right.remove(other)
            pairs.append((annotated[one], found[other]))
    return pairs


def _agreement(gold: RoleSpans, predicted: RoleSpans) -> set[tuple[str, str]]:
    agreement = set()
    for role in ROLES:
        one, other = getattr(gold, role), getattr(predicted, role)
        if _overlap(one, other) or not (one or other):
            agreement.add((role, "overlapping"))
        if _characters(one) == _characters(other):
            agreement.add((role, "exact"))
    for how in ("overlapping", "exact"):
        if all((role, how) in agreement for role in ROLES):
            agreement.add(("whole", how))
    return agreement


def _overlap(one: Sequence[Span], other: Sequence[Span]) -> int:
    """Count the characters that two lists of spans share."""
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one for b in other)


def _characters(spans: Sequence[Span]) -> set[int]:
    return {at for span in spans for at in range(span.start, span.end)}


def _scores(agreed: int, found: int, annotated: int) -> dict[str, float]:
    return {
        "precision": round(agreed / found, 4) if found else 0.0,
        "recall": round(agreed / annotated, 4) if annotated else 0.0,
        "f1": round(2 * agreed / (found + annotated), 4) if found + annotated else 0.0,
    }
