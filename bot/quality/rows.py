"""Reads files of questions with known answers, and recognises answers in texts."""

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.answering.answer import Verdict
from bot.answering.question.kind import check_question
from corpus.errors import BadInput
from corpus.normalize import normalize_unicode

_NOT_WORD = re.compile(r"[^\w]+|_+")


@dataclass(frozen=True, slots=True)
class GoldEvidence:
    """A quote that answers a row's question; `speaker` is empty where the publisher itself reports it."""

    article_id: str
    quote: str
    speaker: str
    stance: str


@dataclass(frozen=True, slots=True)
class Row:
    """One question.

    Any of `answers` and of `verdicts` is right; both may be empty. `article_ids` are external ids. `kind` is what the
    file calls the question's kind.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    article_ids: tuple[str, ...]
    asked_at: datetime | None
    answerable: bool
    verdicts: tuple[Verdict, ...] = ()
    evidence: tuple[GoldEvidence, ...] = ()
    kind: str = ""


def read_rows(path: Path, limit: int | None = None) -> list[Row]:
    """Read a JSONL file of questions with known answers.

    Rows are `{id, question, answers[], article_ids[], asked_at, answerable}`, or with verdicts
    `{id, question, kind, verdict or verdicts[], short_answers[], evidence[{article_id, quote, speaker, stance}]}`.

    Raises:
        BadInput: the file can't be read, or a line is invalid; the message names the line.
    """
    try:
        # Reading from a pipe could wait for ever.
        if path.exists() and not path.is_file():
            raise BadInput(f"{path} is no file.", "Give a JSONL file with one question per line.")
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"The questions in {path} can't be read: {error}.", "Give a JSONL file with one question per line."
        ) from error
    rows = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            rows.append(_row(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BadInput(
                f"Line {number} of {path} is not a valid question ({type(error).__name__}: {error}).",
                "docs/evaluation.md describes the fields.",
            ) from error
        if limit is not None and len(rows) == limit:
            break
    if not rows:
        raise BadInput(f"There are no questions in {path}.", "Give a JSONL file with one question per line.")
    return rows


def contains_answer(text: str, answers: tuple[str, ...]) -> bool:
    """Return whether a text contains an answer, as whole words, ignoring case, accents and punctuation."""
    folded = _fold(text)
    return any(_fold(answer).strip() and _fold(answer) in folded for answer in answers)


def _fold(text: str) -> str:
    """Lower-case, strip accents, and make everything but letters and digits one space, with one at either end."""
    plain = "".join(char for char in normalize_unicode("NFKD", text) if not unicodedata.combining(char))
    return f" {_NOT_WORD.sub(' ', plain.lower()).strip()} "


def _question(fields: dict[str, object]) -> str:
    question = str(fields["question"]).encode("utf-8", "replace").decode("utf-8")
    try:
        return check_question(question)
    except BadInput as error:
        raise ValueError(error.message) from error


def _row(fields: dict[str, object]) -> Row:
    asked = fields.get("asked_at")
    answers = fields.get("answers") or fields.get("short_answers") or []
    articles = fields.get("article_ids") or []
    if not isinstance(answers, list) or not isinstance(articles, list):
        raise TypeError("answers and article_ids must be lists")
    stated = fields.get("verdicts") or ([fields["verdict"]] if fields.get("verdict") else [])
    if not isinstance(stated, list):
        raise TypeError("verdicts must be a list")
    verdicts = tuple(Verdict(str(each)) for each in stated)
    evidence = _evidence(fields.get("evidence"))
    return Row(
        id=str(fields["id"]),
        question=_question(fields),
        answers=tuple(str(answer) for answer in answers),
        article_ids=tuple(str(article) for article in articles) or tuple(dict.fromkeys(e.article_id for e in evidence)),
        asked_at=datetime.fromisoformat(str(asked)).replace(tzinfo=UTC) if asked else None,
        answerable=Verdict.NOT_FOUND not in verdicts if verdicts else bool(fields["answerable"]),
        verdicts=verdicts,
        evidence=evidence,
        kind=str(fields.get("kind") or ""),
    )


def _evidence(stated: object) -> tuple[GoldEvidence, ...]:
    if not stated:
        return ()
    if not isinstance(stated, list):
        raise TypeError("evidence must be a list")
    return tuple(
        GoldEvidence(
            str(each["article_id"]), str(each["quote"]), str(each.get("speaker") or ""), str(each.get("stance") or "")
        )
        for each in stated
    )
