"""What people are told when something fails, and what only the log gets."""

import logging
from unittest.mock import AsyncMock

import pytest
import structlog
from simcord.env import Env

from bot.discord.errors import error_text, is_too_late
from bot.discord.i18n.phrases import LANGUAGES, phrases_in
from bot.discord.questions import ask_flow
from bot.discord.views.answer_page import Suggestion
from bot.ops.log import redact_tokens
from corpus.errors import AttacheError, StorageFailure
from tests.discord.screen import text_of

QUESTION = "Did Arland deny sending rockets to Borduria?"
TOKEN = "a" * 24 + "." + "b" * 6 + "." + "c" * 30


@pytest.fixture
def place(simcord_env: Env):
    guild = simcord_env.create_guild()
    return guild.add_member(simcord_env.create_user("alice")), guild.create_text_channel("general")


async def test_a_failure_that_nobody_thought_of_has_an_incident_and_the_log_its_traceback(
    simcord_env: Env, place, monkeypatch: pytest.MonkeyPatch
):
    alice, channel = place

    async def fail(*_given: object) -> None:
        raise RuntimeError("the moon fell")

    monkeypatch.setattr(simcord_env.bot.ask_flow, "answer", fail)
    with structlog.testing.capture_logs() as lines:
        result = await alice.slash(channel, "ask", question=QUESTION)
    told = text_of(result.response)
    incident = next(line for line in lines if line["event"] == "incident")
    assert incident["incident"] in told
    assert "the moon fell" not in told
    assert str(incident["exc_info"]) == "the moon fell"


@pytest.mark.parametrize(("status", "code"), [(404, 10062), (400, 40060), (401, 50027)])
async def test_what_comes_too_late_fails_quietly(simcord_env: Env, place, status: int, code: int):
    alice, channel = place
    simcord_env.inject_error("PATCH", "/webhooks/*/messages/@original", status=status, code=code, times=None)
    with structlog.testing.capture_logs() as lines:
        await alice.slash(channel, "ask", question=QUESTION)
    assert [line["event"] for line in lines if line["event"] in {"incident", "too late"}] == ["too late"]


async def test_an_acknowledgement_that_comes_too_late_fails_quietly(simcord_env: Env, place):
    alice, channel = place
    simcord_env.inject_error("POST", "/interactions/*/callback", status=404, code=10062, times=None)
    with structlog.testing.capture_logs() as lines:
        await alice.slash(channel, "ask", question=QUESTION)
    assert not any(line["event"] == "incident" for line in lines)
    # The library hands the failure to the tree's last border, which the simulation also notes.
    assert all("10062" in str(error) for error in simcord_env.errors)


@pytest.mark.parametrize(
    ("command", "options"),
    [("ask", {"question": QUESTION}), ("search", {"query": "rockets"}), ("sources", {}), ("status", {})],
)
async def test_commands_are_acknowledged_before_anything_slow(simcord_env: Env, place, command: str, options: dict):
    alice, channel = place
    await alice.slash(channel, command, **options)
    callbacks = [str(entry) for entry in simcord_env.http_requests if "/callback" in str(entry)]
    assert len(callbacks) == 1
    # Type 5 is "thinking": acknowledged now, answered later.
    assert "'type': 5" in callbacks[0]


async def test_a_layout_that_discord_refuses_is_shown_as_plain_text(
    simcord_env: Env, place, monkeypatch: pytest.MonkeyPatch
):
    alice, channel = place
    simcord_env.inject_error("PATCH", "/webhooks/*/messages/@original", status=400, code=50035)
    suggested = (Suggestion("when", "When did Arland deny it?"), Suggestion("why", "Why did Arland deny it?"))
    monkeypatch.setattr(ask_flow, "suggest", AsyncMock(return_value=suggested))
    result = await alice.slash(channel, "ask", question=QUESTION)
    assert "> “" in result.response.content
    # The later edit, with what may be asked next, does not try the layout again.
    assert "Ask next" in result.response.content
    assert not result.response.flags.components_v2


async def test_the_operators_troubles_are_not_told_to_members():
    for language in LANGUAGES:
        told = error_text(StorageFailure("The disk /srv/data is full."), phrases_in(language))
        assert "/srv" not in told


async def test_a_failure_of_ours_is_told_in_its_own_words_and_escaped():
    assert error_text(AttacheError("“@everyone” is no date.", "Try *again*."), phrases_in("en")) == (
        "“@\u200beveryone” is no date. Try \\*again\\*."
    )


def test_only_late_answers_count_as_late():
    assert not is_too_late(RuntimeError("10062"))


async def test_neither_questions_nor_tokens_reach_the_log(simcord_env: Env, place, caplog: pytest.LogCaptureFixture):
    alice, channel = place
    with caplog.at_level(logging.INFO), structlog.testing.capture_logs() as lines:
        await alice.slash(channel, "ask", question=QUESTION)
        await alice.slash(channel, "ask", question=QUESTION, since="the day of the frogs")
        await alice.send(channel, f"<@{simcord_env.bot.user.id}> {QUESTION}")
    written = caplog.text + str(lines)
    assert "Borduria" not in written
    assert "frogs" not in written
    assert redact_tokens(None, "", {"event": f"login with {TOKEN} failed"}) == {"event": "login with (token) failed"}
