"""What `python -m evals bench ingest` makes and measures."""

from itertools import islice

from corpus.formats.web_page import parse_page
from evals.speed.made_news import PAGE_CHARACTERS, made_articles, made_page
from tests.bot.conftest import Attache


def test_made_news_is_always_the_same_and_reads_like_news() -> None:
    articles = list(islice(made_articles(), 40))
    assert articles == list(islice(made_articles(), 40))
    assert articles != list(islice(made_articles(seed=2), 40))
    lengths = sorted(len(article.record()["body"].split()) for article in articles)
    assert 400 < lengths[20] < 900
    assert lengths[0] >= 80


def test_the_article_of_a_made_page_is_found_in_all_that_surrounds_it() -> None:
    for article in islice(made_articles(), 2):
        page = made_page(article)
        assert 0.9 * PAGE_CHARACTERS < len(page) < 1.5 * PAGE_CHARACTERS
        draft = parse_page(page.encode())
        assert draft.body.split() == article.record()["body"].split()
        assert (draft.title, draft.author, draft.url) == (article.title, article.author, article.url)
        assert draft.published_at == article.published_at


def test_bench_ingest_tells_rates_stages_and_memory(evals: Attache) -> None:
    ended = evals("bench", "ingest", "--articles", 10, "--pages", 2, "--rounds", 2, "--json")
    figures = ended.json
    assert figures["kind"] == "bench_ingest"
    for kind, count in (("articles", 10), ("pages", 2)):
        found = figures[kind]
        assert (found["articles"], found["rounds"]) == (count, 2)
        assert 0 < found["per_s"]["least"] <= found["per_s"]["median"] <= found["per_s"]["most"]
        assert list(found["stages_ms"]) == ["reading", "cleaning", "signing", "cutting", "storing"]
        assert found["stages_ms"]["reading"]["median"] > 0
        assert 10 < found["peak_mb"] < 5_000
    shown = evals("bench", "ingest", "--articles", 1, "--pages", 1, "--rounds", 1).out
    assert "a second, without signing" in shown
