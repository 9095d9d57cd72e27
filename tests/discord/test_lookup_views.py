"""Pages of articles, passages, publishers and counts: whatever is stated, they fit a message and cut no source."""

import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.answer import Citation, Evidence, Quote, Stance
from bot.answering.copy_groups import CollapsedHits
from bot.discord.i18n.phrases import phrases_in
from bot.discord.transport.page import LONGEST_CONTENT, LONGEST_LAYOUT
from bot.discord.views.articles import ArticleOpening, CitedIn, CitedPassage, article_page
from bot.discord.views.escape import escape, quote_block
from bot.discord.views.hits import hits_page, quotes_page, sources_page
from bot.discord.views.lists import paginate
from bot.discord.views.places import publishers_page, status_page
from bot.service.lookups import ArticleCard, CorpusCounts
from corpus.article import ArticleFacts, Passage
from corpus.catalog import PublisherFacts
from corpus.publishers.directory import Publishers
from index.search.retriever import Hit

ENGLISH = phrases_in("en")
NASTY = (
    st.text(st.sampled_from("a b*_|<>@~`[]()#:/\u202e\u0301🙂é.\n"), max_size=20).map(lambda text: text * 40)
    | st.text()
)


def test_pages_hold_every_line_once_and_keep_to_their_room():
    lines = [f"{number:03}" + "x" * (number * 37 % 300) for number in range(100)]
    pages = paginate(lines, 500, most=7)
    assert [line for page in pages for line in page] == lines
    assert all(len(page) <= 7 and len("\n".join(page)) <= 500 for page in pages)
    assert paginate([]) == [[]]


def test_no_page_is_longer_than_a_message_whatever_articles_state():
    nasty = "*" * 700
    facts = ArticleFacts(
        7, "shared", f"https://x.example/{'a' * 550}", None, nasty, nasty, nasty, "2024-01-01", nasty, "", "", "x"
    )
    link = f"https://x.example/{'b' * 580}"
    citation = Citation(nasty, nasty, nasty, "2024-01-01", link, link, "x", "shared", is_own_brief=False)
    cited = [
        CitedPassage(Evidence(Quote(7, 1, 0, length, "_" * length), citation, 0.0), 3)
        for length in (90, 140, 420, 9000)
    ]
    card, opening = ArticleCard(facts, 5, 2, [facts] * 9), ArticleOpening("", Publishers(None))
    publishers = [PublisherFacts(nasty, 1000 + number, "2020-01-01", "2024-01-01") for number in range(50)]
    for language in ("en", "de"):
        phrases = phrases_in(language)
        pages = [
            *(article_page(card, opening, CitedIn(cited, []), page, "~" * 300, phrases) for page in range(6)),
            *(publishers_page(publishers, Publishers(None), page, "publishers", phrases) for page in range(9)),
            status_page(CorpusCounts(9, 9, 9, 9, "2020-01-01", "2024-01-01"), nasty, "2024-01-01T00:00:00Z", phrases),
        ]
        for page in pages:
            assert len("\n\n".join(page.blocks)) <= LONGEST_CONTENT
        shown = "\n".join("\n".join(page.blocks) for page in pages[:6])
        assert [length for length in (90, 140, 420, 9000) if "“" + "\\_" * length + "”" in shown] == [90, 140, 420]


@settings(max_examples=30)
@given(st.lists(st.tuples(NASTY, NASTY, NASTY, st.integers(0, 620)), min_size=4, max_size=4), NASTY)
def test_no_page_of_passages_is_too_long_and_every_source_is_whole(made: list[tuple[str, str, str, int]], query: str):
    hits = [
        Hit(
            Passage(number, number, 0, 0, len(text), text, ""),
            ArticleFacts(
                number,
                "shared",
                f"https://x.example/{'a' * length}",
                None,
                title,
                publisher,
                None,
                None,
                None,
                "",
                "",
                "",
            ),
            *(1.0, 1.0, 1.0),
        )
        for number, (text, title, publisher, length) in enumerate(made, 1000)
    ]
    page = hits_page(
        escape(query[:150]),
        CollapsedHits(hits, {1001: (hits[0].article,) * 9}, {}),
        0,
        3,
        ("search", "x" * 16),
        "-# foot",
        ENGLISH,
        Publishers(None),
    )
    assert sum(map(len, page.blocks)) <= LONGEST_LAYOUT
    assert len(page.plain) <= LONGEST_CONTENT
    assert [f"no. {number}" for number in range(1000, 1004)] == re.findall(r"no\. \d+", "\n".join(page.blocks[1:]))
    assert all(
        re.search(r"no\. \d+(\n-# Also in: .+)?$", block)
        for block in page.plain.split("\n\n")[1:]
        if not block.endswith("-# foot")
    )


@settings(max_examples=30)
@given(st.lists(st.tuples(NASTY, NASTY, st.integers(0, 620)), max_size=6))
def test_no_page_of_quotes_or_sources_is_too_long(made: list[tuple[str, str, int]]):
    evidence = []
    for number, (text, title, length) in enumerate(made):
        url = f"https://x.example/{'a' * length}"
        citation = Citation(title, title, title, "2024-01-01", url, url, "x", "shared", is_own_brief=False)
        evidence.append(Evidence(Quote(number, 1, 0, len(text), text), citation, 0.0))
    pages = [quotes_page(evidence, page, ("quotes", "x" * 16), 2, ENGLISH) for page in range(len(made) + 1)]
    for page in (
        *pages,
        *(sources_page(evidence, page, ("sources", "x" * 16), 2, ENGLISH) for page in range(len(made) + 1)),
    ):
        assert len(page.content()) <= LONGEST_CONTENT
        assert page.layout().content_length() <= LONGEST_LAYOUT
    shown = "\n".join("\n".join(page.blocks) for page in pages)
    assert all(f"“{escape(text)}”" in shown or len(escape(text)) > 600 for text, _, _ in made)


def test_long_links_take_no_room_from_quotes():
    url = f"https://news.example/{'a' * 400}"
    citation = Citation("Title", "Herald", "Ada", "2024-01-01", url, url, "x", "shared", is_own_brief=False)
    made = [Evidence(Quote(number, 1, 0, 90, f"{number} " * 45), citation, 0.0) for number in range(3)]
    page = quotes_page(made, 0, ("quotes", "x"), 0, ENGLISH)
    assert sum(block.startswith("> “") and url in block for block in page.blocks) == 3
    # Plain text holds half as much: there the quotes stay, and the links give way.
    assert page.content().count("> “") == 3


def test_the_status_without_an_index_says_so():
    page = status_page(CorpusCounts(0, 0, 0, 0, None, None), "m", None, ENGLISH)
    assert "not built" in "\n".join(page.blocks)
    assert "<t:" not in "\n".join(page.blocks)


def unnamed(number: int, publisher: str | None) -> Evidence:
    origin = f"/srv/news/report-{number}.txt"
    citation = Citation(None, publisher, None, None, None, None, origin, "shared", is_own_brief=False)
    return Evidence(Quote(number, number, 0, 9, "They met."), citation, 1.0)


def test_articles_without_title_and_publisher_are_named_after_their_file_and_told_of_once():
    for language in ("en", "de"):
        phrases = phrases_in(language)
        for make in (quotes_page, sources_page):
            page = make([unnamed(1, None), unnamed(2, None), unnamed(3, "Herald")], 0, ("quotes", "x"), 0, phrases)
            shown = "\n".join(page.blocks)
            assert "report-1.txt" in shown
            assert "/srv" not in shown
            assert shown.count(phrases.say("publisher-unknown")) == 1
            assert phrases.say("untitled") not in shown
            assert " · ·" not in shown


def test_a_stance_without_speaker_and_publisher_is_the_articles():
    block = quote_block(replace(unnamed(1, None), stance=Stance.DENIES), ENGLISH)
    assert "✗ denied by the article" in block
