"""Questions in channels, threads, direct messages and commands, and what comes back."""

import discord
import pytest
from simcord.env import Env

from bot.discord.workers.answer_queue import QueueFull
from corpus.errors import StorageFailure
from tests.discord.screen import labels_of, text_of

pytestmark = pytest.mark.simcord(settle_timeout=60)

QUESTION = "Did Iran deny the missile reports?"


@pytest.fixture
def place(simcord_env: Env):
    guild = simcord_env.create_guild()
    alice, bob = (guild.add_member(simcord_env.create_user(name)) for name in ("alice", "bob"))
    return alice, bob, guild.create_text_channel("general")


def mention(env: Env, text: str) -> str:
    return f"<@{env.bot.user.id}> {text}"


async def test_a_mention_is_answered_with_quotes_publishers_dates_and_links(simcord_env: Env, place):
    alice, _, channel = place
    await alice.send(channel, mention(simcord_env, QUESTION))
    answer = channel.last_message
    text = text_of(answer)
    assert "denied" in text
    assert "> “" in text
    assert "<t:" in text
    assert "Newest: <t:" in text
    assert [each for each in labels_of(answer) if each in "👍👎🗑️"] == ["👍", "👎", "🗑️"]
    assert len(text) <= 1600


async def test_a_message_without_a_mention_is_left_alone(simcord_env: Env, place):
    alice, _, channel = place
    await alice.send(channel, QUESTION)
    await alice.send(channel, "@everyone " + QUESTION)
    assert not any(message.author.bot for message in channel.history())


async def test_a_mention_with_nothing_else_is_told_how_to_ask(simcord_env: Env, place):
    alice, _, channel = place
    await alice.send(channel, mention(simcord_env, ""))
    assert "Ask me a question" in text_of(channel.last_message)


async def test_a_direct_message_is_answered_and_a_second_one_follows_up(simcord_env: Env, place):
    alice, _, _ = place
    await alice.send_dm(QUESTION)
    await alice.send_dm("when?")
    sent = [str(entry) for entry in simcord_env.http_requests]
    assert any("Newest: <t:" in entry for entry in sent)
    assert any("Understood as" in entry and "missile" in entry for entry in sent)


async def test_a_reply_to_an_answer_is_a_follow_up_and_says_what_it_understood(simcord_env: Env, place):
    alice, bob, channel = place
    await alice.send(channel, mention(simcord_env, QUESTION))
    await bob.send(channel, mention(simcord_env, "and what did the Kremlin say?"), reply_to=channel.last_message)
    text = text_of(channel.last_message)
    assert "Understood as:" in text
    assert "missile" in text.split("Understood as:")[1].split("\n")[0]


async def test_a_reply_to_a_page_of_a_search_is_a_question_of_its_own(simcord_env: Env, place):
    alice, bob, channel = place
    found = await alice.slash(channel, "search", query="missile", private=False)
    assert not found.ephemeral
    await bob.send(channel, mention(simcord_env, "when?"), reply_to=found.response)
    assert "Understood as:" not in text_of(channel.last_message)


async def test_a_full_question_as_a_reply_is_not_mixed_with_the_earlier_one(simcord_env: Env, place):
    alice, _, channel = place
    await alice.send(channel, mention(simcord_env, QUESTION))
    full = mention(simcord_env, "Did Finland join NATO in April 2023?")
    await alice.send(channel, full, reply_to=channel.last_message)
    assert "Understood as" not in text_of(channel.last_message)


async def test_a_misspelt_question_says_as_what_it_was_read_and_is_followed_up_so(simcord_env: Env, place):
    alice, bob, channel = place
    await alice.send(channel, mention(simcord_env, "did iran deny the missle reports?"))
    text = text_of(channel.last_message)
    assert "Understood as: did iran deny the missile reports?" in text
    assert "> “" in text
    await bob.send(channel, mention(simcord_env, "when?"), reply_to=channel.last_message)
    assert "missile" in text_of(channel.last_message).split("Understood as:")[1].split("\n")[0]


async def test_a_misspelt_search_says_as_what_it_was_read(place):
    alice, _, channel = place
    found = (await alice.slash(channel, "search", query="missle", private=False)).response
    assert "Understood as: missile" in text_of(found)
    right = (await alice.slash(channel, "search", query="missile", private=False)).response
    assert "Understood as" not in text_of(right)


@pytest.mark.parametrize("is_noted", [True, False])
async def test_a_thread_opens_where_the_setting_says_so_and_follow_ups_in_it_carry_over(
    simcord_env: Env, place, is_noted: bool, monkeypatch: pytest.MonkeyPatch
):
    alice, bob, channel = place
    if not is_noted:
        # The next question comes before it is noted which message shows the answer.
        monkeypatch.setattr("bot.records.asked.set_message", lambda *_: None)
    await simcord_env.bot.settings_cache.set(channel.guild.id, "thread_channels", f"<#{channel.id}>")
    await alice.send(channel, mention(simcord_env, QUESTION))
    thread = next(iter(channel.threads))
    assert "denied" in text_of(thread.last_message)
    assert not any("> “" in text_of(message) for message in channel.history())
    await bob.send(thread, mention(simcord_env, "when?"))
    assert "Understood as:" in text_of(thread.last_message)


async def test_a_member_who_asks_too_fast_opens_no_thread(simcord_env: Env, place):
    alice, _, channel = place
    await simcord_env.bot.settings_cache.set(channel.guild.id, "thread_channels", f"<#{channel.id}>")
    await simcord_env.bot.settings_cache.set(channel.guild.id, "questions_per_minute_member", "1")
    for _ in range(3):
        await alice.send(channel, mention(simcord_env, QUESTION))
    assert len(list(channel.threads)) == 1
    # Told once a minute.
    assert sum("Please ask again in" in text_of(each) for each in channel.history()) == 1


@pytest.mark.parametrize("style", ["rich", "plain"])
async def test_who_waits_is_told_the_place_and_the_answer_takes_its_place(
    simcord_env: Env, place, style: str, monkeypatch: pytest.MonkeyPatch
):
    alice, _, channel = place
    monkeypatch.setattr("bot.discord.questions.ask_flow.LONG_WAIT_S", 0)
    await simcord_env.bot.settings_cache.set(channel.guild.id, "answer_style", style)
    await alice.send(channel, mention(simcord_env, QUESTION))
    assert any("You are number 1" in str(entry) for entry in simcord_env.http_requests)
    assert "> “" in text_of(channel.last_message)
    asked = await alice.slash(channel, "ask", question=QUESTION)
    assert "> “" in text_of(asked.response)


async def test_who_was_told_a_place_is_told_when_it_is_lost_however_often(
    simcord_env: Env, place, monkeypatch: pytest.MonkeyPatch
):
    alice, _, channel = place
    monkeypatch.setattr("bot.discord.questions.ask_flow.LONG_WAIT_S", 0)

    async def lose(*_: object, **__: object) -> None:
        raise QueueFull("300 questions are waiting already.", "")

    monkeypatch.setattr(simcord_env.bot.answer_queue, "ask", lose)
    for _ in range(2):
        await alice.send(channel, mention(simcord_env, QUESTION))
        assert "Too many questions are waiting" in text_of(channel.last_message)


async def test_an_answer_comes_even_when_its_notice_was_deleted(
    simcord_env: Env, place, monkeypatch: pytest.MonkeyPatch
):
    alice, _, channel = place
    monkeypatch.setattr("bot.discord.questions.ask_flow.LONG_WAIT_S", 0)
    simcord_env.inject_error("PATCH", "/channels/*/messages/*", status=404, code=10008)
    await alice.send(channel, mention(simcord_env, QUESTION))
    assert "> “" in text_of(channel.last_message)


async def test_a_mention_is_told_when_the_records_fail(simcord_env: Env, place, monkeypatch: pytest.MonkeyPatch):
    alice, _, channel = place

    async def fail(_work: object) -> None:
        raise StorageFailure("The disk is full.")

    monkeypatch.setattr(simcord_env.bot.records, "read", fail)
    await alice.send(channel, mention(simcord_env, QUESTION))
    assert "can't reach my articles" in text_of(channel.last_message)


async def test_what_discord_writes_itself_is_no_question(simcord_env: Env, place):
    alice, _, channel = place
    message = await alice.send(channel, mention(simcord_env, QUESTION))
    pinned = discord.Message(state=message._state, channel=message.channel, data=raw(message, simcord_env))
    simcord_env.bot.dispatch("message", pinned)
    await simcord_env.settle()
    assert len([message for message in channel.history() if message.author.bot]) == 1


def raw(message: discord.Message, env: Env) -> dict:
    """A note of Discord's own that somebody pinned a message."""
    return {
        "id": message.id + 1, "type": 6, "content": env.bot.user.mention, "channel_id": message.channel.id,
        "author": {"id": message.author.id, "username": "alice", "discriminator": "0", "avatar": None},
        "attachments": [], "embeds": [], "mentions": [], "mention_roles": [], "edited_timestamp": None,
        "timestamp": "2026-01-01T00:00:00+00:00", "tts": False, "mention_everyone": False, "pinned": False,
    }  # fmt: skip


async def test_the_same_event_twice_is_answered_once(simcord_env: Env, place):
    alice, _, channel = place
    message = await alice.send(channel, mention(simcord_env, QUESTION))
    simcord_env.bot.dispatch("message", message)
    await simcord_env.settle()
    assert len([message for message in channel.history() if message.author.bot]) == 1


async def test_questions_outside_the_chosen_channels_are_sent_there(simcord_env: Env, place):
    alice, _, channel = place
    other = channel.guild.create_text_channel("news")
    await simcord_env.bot.settings_cache.set(channel.guild.id, "channels", f"<#{other.id}>")
    await alice.send(channel, mention(simcord_env, QUESTION))
    assert f"<#{other.id}>" in text_of(channel.last_message)
    assert "> “" not in text_of(channel.last_message)
    result = await alice.slash(channel, "ask", question=QUESTION)
    assert result.ephemeral
    assert "Share" not in labels_of(result.response)


async def test_ask_keeps_a_private_answer_private_and_shares_it_on_request(simcord_env: Env, place):
    alice, _, channel = place
    hidden = await alice.slash(channel, "ask", question=QUESTION, private=True)
    assert hidden.ephemeral
    assert "Share" in labels_of(hidden.response)
    shared = await alice.click(hidden.response, label="Share")
    assert "Shared" in text_of(shared.response)
    (public,) = shared.followups
    assert not public.ephemeral
    assert "> “" in text_of(public)
    assert "Share" not in labels_of(public)


async def test_filters_are_understood_as_people_write_them_and_said_again(simcord_env: Env, place):
    alice, _, channel = place
    result = await alice.slash(channel, "ask", question=QUESTION, since="since September 2024", until="2024-09-30")
    text = text_of(result.response)
    assert "since <t:" in text
    assert "until <t:" in text
    assert "> “" in text


async def test_a_refusal_says_what_was_searched_shows_no_source_and_offers_to_drop_the_filter(simcord_env: Env, place):
    alice, bob, channel = place
    refused = await alice.slash(channel, "ask", question=QUESTION, since="2025")
    text = text_of(refused.response)
    assert "I found nothing" in text
    assert "No articles match" in text
    assert "> “" not in text
    assert "](<" not in text
    denied = await bob.click(refused.response, label="Without filters")
    assert "Only the person who asked" in text_of(denied.followups[0])
    assert "I found nothing" in text_of(refused.response)
    await alice.click(refused.response, label="Without filters")
    assert "> “" in text_of(refused.response)


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [("the day of the frogs", None, "the day of the frogs"), ("2024-09", "2024-01", "Swap the two dates")],
)
async def test_a_date_that_can_not_be_used_is_explained_in_a_sentence(simcord_env: Env, place, since, until, told):
    alice, _, channel = place
    result = await alice.slash(channel, "ask", question=QUESTION, since=since, **({"until": until} if until else {}))
    assert told in text_of(result.response)
    assert "incident" not in text_of(result.response)


@pytest.mark.parametrize("question", ['" OR NEAR( *', "🙂🙂🙂", "?" * 900, "\u202e\u200b", "```x```", "<@&5> <t:1:R>"])
async def test_any_question_gets_a_sentence(simcord_env: Env, place, question: str):
    alice, _, channel = place
    result = await alice.slash(channel, "ask", question=question)
    assert text_of(result.response)
    assert "incident" not in text_of(result.response)


async def test_who_asks_too_fast_is_told_how_long_to_wait(simcord_env: Env, place):
    alice, bob, channel = place
    await simcord_env.bot.settings_cache.set(channel.guild.id, "questions_per_minute_member", "1")
    await alice.slash(channel, "ask", question=QUESTION)
    second = await alice.slash(channel, "ask", question=QUESTION)
    assert "Please ask again in" in text_of(second.response)
    assert "> “" in text_of((await bob.slash(channel, "ask", question=QUESTION)).response)


async def test_a_message_can_be_checked_as_a_claim_and_its_sources_found(simcord_env: Env, place):
    alice, bob, channel = place
    claim = await bob.send(channel, "Iran denied that it sent missiles to Russia https://example.org/x")
    checked = await alice.context_menu(channel, "Check this claim", claim)
    assert checked.ephemeral
    assert "> “" in text_of(checked.response)
    found = await alice.context_menu(channel, "Find sources", claim)
    assert found.ephemeral
    assert "no. " in text_of(found.response)
    empty = await bob.send(channel, "https://example.org/x")
    assert "no text" in text_of((await alice.context_menu(channel, "Check this claim", empty)).response)


async def test_publishers_are_completed_while_they_are_typed(simcord_env: Env, place):
    alice, _, channel = place
    choices = await alice.autocomplete(channel, "ask", "publisher", "atta", question="x")
    assert [choice["name"] for choice in choices] == ["Attaché background brief"]
    assert await alice.autocomplete(channel, "ask", "publisher", "no such paper", question="x") == []


async def test_a_server_that_wants_plain_text_gets_it(simcord_env: Env, place):
    alice, _, channel = place
    await simcord_env.bot.settings_cache.set(channel.guild.id, "answer_style", "plain")
    await alice.send(channel, mention(simcord_env, QUESTION))
    answer = channel.last_message
    assert "> “" in answer.content
    assert len(answer.content) <= 2000
    assert "👍" in labels_of(answer)


async def test_the_interface_speaks_the_language_that_the_server_chose(simcord_env: Env, place):
    alice, _, channel = place
    await simcord_env.bot.settings_cache.set(channel.guild.id, "language", "de")
    await alice.send(channel, mention(simcord_env, QUESTION))
    assert "Stand: <t:" in text_of(channel.last_message)
