"""What members of a server see when they ask the bot."""

import pytest
from simcord.env import Env

QUESTION = "Did Arland deny sending rockets to Borduria?"


def member_and_channel(env: Env):
    guild = env.create_guild()
    return guild.add_member(env.create_user("alice")), guild.create_text_channel("general")


async def test_a_mention_is_answered_with_a_quote_its_source_and_no_ping(simcord_env: Env):
    alice, channel = member_and_channel(simcord_env)
    await alice.send(channel, f"<@{simcord_env.bot.user.id}> {QUESTION}")
    content = channel.last_message.content
    assert "denied on 5 March 2024 that it had sent rockets" in content
    assert "The Example Courier" in content
    assert "](<https://news.example/arland-rockets#:~:text=" in content
    assert "@everyone" not in content
    assert len(content) <= 2000


async def test_a_message_without_a_mention_is_left_alone(simcord_env: Env):
    alice, channel = member_and_channel(simcord_env)
    await alice.send(channel, QUESTION)
    assert channel.last_message.content == QUESTION


async def test_a_mention_with_nothing_else_is_told_how_to_ask(simcord_env: Env):
    alice, channel = member_and_channel(simcord_env)
    await alice.send(channel, f"<@{simcord_env.bot.user.id}>")
    assert "Ask me something" in channel.last_message.content


async def test_a_direct_message_is_answered(simcord_env: Env):
    alice, _ = member_and_channel(simcord_env)
    await alice.send_dm(QUESTION)
    assert any("sent rockets" in str(request) for request in simcord_env.http_requests)


async def test_the_ask_command_answers_and_keeps_a_private_answer_private(simcord_env: Env):
    alice, channel = member_and_channel(simcord_env)
    shown = await alice.slash(channel, "ask", question=QUESTION)
    assert "sent rockets" in shown.response.content
    hidden = await alice.slash(channel, "ask", question=QUESTION, private=True)
    assert hidden.ephemeral


async def test_a_filter_that_leaves_nothing_is_told_not_dropped(simcord_env: Env):
    alice, channel = member_and_channel(simcord_env)
    result = await alice.slash(channel, "ask", question=QUESTION, since="2025")
    assert "does not know" in result.response.content
    assert "sent rockets" not in result.response.content


async def test_a_date_that_is_none_is_explained_in_a_sentence(simcord_env: Env):
    alice, channel = member_and_channel(simcord_env)
    result = await alice.slash(channel, "ask", question=QUESTION, since="the day of the frogs")
    assert "the day of the frogs" in result.response.content
    assert "Traceback" not in result.response.content


@pytest.mark.parametrize("question", ['" OR NEAR( *', "🙂🙂🙂", "?" * 900])
async def test_any_question_gets_a_sentence(simcord_env: Env, question: str):
    alice, channel = member_and_channel(simcord_env)
    result = await alice.slash(channel, "ask", question=question)
    assert result.response.content


async def test_help_tells_how_to_ask(simcord_env: Env):
    alice, channel = member_and_channel(simcord_env)
    result = await alice.slash(channel, "help")
    assert "/ask" in result.response.content
    assert result.ephemeral
