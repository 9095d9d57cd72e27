"""What members see of answers with a verdict: disputed ones, refusals, and their buttons."""

from collections.abc import Callable
from pathlib import Path

import pytest
from simcord.env import Env

from bot.discord.bot import AttacheBot
from bot.discord.process import make_bot
from bot.service.attache import Attache
from bot.settings import Settings
from index.embedding.embedder import packaged_embedder
from tests.discord.made_answers import made_attache
from tests.discord.places import Place
from tests.discord.screen import button_id, labels_of, text_of

pytestmark = pytest.mark.simcord(settle_timeout=60)

TANKER = "Did Kurland sink the tanker Marisol?"
LONG = "the-navy-of-vestria-accuses-kurland-of-the-tanker-" * 4
FIELDS = {"published_at": "2024-05-01"}
ARTICLES = [
    {
        "title": "Vestria accuses Kurland over the tanker", "publisher": "TASS", "url": f"https://tass.com/world/{LONG}1",
        "body": "Vestria's navy claimed on Monday that Kurland sank the tanker Marisol off Port Salis.", **FIELDS,
    },
    {
        "title": "Kurland rejects the charge", "publisher": "Salis Herald", "url": f"https://salis.example/{LONG}2",
        "body": "Kurland's defence ministry denied on Tuesday that it had sunk the tanker Marisol.", **FIELDS,
    },
    {
        "title": "Divers look for the tanker", "publisher": "Salis Herald", "url": f"https://salis.example/{LONG}3",
        "body": "Divers have found the bow of the tanker Marisol ninety metres deep near Port Salis.", **FIELDS,
    },
    {
        "title": "Owner of the Marisol mourns", "publisher": "Quarry Post", "url": f"https://quarry.example/{LONG}4",
        "body": "The owner of the tanker Marisol named the nine sailors who drowned off Port Salis.", **FIELDS,
    },
]  # fmt: skip


@pytest.fixture
def attache(tmp_path: Path) -> Attache:
    """A service over the articles about the tanker."""
    return made_attache(Settings.load(None, data_dir=tmp_path / "data"), ARTICLES)


@pytest.fixture
def fresh_made_bot(attache: Attache) -> Callable[[], AttacheBot]:
    """Makes the bot as another process would."""

    def make() -> AttacheBot:
        service = Attache(attache.settings, embedder=packaged_embedder())
        return make_bot(attache.settings, service, shard_count=1)

    return make


async def press(here: Place, message, verb: str):
    return await here.member.click(message, custom_id=button_id(message, verb))


async def test_a_disputed_answer_shows_both_sides_however_long_its_links(here: Place):
    shown = (await here.slash("ask", question=TANKER)).response
    text = text_of(shown)
    assert text.startswith("### Disputed: yes according to ")
    assert "Kurland sank the tanker" in text
    assert "denied on Tuesday" in text
    assert text.count("](<https://") == 2
    assert "TASS (Russia, state-controlled agency)" in text


@pytest.mark.usefixtures("in_german")
async def test_a_verdict_is_told_in_german(here: Place, simcord_env: Env):
    await simcord_env.bot.settings_cache.set(here.guild.id, "language", "de")
    text = text_of((await here.slash("ask", question=TANKER)).response)
    assert text.startswith("### Umstritten: ja laut ")
    assert "; nein laut " in text
    assert "-# Stand: <t:" in text


async def test_all_quotes_keep_speaker_stance_and_marks_also_after_a_restart(
    here: Place, simcord_env: Env, attache: Attache, fresh_made_bot
):
    shown = (await here.slash("ask", question=TANKER)).response
    before = text_of((await press(here, shown, "quotes")).response)
    assert "denied by" in before
    assert "according to" in before
    assert "(Russia, state-controlled agency)" in before
    await simcord_env.restart_bot(fresh_made_bot())
    assert text_of((await press(here, shown, "quotes")).response) == before


async def test_more_like_this_searches_with_the_question_and_all_quotes(
    here: Place, attache: Attache, monkeypatch: pytest.MonkeyPatch
):
    shown = (await here.slash("ask", question=TANKER)).response
    searched: list[str] = []
    search = attache.search
    monkeypatch.setattr(attache, "search", lambda query, *given: searched.append(query) or search(query, *given))
    text = text_of((await press(here, shown, "more")).response)
    assert "Divers have found the bow" in text
    assert "Kurland rejects the charge" not in text
    (query,) = searched
    assert all(part in query for part in (TANKER, "claimed on Monday", "denied on Tuesday"))


async def test_a_refusal_names_the_closest_articles_and_searches_on_request(here: Place):
    shown = (await here.slash("ask", question="Who won the sailing regatta in the port of Salis?")).response
    text = text_of(shown)
    assert text.startswith("### I found nothing that answers this; closest articles:\n")
    assert 2 <= text.count("](<https://") <= 3
    assert "> “" not in text
    assert labels_of(shown) == ["Search for this", "🔔 Watch", "👍", "👎", "🗑️"]
    found = await press(here, shown, "find")
    assert found.ephemeral
    assert "passages are near." in text_of(found.response)
    assert "Marisol" in text_of(found.response)


async def test_a_refusal_with_nothing_near_says_what_to_try(here: Place):
    shown = (await here.slash("ask", question="Quux zorble frobnicate?")).response
    text = text_of(shown)
    assert text.startswith("### I found nothing in my articles that answers this.")
    assert "Try other words" in text
    assert labels_of(shown) == ["🔔 Watch", "👍", "👎", "🗑️"]


async def test_without_filters_is_offered_only_where_a_filter_was_the_reason(here: Place):
    shown = (await here.slash("ask", question=TANKER, since="2025")).response
    assert "There is an answer without the filters." in text_of(shown)
    assert labels_of(shown)[0] == "Without filters"
    await here.member.click(shown, label="Without filters")
    assert "Disputed" in text_of(shown)
    other = (
        await here.slash("ask", question="Who won the sailing regatta in the port of Salis?", since="2025")
    ).response
    assert "Without filters" not in labels_of(other)


async def test_a_search_has_a_floor_and_counts_only_what_is_near(here: Place):
    near = await here.read("search", query="the tanker Marisol")
    assert "4 passages are near." in near
    assert "TASS (Russia, state-controlled agency)" in near
    assert "No passages found" in await here.read("search", query="zorble frobnicate quux")


async def test_a_checked_claim_that_is_not_covered_names_the_closest_articles(here: Place):
    claim = await here.member.send(here.channel, "The crew of the Marisol went on strike.")
    shown = (await here.member.context_menu(here.channel, "Check this claim", claim)).response
    assert "I found nothing that supports or contradicts this; closest articles:" in text_of(shown)
