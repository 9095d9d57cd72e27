"""What a Discord client sends for people: commands as they were registered, presses, modals."""

from typing import TYPE_CHECKING, Any

from tests.wire.component_rules import every
from tests.wire.handshakes import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL, Handshake
from tests.wire.replies import shown
from tests.wire.world import ALL, DIRECT, Channel, Guild, User

if TYPE_CHECKING:
    from tests.wire.server import Server

# discord.com/developers/docs/interactions/application-commands, "Application command option type".
STRING, INTEGER, BOOLEAN, CHANNEL, ROLE, NUMBER, ATTACHMENT = 3, 4, 5, 7, 8, 10, 11
TYPES = {STRING: str, INTEGER: int, BOOLEAN: bool, NUMBER: float}
GUILD_CONTEXT, DM_CONTEXT, PRIVATE_CONTEXT = 0, 1, 2
MOST_UPLOAD = 10 * 2**20


def interact(server: "Server", kind: int, user: User, channel: Channel, data: dict[str, Any], **more: Any) -> Handshake:
    """Sends an interaction of any kind to the bot."""
    guild, number = channel.guild, server.world.ids.new()
    shake = server.shakes.open(number, kind, user, channel, {"data": data})
    payload: dict[str, Any] = {
        "id": str(number),
        "application_id": str(server.world.application_id),
        "type": kind,
        "data": data,
        "token": shake.token,
        "version": 1,
        "channel_id": str(channel.id),
        "channel": channel.payload(),
        "locale": user.locale,
        "entitlements": [],
        "attachment_size_limit": MOST_UPLOAD,
        "app_permissions": str(ALL if guild is None else guild.permissions(server.world.bot.id, channel)),
        "authorizing_integration_owners": _owners(guild, user),
        "context": _context(channel),
    }
    if guild is None:
        payload["user"] = user.payload()
    else:
        own = guild.members[user.id].payload() | {"permissions": str(guild.permissions(user.id, channel))}
        payload |= {"guild_id": str(guild.id), "guild": guild.stub(), "guild_locale": guild.locale, "member": own}
    message = more.pop("message", None)
    if message is not None:
        shake.message = message
        payload["message"] = shown(message)
    shake.payload = payload
    # Where the application is installed without its bot, the interaction comes to the server's shard all the same.
    server.gateway.tell("INTERACTION_CREATE", payload, guild)
    return shake


def _owners(guild: Guild | None, user: User) -> dict[str, str]:
    if guild is None:
        return {"1": str(user.id)}
    return {"0": str(guild.id)} if guild.has_commands else {"1": str(user.id)}


def _context(channel: Channel) -> int:
    if channel.guild is not None:
        return GUILD_CONTEXT
    return DM_CONTEXT if channel.kind == DIRECT else PRIVATE_CONTEXT


def command(server: "Server", user: User, channel: Channel, name: str, given: dict[str, Any]) -> Handshake:
    """Runs a command as a person would: only what is registered, shown to them, and filled in rightly, can be sent."""
    return interact(server, COMMAND, user, channel, _filled(server, user, channel, name, given))


def complete(
    server: "Server", user: User, channel: Channel, name: str, focused: str, given: dict[str, Any]
) -> Handshake:
    """Types into an option."""
    data = _filled(server, user, channel, name, given, focused=focused)
    return interact(server, AUTOCOMPLETE, user, channel, data)


def menu(server: "Server", user: User, channel: Channel, name: str, target: dict[str, Any]) -> Handshake:
    """Picks an entry of a message's menu."""
    found = next(each for each in server.commands[0] if each["type"] == 3 and name in _names(each, user))
    resolved = {"messages": {target["id"]: shown(target)}}
    data = {"id": found["id"], "name": found["name"], "type": 3, "target_id": target["id"], "resolved": resolved}
    return interact(server, COMMAND, user, channel, data)


def press(server: "Server", user: User, channel: Channel, message: dict[str, Any], custom_id: str) -> Handshake:
    """Presses a button that stands on a message.

    Raises:
        AssertionError: there is none, or it is disabled.
    """
    button = next((each for each in every(message["components"]) if each.get("custom_id") == custom_id), None)
    assert button is not None, f"no button {custom_id}"
    assert not button.get("disabled"), f"{custom_id} is disabled"
    data = {"custom_id": custom_id, "component_type": button["type"], "id": button.get("id", 1)}
    return interact(server, COMPONENT, user, channel, data, message=message)


def submit(server: "Server", shake: Handshake, values: dict[str, str]) -> Handshake:
    """Fills in the modal that an interaction was answered with; fields that are not named stay empty."""
    modal = shake.answer
    assert modal is not None, "no modal is open"
    fields = []
    for place, each in enumerate(modal["components"]):
        field = each.get("component") or each["components"][0]
        label = each.get("label") or field.get("label")
        value = {"type": 4, "custom_id": field["custom_id"], "id": 10 + place, "value": values.get(label, "")}
        fields.append({"type": each["type"], "id": place + 1, "component": value})
        if each["type"] == 1:
            fields[-1] = {"type": 1, "id": place + 1, "components": [value]}
    data = {"custom_id": modal["custom_id"], "components": fields}
    return interact(server, MODAL, shake.user, shake.channel, data, message=shake.message)


def _filled(
    server: "Server", user: User, channel: Channel, name: str, given: dict[str, Any], focused: str | None = None
) -> dict[str, Any]:
    first, *rest = name.split()
    known = (each for each in server.commands.get(0, []) if each["type"] == 1)
    found = next((each for each in known if first in _names(each, user)), None)
    assert found is not None, f"no command /{first}"
    _check_shown(found, user, channel)
    resolved: dict[str, Any] = {}
    data = {"id": found["id"], "name": found["name"], "type": 1, "resolved": resolved}
    path = []
    for each in rest:
        found = next(option for option in found["options"] if each in _names(option, user))
        path.append(found)
    options = _options(server, channel, found.get("options") or [], given, focused, resolved)
    for each in reversed(path):
        options = [{"name": each["name"], "type": each["type"], "options": options}]
    return data | {"options": options}


def _names(command: dict[str, Any], user: User) -> set[str]:
    """The name of a command, and the one that somebody sees who has Discord in another language."""
    return {command["name"], (command.get("name_localizations") or {}).get(user.locale, command["name"])}


def _check_shown(command: dict[str, Any], user: User, channel: Channel) -> None:
    contexts = command.get("contexts")
    assert contexts is None or _context(channel) in contexts, f"/{command['name']} is not shown here"
    if channel.guild is not None and not channel.guild.has_commands:
        # Installed by the user alone.
        assert 1 in command.get("integration_types", [0]), f"/{command['name']} is not shown here"
    needed = command.get("default_member_permissions")
    if needed is not None and channel.guild is not None:
        if (command["name"], user.id) in channel.guild.permitted:
            return
        may = channel.guild.permissions(user.id, channel)
        assert int(needed) & may == int(needed), f"/{command['name']} is not shown to {user.name}"


def _roles(channel: Channel) -> list[dict[str, Any]]:
    assert channel.guild is not None
    roles: list[dict[str, Any]] = channel.guild.payload(0)["roles"]
    return roles


def _options(
    server: "Server",
    channel: Channel,
    known: list[dict[str, Any]],
    given: dict[str, Any],
    focused: str | None,
    resolved: dict[str, Any],
) -> list[dict[str, Any]]:
    names = {each["name"] for each in known}
    assert set(given) <= names, f"no options {set(given) - names}"
    missing = {each["name"] for each in known if each.get("required")} - set(given)
    assert focused or not missing, f"{missing} must be filled in"
    filled = []
    for option in known:
        if option["name"] not in given:
            continue
        value = given[option["name"]]
        kind = option["type"]
        if kind == ATTACHMENT:
            attachment = server.replies.keep_file(channel.id, *value)
            resolved.setdefault("attachments", {})[attachment["id"]] = attachment
            value = attachment["id"]
        elif kind == CHANNEL:
            assert not option.get("channel_types") or value.kind in option["channel_types"], f"no {option['name']}"
            resolved.setdefault("channels", {})[str(value.id)] = value.payload() | {"permissions": str(ALL)}
            value = str(value.id)
        elif kind == ROLE:
            role = next(each for each in _roles(channel) if each["id"] == str(value))
            resolved.setdefault("roles", {})[role["id"]] = role
            value = role["id"]
        # What is being typed arrives as text, of a number, too.
        elif kind in TYPES and option["name"] != focused:
            assert isinstance(value, TYPES[kind]), f"{option['name']} takes {TYPES[kind]}"
        if kind == STRING and not focused:
            assert option.get("min_length", 0) <= len(value) <= option.get("max_length", 6000), option["name"]
        entry = {"name": option["name"], "type": kind, "value": value}
        filled.append(entry | ({"focused": True} if option["name"] == focused else {}))
    return filled
