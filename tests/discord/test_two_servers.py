"""What one server has fed reaches nobody else: not in answers, lists, counts, completions, buttons or the log."""

import logging
from pathlib import Path

import pytest
import structlog
from simcord.env import Env

from bot.discord.scope import server_collection
from bot.service.attache import Attache
from bot.service.ingest import ingest
from corpus.ingest import IngestOptions
from tests.discord.screen import button_id, text_of

# Words that stand in the private article and nowhere else.
SECRETS = ("Quellish", "Oxbarrow", "Velvet Ledger", "oxbarrow.example", "2031")
PRIVATE = """---
title: Oxbarrow talks about rockets go on in secret
url: https://oxbarrow.example/talks
publisher: The Velvet Ledger
date: 2024-03-07
---
Borduria's Quellish envoys met Arland's rocket engineers in Oxbarrow on 7 March 2024, people familiar with it said.
Arland denied sending rockets to Borduria and said that the Oxbarrow talks would go on until 2031.
"""
QUESTION = "Did Arland deny sending rockets to Borduria?"


@pytest.fixture
def servers(simcord_env: Env, attache: Attache, tmp_path: Path):
    """A server with a private article, and another one with an admin who goes looking for it."""
    first, second = simcord_env.create_guild(name="first"), simcord_env.create_guild(name="second")
    file = tmp_path / "private.md"
    file.write_text(PRIVATE, encoding="utf-8")
    ingest(attache.settings, attache.embedder, [file], IngestOptions(collection=server_collection(first.id)))
    return first, second


def seen(env: Env) -> str:
    """Everything that the bot has sent since the beginning."""
    return "\n".join(str(entry) for entry in env.http_requests)


async def test_a_server_reads_its_own_article(simcord_env: Env, servers):
    first, _ = servers
    alice, channel = first.add_member(simcord_env.create_user("alice")), first.create_text_channel("general")
    assert "Oxbarrow" in text_of((await alice.slash(channel, "ask", question=QUESTION)).response)
    assert "The Velvet Ledger" in text_of((await alice.slash(channel, "sources")).response)
    assert "2 articles" in text_of((await alice.slash(channel, "status")).response)


async def test_another_server_and_direct_messages_see_nothing_of_it(
    simcord_env: Env, servers, caplog: pytest.LogCaptureFixture
):
    env, (_, second) = simcord_env, servers
    channel = second.create_text_channel("general")
    eve = second.add_member(env.create_user("eve"))
    with caplog.at_level(logging.DEBUG), structlog.testing.capture_logs() as lines:
        answer = await eve.slash(channel, "ask", question=QUESTION)
        for verb in ("quotes", "sources", "more"):
            await eve.click(answer.response, custom_id=button_id(answer.response, verb))
        await eve.slash(channel, "ask", question=QUESTION, publisher="The Velvet Ledger")
        await eve.slash(channel, "ask", question="Who met in secret?", since="2024-03-07")
        for words in ("rockets talks secret envoys", "engineers met"):
            await eve.slash(channel, "search", query=words)
        for title in ("talks about rockets", "2", "3"):
            await eve.slash(channel, "article", title=title)
        await eve.slash(channel, "sources")
        status = await eve.slash(channel, "status")
        claim = await eve.send(channel, "Envoys met rocket engineers in secret")
        await eve.context_menu(channel, "Check this claim", claim)
        await eve.context_menu(channel, "Find sources", claim)
        await eve.send(channel, f"<@{env.bot.user.id}> {QUESTION}")
        await eve.send_dm(QUESTION)
        await eve.send_dm("who met in secret with rocket engineers?")
        choices = [
            *await eve.autocomplete(channel, "ask", "publisher", "velvet", question="x"),
            *await eve.autocomplete(channel, "ask", "publisher", "", question="x"),
            *await eve.autocomplete(channel, "article", "title", "talks"),
            *await eve.autocomplete(channel, "article", "title", ""),
        ]
    everything = seen(env)
    # The name that eve wrote herself is said back to her, as one that no article has.
    assert everything.count("Velvet Ledger") <= 2
    for secret in set(SECRETS) - {"Velvet Ledger"}:
        assert secret not in everything, secret
    assert not any(secret in str(choices) + caplog.text + str(lines) for secret in SECRETS)
    assert "2 articles" not in text_of(status.response)


async def test_a_button_of_one_server_shows_nothing_in_another(simcord_env: Env, servers):
    env, (first, second) = simcord_env, servers
    alice, channel = first.add_member(env.create_user("alice")), first.create_text_channel("general")
    answer = await alice.slash(channel, "ask", question=QUESTION)
    token = button_id(answer.response, "quotes").rsplit(":", 1)[1]
    before = len(env.http_requests)

    eve, other = second.add_member(env.create_user("eve")), second.create_text_channel("general")
    own = await eve.slash(other, "ask", question=QUESTION)
    stored = env.backend.get_message(other.id, own.response.id)
    # Forged: a message of the other server whose buttons name the first server's answer.
    text = str(stored.components).replace(button_id(own.response, "quotes").rsplit(":", 1)[1], token)
    stored.components = eval(text)  # our own components, with another token in them
    for verb in ("quotes", "sources", "more", "up"):
        pressed = await eve.click(own.response, custom_id=f"attache:{verb}:0:{token}")
        assert "no longer kept" in text_of(pressed.response)
    assert "Oxbarrow" not in "\n".join(str(entry) for entry in env.http_requests[before:])
