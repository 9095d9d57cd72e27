"""Checks a written answer as `attache ask --write --json` printed it: its quotes, and the proof of each sentence."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bot.answering.answer import Attribution, Citation, Evidence, Quote, Stance
from bot.service.sessions import has_database, load_reader, reading
from bot.settings import Settings
from bot.writer.proof import Prover
from bot.writer.written import Checked, Draft
from corpus.articles import Articles
from corpus.errors import BadInput
from index.terms import words

# Bytes of a document; an answer has some ten thousand.
_MAX_BYTES = 5_000_000
_HINT = "Give a file that attache ask --write --json has written."


@dataclass(frozen=True, slots=True)
class CheckedQuote:
    """A quote by its number; `problem` says what is wrong with it, empty if nothing is."""

    number: int
    problem: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check found."""

    quotes: tuple[CheckedQuote, ...]
    sentences: tuple[Checked, ...]

    @property
    def passed(self) -> bool:
        """Whether every sentence is proven by quotes that stand in the articles."""
        return all(each.is_proven for each in self.sentences) and not any(each.problem for each in self.quotes)


def verify_answer(path: Path, settings: Settings) -> Verification:
    """Check the quotes of a written answer against the stored articles, and prove its sentences again.

    Raises:
        BadInput: the file holds no written answer.
        StorageFailure: the data folder can't be read.
        ModelUnavailable: the reader can't be loaded.
    """
    evidence, drafts = _read(path)
    quotes = _check_quotes(evidence, settings)
    return Verification(tuple(quotes), tuple(Prover(load_reader(settings)).prove(drafts, evidence)))


def _check_quotes(evidence: Sequence[Evidence], settings: Settings) -> list[CheckedQuote]:
    if not has_database(settings.data_dir):
        problem = "There are no articles to check it against."
        return [CheckedQuote(number, problem) for number in range(1, len(evidence) + 1)]
    found = []
    with reading(settings.data_dir) as db:
        articles = Articles(db)
        for number, each in enumerate(evidence, start=1):
            quote = each.quote
            article = articles.get(quote.article_id)
            problem = ""
            if article is None:
                problem = "Its article is not in this data folder."
            elif article.body[quote.start : quote.end] != quote.text:
                problem = "Its article does not hold these words there."
            elif (article.published_at, article.publisher) != (each.citation.published_at, each.citation.publisher):
                problem = "Its article has another date or publisher."
            elif each.attribution and not set(words(each.attribution.speaker or "")) <= set(words(article.body)):
                problem = "Its article does not name this speaker."
            found.append(CheckedQuote(number, problem))
    return found


def _read(path: Path) -> tuple[list[Evidence], list[Draft]]:
    try:
        # A pipe would keep it waiting, a device has no end.
        if path.exists() and not path.is_file():
            raise BadInput(f"The path {path} is not a file.", _HINT)
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
        if len(data) > _MAX_BYTES:
            raise BadInput(f"The file {path} is too large for an answer.", _HINT)
        content = json.loads(data)
        written = content["written"] if content["kind"] == "answer" else None
        if written is None:
            raise BadInput(f"The file {path} holds no written answer.", _HINT)
        evidence = [_evidence(each) for each in written["evidence"]]
        sentences = TypeAdapter(list[tuple[str, tuple[int, ...]]]).validate_python(
            [(each["text"], each["citations"]) for each in written["sentences"]]
        )
    except OSError as error:
        raise BadInput(f"The file {path} can't be read.", _HINT) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput(f"The file {path} holds no written answer.", _HINT) from error
    return evidence, [Draft(text, citations) for text, citations in sentences]


def _evidence(fields: dict[str, Any]) -> Evidence:
    quote = TypeAdapter(Quote).validate_python({**fields["quote"], "passage_id": 0})
    citation = TypeAdapter(Citation).validate_python(fields["citation"])
    day = (citation.published_at or "")[:10]
    # SQLite has no larger numbers.
    if quote.article_id >= 2**63 or (day and date.fromisoformat(day).isoformat() != day):
        raise ValueError("no article has this number or date")
    return Evidence(
        quote,
        citation,
        score=0.0,
        attribution=TypeAdapter(Attribution | None).validate_python(fields["attribution"]),
        stance=TypeAdapter(Stance | None).validate_python(fields["stance"]),
    )
