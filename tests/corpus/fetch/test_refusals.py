"""Sites that misbehave are refused with the reason, in time, and leave nothing."""

import pytest
from sqlite_utils import Database

from corpus.article import Draft, Rejection
from corpus.errors import AttacheError, FetchFailed, UnreadableSource
from corpus.fetch.fetch_article import fetch_articles
from corpus.ingest import IngestOptions, ingest_paths
from tests.corpus.fetch.allowed import GOOD, assert_refusal, link, options
from tests.corpus.fetch.cases import SITES, redirect_for_ever
from tests.corpus.fetch.conftest import Fetch
from tests.web import Site, page, response


@pytest.mark.parametrize("name", SITES)
def test_what_is_no_whole_page_is_refused_with_the_reason(site: Site, db: Database, name: str) -> None:
    answer, reason = SITES[name]
    site.serve("/story", answer)
    site.routes["*"] = redirect_for_ever
    # Whoever does not play for time is refused for what he does, however busy the machine is.
    fetched = list(fetch_articles([link(site)], options(site, timeout_s=0.6 if "within" in reason else 10.0)))
    report = ingest_paths(db, (), IngestOptions(), fetched=fetched)
    [rejection] = report.rejected
    assert reason in rejection.reason
    assert rejection.origin == link(site)
    assert_refusal(AttacheError(rejection.reason, rejection.hint))
    assert rejection.hint
    assert db.execute("SELECT count(*) FROM articles").fetchone() == (0,)


def test_the_wait_that_a_site_asks_for_is_told(site: Site, fetch: Fetch) -> None:
    site.serve("/story", response(status="429 Too Many Requests", retry_after="120"))
    with pytest.raises(FetchFailed) as caught:
        fetch()
    assert caught.value.hint == "Try again in 120 seconds."


def test_one_bad_link_does_not_hold_up_the_others(site: Site, db: Database) -> None:
    site.serve("/story", response(GOOD))
    told: list[int] = []
    fetched = list(fetch_articles(["http://127.0.0.1/", link(site)], options(site), told.append))
    assert told == [1, 2]
    assert isinstance(fetched[0], Rejection)
    report = ingest_paths(db, (), IngestOptions(), fetched=fetched)
    assert (report.added, len(report.rejected)) == (1, 1)
    # The same page again, with another advert, is the same article.
    site.serve("/story", response(page(rest="<aside>Buy a boat!</aside>")))
    again = ingest_paths(db, (), IngestOptions(), fetched=list(fetch_articles([link(site)], options(site))))
    assert (again.added, again.updated, again.unchanged) == (0, 0, 1)


def test_a_page_that_breaks_the_parser_is_refused(site: Site, fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_page: object) -> Draft:
        raise RecursionError

    monkeypatch.setattr("corpus.fetch.fetch_article.read_article", broken)
    site.serve("/story", response(GOOD))
    with pytest.raises(UnreadableSource, match="can't be parsed"):
        fetch()
