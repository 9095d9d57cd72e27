"""`/watch` and the 🔔 button under answers: members watch questions, and are told when the answers change."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import discord
from discord import app_commands
from sqlite_utils import Database

from bot.discord.bot import AttacheBot, safe_choices
from bot.discord.cogs._autocomplete import chosen_number, matching_choices
from bot.discord.cogs._private_reply import PrivateReply, private_reply, reply_in_place
from bot.discord.cogs._rounds import RoundsCog
from bot.discord.cogs._watch_desk import WatchDesk
from bot.discord.errors import Expired, Refused
from bot.discord.scope import Bounds, Scope, server_id_of
from bot.discord.views.buttons import article_number
from bot.discord.views.escape import visible
from bot.discord.views.watch_pages import pace_text, place_page, watches_page, watching_page
from bot.records import watch_outbox, watches
from bot.records.asked import AskedQuestion, find
from bot.records.time_zones import LONGEST_NAME, known_zone
from bot.records.watch_outbox import MOST_A_DAY, Pace
from bot.records.watches import Watch
from bot.service.watched_answers import ROUND_S, Look, first_look
from corpus.timestamps import utc_now, utc_text

_HOURS = re.compile(r"([01]?[0-9]|2[0-4])(?::00)?\s*(?:-|–|to|until|bis)\s*([01]?[0-9]|2[0-4])(?::00)?", re.IGNORECASE)
_NO_HOURS = {"none", "off", "never", "keine", "aus"}


class WatchCommands(RoundsCog, name="Watch"):
    """The commands of `/watch`, the buttons, and the rounds."""

    watch = app_commands.Group(name="watch", description="The questions whose answers you watch")

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        self.desk = WatchDesk(bot)
        super().__init__(self.desk.work_all, ROUND_S)
        bot.button_handlers |= {
            "watch": self.begin,
            "watch-stop": self.stop,
            "watch-keep": self.keep,
            "watch-here": self.tell_here,
            "watch-direct": self.tell_direct,
            "watch-list": self.list_privately,
            "watch-page": self.turn_list,
        }

    @watch.command(name="list", description="What you watch, and whether I can tell you")
    async def show_list(self, interaction: discord.Interaction[AttacheBot]) -> None:
        """Show the member's watches, from every server."""
        async with private_reply(self.bot, interaction) as reply:
            await self._show_list(0, reply)

    @watch.command(description="Stop watching a question")
    @app_commands.describe(question="What to stop watching: choose from the list")
    async def remove(
        self, interaction: discord.Interaction[AttacheBot], question: app_commands.Range[str, 1, 20]
    ) -> None:
        """Remove one of the member's watches."""
        async with private_reply(self.bot, interaction) as reply:
            await self._remove(chosen_number(question), reply)

    @watch.command(description="How often and when I tell you of changes")
    @app_commands.describe(
        most="Most messages in 24 hours; what is more comes as a digest",
        quiet="Hours in which nothing is sent, such as 22-7; none for no such hours",
        zone="Your time zone, such as Europe/Berlin; UTC unless you say otherwise",
    )
    async def pace(
        self,
        interaction: discord.Interaction[AttacheBot],
        most: app_commands.Range[int, 1, MOST_A_DAY] | None = None,
        quiet: app_commands.Range[str, 1, 30] | None = None,
        zone: app_commands.Range[str, 1, LONGEST_NAME] | None = None,
    ) -> None:
        """Store how a member wants to be told; options that are left out stay as they are."""
        async with private_reply(self.bot, interaction) as reply:
            user_id = interaction.user.id
            pace = await self.bot.records.read(lambda db: watch_outbox.load_pace(db, user_id))
            if most is not None:
                pace = replace(pace, most=most)
            if quiet is not None:
                pace = _with_hours(pace, quiet, reply)
            if zone is not None:
                pace = replace(pace, zone=_known_zone(zone, reply))
            await self.bot.records.run(lambda db: watch_outbox.save_pace(db, user_id, pace))
            await reply.say("watch-pace-set", pace=pace_text(pace, reply.scope.phrases))

    @remove.autocomplete("question")
    async def complete_question(
        self, interaction: discord.Interaction[AttacheBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the member's watches."""

        async def choices() -> list[app_commands.Choice[str]]:
            mine = interaction.user.id
            found = await self.bot.records.read(lambda db: watches.watches_of(db, mine))
            return matching_choices(((str(each.id), visible(each.question) or "?") for each in found), typed)

        return await safe_choices(choices())

    async def begin(self, interaction: discord.Interaction[AttacheBot], token: str, _page: int) -> None:
        """Watch an answer's question, told by direct message unless the member chooses the channel."""
        async with private_reply(self.bot, interaction) as reply:
            asked = await self.bot.records.read(lambda db: find(db, token))
            if asked is None or asked.server_id != server_id_of(interaction):
                raise Expired("That answer is no longer kept.", "Ask again.")
            scope, user_id = reply.scope, interaction.user.id
            # The articles of a server are for its members, and where the bot is none, it can't tell who is one.
            server_id = scope.server_id if scope.server_id and self.bot.get_guild(scope.server_id) else None
            if not self.bot.settings.watches_per_member:
                raise Refused(scope.phrases.say("watch-off"))
            self.bot.cooldowns.count_question(scope)
            bounds, now = Bounds.from_record(asked.since, asked.until, asked.publishers), datetime.now(UTC)
            filters = scope.filters(bounds)
            look, vector = await self.bot.answer_queue.run(
                partial(first_look, question=asked.question, filters=filters, now=now),
                query=asked.question,
                account=scope.account,
            )
            model = await self.bot.answer_queue.run_aside(lambda attache: attache.embedder.fingerprint)
            wanted = _new_watch(asked, look, scope, server_id, now)

            def store(db: Database) -> tuple[Watch, bool]:
                before = {each.id for each in watches.watches_of(db, user_id)}
                added = watches.add_watch(db, wanted, model, vector)
                if added.id not in before:
                    self._check_quotas(db, user_id, server_id, scope)
                return added, added.id not in before

            watch, is_new = await self.bot.records.run(store)
            can_tell_here = await self._can_tell_here(interaction, watch)
            await reply.show(
                watching_page(watch, look.answer, is_new=is_new, can_tell_here=can_tell_here, phrases=scope.phrases)
            )

    def _check_quotas(self, db: Database, user_id: int, server_id: int | None, scope: Scope) -> None:
        """Check the quotas after a watch was added.

        Raises:
            Refused: it was one too many; the transaction takes it back.
        """
        settings, say = self.bot.settings, scope.phrases.say
        if len(watches.watches_of(db, user_id)) > settings.watches_per_member:
            raise Refused(say("watch-too-many", most=settings.watches_per_member))
        if server_id is not None and watches.count_in_server(db, server_id) > settings.watches_per_server:
            raise Refused(say("watch-server-full", most=settings.watches_per_server))

    async def stop(self, interaction: discord.Interaction[AttacheBot], watch_id: str, _page: int) -> None:
        """Remove one of the member's watches."""
        number = article_number(watch_id)
        async with private_reply(self.bot, interaction) as reply:
            await self._remove(number, reply)

    async def keep(self, interaction: discord.Interaction[AttacheBot], watch_id: str, _page: int) -> None:
        """Go on watching."""
        number, now, mine = article_number(watch_id), utc_now(), interaction.user.id
        async with private_reply(self.bot, interaction) as reply:
            if not await self.bot.records.run(lambda db: watches.go_on(db, number, mine, now)):
                raise Refused(reply.scope.phrases.say("watch-unknown"))
            await reply.say("watch-kept")

    async def tell_here(self, interaction: discord.Interaction[AttacheBot], watch_id: str, _page: int) -> None:
        """Have changes told in the channel where the button is."""
        number, mine, channel_id = article_number(watch_id), interaction.user.id, interaction.channel_id or 0
        reply = await reply_in_place(self.bot, interaction)
        watch = await self._own(number, mine, reply)
        if not await self._can_tell_here(interaction, watch):
            raise Refused(reply.scope.phrases.say("watch-not-here"))
        await self._place(watch, reply, lambda db: watches.set_place(db, number, mine, "channel", channel_id))

    async def tell_direct(self, interaction: discord.Interaction[AttacheBot], watch_id: str, _page: int) -> None:
        """Have changes told by direct message."""
        number, mine = article_number(watch_id), interaction.user.id
        reply = await reply_in_place(self.bot, interaction)
        watch = await self._own(number, mine, reply)
        await self._place(watch, reply, lambda db: watches.set_place(db, number, mine, "direct", watch.channel_id))

    async def list_privately(self, interaction: discord.Interaction[AttacheBot], _argument: str, _page: int) -> None:
        """Show the watches of whoever pressed."""
        async with private_reply(self.bot, interaction) as reply:
            await self._show_list(0, reply)

    async def turn_list(self, interaction: discord.Interaction[AttacheBot], _argument: str, page: int) -> None:
        """Show another page of the list."""
        await self._show_list(page, await reply_in_place(self.bot, interaction))

    async def _show_list(self, page: int, reply: PrivateReply) -> None:
        mine = reply.scope.user_id
        found, pace = await self.bot.records.read(
            lambda db: (watches.watches_of(db, mine), watch_outbox.load_pace(db, mine))
        )
        most = self.bot.settings.watches_per_member
        await reply.show(watches_page(found, most, pace, page, reply.scope.phrases))

    async def _remove(self, number: int, reply: PrivateReply) -> None:
        mine = reply.scope.user_id
        if not await self.bot.records.run(lambda db: watches.remove_watch(db, number, mine)):
            raise Refused(reply.scope.phrases.say("watch-unknown"))
        await reply.say("watch-stopped")

    async def _own(self, number: int, user_id: int, reply: PrivateReply) -> Watch:
        watch = await self.bot.records.read(lambda db: watches.find_watch(db, number))
        if watch is None or watch.user_id != user_id:
            raise Refused(reply.scope.phrases.say("watch-unknown"))
        return watch

    async def _place(self, watch: Watch, reply: PrivateReply, choose: Callable[[Database], bool]) -> None:
        if not await self.bot.records.run(choose):
            raise Refused(reply.scope.phrases.say("watch-unknown"))
        changed = await self._own(watch.id, watch.user_id, reply)
        await reply.show(place_page(changed, can_tell_here=True, phrases=reply.scope.phrases))

    async def _can_tell_here(self, interaction: discord.Interaction[AttacheBot], watch: Watch) -> bool:
        """Return whether changes may be told in the channel: public answers are allowed, and the question was one."""
        if watch.private or watch.server_id is None or watch.server_id != server_id_of(interaction):
            return False
        scope = await self.bot.scope_of(interaction, private=True)
        return scope.may_answer and interaction.app_permissions.send_messages


def _new_watch(asked: AskedQuestion, look: Look, scope: Scope, server_id: int | None, now: datetime) -> Watch:
    moment = utc_text(now)
    return Watch(
        id=0,
        user_id=scope.user_id,
        server_id=server_id,
        channel_id=scope.channel_id,
        place="direct",
        question=asked.question,
        since=asked.since,
        until=asked.until,
        publishers=asked.publishers,
        private=asked.private,
        language=scope.phrases.language,
        made_at=moment,
        changed_at=moment,
        doubted_at=None,
        verdict=look.verdict,
        marks=look.marks,
        last_passage=look.last_passage,
    )


def _with_hours(pace: Pace, text: str, reply: PrivateReply) -> Pace:
    """Return the pace with quiet hours as people write them.

    Raises:
        Refused: they can't be read.
    """
    if text.strip().casefold() in _NO_HOURS:
        return replace(pace, quiet_from=None, quiet_until=None)
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        raise Refused(reply.scope.phrases.say("watch-bad-hours"))
    first, last = int(found[1]) % 24, int(found[2]) % 24
    if first == last:
        raise Refused(reply.scope.phrases.say("watch-bad-hours"))
    return replace(pace, quiet_from=first, quiet_until=last)


def _known_zone(text: str, reply: PrivateReply) -> str:
    """Return the name of a time zone.

    Raises:
        Refused: this machine knows none of that name.
    """
    if (name := known_zone(text)) is None:
        raise Refused(reply.scope.phrases.say("watch-bad-zone"))
    return name
