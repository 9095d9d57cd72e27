"""Converts results to JSON, as docs/json.md describes."""

from collections.abc import Sequence
from dataclasses import asdict

from bot.answering.answer import Answer, Evidence
from bot.answering.copy_groups import CollapsedHits
from bot.answering.question.period import Period
from bot.answering.question.proposition import Proposition
from bot.render.answer_words import headline_words, note_words
from bot.render.envelope import Shape, shape
from bot.service.ingest import IngestResult
from bot.service.verify_answer import Verification
from bot.writer.written import Checked, Written
from corpus.article import ArticleFacts
from index.filters import Filters
from index.search.retriever import Hit


def answer_shape(answer: Answer, written: Written | None = None) -> Shape:
    """Return an answer, with its sentences if it was written."""
    return shape(
        "answer",
        {
            "question": answer.question,
            "original": answer.original,
            "question_kind": answer.kind,
            "wanted": answer.answer_type,
            "proposition": _proposition(answer.proposition),
            "period": _period(answer.period),
            "verdict": answer.verdict,
            "headline": headline_words(answer),
            "evidence": [_evidence(each) for each in answer.evidence],
            "as_of": answer.as_of,
            "publishers": answer.independence.publishers,
            "independent_publishers": answer.independence.independent,
            "story": asdict(answer.story) if answer.story else None,
            "asked_at": answer.asked_at.isoformat(timespec="seconds"),
            "searched": {
                "articles": answer.searched.articles,
                "first_date": answer.searched.first_date,
                "last_date": answer.searched.last_date,
                "filters": filters_shape(answer.searched.filters),
            },
            "probability": None if answer.probability is None else round(answer.probability, 4),
            "confidence": round(answer.confidence, 4),
            "threshold": round(answer.threshold, 4),
            "notes": [note_words(each) for each in answer.notes],
            "timings_ms": _rounded(answer.timings_ms),
            "written": written and written_shape(written),
        },
    )


def verification_shape(verified: Verification) -> Shape:
    """Return what a check of a written answer found."""
    return shape(
        "verification",
        {
            "passed": verified.passed,
            "quotes": [{"number": each.number, "problem": each.problem} for each in verified.quotes],
            "sentences": [_checked(each) for each in verified.sentences],
        },
    )


def search_shape(query: str, filters: Filters, found: CollapsedHits) -> Shape:
    """Return passages with their scores and the copies of their articles."""
    return shape(
        "search",
        {
            "query": found.corrected or query,
            "original": query if found.corrected else None,
            "filters": filters_shape(filters),
            "hits": [
                {
                    **_hit(rank, hit),
                    "copies": copies_shape(found.copies.get(hit.article.id, ())),
                    "story": asdict(story) if (story := found.stories.get(hit.article.id)) else None,
                }
                for rank, hit in enumerate(found.hits, start=1)
            ],
            "timings_ms": _rounded(found.timings_ms),
        },
    )


def copies_shape(copies: Sequence[ArticleFacts]) -> list[Shape]:
    """Return the main facts of copies of an article."""
    names = ("id", "publisher", "is_claimed", "published_at", "title", "url")
    return [{name: getattr(each, name) for name in names} for each in copies]


def ingest_shape(report: IngestResult) -> Shape:
    """Return the outcome of an ingest."""
    ingest = report.ingest
    return shape(
        "ingest",
        {
            "added": ingest.added,
            "updated": ingest.updated,
            "unchanged": ingest.unchanged,
            "rejected": [asdict(each) for each in ingest.rejected],
            "warnings": [asdict(each) for each in ingest.warnings],
            "unsupported_files": ingest.unsupported_files,
            "languages": dict(ingest.languages),
            "index": asdict(report.index),
        },
    )


def filters_shape(filters: Filters) -> Shape:
    """Return the filters of a search."""
    return {
        "publishers": list(filters.publishers),
        "collections": list(filters.collections),
        "since": filters.since.isoformat() if filters.since else None,
        "until": filters.until.isoformat() if filters.until else None,
        "languages": list(filters.languages),
    }


def quote_shape(evidence: Evidence) -> Shape:
    """Return a quote with its citation and who says it."""
    quote = evidence.quote
    return {
        "quote": {"text": quote.text, "article_id": quote.article_id, "start": quote.start, "end": quote.end},
        "citation": asdict(evidence.citation),
        "attribution": asdict(evidence.attribution) if evidence.attribution else None,
    }


def _evidence(evidence: Evidence) -> Shape:
    return {
        **quote_shape(evidence),
        "score": round(evidence.score, 4),
        "stance": evidence.stance,
        "answer": asdict(evidence.answer) if evidence.answer else None,
    }


def written_shape(written: Written) -> Shape:
    """Return an answer in sentences."""
    return {
        "model": written.model,
        "outcome": written.outcome,
        "sentences": [_checked(each) for each in written.sentences],
        "dropped": [_checked(each) for each in written.dropped],
        "repaired": written.repaired,
        "asked": list(written.asked),
        "one_sided": written.one_sided,
        "tokens": written.tokens,
        "evidence": [_evidence(each) for each in written.evidence],
    }


def _checked(checked: Checked) -> Shape:
    return {
        "text": checked.draft.text,
        "citations": list(checked.draft.citations),
        "support": checked.support,
        "coverage": checked.coverage,
        "problems": [asdict(each) for each in checked.problems],
    }


def _proposition(proposition: Proposition | None) -> Shape | None:
    if proposition is None:
        return None
    return {
        "actor": proposition.actor or None,
        "act": proposition.act,
        "content": proposition.content,
        "is_negated": proposition.is_negated,
    }


def _period(period: Period | None) -> Shape | None:
    return {name: day and day.isoformat() for name, day in asdict(period).items()} if period else None


def _hit(rank: int, hit: Hit) -> Shape:
    article = asdict(hit.article)
    return {
        "rank": rank,
        "score": round(hit.score, 6),
        "cosine": None if hit.cosine is None else round(hit.cosine, 4),
        "bm25": None if hit.bm25 is None else round(hit.bm25, 4),
        "passage_id": hit.passage.id,
        "article_id": hit.passage.article_id,
        "start": hit.passage.start,
        "end": hit.passage.end,
        "text": hit.passage.text,
        **{key: article[key] for key in ("external_id", "title", "publisher", "published_at", "url", "origin")},
        "is_claimed": hit.article.is_claimed,
    }


def _rounded(timings: dict[str, float]) -> dict[str, float]:
    return {stage: round(value, 2) for stage, value in timings.items()}
