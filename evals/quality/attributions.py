"""How well attributions are found: annotated articles, how found ones are matched with them, and the figures."""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.answering.attribution.attribution import Attribution
from corpus.article import Span
from corpus.errors import BadInput

ROLES = ("source", "cue", "content")
# What the figures compare: each role, and whole attributions.
COMPARED = (*ROLES, "whole")


@dataclass(frozen=True, slots=True)
class Marked:
    """An attribution as annotated or found: the spans of each role, any of which may be empty."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    is_denial: bool = False


@dataclass(frozen=True, slots=True)
class Annotated:
    """An article's text with the attributions that people marked in it."""

    body: str
    attributions: tuple[Marked, ...]


def read_annotated(path: Path) -> list[Annotated]:
    """Reads JSONL, plain or gzipped, of `{body, attributions[{source, cue, content, denial_cue}]}`.

    Each role is a list of `[start, end]`, character offsets into the body. Attributions without a cue are left out:
    there is nothing to find them by.

    Raises:
        BadInput: the file can't be read, or a line is no such row; the message names the line.
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
                f"Line {number} of {path} is no annotated article ({type(error).__name__}: {error}).",
                "docs/attribution-model.md describes the rows.",
            ) from error
    return rows


def evaluate_attributions(
    rows: Sequence[Annotated], find: Callable[[str], Sequence[Attribution]], on_done: Callable[[], None]
) -> dict[str, Any]:
    """Figures of the attributions that `find` sees in each body; counts are summed over all rows (micro-averaged).

    An annotated attribution and a found one of the same body can match if their cues share a character. They are paired
    one to one, those first whose cues share most characters, the earlier first among equals. In a pair a role agrees
    *overlapping* if its spans share a character, and *exactly* if they cover the same characters; where a source is
    missing in both, it agrees, where it is missing in one, it does not. Roles of attributions without a pair agree with
    nothing.

    - `cue`, `source`, `content`, each `overlapping` and `exact`: precision is the agreeing pairs as a share of the
      found attributions, recall as a share of the annotated ones, f1 their harmonic mean.
    - `whole`: the same, counting pairs of which all three roles agree.
    - `denials_found`: share of the annotated attributions with a denying cue that have a pair; `denials_whole`:
      of which all three roles overlap.
    """
    agreed: Counter[tuple[str, str]] = Counter()
    annotated = found = denials = denials_found = denials_whole = 0
    for row in rows:
        seen = [_marked(each) for each in find(row.body)]
        annotated += len(row.attributions)
        found += len(seen)
        denials += sum(each.is_denial for each in row.attributions)
        for gold, mine in _pairs(row.attributions, seen):
            agreement = _agreement(gold, mine)
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


def _row(fields: dict[str, Any]) -> Annotated:
    body = str(fields["body"])
    marked = [
        Marked(
            source=_spans(each["source"], len(body)),
            cue=_spans(each["cue"], len(body)),
            content=_spans(each["content"], len(body)),
            is_denial=bool(each.get("denial_cue")),
        )
        for each in fields["attributions"]
    ]
    return Annotated(body, tuple(each for each in marked if each.cue))


def _spans(offsets: Sequence[Sequence[int]], length: int) -> tuple[Span, ...]:
    spans = tuple(Span(int(start), int(end)) for start, end in offsets)
    if any(not 0 <= span.start < span.end <= length for span in spans):
        raise ValueError("a span lies outside the body or is empty")
    return spans


def _marked(found: Attribution) -> Marked:
    return Marked((found.source,) if found.source else (), (found.cue,), found.content)


def _pairs(annotated: Sequence[Marked], found: Sequence[Marked]) -> list[tuple[Marked, Marked]]:
    """Pairs them one to one by their cues."""
    shared = sorted(
        (-size, one, other)
        for one, gold in enumerate(annotated)
        for other, mine in enumerate(found)
        if (size := _shared(gold.cue, mine.cue))
    )
    pairs: list[tuple[Marked, Marked]] = []
    left, right = set(range(len(annotated))), set(range(len(found)))
    for _, one, other in shared:
        if one in left and other in right:
            left.remove(one)
            right.remove(other)
            pairs.append((annotated[one], found[other]))
    return pairs


def _agreement(gold: Marked, mine: Marked) -> set[tuple[str, str]]:
    agreement = set()
    for role in ROLES:
        one, other = getattr(gold, role), getattr(mine, role)
        if _shared(one, other) or not (one or other):
            agreement.add((role, "overlapping"))
        if _characters(one) == _characters(other):
            agreement.add((role, "exact"))
    for how in ("overlapping", "exact"):
        if all((role, how) in agreement for role in ROLES):
            agreement.add(("whole", how))
    return agreement


def _shared(one: Sequence[Span], other: Sequence[Span]) -> int:
    return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one for b in other)


def _characters(spans: Sequence[Span]) -> set[int]:
    return {at for span in spans for at in range(span.start, span.end)}


def _scores(agreed: int, found: int, annotated: int) -> dict[str, float]:
    return {
        "precision": round(agreed / found, 4) if found else 0.0,
        "recall": round(agreed / annotated, 4) if annotated else 0.0,
        "f1": round(2 * agreed / (found + annotated), 4) if found + annotated else 0.0,
    }
