"""`/brief` shows what is new; with `/briefs` admins have it posted to channels; and the rounds that send briefs."""

import re
from datetime import UTC, datetime, timedelta

import discord
from discord import app_commands
from sqlite_utils import Database

from bot.discord.bot import AttacheBot, safe_choices
from bot.discord.cogs._admin import Admin, admin_command, admin_group, record_action
from bot.discord.cogs._autocomplete import chosen_number, matching_choices
from bot.discord.cogs._brief_desk import BriefDesk
from bot.discord.cogs._notices import may_write
from bot.discord.cogs._private_reply import PrivateReply, private_reply, reply_in_place
from bot.discord.cogs._rounds import RoundsCog
from bot.discord.errors import Expired, Refused
from bot.discord.transport.page import text_page
from bot.discord.views.brief_pages import brief_page, rule_line, rules_page, when_text
from bot.discord.views.buttons import article_number
from bot.records import brief_outbox as stored
from bot.records.brief_outbox import MAX_RULES, BriefRule, Mark
from bot.records.topics import newest_change
from bot.service.brief_period import MAX_DAYS, Period
from bot.service.brief_rules import parse_time, parse_weekday
from bot.service.brief_sender import last_slot
from corpus.errors import BadInput
from corpus.timestamps import utc_text

# Seconds between two looks for what is due.
ROUND_S = 30.0
# Hours back from a moment in seconds since 1970, or the number of a posted brief.
_PERIOD = re.compile(r"(?P<hours>[0-9]{1,4})\.(?P<until>[0-9]{9,11})|p(?P<post>[0-9]{1,18})")
Channel = discord.TextChannel | discord.Thread


class BriefCommands(RoundsCog, name="Briefs"):
    """The commands `/brief` and `/briefs`, their buttons, and the rounds."""

    briefs = admin_group("briefs", "Have a brief of what is new posted to a channel")

    def __init__(self, bot: AttacheBot) -> None:
        self.bot = bot
        self.desk = BriefDesk(bot)
        super().__init__(self.desk.work_all, ROUND_S)
        bot.button_handlers |= {"brief": self.show_posted, "brief-page": self.turn}

    @app_commands.command(description="What is new: watched answers, top stories, disputes, silent corrections.")
    @app_commands.describe(days="How many days back; one unless you say otherwise")
    async def brief(
        self, interaction: discord.Interaction[AttacheBot], days: app_commands.Range[int, 1, MAX_DAYS] = 1
    ) -> None:
        """Show the brief of the last days."""
        async with private_reply(self.bot, interaction) as reply:
            await self._show(f"{24 * days}.{int(datetime.now(UTC).timestamp())}", 0, reply)

    @briefs.command(name="set", description="Post a brief to a channel every day or week, or change when")
    @app_commands.describe(
        channel="Where it is posted",
        time="Local time of day, such as 07:00; /settings set time_zone says where",
        day="Only on this day of the week, such as Monday",
        empty="Say so in one line when there is nothing to tell; otherwise nothing is posted then",
    )
    async def choose(
        self,
        interaction: discord.Interaction[AttacheBot],
        channel: Channel,
        time: app_commands.Range[str, 1, 10] = "07:00",
        day: app_commands.Range[str, 1, 20] | None = None,
        empty: bool = False,
    ) -> None:
        """Store when a brief is posted; what has come in before is not in it."""
        async with admin_command(self.bot, interaction) as admin:
            phrases, zone, now = admin.scope.phrases, admin.scope.settings.time_zone, datetime.now(UTC)
            if not may_write(channel):
                raise Refused(phrases.say("setting-locked-channel"))
            minute, weekday = _time(time, admin), _weekday(day, admin)
            mark = await self.desk.mark(now, await self.bot.records.read(newest_change))
            last_day = last_slot(minute, weekday, zone, now)
            wanted = BriefRule(
                0, admin.server_id, channel.id, "channel", "", (), weekday, minute, "", empty, utc_text(now), last_day,
                mark,
            )  # fmt: skip

            def store(db: Database) -> BriefRule:
                added = stored.save_rule(db, wanted)
                if len(stored.list_rules(db, admin.server_id)) > MAX_RULES:
                    raise Refused(phrases.say("brief-too-many", most=MAX_RULES))
                return added

            added = await self.bot.records.run(store)
            await record_action(admin, "briefs set", f"no. {added.id}, {time} {day or ''} in {channel.id}")
            await admin.show(text_page(f"{phrases.say('brief-set')}\n{rule_line(added, zone, phrases)}"))

    @briefs.command(name="list", description="Show where briefs are posted and when, and whether it works")
    async def show_list(self, interaction: discord.Interaction[AttacheBot]) -> None:
        """Show the server's rules."""
        async with admin_command(self.bot, interaction) as admin:
            rules = await self.bot.records.read(lambda db: stored.list_rules(db, admin.server_id))
            zone = admin.scope.settings.time_zone
            await admin.show(rules_page(rules, MAX_RULES, zone, admin.scope.phrases))

    @briefs.command(description="Post no more briefs to a channel")
    @app_commands.describe(rule="What to stop: choose from the list")
    async def stop(self, interaction: discord.Interaction[AttacheBot], rule: app_commands.Range[str, 1, 20]) -> None:
        """Remove a rule; messages stay."""
        async with admin_command(self.bot, interaction) as admin:
            number = chosen_number(rule)
            if not await self.bot.records.run(lambda db: stored.remove_rule(db, admin.server_id, number)):
                raise Refused(admin.scope.phrases.say("brief-unknown"))
            await record_action(admin, "briefs stop", f"no. {number}")
            await admin.say("brief-stopped")

    @stop.autocomplete("rule")
    async def complete_rule(
        self, interaction: discord.Interaction[AttacheBot], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the server's rules."""

        async def choices() -> list[app_commands.Choice[str]]:
            scope, server_id = await self.bot.admin_scope(interaction)
            guild = self.bot.get_guild(server_id)
            named = {}
            for each in await self.bot.records.read(lambda db: stored.list_rules(db, server_id)):
                channel = guild.get_channel_or_thread(each.channel_id) if guild else None
                place = f"#{channel.name}" if channel else f"#{each.channel_id}"
                named[str(each.id)] = f"{place} · {when_text(each, scope.settings.time_zone, scope.phrases)}"
            return matching_choices(named.items(), typed)

        return await safe_choices(choices())

    async def show_posted(self, interaction: discord.Interaction[AttacheBot], argument: str, _page: int) -> None:
        """Show all of a posted brief, as far as whoever pressed may read it there."""
        number = article_number(argument)
        async with private_reply(self.bot, interaction) as reply:
            await self._show(f"p{number}", 0, reply)

    async def turn(self, interaction: discord.Interaction[AttacheBot], argument: str, page: int) -> None:
        """Show another page."""
        await self._show(argument, page, await reply_in_place(self.bot, interaction))

    async def _show(self, argument: str, page: int, reply: PrivateReply) -> None:
        count = self.bot.cooldowns.count_page if page else self.bot.cooldowns.count_question
        count(reply.scope)
        period = await self._period(argument, reply)
        found = await self.desk.brief_for(period, reply.scope, reply.scope.channel_id, private=True)
        await reply.show(brief_page(found, page, argument, reply.scope.phrases, is_plain=reply.is_plain))

    async def _period(self, argument: str, reply: PrivateReply) -> Period:
        """Return the period that a button states.

        Raises:
            Expired: it states none, or one of a brief that is not kept any more.
        """
        parts = _PERIOD.fullmatch(argument)
        gone = Expired("That brief is no longer kept.", "Ask for a new one.")
        if parts is None:
            raise gone
        if parts["post"]:
            server_id = reply.scope.server_id
            if server_id is None:
                raise gone
            post = await self.bot.records.read(lambda db: stored.find_post(db, int(parts["post"]), server_id))
            if post is None:
                raise gone
            return Period(post.since, post.until)
        now, hours = datetime.now(UTC), int(parts["hours"])
        until = datetime.fromtimestamp(int(parts["until"]), UTC)
        if not 0 < hours <= 24 * MAX_DAYS or not now - timedelta(days=MAX_DAYS) <= until <= now + timedelta(minutes=1):
            raise gone
        newest = await self.desk.mark(until, await self.bot.records.read(newest_change))
        return Period(Mark(utc_text(until - timedelta(hours=hours))), newest)


def _time(text: str, admin: Admin) -> int:
    try:
        return parse_time(text)
    except BadInput as error:
        raise Refused(admin.scope.phrases.say("brief-bad-time")) from error


def _weekday(text: str | None, admin: Admin) -> int | None:
    try:
        return parse_weekday(text or "")
    except BadInput as error:
        raise Refused(admin.scope.phrases.say("brief-bad-day")) from error
