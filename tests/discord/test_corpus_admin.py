"""What admins do with their server's articles, and what nobody else can."""

import pytest
from simcord.env import Env

from bot.discord.phrases import phrases_in
from tests.discord.admins import QUESTION, make_server


async def test_an_added_file_is_told_and_answers_questions(simcord_env: Env):
    server = make_server(simcord_env)
    told = await server.add()
    assert "One article added, 0 updated, 0 unchanged." in told
    answer = await server.run("ask", question=QUESTION)
    assert "closes on Monday" in answer
