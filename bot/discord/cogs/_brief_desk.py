"""Builds briefs and posts those that are due, through an outbox: each day's once, a missed one made up once."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import discord
import structlog

from bot.discord.bot import AttacheBot
from bot.discord.cogs._channel_posts import Channel, apart, each_at_once, find_channel, is_passing, problem_of
from bot.discord.cogs._notices import may_write, tell_admins
from bot.discord.scope import Scope
from bot.discord.transport.outbox import newest_message, send_once
from bot.discord.transport.page import ChannelDelivery
from bot.discord.views.brief_pages import posted_page
from bot.discord.views.buttons import PersistentButton
from bot.records import brief_outbox as stored
from bot.records.brief_outbox import BriefPost, BriefRule, Mark
from bot.records.next_try import may_try, next_try
from bot.records.topics import TopicChange, newest_change
from bot.service.brief import Brief, brief_answer
from bot.service.brief_period import Period, not_too_long
from bot.service.brief_sender import LONGEST_RETRY_S, BriefSender, due_day, present_mark, read_brief, topics_of_period
from bot.writer.written import Outcome
from corpus.catalog import revision
from corpus.timestamps import utc_now
from index.filters import Filters

log = structlog.get_logger(__name__)

# Seconds for which a brief gives way to members who wait for an answer, and between two checks.
GIVE_WAY_S, CHECK_S = 5.0, 0.05
# Briefs that are kept to turn their pages.
_MOST_KEPT = 32
# Whose tokens those of the operator's briefs are.
_OPERATOR = "briefs"


class BriefDesk:
    """Does what is due. Only one runs at a time, in one process."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        # The latest briefs that were built, by all that they depend on.
        self._kept: OrderedDict[tuple[object, ...], Brief] = OrderedDict()
        self._sender = BriefSender(bot.records, bot.settings, self.mark, self._build_for_operator)

    async def work_all(self) -> None:
        """Send the operator's briefs and post those of servers; one's failure stays its own.

        Raises:
            StorageFailure: the rules can't be read.
        """
        if not any(job.is_shared for job in self.bot.jobs.all):
            await self._sender.send_due()
        rules = await self.bot.records.read(stored.channel_rules)
        await each_at_once(rules, lambda rule: apart("brief", self._work(rule), rule=rule.id))

    async def mark(self, now: datetime, change: int) -> Mark:
        """Return how far the corpus has come; `change` is the newest change of a watched answer."""
        return await self.bot.answer_queue.run(partial(present_mark, now=now, change=change), is_measured=False)

    async def read(self, period: Period, filters: Filters, changes: Sequence[TopicChange]) -> Brief:
        """Return the brief of a period, behind members who wait."""
        waited = 0.0
        while self.bot.answer_queue.waiting and waited < GIVE_WAY_S:
            await asyncio.sleep(CHECK_S)
            waited += CHECK_S
        return await self.bot.answer_queue.run(
            partial(read_brief, period=period, filters=filters, changes=changes), is_measured=False
        )

    async def brief_for(self, period: Period, scope: Scope, channel_id: int, *, private: bool) -> Brief:
        """Return the brief of a period as it may be told in a channel, in sentences where a model is set.

        It is built once for all its pages, as long as neither the corpus nor what may be told there changes.
        """
        changes, state = await self._topics(period, scope, channel_id), await self.bot.corpus_reader.run(revision)
        account = str(scope.server_id) if scope.server_id else "direct messages"
        is_written = scope.settings.written_answers
        key = (period, scope.filters(), tuple(changes), state, account, is_written, private)
        if (kept := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return kept
        found = await self.read(period, scope.filters(), changes)
        if is_written:
            found = await self._written(found, account, scope.filters(), private=private)
        if found.written is None or found.written.outcome is Outcome.WRITTEN:
            self._kept[key] = found
            if len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return found

    async def _topics(self, period: Period, scope: Scope, channel_id: int) -> list[TopicChange]:
        """Return the changes of answers that may be told in a channel: everybody may see where it was asked."""
        guild = self.bot.get_guild(scope.server_id) if scope.server_id else None
        if guild is None:
            return []
        server_id = guild.id
        found = await self.bot.records.read(lambda db: topics_of_period(db, [server_id], period))
        return [each for each in found if each.channel_id == channel_id or _is_open(guild, each.channel_id)]

    async def _written(self, found: Brief, account: str, filters: Filters, *, private: bool) -> Brief:
        answer = brief_answer(found, datetime.now(UTC), filters)
        if answer is None:
            return found
        return replace(found, written=await self.bot.write_flow.write_quotes(answer, account, private=private))

    async def _build_for_operator(self, period: Period, filters: Filters, changes: Sequence[TopicChange]) -> Brief:
        found = await self.read(period, filters, changes)
        return await self._written(found, _OPERATOR, filters, private=True)

    async def _work(self, rule: BriefRule) -> None:
        guild, now = self.bot.get_guild(rule.server_id), datetime.now(UTC)
        # While articles are being added, an addition that fails takes them back.
        is_busy = any(job.is_shared or job.server_id == rule.server_id for job in self.bot.jobs.all)
        if guild is None or guild.unavailable or is_busy or not may_try(rule.retry_at, now, LONGEST_RETRY_S):
            return
        begun = await self.bot.records.read(lambda db: stored.unfinished(db, rule.id))
        scope = await self.bot.scope_in(guild, rule.channel_id)
        day = due_day(rule, scope.settings.time_zone, now)
        if not begun and day is None:
            return
        channel = await find_channel(guild, rule.channel_id)
        if channel is None or not may_write(channel):
            await self._fail(rule, scope, "news-problem-gone" if channel is None else "news-problem-forbidden")
            return
        for post in begun:
            found = await self.brief_for(Period(post.since, post.until), scope, rule.channel_id, private=False)
            if not await self._send(rule, scope, channel, post, found, is_first=False):
                return
        if day is not None:
            await self._begin(rule, scope, channel, day, now)

    async def _begin(self, rule: BriefRule, scope: Scope, channel: Channel, day: str, now: datetime) -> None:
        """Plan the brief of a day and post it, or note that there is nothing to tell."""
        change = await self.bot.records.read(newest_change)
        until, since = await self.mark(now, change), not_too_long(rule.since, now)
        found = await self.brief_for(Period(since, until), scope, rule.channel_id, private=False)
        if found.is_empty and not rule.says_empty:
            await self.bot.records.run(lambda db: stored.skip(db, rule, day, until))
            return
        after_id, moment = newest_message(channel), utc_now()
        post = await self.bot.records.run(lambda db: stored.plan(db, rule, since, day, until, after_id, moment))
        if post is not None:
            await self._send(rule, scope, channel, post, found, is_first=True)

    async def _send(
        self, rule: BriefRule, scope: Scope, channel: Channel, post: BriefPost, found: Brief, *, is_first: bool
    ) -> bool:
        """Send a message; if Discord refuses it, let the next brief tell it, and return False."""
        page = posted_page(found, post.id, scope.phrases, is_plain=scope.settings.answer_style == "plain")
        mark = PersistentButton.make("brief", str(post.id), label="?").custom_id
        delivery = ChannelDelivery(channel, post.nonce, self.bot.rate_limiter, self.bot.command_links)
        try:
            message_id = await send_once(channel, page, delivery, mark, post.after_id, is_first=is_first)
        except discord.HTTPException as error:
            if is_passing(error):
                raise
            log.info("brief refused", rule=rule.id, status=error.status, code=error.code)
            await self.bot.records.run(lambda db: stored.put_back(db, post))
            await self._fail(rule, scope, problem_of(error))
            return False
        await self.bot.records.run(lambda db: stored.record_sent(db, post.id, message_id or 0))
        return True

    async def _fail(self, rule: BriefRule, scope: Scope, problem: str) -> None:
        """Store the failure and when to try again; tell the admins if it is new."""
        retry_at = next_try(rule.failures, datetime.now(UTC), LONGEST_RETRY_S)
        if await self.bot.records.run(lambda db: stored.record_failure(db, rule.id, problem, retry_at)):
            reason = scope.phrases.say(problem)
            await tell_admins(
                self.bot, scope, scope.phrases.say("brief-problem", channel=f"<#{rule.channel_id}>", reason=reason)
            )


def _is_open(guild: discord.Guild, channel_id: int) -> bool:
    """Return whether everybody in a server may see a channel or thread."""
    channel = guild.get_channel_or_thread(channel_id)
    if channel is None or (isinstance(channel, discord.Thread) and channel.is_private()):
        return False
    try:
        return channel.permissions_for(guild.default_role).view_channel
    except discord.ClientException:
        # A thread whose channel the bot does not see.
        return False
