"""How the bot starts: where its token comes from, and what is checked without connecting."""

import asyncio
from pathlib import Path

import pytest

from bot.discord.running import command_names, read_token
from bot.service import Attache
from bot.settings import BadSettings, Settings

TOKEN = "a" * 24 + "." + "b" * 6 + "." + "c" * 30


def test_the_token_comes_from_the_settings_or_from_the_file_that_they_name(tmp_path: Path):
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n", encoding="utf-8")
    assert read_token(Settings.load(None, discord_token=TOKEN)) == TOKEN
    assert read_token(Settings.load(None, discord_token_file=file)) == TOKEN
    assert read_token(Settings.load(None, discord_token=TOKEN, discord_token_file=tmp_path / "none")) == TOKEN


@pytest.mark.parametrize("given", ["", "no token", "a.b", "a.b.c d"])
def test_what_is_no_token_is_refused_without_being_repeated(given: str):
    with pytest.raises(BadSettings) as refused:
        read_token(Settings.load(None, discord_token=given))
    assert "docs/discord.md" in str(refused.value)
    assert not given or given not in str(refused.value)


def test_a_token_file_that_can_not_be_read_is_named(tmp_path: Path):
    with pytest.raises(BadSettings, match="can't be read"):
        read_token(Settings.load(None, discord_token_file=tmp_path / "none"))


async def test_a_dry_run_lists_the_commands_and_connects_to_nothing(attache: Attache):
    names = await asyncio.wait_for(command_names(attache.settings, attache), 20)
    assert {"ask", "search", "corpus add", "settings set", "my-data delete"} <= set(names)


@pytest.mark.parametrize(("given", "ids"), [("", ()), ("12, 34", (12, 34)), ("56", (56,)), ("1 2,3", (1, 2, 3))])
def test_operators_are_read_with_commas(given: str, ids: tuple[int, ...], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ATTACHE_OPERATORS", given)
    assert Settings.load(None).operators == ids


def test_an_operator_that_is_no_id_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ATTACHE_OPERATORS", "alice")
    with pytest.raises(BadSettings, match="OPERATORS"):
        Settings.load(None)
