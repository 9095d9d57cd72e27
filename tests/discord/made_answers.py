"""Answers built by hand, and a service over made-up articles."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.answering.answer import Answer, Attribution, Citation, Evidence, Quote, SearchScope, Stance, Verdict
from bot.answering.attribution.attribution import CueClass
from bot.answering.independence import Independence
from bot.answering.question.kind import QuestionKind
from bot.service.attache import Attache
from bot.service.ingest import ingest
from bot.settings import Settings
from corpus.article import Span
from corpus.ingest import IngestOptions
from corpus.publishers.publisher import Kind
from index.embedding.embedder import packaged_embedder
from index.filters import Filters

# As long as the addresses of large news sites.
LONG_LINK = "https://news.example/world/2024/03/05/" + "arland-defence-ministry-denies-rockets-" * 6
LONG_FRAGMENT = "#:~:text=" + "Arland%E2%80%99s%20defence%20ministry%20" * 6


def citation(publisher: str = "The Example Courier", **fields: Any) -> Citation:
    """A citation with a long link."""
    made = Citation(
        f"What {publisher} reports on the rockets", publisher, None, "2024-03-05", LONG_LINK, LONG_LINK + LONG_FRAGMENT,
        "x.md", "shared", is_own_brief=False,
    )  # fmt: skip
    return replace(made, **fields)


def state_agency() -> Citation:
    """A citation of an agency that a state controls."""
    return citation("TASS", country="RU", kind=Kind.AGENCY, state_controlled=True)


def evidence(number: int, text: str = "", stance: Stance | None = None, **fields: Any) -> Evidence:
    """A quote of an article of its own."""
    text = text or f"Quote number {number} says in a whole sentence what is known about the rockets in Borduria."
    made = Evidence(Quote(number, number, 0, len(text), text), citation(f"Paper {number}"), 1.0, stance=stance)
    return replace(made, **fields)


def said(speaker: str | None, cue: str = "said", kind: CueClass | None = None) -> Attribution:
    """Who says it."""
    return Attribution(speaker, cue, "", kind)


def answer(verdict: Verdict, *quotes: Evidence, **fields: Any) -> Answer:
    """An answer with these quotes."""
    made = Answer(
        question="Did Arland send rockets to Borduria?",
        kind=QuestionKind.TOPIC if verdict is Verdict.OPEN else QuestionKind.YES_NO,
        verdict=verdict,
        evidence=quotes,
        as_of="2024-03-05" if quotes else None,
        asked_at=datetime(2024, 9, 10, tzinfo=UTC),
        searched=SearchScope(32, "2024-01-01", "2024-09-09", Filters()),
        confidence=0.9,
        threshold=0.5,
        notes=(),
        timings_ms={},
        independence=Independence(2, 2) if len(quotes) > 1 else Independence(0, 0),
    )
    return replace(made, **fields)


def located(quote: Evidence, piece: str) -> Evidence:
    """The same quote, with a piece that answers."""
    start = quote.quote.text.index(piece)
    return replace(quote, answer=Span(start, start + len(piece)))


def made_attache(settings: Settings, articles: list[dict[str, Any]]) -> Attache:
    """A service over some articles."""
    path = settings.data_dir / "made.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
    ingest(settings, packaged_embedder(), [path], IngestOptions())
    return Attache(settings, embedder=packaged_embedder())
