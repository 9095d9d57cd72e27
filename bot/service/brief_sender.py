"""Sends the operator's briefs when they are due: by e-mail, to a webhook, into a feed file."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlite_utils import Database

from bot.delivery.errors import NotDelivered
from bot.delivery.feed_file import add_entry
from bot.delivery.outgoing_mail import send_mail
from bot.delivery.signed_webhook import post_signed
from bot.records import brief_outbox as stored
from bot.records.brief_outbox import OPERATOR, BriefPost, BriefRule, Mark
from bot.records.next_try import may_try, next_try
from bot.records.records import Records
from bot.records.time_zones import latest_slot, load_zone
from bot.records.topics import TopicChange, changes_of, newest_change
from bot.render.brief_documents import Edition, atom_entry, brief_mail
from bot.render.brief_words import brief_shape
from bot.service.attache import Attache
from bot.service.brief import Brief, build_brief
from bot.service.brief_period import Period, corpus_mark, not_too_long
from bot.service.quotas import SERVER_PREFIX
from bot.service.sessions import reading
from bot.settings import BadSettings, Settings
from corpus.errors import AttacheError
from corpus.timestamps import utc_text
from index.filters import Filters

log = structlog.get_logger(__name__)

# The longest wait, in seconds, after a brief could not be sent: it is of its day.
LONGEST_RETRY_S = 6 * 3600.0

# Builds the brief of a period from the articles that filters let through, and changes of watched answers.
Build = Callable[[Period, Filters, Sequence[TopicChange]], Awaitable[Brief]]


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a due brief.

    `is_empty`: none was sent, as there was nothing to tell. `problem` is a sentence, empty if there was none.
    """

    rule: BriefRule
    is_empty: bool
    problem: str = ""


def last_slot(minute: int, weekday: int | None, zone: str, now: datetime) -> str:
    """Return the last local day (`YYYY-MM-DD`) whose time has come; arguments as in a rule."""
    return latest_slot(now, minute, weekday, load_zone(zone)).isoformat()


def due_day(rule: BriefRule, zone: str, now: datetime) -> str | None:
    """Return the local day whose brief is due (`YYYY-MM-DD`), the last one if several were missed; None if none is."""
    day = last_slot(rule.minute, rule.weekday, zone, now)
    return day if day > rule.last_day else None


def present_mark(attache: Attache, now: datetime, change: int) -> Mark:
    """Return how far the corpus has come."""
    with reading(attache.settings.data_dir) as db:
        return corpus_mark(db, utc_text(now), change)


def read_brief(attache: Attache, period: Period, filters: Filters, changes: Sequence[TopicChange]) -> Brief:
    """Return the brief of a period. Raises StorageFailure as `reading` does."""
    with reading(attache.settings.data_dir) as db:
        return build_brief(db, period, filters, changes)


def topics_of_period(db: Database, server_ids: Sequence[int], period: Period) -> list[TopicChange]:
    """Return the changes of servers' watched answers in a period."""
    # Numbers alone count where they are known, as a clock may be late.
    since = "" if period.since.article else period.since.at
    found = changes_of(db, server_ids, period.since.change, period.until.change, since)
    return [each for each in found if period.days is None or each.found_at <= period.until.at]


def server_ids_of(collections: Sequence[str]) -> list[int]:
    """Return the servers whose collections are named: only then may a brief tell what their members watch."""
    ids = (each.removeprefix(SERVER_PREFIX) for each in collections if each.startswith(SERVER_PREFIX))
    return [int(each) for each in ids if each.isascii() and each.isdigit() and len(each) <= 18]


class BriefSender:
    """Sends what is due. Several processes may do so at once: each brief is planned by one, and held while it is sent.

    Args:
        records: have the rules and the outbox.
        settings: say how mail is sent and webhooks are signed.
        mark: returns how far the corpus has come, given the newest change.
        build: builds a brief.
        is_logged: whether failures are logged; the command line prints them.
    """

    def __init__(
        self,
        records: Records,
        settings: Settings,
        mark: Callable[[datetime, int], Awaitable[Mark]],
        build: Build,
        *,
        is_logged: bool = True,
    ) -> None:
        self._records = records
        self._settings = settings
        self._mark = mark
        self._build = build
        self._is_logged = is_logged

    async def send_due(self, now: datetime | None = None) -> list[Sent]:
        """Finish what a process before has begun, then send what is due; one failure leaves the others alone.

        Raises:
            StorageFailure: the rules can't be read.
        """
        now = now or datetime.now(UTC)
        sent: list[Sent] = []
        for rule in await self._records.read(lambda db: stored.list_rules(db, OPERATOR)):
            try:
                if may_try(rule.retry_at, now, LONGEST_RETRY_S):
                    sent += await self._work(rule, now)
            except AttacheError as error:
                sent.append(Sent(rule, is_empty=False, problem=error.message))
            except Exception as error:  # the others go on
                if self._is_logged:
                    log.exception("brief failed", rule=rule.id)
                problem = f"An unexpected error occurred ({type(error).__name__})."
                sent.append(Sent(rule, is_empty=False, problem=problem))
        moment = utc_text(now)
        await self._records.run(lambda db: stored.prune(db, moment))
        return sent

    async def _work(self, rule: BriefRule, now: datetime) -> list[Sent]:
        done = []
        for begun in await self._records.read(lambda db: stored.unfinished(db, rule.id)):
            done += await self._finish(rule, begun, now)
        day = due_day(rule, rule.zone, now)
        if day is None or any(each.problem for each in done):
            return done
        change = await self._records.read(newest_change)
        until = await self._mark(now, change)
        since = not_too_long(rule.since, now)
        brief = await self._read(rule, since, until)
        if brief.is_empty and not rule.says_empty:
            await self._records.run(lambda db: stored.skip(db, rule, day, until))
            return [*done, Sent(rule, is_empty=True)]
        moment = utc_text(now)
        post = await self._records.run(lambda db: stored.plan(db, rule, since, day, until, 0, moment))
        return done if post is None else [*done, await self._deliver(rule, post, brief, now)]

    async def _finish(self, rule: BriefRule, post: BriefPost, now: datetime) -> list[Sent]:
        """Send a brief that a process before has left, unless another one is at it."""
        moment = utc_text(now)
        if not await self._records.run(lambda db: stored.hold(db, post.id, moment)):
            return []
        return [await self._deliver(rule, post, await self._read(rule, post.since, post.until), now)]

    async def _read(self, rule: BriefRule, since: Mark, until: Mark) -> Brief:
        period, servers = Period(since, until), server_ids_of(rule.collections)
        changes = await self._records.read(lambda db: topics_of_period(db, servers, period))
        return await self._build(period, Filters(collections=rule.collections), changes)

    async def _deliver(self, rule: BriefRule, post: BriefPost, brief: Brief, now: datetime) -> Sent:
        edition = Edition(rule.id, post.nonce, post.planned_at, brief)
        try:
            await asyncio.to_thread(deliver, rule, edition, self._settings)
        except (NotDelivered, BadSettings) as error:
            retry_at, problem = next_try(rule.failures, now, LONGEST_RETRY_S), error.message
            await self._records.run(lambda db: stored.release(db, post, problem, retry_at))
            if self._is_logged:
                log.warning("brief not sent", rule=rule.id, way=rule.way)
            return Sent(rule, is_empty=False, problem=problem)
        await self._records.run(lambda db: stored.record_sent(db, post.id, 1))
        return Sent(rule, is_empty=False)


def deliver(rule: BriefRule, edition: Edition, settings: Settings) -> None:
    """Deliver one brief by its rule's way.

    Raises:
        NotDelivered: it was not taken.
        BadSettings: a setting that this way needs is missing.
    """
    match rule.way:
        case "mail":
            send_mail(brief_mail(edition, settings.mail_from, rule.target), settings)
        case "webhook":
            body = json.dumps({**brief_shape(edition.brief), "id": edition.key}, ensure_ascii=False).encode()
            post_signed(rule.target, edition.key, body, settings)
        case "feed":
            feed_id = f"attache briefs {rule.id} {rule.made_at}"
            add_entry(Path(rule.target), feed_id, edition.made_at, atom_entry(edition))
        case "channel":
            raise NotDelivered("A channel's brief is sent by the bot alone.", "Start it with `attache bot`.")
