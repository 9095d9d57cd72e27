"""The settings of a server, with defaults, parsed from and formatted as text that people write."""

import csv
import difflib
import json
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError
from sqlite_utils import Database

from bot.records.sanitize import storable
from bot.records.time_zones import known_zone
from corpus.errors import BadInput

# Ids are unsigned 64-bit integers (discord.com/developers/docs/reference#snowflakes), SQLite's are signed: enough until
# the year 2084.
Snowflake = Annotated[int, Field(ge=1, lt=2**63)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Channels = Annotated[tuple[Snowflake, ...], Field(max_length=100)]
Names = Annotated[tuple[Name, ...], Field(max_length=100)]
Model = TypeVar("Model", bound=BaseModel)


def _zone(text: str) -> str:
    name = known_zone(text)
    if name is None:
        raise PydanticCustomError("time_zone", "there is no such time zone")
    return name


Zone = Annotated[str, AfterValidator(_zone)]


class ServerSettings(BaseModel):
    """The settings of one server. Stored settings that this version doesn't know are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    language: Literal["auto", "en", "de"] = Field(default="auto", description="Language of the bot's own words.")
    answer_style: Literal["rich", "plain"] = Field(
        default="rich", description="Whether answers have buttons or are plain text."
    )
    private_by_default: bool = Field(default=False, description="Whether only the asker sees answers to commands.")
    channels: Channels = Field(default=(), description="Channels where questions are answered; empty for all.")
    thread_channels: Channels = Field(default=(), description="Channels where each answer opens a thread.")
    hidden_publishers: Names = Field(default=(), description="Publishers that are never quoted.")
    hidden_collections: Names = Field(default=(), description="Collections that are not searched.")
    questions_per_minute_member: int = Field(
        default=6, ge=1, le=60, description="Questions that one member may ask per minute."
    )
    questions_per_minute_server: int = Field(
        default=120, ge=1, le=600, description="Questions that all members together may ask per minute."
    )
    log_channel: Snowflake | None = Field(default=None, description="Channel where admins' actions are posted.")
    keep_days: int = Field(
        default=30, ge=1, le=365, description="Days that answers are kept, for their buttons and follow-ups."
    )
    time_zone: Zone = Field(default="UTC", description="Time zone of the server's briefs, such as Europe/Berlin.")
    written_answers: bool = Field(
        default=True, description="Whether answers are put into sentences, if the operator has set a language model."
    )
    count_unanswered: bool = Field(
        default=True, description="Whether unanswered public questions are listed in /insights, without names."
    )


def load_settings(db: Database, server_id: int) -> ServerSettings:
    """Return a server's settings, with defaults for those not set or not valid in this version."""
    rows = db.execute("SELECT name, value FROM settings WHERE server_id = ?", (server_id,))
    return valid_settings(ServerSettings, {name: parse_stored(value) for name, value in rows})


def valid_settings(model: type[Model], stored: Mapping[str, object]) -> Model:
    """Return the settings with these values; None and what is not valid in this version are left at their defaults."""
    chosen = {name: value for name, value in stored.items() if value is not None}
    try:
        return model.model_validate(chosen)
    except ValidationError as error:
        invalid = {each["loc"][0] for each in error.errors()}
        return model.model_validate({name: chosen[name] for name in chosen if name not in invalid})


def parse_stored(value: object) -> object:
    """Parse a stored value; return None for one that no version of Attaché wrote, so that the default applies."""
    try:
        return json.loads(value) if isinstance(value, str) else None
    except (ValueError, RecursionError):
        return None


def set_setting(db: Database, server_id: int, name: str, value: str) -> ServerSettings:
    """Set a setting from text: `on`, `6`, `<#123>, <#456>`, `Reuters, BBC`; `none` or `default` resets it.

    Raises:
        BadInput: there is no such setting, or the value can't be used.
    """
    known, stored = stored_value(ServerSettings, name, value)
    if stored is None:
        db.execute("DELETE FROM settings WHERE server_id = ? AND name = ?", (server_id, known))
    else:
        db.execute(
            "INSERT OR REPLACE INTO settings (server_id, name, value) VALUES (?, ?, ?)", (server_id, known, stored)
        )
    return load_settings(db, server_id)


def stored_value(model: type[BaseModel], name: str, value: str) -> tuple[str, str | None]:
    """Return a setting's name, and the JSON to store for a value that people wrote; None resets it.

    Raises:
        BadInput: there is no such setting, or the value can't be used.
    """
    known = setting_name(name, model)
    kind, text = _kind(known, model), storable(value).strip()
    if len(text) > _MAX_CHARS:
        raise BadInput(f"That's too long for the setting {known}.", _HINTS[kind])
    if _is_reset(text, kind):
        return known, None
    try:
        checked = model.model_validate({known: _PARSERS[kind](text)})
    except ValidationError as error:
        raise _invalid(known, text, error, model) from error
    return known, json.dumps(getattr(checked, known))


def setting_name(text: str, model: type[BaseModel] = ServerSettings) -> str:
    """Return the name of a setting from another spelling: `Log Channel`, `log-channel`.

    Raises:
        BadInput: there is no such setting.
    """
    wanted = re.sub(r"[\s-]+", "_", storable(text).strip().casefold())
    if wanted in model.model_fields:
        return wanted
    raise UnknownSetting(_short(text), wanted, tuple(model.model_fields))


def is_reset(name: str, value: str, model: type[BaseModel] = ServerSettings) -> bool:
    """Return whether a value resets a setting: `none`, `default`, for channels also `nowhere`."""
    return _is_reset(storable(value).strip(), _kind(name, model))


def setting_text(settings: BaseModel, name: str) -> str:
    """Return a setting's value as text that `set_setting` accepts: `on`, `<#123>`, `everywhere`.

    Raises:
        BadInput: there is no such setting.
    """
    known = setting_name(name, type(settings))
    value = getattr(settings, known)
    kind = _kind(known, type(settings))
    if value is None or value == ():
        return _NOTHING.get(known, "none")
    if kind == "flag":
        return "on" if value else "off"
    if kind == "channel":
        return f"<#{value}>"
    if kind == "channels":
        return ", ".join(f"<#{channel}>" for channel in value)
    if kind == "names":
        return ", ".join(map(quoted_name, value))
    return str(value)


Kind = Literal["flag", "channel", "channels", "names", "number", "zone", "word"]

_KINDS: dict[Any, Kind] = {
    bool: "flag",
    int: "number",
    int | None: "number",
    tuple[Snowflake, ...]: "channels",
    tuple[Name, ...]: "names",
    Snowflake | None: "channel",
    str: "zone",
}
_NOTHING = {"channels": "everywhere", "thread_channels": "nowhere", "quotes": "automatic"}
_RESETS = {"none", "default", "reset", "keine", "automatic", "automatisch"}
_CHANNEL_RESETS = {"everywhere", "nowhere", "überall", "nirgends"}
# Discord's limit for a command option.
_MAX_CHARS = 6000
_FLAGS = {
    **dict.fromkeys(("on", "yes", "true", "1", "enable", "enabled", "an", "ja"), True),
    **dict.fromkeys(("off", "no", "false", "0", "disable", "disabled", "aus", "nein"), False),
}
_CHANNEL = re.compile(r"(?:<#)?([0-9]{1,20})>?")
_NUMBER = re.compile(r"([0-9]{1,9})(?: ?(?:days?|tage?|per minute|pro minute))?", re.IGNORECASE)
_HINTS: dict[Kind, str] = {
    "flag": "Write on or off.",
    "channel": "Type # and choose the channel from the list, or write none.",
    "channels": "Type # and choose channels from the list, with commas between them, or write none.",
    "names": "Write names with commas between them, or none.",
    "number": "Write a number, or default.",
    "zone": "Write one such as Europe/Berlin, America/New_York or UTC.",
    "word": "Write one of these words, or default.",
}


def _kind(name: str, model: type[BaseModel]) -> Kind:
    return _KINDS.get(model.model_fields[name].annotation, "word")


def _is_reset(text: str, kind: Kind) -> bool:
    word = text.casefold()
    return word in _RESETS or (kind in {"channel", "channels"} and word in _CHANNEL_RESETS)


def _parse_channel(text: str) -> object:
    found = _CHANNEL.fullmatch(text)
    return int(found[1]) if found else text


def _parse_channels(text: str) -> object:
    parts = re.split(r"[\s,;]+|(?<=>)(?=<)", text)
    return tuple(dict.fromkeys(_parse_channel(part) for part in parts if part)) or (text,)


def _parse_names(text: str) -> object:
    # A name that contains a comma, or is a reset word, is in double quotes.
    [names] = csv.reader([" ".join(text.split()).replace("\0", "")], skipinitialspace=True)
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip())) or text


def _parse_number(text: str) -> object:
    found = _NUMBER.fullmatch(text)
    return int(found[1]) if found else text


_PARSERS: dict[Kind, Callable[[str], object]] = {
    "flag": lambda text: _FLAGS.get(text.casefold(), text),
    "channel": _parse_channel,
    "channels": _parse_channels,
    "names": _parse_names,
    "number": _parse_number,
    "zone": str.strip,
    "word": str.casefold,
}


def quoted_name(name: str) -> str:
    """Return a name as it is written in a list of names: in double quotes where it has a comma or is a reset word."""
    needs_quotes = "," in name or '"' in name or _is_reset(name, "names")
    return '"' + name.replace('"', '""') + '"' if needs_quotes else name


def _short(text: str) -> str:
    text = " ".join(storable(text).split())
    return text if len(text) <= 60 else f"{text[:59]}…"


class UnknownSetting(BadInput):
    """There is no such setting.

    Args:
        name: what was written, shortened.
        wanted: the same as a setting would be spelt.
        known: the settings that there are.

    Attributes:
        close: the setting with the most similar name; empty if none is similar.
    """

    def __init__(self, name: str, wanted: str, known: tuple[str, ...]) -> None:
        self.close = next(iter(difflib.get_close_matches(wanted[:50], known, n=1)), "")
        hint = f"Did you mean {self.close}?" if self.close else f"The settings are {', '.join(known)}."
        super().__init__(f"There is no setting “{name}”.", hint)
        self.name, self.wanted, self.known = name, wanted, known


class BadSetting(BadInput):
    """A setting can't have this value.

    Args:
        name: of the setting.
        value: what was written, shortened.
        why: the reason, in English.
        kind: what values the setting takes.
        words: those that it takes, if they are words.
        low: the lowest number that it takes.
        high: the highest.
    """

    def __init__(
        self, name: str, value: str, why: str, kind: Kind, words: tuple[str, ...], low: int, high: int
    ) -> None:
        super().__init__(f"The setting {name} can't be “{value}”: {why}.", _HINTS[kind])
        self.name, self.value, self.kind, self.words, self.low, self.high = name, value, kind, words, low, high


def _invalid(name: str, text: str, error: ValidationError, model: type[BaseModel]) -> BadSetting:
    first = error.errors()[0]
    kind = _kind(name, model)
    why = first["msg"].replace("Input should", "it should")
    low = high = 0
    if kind == "number":
        least, most = model.model_fields[name].metadata
        low, high = least.ge, most.le
        why = f"it takes a number from {low} to {high}"
    elif kind in {"channel", "channels"}:
        why = "that isn't a channel"
    words = get_args(model.model_fields[name].annotation) if kind == "word" else ()
    return BadSetting(name, _short(text), _REASONS.get(first["type"], why), kind, words, low, high)


# pydantic's own messages for these name Python types.
_REASONS = {
    "bool_parsing": "it is either on or off",
    "bool_type": "it is either on or off",
    "too_long": "that's more than 100",
    "string_too_long": "names have at most 200 characters",
    "string_too_short": "a name is empty",
    "tuple_type": "it contains no name",
}
