"""Many members asking at once: nobody is lost, and nobody is answered twice."""

import math

import pytest
from simcord.env import Env

from bot.discord.transport.retry import RateLimiter
from tests.discord.screen import text_of

SERVERS = 4
ASKED = (
    "Did Iran deny the missile reports?",
    "Who won the election in Venezuela?",
    "What did the Kremlin say about the missiles?",
    "When was the grain deal ended?",
    "Did Finland join NATO?",
    "What sanctions did the EU impose on Russia?",
    "Why did Niger's soldiers take power?",
    "How many hostages were taken on 7 October 2023?",
)


@pytest.mark.parametrize("questions", [24, pytest.param(200, marks=pytest.mark.slow)])
@pytest.mark.simcord(settle_timeout=300)
async def test_questions_at_once_are_each_answered_once(simcord_env: Env, questions: int):
    env = simcord_env
    # The simulation has no limits to keep to, and its time stands still.
    env.bot.rate_limiter = RateLimiter(math.inf)
    await env.bot.answer_queue.warm_up()
    # Nobody asks more than a member may in a minute.
    members = questions // 3
    users = [env.create_user(f"member{number}") for number in range(members)]
    guilds = [env.create_guild(name=f"server{number}") for number in range(SERVERS)]
    channels = [guild.create_text_channel("general") for guild in guilds]
    for number, user in enumerate(users):
        guilds[number % SERVERS].add_member(user)
    await env.settle()

    asked = set()
    for number in range(questions):
        member = number % members
        text = f"<@{env.bot.user.id}> {ASKED[number % len(ASKED)]} ({number})"
        asked.add(env.backend.create_message(channels[member % SERVERS].id, users[member].id, text).id)
    await env.settle(timeout=300)

    replies = [message for channel in channels for message in channel.history() if message.author.bot]
    assert sorted(reply.reference.message_id for reply in replies) == sorted(asked)
    for reply in replies:
        # Answers tell how new they are, refusals how many articles were searched.
        assert "Newest: <t:" in text_of(reply) or "32 articles searched" in text_of(reply)
        assert "queue" not in text_of(reply)
