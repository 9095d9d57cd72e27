"""Watched questions for every front end: ask one again and tell what changed, list all, remove one."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from bot.answering.answer import Answer, Attribution, Evidence, Stance
from bot.answering.answer_changes import AnswerChange, ChangeKind, find_changes, marks_of
from bot.answering.cited_places import QuotedPlace, reload_quotes
from bot.records import watches as stored
from bot.records.records import RECORDS_NAME, open_records, record_errors
from bot.records.watches import Watch
from bot.service.attache import Attache
from bot.service.near_questions import embedded_to
from bot.service.sessions import reading
from bot.settings import Settings
from corpus.database import write_transaction
from corpus.errors import BadInput
from index.filters import Filters
from index.search.query import strip_time_words

# Seconds between two rounds, and how many of them may go into asking again: what is left due waits for the next round,
# and a look that takes longer is made up for by rounds without any. So few members find a look before them.
ROUND_S, LOOKS_S = 20.0, 1.0
# Due questions that are read at once.
DUE_AT_ONCE = 10
# More than an answer shows, so that a quote that gives way to another is known.
QUOTES = 12


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a watched question found; `last_passage` is the highest passage before it."""

    answer: Answer
    verdict: str
    marks: tuple[str, ...]
    last_passage: int
    changes: tuple[AnswerChange, ...]


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change with its quote, if it has one that may still be shown."""

    change: AnswerChange
    evidence: Evidence | None


def first_look(attache: Attache, question: str, filters: Filters, now: datetime) -> tuple[Look, NDArray[np.float32]]:
    """Return what the answer to a question says, and the question's vector `(dimension,)`.

    Raises:
        AttacheError: as `Attache.ask` raises.
    """
    look = _look(attache, question, filters, now, None)
    return look, embed_question(attache, question)


def look_again(attache: Attache, watch: Watch, filters: Filters, now: datetime) -> Look:
    """Ask a watched question again and find what changed. Raises as `Attache.ask` does."""
    return _look(attache, watch.question, filters, now, watch)


def embed_question(attache: Attache, question: str) -> NDArray[np.float32]:
    """Return a question's vector, as a search has it."""
    vector: NDArray[np.float32] = attache.embedder.encode([strip_time_words(question)])[0]
    return vector


def change_text(change: AnswerChange) -> str:
    """Return a change as JSON, for the records."""
    return json.dumps(asdict(change))


def parse_change(text: str) -> AnswerChange:
    """Return a change from the records."""
    fields = json.loads(text)
    place, kind = fields["place"], ChangeKind(fields["kind"])
    known = {"kind": kind, "place": QuotedPlace(**place) if place else None, "marks": tuple(fields["marks"])}
    return AnswerChange(**{**fields, **known})


def show_changes(db: Database, changes: Iterable[AnswerChange], filters: Filters) -> list[ShownChange | None]:
    """Return changes with their quotes, None for each whose quote is gone or may not be read any more."""
    shown: list[ShownChange | None] = []
    for each in changes:
        if each.place is None:
            shown.append(ShownChange(each, None))
            continue
        found = reload_quotes(db, [each.place], filters)
        shown.append(ShownChange(each, _with_speaker(found[0], each)) if found else None)
    return shown


def read_watches(settings: Settings) -> list[Watch]:
    """Return every watch of a data folder, for its operator; none where no bot ran.

    Raises:
        StorageFailure: the records can't be read.
    """
    path = settings.data_dir / RECORDS_NAME
    if not path.is_file():
        return []
    with record_errors(path):
        db = open_records(path)
        try:
            return stored.all_watches(db)
        finally:
            db.close()


def remove_watches(settings: Settings, watch_ids: Sequence[int]) -> None:
    """Remove watches with what waits to be told of them.

    Raises:
        BadInput: one of them does not exist; then none is removed.
        StorageFailure: the records can't be written.
    """
    path = settings.data_dir / RECORDS_NAME
    if not path.is_file():
        raise _unknown(watch_ids[0])
    with record_errors(path):
        db = open_records(path)
        try:
            with write_transaction(db):
                for each in dict.fromkeys(watch_ids):
                    if not stored.remove_watch(db, each):
                        raise _unknown(each)
        finally:
            db.close()


def _unknown(watch_id: int) -> BadInput:
    return BadInput(f"There is no watch {watch_id}.", "`attache watches list` lists them with their numbers.")


def _look(attache: Attache, question: str, filters: Filters, now: datetime, watch: Watch | None) -> Look:
    # Before the answer: what comes in between is in it, and counts as new once more at the next look, known by then.
    with reading(attache.settings.data_dir) as db:
        newest = embedded_to(db, attache.embedder.fingerprint)
    answer = attache.ask(question, filters, now=now, quotes=QUOTES)
    verdict, marks = answer.verdict.value if answer.verdict else "", tuple(dict.fromkeys(marks_of(answer)))
    changes: list[AnswerChange] = []
    if watch is not None:
        # A corpus that was restored from a backup has lower numbers.
        changes = find_changes(answer, watch.verdict, watch.marks, min(watch.last_passage, newest))
    return Look(answer, verdict, marks, newest, tuple(changes))


def _with_speaker(evidence: Evidence, change: AnswerChange) -> Evidence:
    said = Attribution(change.speaker or None, change.cue, "") if change.cue else None
    return replace(evidence, attribution=said, stance=Stance(change.stance) if change.stance else None)
