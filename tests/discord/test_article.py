"""What members see of `/article`: what it states, who cited it, and what was edited."""

import re
from datetime import UTC, datetime

import pytest
from simcord.env import Env

from bot.answering.cited_places import QuotedPlace
from bot.records.asked import AskedQuestion, new_token, save
from corpus.passages import text_hash
from tests.discord.places import QUESTION, Place, button_id_after, several
from tests.discord.screen import labels_of, text_of


async def test_an_article_shows_what_it_states_and_links_to_it(here: Place, add_articles):
    add_articles({**several(1)[0], "author": "Ada Quill", "title": "Granite prices rise"})
    text = await here.read("article", title="granite prices")
    assert "[Granite prices rise](<https://quarry.example/0>)" in text
    assert "Quarry Post · <t:" in text
    assert "Ada Quill" in text
    assert "One searchable passage" in text
    assert "earlier" not in text
    assert "No public answer" in text


async def test_an_article_begins_with_its_first_sentences_and_says_what_is_known_of_its_publisher(
    here: Place, add_articles
):
    add_articles({**several(1)[0], "publisher": "TASS", "url": "https://tass.com/economy/1"})
    text = await here.read("article", title="quarry report")
    assert "\n> The quarry of Stonefield sold 0 blocks of granite. Report 0 of the quarry says so.\n" in text
    assert "TASS (Russia, state-controlled agency) · <t:" in text


async def test_an_article_that_was_changed_says_so(here: Place, add_articles):
    add_articles(several(1)[0])
    add_articles({**several(1)[0], "body": "The quarry of Stonefield sold nothing at all, it now says."})
    assert "One earlier version" in await here.read("article", title="quarry report")


async def test_an_article_is_found_by_number_by_exact_title_and_by_the_nearest_title(here: Place, add_articles):
    add_articles(
        {**several(1)[0], "title": "Bridge opens", "url": "https://a.example/1", "published_at": "2024-01-01"},
        {**several(1)[0], "title": "Bridge opens again", "url": "https://a.example/2", "published_at": "2025-01-01"},
    )
    assert "(<https://a.example/1>)" in await here.read("article", title="bridge  OPENS")
    number = re.search(r"no\. (\d+)", await here.read("article", title="bridge opens again"))[1]
    for typed in (number, f"#{number}", f"no. {number}"):
        assert "(<https://a.example/2>)" in await here.read("article", title=typed)
    nearest = await here.read("article", title="Arland denied the rockets of Borduria")
    assert "is the closest" in nearest
    assert "Arland denies sending rockets" in nearest


@pytest.mark.parametrize("title", ["zebra crossing", "🙂", "99999", "9" * 300, "%", "' OR 1 --", "**"])
async def test_an_article_that_is_unknown_is_told_in_a_sentence(here: Place, title: str):
    assert "I have no article" in await here.read("article", title=title)


async def test_titles_are_offered_and_what_is_chosen_is_shown(here: Place):
    [choice] = await here.member.autocomplete(here.channel, "article", "title", "borduria rock")
    assert choice["name"].startswith("Arland denies sending rockets to Borduria")
    assert "news.example/arland-rockets" in await here.read("article", title=choice["value"])


async def test_an_article_shows_what_public_answers_of_this_server_cited(here: Place, there: Place):
    await there.slash("ask", question=QUESTION)
    await here.slash("ask", question=QUESTION, private=True)
    assert "No public answer" in await here.read("article", title="arland rockets")
    await here.slash("ask", question=QUESTION)
    await here.slash("ask", question=QUESTION)
    text = await here.read("article", title="arland rockets")
    assert "cited in 2 answers" in text
    assert "“Arland's defence ministry denied on 5 March 2024" in text
    assert "No public answer" in text_of((await here.member.user.slash("article", title="arland rockets")).response)


async def test_an_article_is_read_by_page_and_links_the_answers_that_cite_it(here: Place, there: Place, add_articles):
    body = "\n\n".join(f"Mason {number} of the quarry cut granite. {'He cut more of it. ' * 60}" for number in range(6))
    add_articles({**several(1)[0], "body": body})
    shown = (await here.slash("article", title="quarry report")).response
    await here.member.click(shown, label="Read on")
    seen = text_of(shown)
    assert "Mason 0" in seen
    await here.member.click(shown, custom_id=button_id_after(shown, "passages"))
    assert text_of(shown) != seen
    await here.member.click(shown, label="Back to the article")
    assert "No public answer" in text_of(shown)
    await here.slash("ask", question=QUESTION)
    answer = here.channel.last_message
    link = f"https://discord.com/channels/{here.guild.id}/{here.channel.id}/{answer.id}"
    assert f"that cite it: [1](<{link}>)" in await here.read("article", title="arland rockets")
    assert "that cite it" not in await there.read("article", title="arland rockets")


async def test_cited_passages_fill_pages_that_are_turned_after_a_restart_until_the_article_is_hidden(
    here: Place, simcord_env: Env, add_articles, fresh_bot
):
    sentences = [f"Mason {number} of the quarry cut {number} blocks of granite." for number in range(10, 18)]
    add_articles({**several(1)[0], "body": " ".join(sentences)})
    number = int(re.search(r"no\. (\d+)", await here.read("article", title="quarry report"))[1])
    await simcord_env.bot.records.run(lambda db: save(db, public_answer(here, number, sentences)))
    shown = (await here.slash("article", title="quarry report")).response
    seen = text_of(shown)
    await simcord_env.restart_bot(fresh_bot())
    for _ in range(2):
        await here.member.click(shown, custom_id=button_id_after(shown, "article"))
        assert "[Quarry report number 0]" in text_of(shown)
        seen += text_of(shown)
    assert all(f"“{sentence}”" in seen for sentence in sentences)
    await simcord_env.bot.settings_cache.set(here.guild.id, "hidden_publishers", "Quarry Post")
    await here.member.click(shown, label="◀")
    assert "no longer here" in text_of(shown)
    assert "granite" not in text_of(shown)


async def test_a_cited_passage_that_was_changed_since_is_not_shown(here: Place, add_articles):
    await here.slash("ask", question=QUESTION)
    add_articles(
        {
            "title": "Arland denies sending rockets to Borduria",
            "url": "https://news.example/arland-rockets",
            "publisher": "The Example Courier",
            "body": "Corrected: Arland's defence ministry said nothing at all about rockets or about Borduria.",
        }
    )
    text = await here.read("article", title="arland rockets")
    assert "denied on 5 March" not in text
    assert "One earlier version" in text


async def test_an_article_in_another_language_says_that_it_is_not_judged(here: Place, add_articles):
    body = "Das Ministerium wies den Bericht am Montag zurück und erklärte, die Gespräche gingen weiter."
    add_articles(
        {"title": "Ministerium widerspricht", "url": "https://blatt.example/1", "body": body, "language": "en"}
    )
    text = await here.read("article", title="ministerium")
    assert "Language: German; found and quoted, but not used to decide yes or no" in text


async def test_the_edits_of_an_article_are_shown_by_button_and_only_where_it_may_be_read(
    here: Place, there: Place, simcord_env: Env, add_articles, fresh_bot
):
    first = several(1)[0]
    for body in (
        "Bo will cut 2*3 of it. @everyone knew.",
        "Bo may cut 2*3 of it. @everyone knew.",
        "Nobody ever spoke again.",
    ):
        add_articles({**first, "body": body}, collection=here.collection)
    shown = (await here.slash("article", title="quarry report")).response
    assert labels_of(shown)[-1] == "2 edits"
    await simcord_env.restart_bot(fresh_bot())
    await here.member.click(shown, custom_id=button_id_after(shown, "edits"))
    assert "A sentence was added: “Nobody ever spoke again.”" in text_of(shown)
    await here.member.click(shown, custom_id=button_id_after(shown, "edits"))
    text = text_of(shown)
    assert "“will” became “may” in: “Bo may cut 2\\*3 of it.”" in text
    assert "A silent edit" in text
    assert re.search(r"Seen <t:\d+:f>:", text)
    assert "@everyone" not in text
    await here.member.click(shown, label="Back to the article")
    assert "2 earlier versions" in text_of(shown)
    await here.member.click(shown, label="2 edits")
    await simcord_env.bot.settings_cache.set(here.guild.id, "hidden_publishers", "Quarry Post")
    await here.member.click(shown, custom_id=button_id_after(shown, "edits"))
    assert "no longer here" in text_of(shown)


def public_answer(place: Place, article_id: int, sentences: list[str]) -> AskedQuestion:
    """An answer that everybody in a server could read, which quoted the sentences of an article's body."""
    body = " ".join(sentences)
    cited = tuple(
        QuotedPlace(article_id, 0, body.index(each), body.index(each) + len(each), text_hash(each))
        for each in sentences
    )
    nothing = {"message_id": None, "since": None, "until": None, "publishers": (), "verdict": "open", "headline": ""}
    return AskedQuestion(
        token=new_token(),
        kind="answer",
        user_id=1,
        server_id=place.guild.id,
        channel_id=place.channel.id,
        question="Who cut granite?",
        original="Who cut granite?",
        private=False,
        asked_at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        cited=cited,
        **nothing,
    )
