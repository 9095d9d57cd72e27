"""Measures the proof of written sentences: planted faults that it catches, and true sentences that it drops."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bot.answering.answer import Citation, Evidence, Quote
from bot.answering.credit import credit
from bot.writer.proof import Prover
from bot.writer.written import Checked, Draft
from corpus.article import ArticleFacts, Passage
from evals.reader.reader_rows import EVENTS_FOLDER
from index.search.retriever import Hit

DRAFTS_FOLDER = EVENTS_FOLDER.with_name("writer")


@dataclass(frozen=True, slots=True)
class FaultyDraft:
    """A draft from quotes, true sentence by sentence, and the same with one planted fault.

    Attributes:
        evidence: the quotes.
        sentences: the true draft.
        place: which sentence the fault replaces.
        faulty: what it is replaced by.
        kind: of the fault.
    """

    evidence: tuple[Evidence, ...]
    sentences: tuple[Draft, ...]
    place: int
    faulty: Draft
    kind: str


def read_drafts(path: Path) -> list[FaultyDraft]:
    """Return the drafts of a file as in `evals/data/writer`; it may hold articles of its own."""
    rows = _lines(path)
    articles = _articles() | {row["id"]: row for row in rows if row.get("t") == "article"}
    return [_draft(row, articles) for row in rows if "fault" in row]


def measure_proofs(prover: Prover, drafts: Sequence[FaultyDraft], advance: Callable[[], None]) -> dict[str, Any]:
    """Return the share of planted faults that are caught, and of true sentences that are dropped, by kind.

    A fault counts as caught only in the faulty sentence. The other sentences of its draft are true, and counted so.
    """
    caught, planted, dropped, true, why = Counter[str](), Counter[str](), Counter[str](), 0, Counter[str]()
    for each in drafts:
        told = prover.prove(each.sentences, each.evidence)
        [faulty] = prover.prove([each.faulty], each.evidence)
        planted[each.kind] += 1
        caught[each.kind] += not faulty.is_proven
        true += len(told)
        for checked in told:
            dropped["sentences"] += not checked.is_proven
            why.update({problem.fault.value for problem in checked.problems})
        advance()
    return {
        "drafts": 2 * len(drafts),
        "faults": sum(planted.values()),
        "faults_caught": _share(sum(caught.values()), sum(planted.values())),
        "caught_by_kind": {kind: _share(caught[kind], count) for kind, count in sorted(planted.items())},
        "true_sentences": true,
        "true_dropped": _share(dropped["sentences"], true),
        "dropped_by_reason": {fault: _share(count, true) for fault, count in sorted(why.items())},
    }


def mistakes(prover: Prover, drafts: Sequence[FaultyDraft]) -> Iterator[tuple[str, Checked]]:
    """Yield the faults that pass, by kind, and the true sentences that don't, as `true`."""
    for each in drafts:
        [faulty] = prover.prove([each.faulty], each.evidence)
        if faulty.is_proven:
            yield each.kind, faulty
        for checked in prover.prove(each.sentences, each.evidence):
            if not checked.is_proven:
                yield "true", checked


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _draft(row: dict[str, Any], articles: Mapping[str, dict[str, Any]]) -> FaultyDraft:
    fault = row["fault"]
    return FaultyDraft(
        evidence=tuple(
            _evidence(number, articles[each["article"]], each["text"]) for number, each in enumerate(row["quotes"], 1)
        ),
        sentences=tuple(Draft(text, tuple(citations)) for text, citations in row["draft"]),
        place=fault["at"],
        faulty=Draft(fault["text"], tuple(fault["citations"])),
        kind=fault["kind"],
    )


def _evidence(number: int, article: dict[str, Any], text: str) -> Evidence:
    """Return a quote of an article, with the speaker that an answer would name."""
    body = article["passage"]
    start = body.index(text)
    quote = Quote(number, number, start, start + len(text), text)
    facts = ArticleFacts(
        number, "shared", None, None, article["title"], article["publisher"], None, article["published_at"], "en", "",
        "", "written",
    )  # fmt: skip
    hit = Hit(Passage(number, number, 0, 0, len(body), body, ""), facts, 1.0, None, None)
    citation = Citation(
        article["title"], article["publisher"], None, article["published_at"], None, None, "written", "shared", False
    )
    return Evidence(quote, citation, 1.0, attribution=credit(quote, hit, None, None))


@cache
def _articles() -> dict[str, dict[str, Any]]:
    rows: Iterable[dict[str, Any]] = (row for path in sorted(EVENTS_FOLDER.glob("*.jsonl")) for row in _lines(path))
    return {row["id"]: row for row in rows if row["t"] == "article"}


def _lines(path: Path) -> list[dict[str, Any]]:
    return list(map(json.loads, path.read_text(encoding="utf-8").splitlines()))
