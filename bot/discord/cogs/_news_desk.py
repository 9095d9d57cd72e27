"""Posts new articles to the channels that admins chose, through an outbox: nothing twice, nothing lost."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import discord
import structlog
from sqlite_utils import Database

from bot.discord.bot import AttacheBot
from bot.discord.cogs._channel_posts import Channel, apart, each_at_once, find_channel, is_passing, problem_of
from bot.discord.cogs._notices import may_write, tell_admins
from bot.discord.scope import Scope
from bot.discord.transport.outbox import newest_message, send_once
from bot.discord.transport.page import ChannelDelivery
from bot.discord.transport.retry import REQUEST_ERRORS, retry
from bot.discord.views.buttons import PersistentButton
from bot.discord.views.news_posts import group_lines, news_lines, news_page
from bot.records import news_outbox as news
from bot.records.news_outbox import NewsPost, NewsRule
from bot.records.next_try import may_try, next_try
from bot.service.arrivals import Arrival, feed_articles, new_articles, read_arrivals, select_news
from corpus.article import SHARED_COLLECTION
from corpus.publishers.directory import Publishers
from corpus.timestamps import utc_now, utc_text
from index.filters import Filters, filter_articles

log = structlog.get_logger(__name__)

# Articles whose texts are searched for words before other look-ups have their turn.
SELECT_AT_ONCE = 200
# Articles that are looked at for the next messages.
MAX_CONSIDERED = 200
# discord.com/developers/docs/topics/opcodes-and-status-codes: the message was published before.
_ALREADY_PUBLISHED = 40033


class NewsDesk:
    """Posts what is due. Only one runs at a time, in one process."""

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        # Messages on their way to the channels that follow theirs: Discord allows ten an hour and lets others wait.
        self._publishing: dict[int, asyncio.Task[None]] = {}

    async def post_all(self) -> None:
        """Post the new articles of every rule; one rule's failure stays its own.

        Raises:
            StorageFailure: the rules can't be read.
        """
        rules = await self.bot.records.read(news.list_rules)
        await each_at_once(rules, lambda rule: apart("news", self._post_new(rule), rule=rule.id))
        if rules:
            now = utc_now()
            await self.bot.records.run(lambda db: news.prune(db, now))

    def close(self) -> None:
        """Stop publishing; what is left is published after the next start."""
        for task in self._publishing.values():
            task.cancel()

    async def _post_new(self, rule: NewsRule) -> None:
        guild = self.bot.get_guild(rule.server_id)
        # While articles are being added, an addition that fails takes them back.
        is_busy = any(
            job.server_id == rule.server_id or (job.is_shared and rule.collection == SHARED_COLLECTION)
            for job in self.bot.jobs.all
        )
        if guild is None or guild.unavailable or is_busy:
            return
        scope = await self.bot.scope_in(guild, rule.channel_id)
        await self._collect(rule, scope)
        if not may_try(rule.retry_at, datetime.now(UTC)):
            return
        try:
            channel = await find_channel(guild, rule.channel_id)
            if channel is not None and may_write(channel):
                await self._send_all(rule, scope, channel)
            else:
                await self._fail(rule, scope, "news-problem-gone" if channel is None else "news-problem-forbidden")
        except discord.HTTPException as error:
            if is_passing(error):
                raise
            log.info("news refused", rule=rule.id, status=error.status, code=error.code)
            await self._fail(rule, scope, problem_of(error))

    async def _collect(self, rule: NewsRule, scope: Scope) -> None:
        """Put what came in since the last look into the queue."""
        known = await self.bot.records.read(lambda db: news.known_articles(db, rule.id))

        def look(db: Database) -> tuple[list[int], int]:
            if rule.feed_id:
                return feed_articles(db, rule.feed_id), rule.last_article
            return new_articles(db, rule.collection, rule.last_article)

        found, last_article = await self.bot.corpus_reader.run(look)
        new = [each for each in found if each not in known]
        wanted: list[int] = []
        for first in range(0, len(new), SELECT_AT_ONCE):
            some = new[first : first + SELECT_AT_ONCE]
            wanted += await self.bot.corpus_reader.run(_selection(some, scope.filters(), rule.words))
        if new or last_article != rule.last_article:
            now, left_out = utc_now(), [each for each in new if each not in set(wanted)]
            await self.bot.records.run(lambda db: news.queue(db, rule, wanted, left_out, last_article, now))

    async def _send_all(self, rule: NewsRule, scope: Scope, channel: Channel) -> None:
        """Finish the messages of a process before, then send new ones as the rule allows."""
        begun = await self.bot.records.read(lambda db: news.unfinished(db, rule.id, publishes=rule.publishes))
        for post in begun:
            await self._finish(rule, scope, channel, post, is_first=False)
        now = datetime.now(UTC)
        hour_ago, present = utc_text(now - timedelta(hours=1)), utc_text(now)
        queued, sent = await self.bot.records.read(
            lambda db: (news.waiting(db, rule.id), news.sent_since(db, rule.id, hour_ago, present))
        )
        arrivals, publishers = await self._readable(rule, scope, queued[:MAX_CONSIDERED])
        lines = news_lines(arrivals, publishers, scope.phrases)
        is_plain, first = scope.settings.answer_style == "plain", 0
        for size in group_lines(lines, max(0, rule.most - sent), is_plain=is_plain):
            ids = [each.facts.id for each in arrivals[first : first + size]]
            first += size
            planned = await self.bot.records.run(_plan(rule, ids, newest_message(channel)))
            if planned is not None:
                await self._finish(rule, scope, channel, planned, is_first=True)
        if rule.problem:
            await self.bot.records.run(lambda db: news.record_success(db, rule.id))

    async def _readable(
        self, rule: NewsRule, scope: Scope, article_ids: Sequence[int]
    ) -> tuple[list[Arrival], Publishers]:
        """Return the articles that the server may still read; the others are left out for good."""
        filters = scope.filters()

        def read(db: Database) -> tuple[list[Arrival], Publishers]:
            allowed = filter_articles(db, filters, set(article_ids))
            return read_arrivals(db, [each for each in article_ids if each in allowed]), Publishers(db)

        arrivals, publishers = await self.bot.corpus_reader.run(read)
        gone = set(article_ids) - {each.facts.id for each in arrivals}
        if gone:
            await self.bot.records.run(lambda db: news.leave_out(db, rule.id, sorted(gone)))
        return arrivals, publishers

    async def _finish(self, rule: NewsRule, scope: Scope, channel: Channel, post: NewsPost, *, is_first: bool) -> None:
        """Send a message of the outbox if it is not there, and have it published if the rule says so."""
        publishes = rule.publishes and isinstance(channel, discord.TextChannel) and channel.is_news()
        message_id = post.message_id
        if message_id is None:
            arrivals, publishers = await self._readable(rule, scope, post.article_ids)
            lines = news_lines(arrivals, publishers, scope.phrases)
            sent = await self._send(rule, scope, channel, post, lines, is_first=is_first) if lines else 0
            is_published = not (publishes and sent)
            await self.bot.records.run(lambda db: news.record_sent(db, post.id, sent, is_published=is_published))
            message_id = sent
        if publishes and message_id and post.id not in self._publishing:
            task = asyncio.create_task(self._publish(channel, post.id, message_id))
            self._publishing[post.id] = task
            task.add_done_callback(lambda _task: self._publishing.pop(post.id, None))

    async def _send(
        self, rule: NewsRule, scope: Scope, channel: Channel, post: NewsPost, lines: Sequence[str], *, is_first: bool
    ) -> int:
        role = channel.guild.get_role(rule.role_id) if rule.role_id else None
        is_plain = scope.settings.answer_style == "plain"
        page = news_page(lines, str(post.id), role.id if role else None, scope.phrases, is_plain=is_plain)
        mark = PersistentButton.make("news", str(post.id), label="?").custom_id
        delivery = ChannelDelivery(channel, post.nonce, self.bot.rate_limiter, self.bot.command_links, role)
        return await send_once(channel, page, delivery, mark, post.after_id, is_first=is_first) or 0

    async def _publish(self, channel: Channel, post_id: int, message_id: int) -> None:
        """Publish a message to the channels that follow its channel; give up where Discord refuses."""
        try:
            assert isinstance(channel, discord.TextChannel)
            await retry(channel.get_partial_message(message_id).publish)
        except discord.HTTPException as error:
            if is_passing(error):
                return
            if error.code != _ALREADY_PUBLISHED:
                log.info("news not published", status=error.status, code=error.code)
        except REQUEST_ERRORS as error:
            log.info("news not published", failure=type(error).__name__)
            return
        await self.bot.records.run(lambda db: news.record_sent(db, post_id, message_id, is_published=True))

    async def _fail(self, rule: NewsRule, scope: Scope, problem: str) -> None:
        """Store the failure and when to try again; tell the admins if it is new."""
        retry_at = next_try(rule.failures, datetime.now(UTC))
        if await self.bot.records.run(lambda db: news.record_failure(db, rule.id, problem, retry_at)):
            reason = scope.phrases.say(problem)
            text = scope.phrases.say("news-problem", channel=f"<#{rule.channel_id}>", reason=reason)
            await tell_admins(self.bot, scope, text)


def _selection(article_ids: Sequence[int], filters: Filters, words: Sequence[str]) -> Callable[[Database], list[int]]:
    return lambda db: select_news(db, article_ids, filters, words)


def _plan(rule: NewsRule, article_ids: Sequence[int], after_id: int) -> Callable[[Database], NewsPost | None]:
    now = utc_now()
    return lambda db: news.plan(db, rule.id, article_ids, after_id, now)
