"""The words that scenarios are told in: people ask, press, type and see."""

from dataclasses import dataclass, field
from typing import Any

from tests.wire import acts
from tests.wire.component_rules import every
from tests.wire.handshakes import Handshake
from tests.wire.message_rules import LOADING
from tests.wire.server import Server
from tests.wire.world import DIRECT, GROUP, MANAGE_GUILD, TEXT, Channel, Guild, Member, User

Message = dict[str, Any]


def text_of(message: Message) -> str:
    """Everything that is written in a message: content, and the texts of its components."""
    texts = [each["content"] for each in every(message["components"]) if each.get("type") == 10]
    return "\n".join([message["content"], *texts]).strip()


def buttons_of(message: Message) -> dict[str, str]:
    """What stands on the buttons of a message, label or emoji, with their custom ids."""
    found = [each for each in every(message["components"]) if each.get("type") == 2 and "custom_id" in each]
    return {each.get("label") or (each.get("emoji") or {}).get("name", ""): each["custom_id"] for each in found}


@dataclass
class Person:
    """Somebody in a place: what they do goes to the bot as Discord would send it, and they see what Discord shows."""

    server: Server
    user: User
    channel: Channel
    last: Handshake | None = None
    # Messages that this person has looked at already, with the number of their edits; whoever acts has seen all so far.
    looked: dict[str, int] = field(default_factory=dict)

    def at(self, channel: Channel) -> "Person":
        """The same person in another channel."""
        return Person(self.server, self.user, channel, looked=self.looked)

    def in_dms(self) -> "Person":
        """The same person in direct messages with the bot."""
        return self.at(self.server.world.dm_with(self.user))

    def asks(self, question: str, *, reply_to: Message | None = None) -> Message:
        """Mentions the bot with a question."""
        return self.writes(f"<@{self.server.world.bot.id}> {question}", reply_to=reply_to)

    def writes(self, text: str, *, reply_to: Message | None = None, pings: bool = True) -> Message:
        """Writes a message; a reply mentions whom it replies to, unless its writer switches that off."""
        self._look()
        self.server.replies.reopen(self.channel)
        facts: dict[str, Any] = {"content": text}
        if reply_to is not None:
            place = {"message_id": reply_to["id"], "channel_id": str(self.channel.id), "type": 0}
            shown = {name: value for name, value in reply_to.items() if not name.startswith("_")}
            facts |= {"type": 19, "message_reference": place, "referenced_message": shown}
        message = self.server.world.new_message(self.channel, self.user, **facts)
        if pings and reply_to is not None and reply_to["author"] not in message["mentions"]:
            message["mentions"].append(reply_to["author"])
        self.server.replies.announce("MESSAGE_CREATE", message, self.channel)
        return message

    def edits(self, message: Message, text: str) -> None:
        """Changes an own message."""
        self._look()
        self.server.replies.rewrite(self.channel, message, text)

    def deletes(self, message: Message) -> None:
        """Deletes an own message."""
        self._look()
        self.server.replies.delete(self.channel, message)

    def runs(self, command: str, **options: Any) -> Handshake:
        """Runs a slash command."""
        self._look()
        self.last = acts.command(self.server, self.user, self.channel, command, options)
        return self.last

    async def completes(self, command: str, option: str, typed: str, **others: Any) -> list[str]:
        """Types into an option; the values that are offered."""
        shake = acts.complete(self.server, self.user, self.channel, command, option, others | {option: typed})
        answer = await self.server.until(lambda: shake.answer, f"choices for {option}")
        return [choice["value"] for choice in answer["choices"]]

    def picks(self, entry: str, message: Message) -> Handshake:
        """Picks an entry of a message's menu."""
        self._look()
        self.last = acts.menu(self.server, self.user, self.channel, entry, message)
        return self.last

    def presses(self, label: str, message: Message | None = None) -> Handshake:
        """Presses the button whose label has this text, on a message or on the latest that has such a button."""
        self._look()
        for place in [message] if message else reversed(self.visible()):
            for text, custom_id in buttons_of(place).items():
                if label in text:
                    self.last = acts.press(self.server, self.user, self.channel, place, custom_id)
                    return self.last
        raise AssertionError(f"{self.user.name} sees no button {label!r}")

    def turns(self, verb: str, *, back: bool = False) -> Handshake:
        """Presses the button to the next page, or to the one before, on the latest message that has such pages."""
        self._look()
        for message in reversed(self.visible()):
            keys = [each for each in buttons_of(message).values() if each.startswith(f"attache:{verb}:")]
            if keys:
                self.last = acts.press(self.server, self.user, self.channel, message, keys[0 if back else -1])
                return self.last
        raise AssertionError(f"{self.user.name} sees no pages of {verb!r}")

    async def fills_in(self, **values: str) -> Handshake:
        """Fills in the modal that came, and sends it."""
        shown = self.last
        assert shown is not None
        self._look()
        await self.server.until(lambda: shown.answer, "a modal")
        self.last = acts.submit(self.server, shown, values)
        return self.last

    def visible(self) -> list[Message]:
        """The messages that this person sees here, oldest first."""
        return [each for each in self.channel.messages.values() if each.get("_for") in (None, self.user.id)]

    def replies_to(self, message: Message) -> list[Message]:
        """What the bot replied to a message."""
        found = [each for each in self.channel.messages.values() if each.get("message_reference")]
        return [each for each in found if each["message_reference"]["message_id"] == message["id"]]

    async def sees(self, text: str = "", *, within: float = 10.0) -> Message:
        """Waits for a message of the bot that is new or changed since this person last looked, with this text."""
        try:
            what = f"{text!r} for {self.user.name}"
            found: Message = await self.server.until(lambda: self._unseen(text), what, within)
        except AssertionError as vain:
            there = "\n".join(map(text_of, self.visible()[-3:]))
            raise AssertionError(f"{vain}\nwhat is there:\n{there}") from None
        self.looked[found["id"]] = found.get("_edits", 0)
        return found

    def _look(self) -> None:
        self.looked |= {each["id"]: each.get("_edits", 0) for each in self.visible()}

    def _unseen(self, text: str) -> Message | None:
        bot_id = str(self.server.world.bot.id)
        for message in self.visible():
            is_news = self.looked.get(message["id"]) != message.get("_edits", 0) and not message["flags"] & LOADING
            if is_news and message["author"]["id"] == bot_id and text in text_of(message):
                return message
        return None


@dataclass
class Place:
    """A server with a channel; alice may manage it, bob is a member."""

    server: Server
    guild: Guild
    channel: Channel
    alice: Person
    bob: Person

    def newcomer(self, name: str) -> Person:
        """One more member."""
        return Person(self.server, _joined(self.server, self.guild, name), self.channel)

    def admits(self, user: User) -> Person:
        """Somebody who is in other servers too becomes a member, with the rights of alice."""
        self.guild.members[user.id] = Member(user, list(self.guild.members[self.alice.user.id].roles))
        return Person(self.server, user, self.channel)

    def permits(self, command: str, person: Person) -> None:
        """Lets somebody use a command who has no right to, as the server's integration settings can."""
        self.guild.permitted.add((command, person.user.id))

    def new_channel(self, name: str, *, denied: int = 0) -> Channel:
        """One more channel, which the bot hears of."""
        channel = self.server.world.new_channel(TEXT, guild=self.guild, name=name, denied=denied)
        self.server.gateway.tell("CHANNEL_CREATE", channel.payload(), self.guild)
        return channel

    async def thread_of(self, message: Message) -> Channel:
        """The thread that the bot opens for a message."""
        channels = self.server.world.channels
        thread: Channel = await self.server.until(lambda: channels.get(int(message["id"])), "a thread")
        return thread

    def opens_thread(self, message: Message, *, by: Person) -> Channel:
        """Somebody opens a thread from a message; it has the message's id."""
        thread = self.server.world.new_thread(by.channel, message, "talk", by.user)
        self.server.tell("THREAD_CREATE", thread.payload() | {"newly_created": True}, thread)
        return thread

    def posts(self, forum: Channel, title: str, text: str, *, by: Person) -> Channel:
        """Somebody posts into a forum: a thread, and its first message, which has the thread's id."""
        world = self.server.world
        post = world.new_thread(forum, {"id": str(world.ids.new())}, title, by.user)
        self.server.tell("THREAD_CREATE", post.payload() | {"newly_created": True}, post)
        message = world.new_message(post, by.user, content=text, id=str(post.id))
        self.server.replies.announce("MESSAGE_CREATE", message, post)
        return post

    def archives(self, thread: Channel, *, locked: bool = False) -> None:
        """Somebody who manages threads archives one; where it is locked too, only they can open it again."""
        thread.is_archived, thread.is_locked = True, locked
        self.server.gateway.tell("THREAD_UPDATE", thread.payload(), self.guild)

    def deletes(self, thread: Channel) -> None:
        """Somebody who manages threads deletes one."""
        self.server.world.remove_channel(thread)
        names = ("id", "guild_id", "parent_id", "type")
        data = {name: value for name, value in thread.payload().items() if name in names}
        self.server.gateway.tell("THREAD_DELETE", data, self.guild)

    def gets_the_bot(self) -> None:
        """Somebody who manages the server adds the bot to it."""
        bot = self.server.world.bot
        self.guild.has_bot = self.guild.has_commands = True
        self.guild.members[bot.id] = Member(bot)
        self.server.gateway.tell("GUILD_CREATE", self.guild.payload(bot.id, is_new=True), self.guild)

    def loses_the_bot(self) -> None:
        """Somebody who manages the server takes the bot out of it, with its commands."""
        self.guild.has_bot = self.guild.has_commands = False
        del self.guild.members[self.server.world.bot.id]
        self.server.gateway.tell("GUILD_DELETE", {"id": str(self.guild.id)}, self.guild)


def make_place(server: Server, name: str = "one", *, has_bot: bool = True, has_commands: bool = True) -> Place:
    """A server that the bot is in from now on, unless it is left out."""
    owner = server.world.new_user(f"owner-{name}")
    guild = server.world.new_guild(name, owner, has_bot=has_bot, has_commands=has_commands)
    role = server.world.ids.new()
    guild.roles[role] = MANAGE_GUILD
    channel = server.world.new_channel(TEXT, guild=guild, name="general")
    people = [_joined(server, guild, f"{each}-{name}") for each in ("alice", "bob")]
    guild.members[people[0].id].roles.append(role)
    if has_bot:
        server.gateway.tell("GUILD_CREATE", guild.payload(server.world.bot.id, is_new=True), guild)
    return Place(server, guild, channel, *(Person(server, each, channel) for each in people))


def make_group(server: Server) -> Person:
    """Somebody in a group chat, where the bot is not."""
    people = [server.world.new_user("carol"), server.world.new_user("dave")]
    channel = server.world.new_channel(GROUP, people=people, owner_id=people[0].id)
    return Person(server, people[0], channel)


def make_stranger(server: Server) -> Person:
    """Somebody who shares no server with the bot, in direct messages with it."""
    user = server.world.new_user("eve")
    return Person(server, user, server.world.new_channel(DIRECT, people=[user, server.world.bot]))


def _joined(server: Server, guild: Guild, name: str) -> User:
    user = server.world.new_user(name)
    guild.members[user.id] = Member(user)
    return user
