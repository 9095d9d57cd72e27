"""`/news`: admins choose which new articles are posted to which channel; and the rounds that post them."""

from dataclasses import replace

import discord
from discord import app_commands
from sqlite_utils import Database

from bot.discord.bot import AttacheBot, safe_choices
from bot.discord.cogs._admin import Admin, admin_command, admin_group, record_action
from bot.discord.cogs._autocomplete import chosen_number, matching_choices
from bot.discord.cogs._news_desk import NewsDesk
from bot.discord.cogs._notices import may_write
from bot.discord.cogs._private_reply import private_reply
from bot.discord.cogs._rounds import RoundsCog
from bot.discord.errors import Expired, Refused
from bot.discord.i18n.phrases import Phrases
from bot.discord.scope import Scope, server_collection
from bot.discord.transport.page import text_page
from bot.discord.views.buttons import article_number
from bot.discord.views.escape import visible
from bot.discord.views.news_posts import ShownRule, posted_page, rule_facts, rule_line, rules_page, source_name
from bot.records import news_outbox as news
from bot.records.news_outbox import MAX_RULES, NewsRule
from bot.service.arrivals import Arrival, feed_articles, newest_article, read_arrivals
from corpus.article import SHARED_COLLECTION
from corpus.feeds.feed_store import FeedStore
from corpus.publishers.directory import Publishers
from corpus.timestamps import utc_now
from index.filters import filter_articles

# Seconds between two looks for new articles.
ROUND_S = 15.0
OWN = "own"
MOST_AN_HOUR, DEFAULT_AN_HOUR = 60, 6
MAX_WORDS = 30
LONGEST_WORDS = 300
_AROUND_WORDS = " \t\"'“”„‚‘’«»‹›*"
Channel = discord.TextChannel | discord.Thread


class NewsCommands(RoundsCog, name="News"):
    """The commands of `/news`, the button of their messages, and the rounds."""

    news = admin_group("news", "Have new articles posted to a channel")

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        self.desk = NewsDesk(bot)
        super().__init__(self.desk.post_all, ROUND_S)
        bot.button_handlers |= {"news": self.show_posted}

    async def cog_unload(self) -> None:
        """Stop the rounds, and publishing."""
        await super().cog_unload()
        self.desk.close()

    @news.command(name="set", description="Post new articles to a channel, or change how")
    @app_commands.describe(
        channel="Where they are posted",
        source="A feed, or all articles of this server or of the shared collection",
        role="Role to mention with each message",
        words="Only articles with one of these words or phrases, with commas between them",
        most="Most messages in an hour; what is more comes as a digest",
        publish="In an announcement channel, publish to the channels that follow it, in other servers too",
    )
    async def choose(
        self,
        interaction: discord.Interaction[AttacheBot],
        channel: Channel,
        source: app_commands.Range[str, 1, 100],
        role: discord.Role | None = None,
        words: app_commands.Range[str, 1, LONGEST_WORDS] | None = None,
        most: app_commands.Range[int, 1, MOST_AN_HOUR] = DEFAULT_AN_HOUR,
        publish: bool = False,
    ) -> None:
        """Store a rule; articles that are there already are not posted."""
        async with admin_command(self.bot, interaction) as admin:
            phrases = admin.scope.phrases
            if not may_write(channel):
                raise Refused(phrases.say("setting-locked-channel"))
            if role is not None and role.is_default():
                raise Refused(phrases.say("news-no-everyone"))
            if publish and not (isinstance(channel, discord.TextChannel) and channel.is_news()):
                raise Refused(phrases.say("news-no-announcements"))
            collection, feed_id = await self._source(admin, source)
            rule = NewsRule(
                0, admin.server_id, channel.id, collection, feed_id, role.id if role else None,
                _words(words, phrases), most, publish, 0,
            )  # fmt: skip
            before, shown = await self._store(admin, rule)
            await record_action(admin, "news set", f"no. {shown.rule.id}, {source} in {channel.id}")
            lines = [phrases.say("news-changed" if before else "news-set"), rule_line(shown, phrases)]
            lines += [f"-# {phrases.say('news-before', facts=rule_facts(before, phrases))}"] if before else []
            if role is not None and not (
                role.mentionable or channel.permissions_for(channel.guild.me).mention_everyone
            ):
                lines.append(f"⚠️ {phrases.say('news-role-silent', role=role.mention)}")
            await admin.show(text_page("\n".join(lines)))

    async def _source(self, admin: Admin, text: str) -> tuple[str, int]:
        """Return the collection and the feed (0 for all) that an option names; only what this server reads."""
        own, wanted = server_collection(admin.server_id), text.strip().casefold()
        if wanted == OWN:
            return own, 0
        if wanted == SHARED_COLLECTION and SHARED_COLLECTION in admin.scope.collections:
            return SHARED_COLLECTION, 0
        for feed in await self.bot.corpus_reader.run(lambda db: FeedStore(db).all(own)):
            if wanted in {str(feed.id), feed.title.casefold(), feed.url.casefold()}:
                return own, feed.id
        raise Refused(admin.scope.phrases.say("feed-unknown"))

    async def _store(self, admin: Admin, rule: NewsRule) -> tuple[NewsRule | None, ShownRule]:
        """Store a rule; return the one that was there for the same channel and source, and the new one."""

        def look(db: Database) -> tuple[int, list[int]]:
            return newest_article(db), feed_articles(db, rule.feed_id) if rule.feed_id else []

        newest, known = await self.bot.corpus_reader.run(look)
        now = utc_now()

        def store(db: Database) -> tuple[NewsRule | None, NewsRule]:
            before = news.find_rule(db, rule)
            stored = news.save_rule(db, replace(rule, last_article=newest), known, now)
            if len(news.list_rules(db, rule.server_id)) > MAX_RULES:
                raise Refused(admin.scope.phrases.say("news-too-many", most=MAX_RULES))
            return before, stored

        before, stored = await self.bot.records.run(store)
        return before, next(each for each in await self._rules(admin.server_id) if each.rule.id == stored.id)

    @news.command(name="list", description="Show what is posted where, and whether it works")
    async def show_list(self, interaction: discord.Interaction[AttacheBot]) -> None:
        """Show the server's rules."""
        async with admin_command(self.bot, interaction) as admin:
            await admin.show(rules_page(await self._rules(admin.server_id), MAX_RULES, admin.scope.phrases))

    @news.command(description="Stop posting new articles to a channel")
    @app_commands.describe(rule="What to stop: choose from the list")
    async def stop(self, interaction: discord.Interaction[AttacheBot], rule: app_commands.Range[str, 1, 20]) -> None:
        """Remove a rule with what waits for it; messages stay."""
        async with admin_command(self.bot, interaction) as admin:
            number = chosen_number(rule)
            if not await self.bot.records.run(lambda db: news.remove_rule(db, admin.server_id, number)):
                raise Refused(admin.scope.phrases.say("news-unknown"))
            await record_action(admin, "news stop", f"no. {number}")
            await admin.say("news-stopped")

    @choose.autocomplete("source")
    async def complete_source(
        self, interaction: discord.Interaction[AttacheBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer this server's feeds and the collections that it reads."""

        async def choices() -> list[app_commands.Choice[str]]:
            scope, server_id = await self.bot.admin_scope(interaction)
            own = server_collection(server_id)
            named = {OWN: scope.phrases.say("news-source-own")}
            if SHARED_COLLECTION in scope.collections:
                named[SHARED_COLLECTION] = scope.phrases.say("news-source-shared")
            for feed in await self.bot.corpus_reader.run(lambda db: FeedStore(db).all(own)):
                named[str(feed.id)] = visible(feed.name) or "?"
            return matching_choices(named.items(), typed)

        return await safe_choices(choices())

    @stop.autocomplete("rule")
    async def complete_rule(
        self, interaction: discord.Interaction[AttacheBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the server's rules."""

        async def choices() -> list[app_commands.Choice[str]]:
            scope, server_id = await self.bot.admin_scope(interaction)
            guild = self.bot.get_guild(server_id)
            named = {}
            for each in await self._rules(server_id):
                channel = guild.get_channel_or_thread(each.rule.channel_id) if guild else None
                place = f"#{channel.name}" if channel else f"#{each.rule.channel_id}"
                named[str(each.rule.id)] = f"{place} ← {_plain_source(each, scope.phrases)}"
            return matching_choices(named.items(), typed)

        return await safe_choices(choices())

    async def show_posted(self, interaction: discord.Interaction[AttacheBot], argument: str, _page: int) -> None:
        """Show what a message's articles hold, to whoever pressed its button and may read them."""
        post_id = article_number(argument)
        async with private_reply(self.bot, interaction) as reply:
            server_id = reply.scope.server_id
            if server_id is None:
                raise Expired("That message is not stored any more.")
            article_ids = await self.bot.records.read(lambda db: news.post_articles(db, server_id, post_id))
            if not article_ids:
                raise Expired("That message is not stored any more.")
            arrivals, publishers = await self.bot.corpus_reader.run(lambda db: _read(db, article_ids, reply.scope))
            await reply.show(posted_page(arrivals, publishers, reply.scope.phrases))

    async def _rules(self, server_id: int) -> list[ShownRule]:
        rules, counts = await self.bot.records.read(
            lambda db: (
                found := news.list_rules(db, server_id),
                {each.id: len(news.waiting(db, each.id)) for each in found},
            )
        )
        feeds = await self.bot.corpus_reader.run(lambda db: FeedStore(db).all(server_collection(server_id)))
        names = {feed.id: feed.name for feed in feeds} | {0: ""}
        return [
            ShownRule(each, names.get(each.feed_id), counts[each.id], is_read=await self._is_read(each))
            for each in rules
        ]

    async def _is_read(self, rule: NewsRule) -> bool:
        """Return whether the settings of the rule's channel and server let its articles be read there."""
        guild = self.bot.get_guild(rule.server_id)
        return guild is None or rule.collection in (await self.bot.scope_in(guild, rule.channel_id)).collections


def _read(db: Database, article_ids: tuple[int, ...], scope: Scope) -> tuple[list[Arrival], Publishers]:
    allowed = filter_articles(db, scope.filters(), set(article_ids))
    return read_arrivals(db, [each for each in article_ids if each in allowed]), Publishers(db)


def _words(text: str | None, phrases: Phrases) -> tuple[str, ...]:
    """Return the words that an article needs one of, without the marks that people quote phrases with.

    Raises:
        Refused: the text has none.
    """
    if text is None:
        return ()
    found = (visible(each).strip(_AROUND_WORDS).casefold() for each in text.split(","))
    words = tuple(dict.fromkeys(each for each in found if each))[:MAX_WORDS]
    if not words:
        raise Refused(phrases.say("news-no-words"))
    return words


def _plain_source(shown: ShownRule, phrases: Phrases) -> str:
    return visible(shown.feed) if shown.rule.feed_id and shown.feed else source_name(shown.rule, shown.feed, phrases)
