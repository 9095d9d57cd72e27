"""What a reader sees on the page: search, answer, timeline, stories, articles, edits, tables."""

import asyncio
import json
import re
from pathlib import Path

import pytest

pytest.importorskip("datasette", reason="the page needs the extra attache[web]")

from bot.service.ingest import ingest, remove_article
from bot.settings import Settings
from corpus.ingest import IngestOptions
from tests.bot.web.harness import HOSTILE, SERVER, Opened, search_path
from tests.fakes import HashingEmbedder


def readable(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", html))


async def test_the_first_page_tells_what_is_here_and_lists_the_latest_articles(opened: Opened) -> None:
    page = await (await opened()).get("/")
    assert page.status == 200
    assert "5 articles from 3 publishers, 1 March 2024 to 30 May 2024." in readable(page.text)
    assert page.text.index("Harbour {{ 7*7 }} closes") < page.text.index("Wolves return to the Marn valley")


async def test_a_search_shows_passages_word_for_word_that_open_in_their_article(opened: Opened) -> None:
    browser = await opened()
    page = await browser.get(search_path("search", "Velden bridge pillars"))
    assert "Engineers had reported cracks in two pillars of the bridge last month." in page.text
    path, anchor = re.findall(r'href="(/article/\d+)(#p\d+)"', page.text)[0]
    article = await browser.get(path)
    assert f'id="{anchor[1:]}"' in article.text
    assert "the cracks were harmless" in article.text
    assert 'href="https://example.org/bridge"' in article.text


async def test_a_search_can_be_narrowed_and_says_so(opened: Opened) -> None:
    page = await (await opened()).get("/search?q=harbour+boat&since=2024-05&publisher=Harbour+Herald")
    assert "No passages found" in readable(page.text)
    assert "only Harbour Herald" in readable(page.text)


async def test_an_answer_has_its_headline_and_quotes_and_a_refusal_none(opened: Opened) -> None:
    browser = await opened()
    answer = await browser.get(search_path("answer", "Did the minister deny that the Velden bridge is unsafe?"))
    assert "“Transport minister Oskar Brandt denied on Tuesday that the Velden bridge is unsafe.”" in answer.text
    refusal = await browser.get(search_path("answer", "Who won the chess championship of Dunlow?"))
    assert "I found nothing in my articles that answers this." in refusal.text
    assert "<blockquote" not in refusal.text


async def test_a_question_about_the_page_itself_is_told_what_it_asks(opened: Opened) -> None:
    browser = await opened()
    sources = readable((await browser.get(search_path("answer", "where do you get your news from?"))).text)
    assert "I only know the articles that I was given" in sources
    assert "Harbour Herald" in sources
    news = (await browser.get(search_path("answer", "what's new?"))).text
    assert "What is new" in news
    assert "<svg" not in news.replace("&lt;svg", "")
    assert "Ferry line to Ostrava Island reopens late" in news


async def test_a_timeline_lists_statements_by_day_and_draws_them_in_both_themes(opened: Opened) -> None:
    browser = await opened()
    words = "Did the minister deny that the Velden bridge is unsafe?"
    page = await browser.get(search_path("timeline", words))
    assert "10 April 2024" in page.text
    assert 'alt="Chart of ' in page.text
    for theme in ("light", "dark"):
        picture = await browser.get(search_path(f"timeline-{theme}.png", words))
        assert (picture.headers["content-type"], picture.body[:4]) == ("image/png", b"\x89PNG")


async def test_a_page_about_somebody_has_who_reports_it_and_an_unknown_name_none(opened: Opened) -> None:
    browser = await opened()
    page = await browser.get(search_path("about", "Oskar Brandt"))
    assert "<h1><bdi>Oskar Brandt</bdi></h1>" in page.text
    assert re.search(r'href="/search\?q=Oskar\+Brandt&amp;publisher=Valley\+Times"', page.text)
    assert "No article names" in (await browser.get(search_path("about", "Wu Quellia"))).text


async def test_names_of_an_article_lead_to_pages_and_every_name_of_a_country_to_one(
    web_data: Path, opened: Opened, tmp_path: Path
) -> None:
    articles = [
        {
            "id": f"tanker-{number}",
            "title": f"{who} talks of a tanker",
            "publisher": "Harbour Herald",
            "published_at": f"2024-06-0{number}",
            "body": f"{who} denied on Monday that a tanker of the Iranian navy had left Tehran for Nairobi.",
        }
        for number, who in ((1, "Vladimir Putin"), (2, "Putin"))
    ]
    path = tmp_path / "tankers.jsonl"
    path.write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
    settings = Settings.load(env_file=None, data_dir=web_data)
    ingest(settings, HashingEmbedder(), [path], IngestOptions())
    browser = await opened()
    found = json.loads((await browser.get("/tables/articles.json?published=2024-06-01&_shape=array")).body)[0]
    article = await browser.get(f"/article/{found['article']}")
    names = re.findall(r'href="(/about\?q=[^"]*)"', article.text)
    assert names == ["/about?q=Vladimir%20Putin", "/about?q=Iran", "/about?q=Kenya"]
    pages = [await browser.get(path) for path in (names[1], "/about?q=Tehran", "/about?q=IRANIANS")]
    assert ["<h1><bdi>Iran</bdi></h1>" in page.text for page in pages] == [True] * 3


async def test_an_edit_shows_which_words_went_and_came(opened: Opened) -> None:
    browser = await opened()
    found = json.loads((await browser.get("/tables/articles.json?former_texts__gt=0&_shape=array")).body)
    page = await browser.get(f"/article/{found[0]['article']}/edits")
    assert re.search(r"<del>.{0,60}ninety</del>", page.text)
    assert re.search(r"<ins>.{0,60}sixty</ins>", page.text)
    assert re.search(r"<ins>.{0,60}late</ins>", page.text)
    assert "Tickets cost twice as much as before" in page.text


async def test_tables_can_be_filtered_and_open_articles(opened: Opened) -> None:
    browser = await opened()
    page = await browser.get("/tables/articles?publisher=Valley+Times&_sort=published")
    assert "2 rows where publisher" in readable(page.text)
    assert page.text.index("Minister denies") < page.text.index("Wolves return")
    assert re.search(r'<a href="/article/\d+"><bdi>Wolves return', page.text)
    publishers = json.loads((await browser.get("/tables/publishers.json?_shape=array")).body)
    assert (publishers[0]["publisher"], publishers[0]["articles"]) == ("Harbour Herald", 2)


async def test_admins_see_feeds_in_trouble_and_unanswered_questions_where_asked_for(opened: Opened) -> None:
    browser = await opened(feeds=True, servers=(SERVER,))
    feeds = readable((await browser.get("/tables/feeds_in_trouble")).text)
    assert "Feed 1 of shared" in feeds
    assert "feeds.example answered 404" in feeds
    questions = readable((await browser.get("/tables/unanswered_questions")).text)
    assert "who owns the lighthouse" in questions
    assert "the other server" not in questions


async def test_what_came_in_later_is_in_the_tables_after_a_minute(opened: Opened, web_data: Path) -> None:
    now = [0.0]
    browser = await opened(clock=lambda: now[0])
    remove_article(Settings.load(env_file=None, data_dir=web_data), HashingEmbedder(), 1)
    assert b'"article": 1,' in (await browser.get("/tables/articles.json?_shape=array")).body
    now[0] = 61.0
    for _ in range(200):
        if b'"article": 1,' not in (await browser.get("/tables/articles.json?_shape=array")).body:
            break
        await asyncio.sleep(0.02)
    else:
        pytest.fail("the removed article is still in the tables")


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/article/999999999999999999", 404, "There is no article with this number here."),
        ("/story/77", 404, "There is no story with this number here."),
        ("/article/2/edits", 404, "No edit of an article with this number is known here."),
        ("/search?q=%21%21%21", 400, "question"),
        ("/search?q=" + "a" * 1001, 400, "longer than"),
        ("/about?q=" + "Iran" * 30, 400, "at most 80 characters"),
        ("/about?q=%3F%21", 400, "Use letters or digits."),
        ("/about?q=%00%E2%80%AE", 400, "is empty"),
        ("/about?q=%3Cscript%3Ealert(1)%3C/zzz%3E", 404, "No article names “&lt;script&gt;alert(1)&lt;/zzz&gt;”."),
        ("/about/iran", 404, "There is no such page."),
        ("/search?q=boat&since=someday", 400, "someday"),
        ("/stories?since=99999-01-01", 400, "99999-01-01"),
        ("/search?q=%FF%FE%00", 400, ""),
        ("/timeline-dark.png?q=chess+championship", 404, "no picture"),
        # Datasette reads these values of an address unchecked.
        ("/tables/articles?article__in=%5B", 400, "Part of this address is unreadable."),
        ("/tables/articles.json?article__in=%5B%7B%7D%5D", 400, "Part of this address is unreadable."),
        ("/tables/articles?article__gt=" + "9" * 30, 400, "Part of this address is unreadable."),
        ("/tables/articles?_through=%7B%7D", 400, "Part of this address is unreadable."),
        ("/tables/articles?_timelimit=x", 400, "Part of this address is unreadable."),
        ("/nowhere", 404, "There is no such page."),
    ],
)
async def test_what_cannot_be_shown_is_told_in_a_sentence(
    opened: Opened, path: str, status: int, sentence: str
) -> None:
    page = await (await opened()).get(path)
    assert (page.status, sentence in page.text) == (status, True)
    assert "Traceback" not in page.text


async def test_hostile_articles_are_shown_as_text(opened: Opened) -> None:
    browser = await opened()
    found = json.loads((await browser.get("/tables/articles.json?published=2024-05-30&_shape=array")).body)[0]
    paths = [
        "/",
        search_path("search", "harbour closes captain"),
        search_path("answer", "When does the harbour close?"),
        search_path("timeline", "Did the captain deny that the harbour would reopen?"),
        f"/article/{found['article']}",
        "/tables/articles",
        "/tables/publishers",
        "/tables/articles?_facet=publisher&publisher=" + HOSTILE["publisher"].replace(" ", "+").replace("<", "%3C"),
        search_path("search", "<script>alert(3)</script>"),
        search_path("about", "captain"),
        search_path("about", "Harbour"),
    ]
    for path in paths:
        page = await browser.get(path)
        assert page.status == 200, path
        assert not re.search(r"<(?:script|svg|img src=x|b>)", page.text), path
        assert "49 closes" not in page.text, path
    shown = (await browser.get(paths[4])).text
    assert "&lt;script&gt;document.title=&#39;owned&#39;&lt;/script&gt;" in shown
