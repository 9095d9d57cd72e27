"""How many may ask how often, and that nobody is remembered for longer than a minute."""

import asyncio
from types import SimpleNamespace

import pytest

from bot.discord.cogs import missed_messages
from bot.discord.errors import OnCooldown
from bot.discord.i18n.phrases import phrases_in
from bot.discord.questions.cooldowns import WINDOW_S, Cooldowns
from bot.discord.scope import Scope
from bot.records.server_settings import ServerSettings

SETTINGS = ServerSettings(questions_per_minute_member=2, questions_per_minute_server=5)


def scope(user: int, server: int = 1) -> Scope:
    return Scope(user, server, 1, SETTINGS, phrases_in("en"))


def test_questions_of_the_last_minute_count_and_no_others():
    now = [0.0]
    cooldowns = Cooldowns(lambda: now[0])
    for _ in range(2):
        cooldowns.count_question(scope(1))
        now[0] += 20.0
    with pytest.raises(OnCooldown):
        cooldowns.count_question(scope(1))
    # The first is over, the second is not; others who ask meanwhile change nothing in that.
    now[0] = WINDOW_S + 1
    cooldowns.count_question(scope(2, server=2))
    cooldowns.count_question(scope(1))
    with pytest.raises(OnCooldown):
        cooldowns.count_question(scope(1))


def test_who_asked_more_than_a_minute_ago_is_forgotten():
    now = [0.0]
    cooldowns = Cooldowns(lambda: now[0])
    for user in range(1000):
        cooldowns.count_question(scope(user, server=user))
        cooldowns.count_page(scope(user, server=user))
        assert cooldowns.should_notify(user)
        now[0] += 1.0
    assert len(cooldowns._windows) <= 4 * WINDOW_S
    assert not cooldowns.should_notify(999)


async def test_missed_questions_wait_until_those_before_them_no_longer_count(monkeypatch: pytest.MonkeyPatch):
    now, given, answered = [0.0], list[int](), list[int]()
    cooldowns = Cooldowns(lambda: now[0])

    def count(seconds_late: float) -> None:
        now[0] += seconds_late
        for number in given:
            cooldowns.count_question(scope(2))
            answered.append(number)
        given.clear()
        now[0] -= seconds_late

    async def sleep(seconds: float) -> None:
        # The first round meets a busy machine, the others don't.
        count(0.9 if now[0] == 0 else 0.0)
        now[0] += seconds

    async def settings(_server_id: int) -> ServerSettings:
        return SETTINGS

    bot = SimpleNamespace(
        user=None,
        settings_cache=SimpleNamespace(get=settings),
        dispatch=lambda _event, message: given.append(message.id),
    )
    author = SimpleNamespace(id=2)
    asked = [
        SimpleNamespace(id=number, guild=SimpleNamespace(id=1), content="And when?", mentions=[], author=author)
        for number in range(6)
    ]
    monkeypatch.setattr(missed_messages, "asyncio", SimpleNamespace(**vars(asyncio) | {"sleep": sleep}))
    await missed_messages.MissedMessages(bot)._dispatch(asked)
    count(0.0)
    assert answered == list(range(6))
