"""What exists on the server: people, servers with roles and channels, messages, and who may do what."""

from dataclasses import dataclass, field
from typing import Any

from tests.wire.clock import Clock, Ids

# discord.com/developers/docs/topics/permissions
ADMINISTRATOR, MANAGE_GUILD, VIEW, SEND, MANAGE_MESSAGES = 1 << 3, 1 << 5, 1 << 10, 1 << 11, 1 << 13
EMBED, ATTACH, HISTORY, USE_COMMANDS, ADD_REACTIONS = 1 << 14, 1 << 15, 1 << 16, 1 << 31, 1 << 6
PUBLIC_THREADS, SEND_IN_THREADS, USE_EXTERNAL_APPS = 1 << 35, 1 << 38, 1 << 50
EVERYBODY = (
    VIEW
    | SEND
    | EMBED
    | ATTACH
    | HISTORY
    | USE_COMMANDS
    | PUBLIC_THREADS
    | SEND_IN_THREADS
    | USE_EXTERNAL_APPS
    | ADD_REACTIONS
)
ALL = (1 << 51) - 1

TEXT, DIRECT, VOICE, GROUP, NEWS, PUBLIC_THREAD, STAGE, FORUM = 0, 1, 2, 3, 5, 11, 13, 15


@dataclass
class User:
    id: int
    name: str
    is_bot: bool = False
    locale: str = "en-US"
    takes_dms: bool = True

    def payload(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "username": self.name,
            "global_name": self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.is_bot,
            "public_flags": 0,
        }


@dataclass
class Channel:
    id: int
    kind: int
    name: str = ""
    guild: "Guild | None" = None
    parent: "Channel | None" = None
    owner_id: int | None = None
    people: list[User] = field(default_factory=list)
    # Permissions that are taken from everybody here.
    denied: int = 0
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    created_at: str = ""
    is_archived: bool = False
    is_locked: bool = False

    @property
    def is_thread(self) -> bool:
        return self.kind == PUBLIC_THREAD

    def payload(self) -> dict[str, Any]:
        data: dict[str, Any] = {"id": str(self.id), "type": self.kind, "flags": 0}
        if self.guild is None:
            data["recipients"] = [each.payload() for each in self.people if not each.is_bot]
            data["last_message_id"] = None
            return data | ({"name": None, "icon": None, "owner_id": str(self.owner_id)} if self.kind == GROUP else {})
        data |= {"guild_id": str(self.guild.id), "name": self.name, "position": 0, "nsfw": False, "topic": None}
        data["last_message_id"] = str(max(self.messages)) if self.messages else None
        if self.kind in (VOICE, STAGE):
            data |= {"bitrate": 64_000, "user_limit": 0}
        data |= {"permission_overwrites": self._overwrites(), "parent_id": None, "rate_limit_per_user": 0}
        if self.kind == FORUM:
            data |= {"available_tags": [], "default_auto_archive_duration": 1440, "default_forum_layout": 0}
        if self.parent is not None:
            data |= {
                "parent_id": str(self.parent.id),
                "owner_id": str(self.owner_id),
                "message_count": len(self.messages),
                "member_count": 1,
                "thread_metadata": {
                    "archived": self.is_archived,
                    "auto_archive_duration": 1440,
                    "archive_timestamp": self.created_at,
                    "locked": self.is_locked,
                    "create_timestamp": self.created_at,
                },
            }
        return data

    def _overwrites(self) -> list[dict[str, Any]]:
        if not self.denied or self.guild is None:
            return []
        return [{"id": str(self.guild.id), "type": 0, "allow": "0", "deny": str(self.denied)}]


@dataclass
class Member:
    user: User
    roles: list[int] = field(default_factory=list)

    def payload(self) -> dict[str, Any]:
        return {
            "user": self.user.payload(),
            "nick": None,
            "roles": [str(each) for each in self.roles],
            "joined_at": "2024-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
        }


@dataclass
class Guild:
    id: int
    name: str
    owner_id: int
    locale: str = "en-US"
    has_bot: bool = True
    # Whether an admin installed the application for the whole server, with or without its bot.
    has_commands: bool = True
    is_available: bool = True
    roles: dict[int, int] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    # The channel for messages to everybody in the server.
    system_channel: int | None = None
    # Commands that somebody may use without the right that they need, by the server's integration settings.
    permitted: set[tuple[str, int]] = field(default_factory=set)

    def shard_of(self, count: int) -> int:
        """discord.com/developers/docs/events/gateway, "Sharding"."""
        return (self.id >> 22) % count

    def permissions(self, user_id: int, channel: Channel | None = None) -> int:
        """What somebody may do, in a channel or anywhere; nothing for who is no member."""
        member = self.members.get(user_id)
        if member is None:
            return 0
        if user_id == self.owner_id:
            return ALL
        allowed = EVERYBODY
        for role in member.roles:
            allowed |= self.roles[role]
        if allowed & ADMINISTRATOR:
            return ALL
        place = channel.parent or channel if channel else None
        return allowed & ~place.denied if place else allowed

    def payload(self, bot_id: int, *, is_new: bool = False) -> dict[str, Any]:
        """As GUILD_CREATE tells it.

        Args:
            bot_id: the bot's.
            is_new: whether the bot joins it now; one that becomes available says that it is not unavailable.
        """
        everyone = {"id": self.id, "name": "@everyone", "permissions": EVERYBODY}
        roles = [everyone, *({"id": each, "name": str(each), "permissions": may} for each, may in self.roles.items())]
        more = {"color": 0, "colors": {"primary_color": 0}, "hoist": False, "managed": False, "mentionable": False}
        own = self.members.get(bot_id)
        places = list(self.channels.values())
        return {
            **self.stub(),
            "owner_id": str(self.owner_id),
            **({} if is_new else {"unavailable": False}),
            "roles": [
                {**more, "position": 0, "flags": 0, "icon": None}
                | {"id": str(each["id"]), "name": each["name"], "permissions": str(each["permissions"])}
                for each in roles
            ],
            "channels": [each.payload() for each in places if not each.is_thread],
            "threads": [each.payload() for each in places if each.is_thread and not each.is_archived],
            "members": [own.payload()] if own else [],
            "member_count": len(self.members),
            "joined_at": "2024-01-01T00:00:00+00:00",
            "large": False,
            "emojis": [],
            "stickers": [],
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "verification_level": 0,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "premium_tier": 0,
            "nsfw_level": 0,
            "system_channel_flags": 0,
            "system_channel_id": str(self.system_channel) if self.system_channel else None,
        }

    def stub(self) -> dict[str, Any]:
        return {"id": str(self.id), "name": self.name, "preferred_locale": self.locale, "features": []}


class World:
    """All of it, by id."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.ids = Ids(clock)
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.uploads: dict[str, bytes] = {}
        self.bot = self.new_user("attache", is_bot=True)
        self.application_id = self.bot.id

    def new_user(self, name: str, **facts: Any) -> User:
        user = User(self.ids.new(), name, **facts)
        self.users[user.id] = user
        return user

    def new_guild(self, name: str, owner: User, *, has_bot: bool = True, **facts: Any) -> Guild:
        guild = Guild(self.ids.new_guild(), name, owner.id, has_bot=has_bot, **facts)
        self.guilds[guild.id] = guild
        guild.members[owner.id] = Member(owner)
        if has_bot:
            guild.members[self.bot.id] = Member(self.bot)
        return guild

    def new_channel(self, kind: int, *, guild: Guild | None = None, **facts: Any) -> Channel:
        channel = Channel(self.ids.new(), kind, guild=guild, created_at=self.clock.iso(), **facts)
        self.add_channel(channel)
        return channel

    def add_channel(self, channel: Channel) -> None:
        self.channels[channel.id] = channel
        if channel.guild is not None:
            channel.guild.channels[channel.id] = channel

    def new_thread(self, parent: Channel, message: dict[str, Any], name: str, owner: User) -> Channel:
        """A thread that is opened from a message, whose id it has."""
        thread = Channel(int(message["id"]), PUBLIC_THREAD, name, guild=parent.guild, parent=parent)
        thread.owner_id, thread.created_at = owner.id, self.clock.iso()
        self.add_channel(thread)
        return thread

    def remove_channel(self, channel: Channel) -> None:
        del self.channels[channel.id]
        if channel.guild is not None:
            del channel.guild.channels[channel.id]

    def dm_with(self, user: User) -> Channel:
        """The direct messages between somebody and the bot."""
        for channel in self.channels.values():
            if channel.kind == DIRECT and user in channel.people:
                return channel
        return self.new_channel(DIRECT, people=[user, self.bot])

    def new_message(self, channel: Channel, author: User, **facts: Any) -> dict[str, Any]:
        """A message as it is stored; who sends it sees to the events."""
        message: dict[str, Any] = {
            "id": str(self.ids.new()),
            "channel_id": str(channel.id),
            "author": author.payload(),
            "content": "",
            "timestamp": self.clock.iso(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "components": [],
            "pinned": False,
            "type": 0,
            "flags": 0,
        } | facts
        message["mentions"] = self.mentioned(message["content"])
        channel.messages[int(message["id"])] = message
        return message

    def mentioned(self, content: str) -> list[dict[str, Any]]:
        """The users whom a text mentions."""
        words = content.replace("<@!", "<@").split("<@")[1:]
        ids = (word.partition(">")[0] for word in words)
        named = [self.users.get(int(each)) for each in ids if each.isdecimal()]
        return [user.payload() for user in named if user]
