"""The buttons under an answer, fresh and after a restart."""

import pytest
from simcord.env import Env

from bot.discord.process import make_bot
from bot.discord.questions.cooldowns import PAGES_PER_QUESTION
from bot.records.feedback import votes
from bot.records.insights import insights
from bot.service.attache import Attache
from bot.service.ingest import remove_article
from tests.discord.screen import button_id, labels_of, parts, text_of

pytestmark = pytest.mark.simcord(settle_timeout=60)

QUESTION = "Did Iran deny the missile reports?"


@pytest.fixture
async def place(simcord_env: Env):
    guild = simcord_env.create_guild()
    alice, bob = (guild.add_member(simcord_env.create_user(name)) for name in ("alice", "bob"))
    channel = guild.create_text_channel("general")
    await alice.send(channel, f"<@{simcord_env.bot.user.id}> {QUESTION}")
    return alice, bob, channel, channel.last_message


async def press(member, message, verb: str):
    return await member.click(message, custom_id=button_id(message, verb))


async def test_everybody_may_open_quotes_and_sources_and_only_they_see_them(place):
    alice, bob, _, answer = place
    for member in (alice, bob):
        quotes = await press(member, answer, "quotes")
        assert quotes.ephemeral
        assert "> “" in text_of(quotes.response)
        sources = await press(member, answer, "sources")
        assert sources.ephemeral
        assert "Attaché background brief" in text_of(sources.response)


async def test_all_quotes_can_be_paged_through(simcord_env: Env, place):
    alice, _, channel, _ = place
    await alice.send(channel, f"<@{simcord_env.bot.user.id}> What did Iran say about Russia?")
    first = await press(alice, channel.last_message, "quotes")
    assert any("of 2" in label for label in labels_of(first.response))
    second = await alice.click(first.response, label="1 of 2 ▶")
    assert "> “" in text_of(second.response)
    assert text_of(second.response) != text_of(first.response)


async def test_more_like_this_shows_other_articles(place):
    alice, _, _, answer = place
    more = await press(alice, answer, "more")
    assert more.ephemeral
    assert "no. " in text_of(more.response)


async def test_buttons_work_after_a_restart(simcord_env: Env, place, starter_attache: Attache):
    alice, _, _, answer = place
    await simcord_env.restart_bot(make_bot(starter_attache.settings, starter_attache, shard_count=1))
    assert "> “" in text_of((await press(alice, answer, "quotes")).response)
    assert "Thank you" in text_of((await press(alice, answer, "up")).response)


async def test_a_button_whose_answer_is_gone_says_so(simcord_env: Env, place):
    alice, _, _, answer = place
    await simcord_env.bot.records.run(lambda db: db.execute("DELETE FROM asked"))
    for verb in ("quotes", "sources", "more", "up", "down"):
        assert "no longer kept" in text_of((await press(alice, answer, verb)).response)


async def test_a_quote_of_an_article_that_was_removed_is_not_shown_again(
    simcord_env: Env, place, starter_attache: Attache
):
    alice, _, _, answer = place
    before = text_of((await press(alice, answer, "sources")).response)
    asked = await simcord_env.bot.records.run(
        lambda db: [row[0] for row in db.execute("SELECT DISTINCT article_id FROM cited ORDER BY 1")]
    )
    remove_article(starter_attache.settings, starter_attache.embedder, asked[0])
    after = text_of((await press(alice, answer, "sources")).response)
    assert f"no. {asked[0]}" in before
    assert f"no. {asked[0]}" not in after
    assert "no longer shown" in after


async def test_thumbs_are_counted_once_a_person_and_a_reason_reaches_the_insights(simcord_env: Env, place):
    alice, bob, channel, answer = place
    await press(alice, answer, "up")
    await press(alice, answer, "up")
    shown = await press(bob, answer, "down")
    field = shown.modal["components"][0]["component"]["custom_id"]
    thanked = await bob.submit_modal(shown, {field: "The second quote is about something else"})
    assert "Thank you" in text_of(thanked.response)
    token = button_id(answer, "up").rsplit(":", 1)[1]
    assert await simcord_env.bot.records.run(lambda db: votes(db, token)) == (1, 1)
    found = await simcord_env.bot.records.run(lambda db: insights(db, channel.guild.id, "2000-01-01"))
    assert found.reasons == ["The second quote is about something else"]


async def test_only_the_asker_may_share_a_private_answer(simcord_env: Env, place):
    alice, bob, channel, answer = place
    hidden = await alice.slash(channel, "ask", question=QUESTION, private=True)
    # Forged: a message that bob can see, with the button that only alice has.
    forged = button_id(hidden.response, "share")
    stored = simcord_env.backend.get_message(channel.id, answer.id)
    stored.components = eval(str(stored.components).replace(button_id(answer, "more"), forged))
    pressed = await bob.click(answer, custom_id=forged)
    assert "Only the person who asked" in text_of(pressed.response)
    assert pressed.followups == []


async def test_a_button_that_this_version_does_not_know_says_so(simcord_env: Env, place):
    alice, _, channel, answer = place
    stored = simcord_env.backend.get_message(channel.id, answer.id)
    stored.components = eval(str(stored.components).replace("attache:more:", "attache:juggle:"))
    pressed = await alice.click(answer, custom_id=button_id(answer, "more").replace(":more:", ":juggle:"))
    assert "Please ask again" in text_of(pressed.response)


async def test_pages_of_a_search_can_not_be_turned_without_end(simcord_env: Env, place):
    alice, _, channel, _ = place
    await simcord_env.bot.settings_cache.set(channel.guild.id, "questions_per_minute_member", "2")
    found = await alice.slash(channel, "search", query="missiles")
    told: list[str] = []
    for _ in range(2 * PAGES_PER_QUESTION + 1):
        turning = next(part for part in parts(found.response) if part["type"] == 2 and not part["disabled"])
        pressed = await alice.click(found.response, custom_id=turning["custom_id"])
        told += [text_of(each) for each in pressed.followups]
    assert len(told) == 1
    assert "Please ask again in" in told[0]
