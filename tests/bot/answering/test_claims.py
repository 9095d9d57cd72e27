"""What merely says it is from somebody: shown as that, without facts, and no source beside the genuine one."""

import pytest
from rich.console import Console

from bot.answering.answer import Citation, Evidence, Quote, Stance, Verdict
from bot.answering.citation import cite
from bot.answering.independence import sources_of
from bot.discord.i18n.phrases import Phrases
from bot.discord.views.escape import quote_block, source_line
from bot.render.answer_words import headline_words
from bot.render.formatters import source_name
from bot.render.terminal import show_article
from corpus.article import Article, ArticleFacts, PublisherBasis
from corpus.publishers.directory import Publishers
from tests.discord.made_answers import answer

TABLE = Publishers(None)
OWN, CATS = "https://www.tass.com/quay/1", "https://cats.example/1"


def facts(number: int, publisher: str | None, url: str | None, served_by: str | None, basis: str) -> ArticleFacts:
    """Return an article with what is stored of its publisher."""
    return ArticleFacts(
        number, "shared", url, None, "Quay", publisher, None, "2024-01-01", "en", "", "2024-01-02T00:00:00Z", "x",
        publisher_basis=PublisherBasis(basis), served_by=served_by,
    )  # fmt: skip


REAL = facts(1, "TASS", OWN, "tass.com", "served")
CLAIM = facts(2, "TASS", OWN, "cats.example", "claimed")
CAT = facts(3, "Cat pictures", CATS, "cats.example", "served")
FILE = facts(4, "Quay Courier", None, None, "vouched")
UPLOAD = facts(5, "Quay Courier", None, None, "claimed")
BORROWER = facts(6, "Quay Courier", CATS, "dogs.example", "served")
EXCERPT = facts(7, "Cat pictures", OWN, "cats.example", "served")


def evidence(article: ArticleFacts) -> Evidence:
    """Return a quote that denies something."""
    return Evidence(Quote(article.id, 1, 0, 4, "No."), cite(article, "No.", TABLE), 1.0, stance=Stance.DENIES)


def test_a_claim_has_no_facts_beside_it_and_says_so_everywhere() -> None:
    citation = cite(CLAIM, "", TABLE)
    assert (citation.country, citation.kind, citation.state_controlled) == (None, None, None)
    assert source_name(citation) == "says it is from TASS (carried by cats.example)"
    assert "says it is from TASS, carried by cats.example · " in source_line(citation, Phrases("en"))
    assert "gibt an, von TASS zu sein" in source_line(citation, Phrases("de"))
    assert "says it is from TASS" in headline_words(answer(Verdict.NO, evidence(CLAIM)))
    assert "**TASS**" not in quote_block(evidence(CLAIM), Phrases("en"))
    assert source_name(cite(REAL, "", TABLE)) == "TASS (Russia, state-controlled agency)"


def test_a_link_to_another_site_gives_no_facts_of_that_site() -> None:
    citation = cite(EXCERPT, "", TABLE)
    assert (citation.publisher, citation.country, citation.carried_by) == ("Cat pictures", None, "cats.example")


@pytest.mark.parametrize(
    ("articles", "count"),
    [
        ([REAL, CLAIM], 1),
        ([CLAIM], 1),
        ([REAL, CAT, FILE], 3),
        ([FILE, UPLOAD, BORROWER], 1),
        ([UPLOAD, facts(8, "Another", None, None, "claimed")], 1),
        ([CAT, facts(8, "Other pictures", CATS, "cats.example", "served")], 1),
        ([REAL, facts(8, "TASS World", OWN, "tass.com", "served")], 1),
    ],
)
def test_a_claim_is_no_source_beside_others(articles: list[ArticleFacts], count: int) -> None:
    assert len(set(sources_of(articles, TABLE).values())) == count


def test_a_date_in_the_future_is_told() -> None:
    article = Article(
        1, "shared", None, None, "Quay", "Quay Courier", None, None, "en", "", "2024-01-02T00:00:00Z", "x", "Text.",
        is_dated_ahead=True,
    )  # fmt: skip
    console = Console(record=True, width=200)
    show_article(console, article, [], [])
    assert "Quay Courier · states a date in the future" in console.export_text()
    citation: Citation = cite(article, "", TABLE)
    assert "states a date in the future" in source_line(citation, Phrases("en"))
