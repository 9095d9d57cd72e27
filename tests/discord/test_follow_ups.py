"""Follow-ups get something new: further quotes, who says it, sources, dates, or the question which of two is meant."""

import pytest
from simcord.env import Env

from tests.discord.news import ELECTION, SINKING, TREATY, attache, news_folder
from tests.discord.places import Place
from tests.discord.screen import button_id, labels_of, parts, text_of

__all__ = ["attache", "news_folder"]
pytestmark = pytest.mark.simcord(settle_timeout=60)


async def ask(here: Place, env: Env, text: str, reply_to: object = None):
    given = {"reply_to": reply_to} if reply_to else {}
    await here.member.send(here.channel, f"<@{env.bot.user.id}> {text}", **given)
    return here.channel.last_message


def quotes(message) -> set[str]:
    return {line for line in text_of(message).splitlines() if line.startswith("> “")}


async def test_tell_me_more_shows_what_was_not_shown_until_nothing_is_left(here: Place, simcord_env: Env):
    shown = await ask(here, simcord_env, SINKING)
    seen = quotes(shown)
    for _ in range(5):
        more = await ask(here, simcord_env, "tell me more", shown)
        assert f"Understood as: {SINKING}" in text_of(more) or "no further quotes" in text_of(more)
        assert not any(word in text_of(more) for word in ("### Disputed", "### Yes", "### No"))
        assert not seen & quotes(more)
        if "no further quotes" in text_of(more):
            break
        assert quotes(more)
        seen |= quotes(more)
        shown = more
    assert "no further quotes" in text_of(more)


@pytest.mark.parametrize("asked", ["who says so?", "are you sure?", "how do you know?"])
async def test_doubts_get_those_who_say_it_and_those_who_deny_it(here: Place, simcord_env: Env, asked: str):
    told = text_of(await ask(here, simcord_env, asked, await ask(here, simcord_env, SINKING)))
    assert f"Understood as: {SINKING}" in told
    assert "### On whose word" in told
    assert "✓ according to **" in told
    assert "✗ denied by **" in told
    assert "Valdane Press Agency" in told


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("wer sagt das?", "### On whose word"),
        ("Quelle?", "### Sources"),
        ("mehr", "no further quotes on this"),
        ("wann?", "Understood as: When did Belmar and Tessen sign"),
    ],
)
async def test_short_german_follow_ups_are_read_too(here: Place, simcord_env: Env, asked: str, told: str):
    assert told in text_of(await ask(here, simcord_env, asked, await ask(here, simcord_env, TREATY)))


async def test_source_gets_the_articles_and_the_next_follow_up_still_knows_the_question(here: Place, simcord_env: Env):
    sources = await ask(here, simcord_env, "source?", await ask(here, simcord_env, TREATY))
    assert "### Sources" in text_of(sources)
    assert "](<https://harbour-herald.example" in text_of(sources)
    when = text_of(await ask(here, simcord_env, "when was it signed?", sources))
    assert "Understood as: When was the treaty on the Drava dam signed?" in when
    assert "**Friday**" in when


async def test_a_timeline_gives_the_quotes_by_date(here: Place, simcord_env: Env):
    told = text_of(await ask(here, simcord_env, "timeline?", await ask(here, simcord_env, SINKING)))
    assert "### By date" in told
    stamps = [line for line in told.splitlines() if line.startswith("**<t:")]
    assert stamps == sorted(stamps)
    assert len(stamps) > 1


async def test_an_unclear_follow_up_asks_which_and_the_button_answers_in_place(here: Place, simcord_env: Env):
    first = await ask(here, simcord_env, "Did Vestria accuse Kurland of sinking the freighter Marisol?")
    which = await ask(here, simcord_env, "what did they say?", first)
    assert "### Which do you mean?" in text_of(which)
    assert labels_of(which) == ["1", "2", "🗑️"]
    assert "**2** · What did Kurland say about sinking the freighter Marisol?" in text_of(which)
    stranger = here.guild.add_member(simcord_env.create_user("stranger"))
    ids = [part["custom_id"] for part in parts(which) if part["type"] == 2]
    [_, second] = [each for each in ids if "attache:reading:" in each]
    await stranger.click(which, custom_id=second)
    assert "### Which do you mean?" in text_of(which)
    await here.member.click(which, custom_id=second)
    assert "Understood as: What did Kurland say" in text_of(here.channel.last_message)


@pytest.mark.usefixtures("with_next_questions")
async def test_next_questions_are_offered_after_the_answer_and_each_has_an_answer(here: Place, simcord_env: Env):
    shown = await ask(here, simcord_env, SINKING)
    offered = [part for part in parts(shown) if part["type"] == 2 and "attache:next:" in part["custom_id"]]
    assert 1 <= len(offered) <= 3
    rows = [len(part["components"]) for part in parts(shown) if part["type"] == 1]
    assert min(rows) > 1
    before = text_of(shown)
    for each in offered:
        result = await here.member.click(shown, custom_id=each["custom_id"])
        assert not result.ephemeral
        assert "Understood as: " in text_of(result.response)
        assert quotes(result.response) - quotes(shown)
    assert text_of(shown) == before


@pytest.mark.usefixtures("with_next_questions")
async def test_a_shared_answer_has_next_questions_too(here: Place):
    private = (await here.slash("ask", question=SINKING, private=True)).response
    await here.member.click(private, custom_id=button_id(private, "share"))
    shared = here.channel.last_message
    assert quotes(shared) == quotes(private)
    assert not (await here.member.click(shared, custom_id=button_id(shared, "next"))).ephemeral


async def test_passages_that_were_shown_are_not_shown_again(here: Place, simcord_env: Env):
    shown, seen = await ask(here, simcord_env, TREATY), set()
    for _ in range(6):
        shown = await ask(here, simcord_env, "tell me more", shown)
        if "no further quotes" in text_of(shown):
            titles = {line for line in text_of(shown).splitlines() if "](<" in line}
            assert not seen & titles
            seen |= titles
    assert seen


@pytest.mark.usefixtures("with_next_questions")
async def test_a_private_answers_next_questions_stay_private(here: Place):
    shown = (await here.slash("ask", question=SINKING, private=True)).response
    assert (await here.member.click(shown, custom_id=button_id(shown, "next"))).ephemeral


async def test_a_correction_names_the_other_and_a_misspelt_question_is_read(here: Place, simcord_env: Env):
    first = await ask(here, simcord_env, ELECTION)
    told = text_of(await ask(here, simcord_env, "wen does she take office", first))
    assert "Understood as: When does Ilse Brandt take office?" in told
    assert "12 June" in told


@pytest.mark.parametrize(("said", "told"), [("hello!", "Hello! Ask me something"), ("help", "How to ask me")])
async def test_small_talk_in_ask_is_no_question(here: Place, simcord_env: Env, said: str, told: str):
    assert told in text_of((await here.slash("ask", question=said)).response)
    stored = await simcord_env.bot.records.run(lambda db: db.execute("SELECT count(*) FROM asked").fetchone())
    assert stored == (0,)
