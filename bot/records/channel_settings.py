"""The settings of single channels, which prevail over those of their server."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlite_utils import Database

from bot.records.server_settings import Names, parse_stored, stored_value, valid_settings
from corpus.errors import BadInput

# Channels and threads with settings of their own, in a server.
MAX_CHANNELS = 100
# By channel, what was chosen there.
Chosen = Mapping[int, Mapping[str, Any]]


class ChannelSettings(BaseModel):
    """The settings of one channel. A thread and a forum's post have those of their channel where they have no own."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    answers: Literal["mentions", "quiet", "questions"] = Field(
        default="mentions", description="Whether mentions are answered, nothing but commands, or every question."
    )
    collection: Literal["all", "shared", "own"] = Field(
        default="all", description="Which articles are searched: all, the shared ones, or the server's own."
    )
    publishers: Names = Field(default=(), description="Publishers that alone are quoted; empty for all.")
    language: Literal["server", "en", "de"] = Field(
        default="server", description="Language of the bot's own words, or the server's."
    )
    quotes: int | None = Field(
        default=None, ge=1, le=5, description="Quotes in an answer; empty for as many as fit a screen."
    )


def load_chosen(db: Database, server_id: int) -> Chosen:
    """Return what was chosen for the channels of a server."""
    chosen: dict[int, dict[str, Any]] = {}
    rows = db.execute("SELECT channel_id, name, value FROM channel_settings WHERE server_id = ?", (server_id,))
    for channel_id, name, value in rows:
        chosen.setdefault(channel_id, {})[name] = parse_stored(value)
    return chosen


def settings_of(chosen: Chosen, channel_id: int, parent_id: int | None = None) -> ChannelSettings:
    """Return the settings of a channel, or of a thread in the channel `parent_id`."""
    inherited = chosen.get(parent_id, {}) if parent_id else {}
    return valid_settings(ChannelSettings, {**inherited, **chosen.get(channel_id, {})})


def asking_channels(chosen: Chosen) -> list[int]:
    """Return the channels in which every question is answered."""
    return [channel_id for channel_id in chosen if settings_of(chosen, channel_id).answers == "questions"]


def set_channel_setting(db: Database, server_id: int, channel_id: int, name: str, value: str) -> None:
    """Set a setting of a channel from text; `none` or `default` resets it.

    Raises:
        BadInput: there is no such setting, the value can't be used, or too many channels have settings.
    """
    known, stored = stored_value(ChannelSettings, name, value)
    place = (server_id, channel_id, known)
    if stored is None:
        db.execute("DELETE FROM channel_settings WHERE (server_id, channel_id, name) = (?, ?, ?)", place)
        return
    db.execute("INSERT OR REPLACE INTO channel_settings VALUES (?, ?, ?, ?)", (*place, stored))
    counted = "SELECT count(DISTINCT channel_id) FROM channel_settings WHERE server_id = ?"
    if db.execute(counted, (server_id,)).fetchone()[0] > MAX_CHANNELS:
        raise BadInput(
            f"Only {MAX_CHANNELS} channels can have settings of their own.", "Reset those of another channel first."
        )


def forget_channel(db: Database, server_id: int, channel_id: int) -> None:
    """Delete the settings of a channel that is gone."""
    db.execute("DELETE FROM channel_settings WHERE server_id = ? AND channel_id = ?", (server_id, channel_id))
