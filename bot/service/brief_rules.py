"""Briefs for the command line: shown now, and the operator's rules for sending them, added, listed, removed, run."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TypeVar

from sqlite_utils import Database

from bot.delivery.outgoing_mail import check_mail
from bot.delivery.signed_webhook import check_webhook
from bot.records import brief_outbox as stored
from bot.records.brief_outbox import MAX_RULES, OPERATOR, BriefRule, Mark, Way
from bot.records.records import RECORDS_NAME, Records, open_records, record_errors
from bot.records.time_zones import known_zone
from bot.records.topics import TopicChange, newest_change
from bot.server_addresses import is_mail_address
from bot.service.attache import Attache
from bot.service.brief import Brief, brief_answer
from bot.service.brief_period import Period, corpus_mark, period_of_days, recent_period
from bot.service.brief_sender import (
    BriefSender,
    Sent,
    last_slot,
    present_mark,
    read_brief,
    server_ids_of,
    topics_of_period,
)
from bot.service.links import is_link
from bot.service.sessions import has_database, reading
from bot.service.written_answers import make_writer, write_answer
from bot.settings import Settings
from bot.writer.writer import Writer
from corpus.database import write_transaction
from corpus.errors import BadInput
from corpus.timestamps import utc_text
from index.filters import Filters

T = TypeVar("T")

LONGEST_TARGET = 2_000
_TIME = re.compile(r"([01]?[0-9]|2[0-3])(?::([0-5][0-9]))?")
_DAYS = (
    ("monday", "montag"),
    ("tuesday", "dienstag"),
    ("wednesday", "mittwoch"),
    ("thursday", "donnerstag"),
    ("friday", "freitag"),
    ("saturday", "samstag", "sonnabend"),
    ("sunday", "sonntag"),
)


def brief_now(
    attache: Attache, filters: Filters, now: datetime, *, days: int, span: tuple[date, date] | None = None
) -> Brief:
    """Return the brief of what came in during the last days, or was published in a span of days.

    What a server's members watch is told only if the filters name that server's collection.
    """
    settings, servers = attache.settings, server_ids_of(filters.collections)
    change = _read_records(settings, newest_change, 0)
    with reading(settings.data_dir) as db:
        period = period_of_days(db, *span, change=change) if span else recent_period(db, now, 24.0 * days, change)
    changes: list[TopicChange] = _read_records(settings, lambda db: topics_of_period(db, servers, period), [])
    return read_brief(attache, period, filters, changes)


def written_brief(attache: Attache, writer: Writer, brief: Brief, now: datetime, filters: Filters) -> Brief:
    """Return a brief with sentences of a model, each proven by its quotes; the brief itself without any quotes."""
    answer = brief_answer(brief, now, filters)
    return brief if answer is None else replace(brief, written=write_answer(attache, writer, answer, reaches=False))


def parse_time(text: str) -> int:
    """Return minutes after midnight of `7`, `07:00` or `19:30`.

    Raises:
        BadInput: it is no time of day.
    """
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise BadInput(f"“{text[:20]}” isn't a time of day.", "Write one such as 07:00 or 19:30.")
    return 60 * int(found[1]) + int(found[2] or 0)


def parse_weekday(text: str) -> int | None:
    """Return 0 for Monday to 6 of a day's name or its first letters; None for an empty text.

    Raises:
        BadInput: it is no day of the week.
    """
    wanted = text.strip().casefold()
    if not wanted:
        return None
    for number, names in enumerate(_DAYS):
        if len(wanted) > 1 and any(name.startswith(wanted) for name in names):
            return number
    raise BadInput(f"“{text[:20]}” isn't a day of the week.", "Write one such as Monday.")


def make_rule(
    way: str, target: str, at: str, zone: str, weekday: str, collections: Sequence[str], *, says_empty: bool
) -> BriefRule:
    """Return an operator's rule from what people write.

    Raises:
        BadInput: a part of it can't be read.
    """
    ways: dict[str, Way] = {"mail": "mail", "webhook": "webhook", "feed": "feed"}
    if way == "mail" and not is_mail_address(target):
        raise BadInput(f"“{target[:60]}” isn't an e-mail address.", "Write it without a name.")
    is_web = is_link(target) and target.lower().startswith(("http://", "https://"))
    if way == "webhook" and not (is_web and target.isprintable() and " " not in target):
        raise BadInput("A webhook's address begins with https://.", "Check its spelling.")
    if len(target) > LONGEST_TARGET:
        raise BadInput("That address is too long.", f"It may have {LONGEST_TARGET:,} characters.")
    name = known_zone(zone)
    if name is None:
        raise BadInput(f"There is no time zone “{zone[:60]}”.", "Write one such as Europe/Berlin or UTC.")
    now = datetime.now(UTC)
    minute, day = parse_time(at), parse_weekday(weekday)
    return BriefRule(
        0, OPERATOR, 0, ways[way], target, tuple(collections), day, minute, name, says_empty, utc_text(now),
        last_slot(minute, day, name, now), Mark(utc_text(now)),
    )  # fmt: skip


def add_rule(settings: Settings, rule: BriefRule) -> BriefRule:
    """Store an operator's rule, which tells what comes in from now on.

    Raises:
        BadSettings: a setting that its way needs is missing.
        BadInput: there are too many.
        StorageFailure: the records can't be written.
    """
    if rule.way == "mail":
        check_mail(settings)
    if rule.way == "webhook":
        check_webhook(settings)

    def store(db: Database) -> BriefRule:
        added = stored.save_rule(db, replace(rule, since=replace(mark, change=newest_change(db))))
        if len(stored.list_rules(db, OPERATOR)) > MAX_RULES:
            raise BadInput(f"There are {MAX_RULES} briefs already.", "Remove one with `attache briefs remove`.")
        return added

    mark = rule.since
    if has_database(settings.data_dir):
        with reading(settings.data_dir) as corpus:
            mark = corpus_mark(corpus, rule.since.at)
    return _write_records(settings, store)


def read_rules(settings: Settings) -> list[BriefRule]:
    """Return the operator's rules; none where there are no records.

    Raises:
        StorageFailure: the records can't be read.
    """
    return _read_records(settings, lambda db: stored.list_rules(db, OPERATOR), [])


def drop_rule(settings: Settings, number: int) -> None:
    """Remove an operator's rule.

    Raises:
        BadInput: there is none of that number.
        StorageFailure: the records can't be written.
    """
    if number not in {each.id for each in read_rules(settings)}:
        raise BadInput(f"There is no brief {number}.", "`attache briefs list` lists them with their numbers.")
    _write_records(settings, lambda db: stored.remove_rule(db, OPERATOR, number))


def send_now(attache: Attache) -> list[Sent]:
    """Send the operator's briefs that are due.

    Raises:
        StorageFailure: records or corpus can't be read.
    """

    async def mark(now: datetime, change: int) -> Mark:
        return present_mark(attache, now, change)

    async def build(period: Period, filters: Filters, changes: Sequence[TopicChange]) -> Brief:
        found, writer = read_brief(attache, period, filters, changes), make_writer(attache.settings, is_logged=False)
        if writer is None or not (writer.is_local or attache.settings.writer_private):
            return found
        # Writing has an event loop of its own.
        return await asyncio.to_thread(written_brief, attache, writer, found, datetime.now(UTC), filters)

    async def send() -> list[Sent]:
        records = Records(attache.settings.data_dir)
        try:
            return await BriefSender(records, attache.settings, mark, build, is_logged=False).send_due()
        finally:
            await asyncio.to_thread(records.close)

    return asyncio.run(send())


def _read_records(settings: Settings, read: Callable[[Database], T], without: T) -> T:
    path = settings.data_dir / RECORDS_NAME
    return _write_records(settings, read) if path.is_file() else without


def _write_records(settings: Settings, write: Callable[[Database], T]) -> T:
    path = settings.data_dir / RECORDS_NAME
    with record_errors(path):
        db = open_records(path)
        try:
            with write_transaction(db):
                return write(db)
        finally:
            db.close()
