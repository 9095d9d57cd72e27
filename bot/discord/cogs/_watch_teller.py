"""Tells members what changed in the answers that they watch, through an outbox: each change once, at their pace."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import discord
import structlog

from bot.discord.bot import AttacheBot
from bot.discord.cogs._channel_posts import apart, each_at_once, is_passing
from bot.discord.cogs._notices import may_write
from bot.discord.i18n.phrases import phrases_in
from bot.discord.scope import Bounds, Scope
from bot.discord.transport.outbox import newest_message, send_once
from bot.discord.transport.page import ChannelDelivery
from bot.discord.transport.retry import retry
from bot.discord.views.buttons import PersistentButton
from bot.discord.views.watch_pages import MAX_IN_DIGEST, WatchNews, watch_news_page
from bot.records import watch_outbox as outbox
from bot.records import watches as stored
from bot.records.next_try import next_try
from bot.records.time_zones import load_zone
from bot.records.watch_outbox import Destination, WaitingChange, WatchPost
from bot.records.watches import Watch
from bot.service.watched_answers import ShownChange, parse_change, show_changes
from corpus.errors import BadInput, StorageFailure
from corpus.timestamps import utc_now, utc_text

log = structlog.get_logger(__name__)

# discord.com/developers/docs/topics/opcodes-and-status-codes: unknown member, unknown user.
_NO_MEMBER_CODES = frozenset((10007, 10013))


async def scope_of_watch(bot: AttacheBot, watch: Watch) -> Scope | None:
    """Return what may be read where a question is watched, with the phrases to tell it in; None while offline.

    Raises:
        StorageFailure: the settings can't be read.
    """
    phrases = phrases_in(watch.language)
    if watch.server_id is None:
        settings = await bot.settings_cache.get(None)
        return Scope(watch.user_id, None, watch.channel_id, settings, phrases)
    guild = bot.get_guild(watch.server_id)
    if guild is None or guild.unavailable:
        return None
    scope = await bot.scope_in(guild, watch.channel_id)
    return scope if watch.place == "channel" else replace(scope, phrases=phrases)


class WatchTeller:
    """Tells what waits. Only one runs at a time, in one process."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot

    async def tell_all(self) -> None:
        """Finish the messages of a process before, then tell what waits."""
        for post in await self.bot.records.read(outbox.unfinished):
            await apart("watch", self._finish(post))
        now = utc_now()
        by_member: dict[int, list[Destination]] = {}
        for each in await self.bot.records.read(lambda db: outbox.destinations(db, now)):
            by_member.setdefault(each.user_id, []).append(each)

        async def tell(places: Sequence[Destination]) -> None:
            for place in places:
                await apart("watch", self._tell(place))

        await each_at_once(list(by_member.values()), tell)

    async def _tell(self, to: Destination) -> None:
        """Tell a member what waits in one place, as their pace allows: each question alone, the rest in a digest."""
        now = datetime.now(UTC)
        day_ago, present = utc_text(now - timedelta(hours=24)), utc_text(now)
        pace, sent, waiting = await self.bot.records.read(
            lambda db: (
                outbox.load_pace(db, to.user_id),
                outbox.planned_since(db, to.user_id, day_ago, present),
                outbox.waiting_changes(db, to),
            )
        )
        free = pace.most - sent
        if free <= 0 or pace.is_quiet(now.astimezone(load_zone(pace.zone)).hour):
            return
        channel = await self._channel(to, waiting)
        if channel is None:
            return
        by_watch: dict[int, list[WaitingChange]] = {}
        for each in waiting:
            by_watch.setdefault(each.watch_id, []).append(each)
        groups = list(by_watch.values())
        alone = len(groups) if len(groups) <= free else free - 1
        messages = [[group] for group in groups[:alone]]
        messages += [groups[alone : alone + MAX_IN_DIGEST]] if groups[alone:] else []
        for message in messages:
            changes = [each for group in message for each in group]
            readable = await self._readable(changes)
            kept = [each for each in changes if each.id in readable]
            gone = [each for each in changes if each.id not in readable]
            if gone:
                await self.bot.records.run(partial(outbox.leave_out, changes=gone))
            if not kept:
                continue
            after_id, moment = newest_message(channel), utc_now()
            post = await self.bot.records.run(partial(outbox.plan, to=to, changes=kept, after_id=after_id, now=moment))
            if post is not None and not await self._send(post, channel, is_first=True):
                return

    async def _finish(self, post: WatchPost) -> None:
        """Send a message of the outbox if it is not there."""
        channel = await self._channel(post.to, post.changes)
        if channel is not None:
            await self._send(post, channel, is_first=False)

    async def _send(self, post: WatchPost, channel: discord.abc.Messageable, *, is_first: bool) -> bool:
        """Send a message; if Discord refuses it, let its changes wait, and return False."""
        news = await self._news(post)
        message_id: int | None = 0
        if news:
            scope = await scope_of_watch(self.bot, news[0].watch)
            if scope is None:
                return False
            member = discord.Object(post.to.user_id) if post.to.place == "channel" else None
            is_plain = scope.settings.answer_style == "plain"
            page = watch_news_page(news, post.id, member.id if member else None, scope.phrases, is_plain=is_plain)
            mark = PersistentButton.make("watch-list", str(post.id), label="?").custom_id
            links = self.bot.command_links
            delivery = ChannelDelivery(channel, post.nonce, self.bot.rate_limiter, links, member=member)
            try:
                message_id = await send_once(channel, page, delivery, mark, post.after_id, is_first=is_first)
            except discord.HTTPException as error:
                if is_passing(error):
                    raise
                log.info("watch refused", status=error.status, code=error.code)
                await self.bot.records.run(lambda db: outbox.put_back(db, post.id))
                await self._fail(post.changes, _problem(post.to, is_gone=error.status == 404))
                return False
        await self.bot.records.run(lambda db: outbox.record_sent(db, post.id, message_id or 0))
        return True

    async def _news(self, post: WatchPost) -> list[WatchNews]:
        """Return what a message tells, by watch."""
        readable = await self._readable(post.changes)
        ids = list(dict.fromkeys(each.watch_id for each in post.changes if each.id in readable))
        known = await self.bot.records.read(lambda db: stored.select_watches(db, ids))
        return [
            WatchNews(
                known[watch_id],
                [readable[each.id] for each in post.changes if each.watch_id == watch_id and each.id in readable],
            )
            for watch_id in ids
            if watch_id in known
        ]

    async def _readable(self, changes: Sequence[WaitingChange]) -> dict[int, ShownChange]:
        """Return changes by number, without those whose quote is gone or may not be read there any more."""
        known = await self.bot.records.read(lambda db: stored.select_watches(db, [each.watch_id for each in changes]))
        readable: dict[int, ShownChange] = {}
        for watch in known.values():
            scope = await scope_of_watch(self.bot, watch)
            if scope is None:
                # Not gone: it was there a moment ago.
                raise StorageFailure("The server is not available.", "Try again later.")
            try:
                filters = scope.filters(Bounds.from_record(watch.since, watch.until, watch.publishers))
            except BadInput:
                # The channel excludes the publisher by now.
                continue
            mine = [each for each in changes if each.watch_id == watch.id]
            parsed = [parse_change(each.change) for each in mine]
            shown = await self.bot.corpus_reader.run(partial(show_changes, changes=parsed, filters=filters))
            readable |= {each.id: found for each, found in zip(mine, shown, strict=True) if found is not None}
        return readable

    async def _channel(self, to: Destination, waiting: Sequence[WaitingChange]) -> discord.abc.Messageable | None:
        """Return where to tell somebody; None where that is not possible now, which is noted with the reason."""
        guild = None
        if to.server_id is not None:
            guild = self.bot.get_guild(to.server_id)
            if guild is None or guild.unavailable:
                return None
            server_id = guild.id
            try:
                await retry(partial(guild.fetch_member, to.user_id))
            except discord.NotFound as error:
                if error.code not in _NO_MEMBER_CODES:
                    raise
                # Who left a server reads its articles no more.
                await self.bot.records.run(lambda db: stored.remove_member(db, server_id, to.user_id))
                return None
        if to.place == "direct" or guild is None:
            return await retry(partial(self.bot.create_dm, discord.Object(to.user_id)))
        channel = guild.get_channel_or_thread(to.channel_id)
        if channel is None:
            try:
                # discord.py drops archived threads from its cache, but a message reopens them.
                channel = await retry(partial(guild.fetch_channel, to.channel_id))
            except (discord.NotFound, discord.Forbidden, discord.InvalidData):
                channel = None
        if isinstance(channel, discord.abc.Messageable) and may_write(channel):
            scope = await self.bot.scope_in(guild, to.channel_id)
            if scope.may_answer:
                return channel
        await self._fail(waiting, _problem(to, is_gone=channel is None))
        return None

    async def _fail(self, waiting: Sequence[WaitingChange], problem: str) -> None:
        """Store why somebody could not be told, and when to try again."""
        ids = sorted({each.watch_id for each in waiting})
        known = await self.bot.records.read(lambda db: stored.select_watches(db, ids))
        failures = max((each.failures for each in known.values()), default=0)
        retry_at = next_try(failures, datetime.now(UTC))
        await self.bot.records.run(lambda db: stored.record_failure(db, ids, problem, retry_at))


def _problem(to: Destination, *, is_gone: bool) -> str:
    if to.place == "direct":
        return "watch-problem-direct"
    return "watch-problem-gone" if is_gone else "watch-problem-forbidden"
