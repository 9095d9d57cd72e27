"""How many may ask how often, and that nobody is remembered for longer than a minute."""

import pytest

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
