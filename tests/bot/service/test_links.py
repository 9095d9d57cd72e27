"""Links that people give: taken in, shown in questions' reach at once, refused without a trace."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.service.ingest import ingest
from bot.service.ingest_progress import ProgressCallbacks
from bot.service.links import fetch_options, is_link
from bot.settings import BadSettings
from corpus.article import Article
from corpus.articles import Articles
from corpus.database import open_database_read_only
from corpus.fetch.options import MAX_PAGE_BYTES
from corpus.ingest import IngestOptions
from corpus.lock import writer_lock
from index.schema import migrations as index_migrations
from tests.bot.conftest import Attache
from tests.conftest import MakeSettings
from tests.fakes import HashingEmbedder
from tests.web import PARAGRAPHS, Request, Send, Site, page, response


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with Site().running() as running:
        monkeypatch.setenv("ATTACHE_ALLOWED_HOSTS", f"127.0.0.1:{running.port}")
        running.serve("/story", response(page()))
        yield running


def link(site: Site, path: str = "/story") -> str:
    return f"http://127.0.0.1:{site.port}{path}"


def stored(settings: MakeSettings) -> list[Article]:
    with closing(open_database_read_only(settings().data_dir, (index_migrations,))) as db:
        articles = Articles(db)
        return [article for article in map(articles.get, articles.ids()) if article]


def test_a_link_is_taken_in_once_and_a_changed_page_is_its_new_text(site: Site, settings: MakeSettings) -> None:
    embedder = HashingEmbedder()
    added = ingest(settings(), embedder, [link(site)], IngestOptions())
    [article] = stored(settings)
    assert (added.ingest.added, article.title) == (1, "Ferry line to Marn Island reopens")
    assert (article.url, article.origin) == (link(site), link(site))
    assert (added.index.built, added.index.embedded > 0) == (True, True)
    site.serve("/story?utm_source=x", response(page(rest="<aside>Buy a boat!</aside>")))
    again = ingest(settings(), embedder, [link(site) + "?utm_source=x"], IngestOptions())
    assert (again.ingest.unchanged, again.index.built, stored(settings)) == (1, False, [article])
    site.serve("/story", response(page(*PARAGRAPHS[::-1], title="Ferry line may reopen")))
    changed = ingest(settings(), embedder, [link(site)], IngestOptions())
    [now] = stored(settings)
    assert (changed.ingest.updated, now.id, now.title) == (1, article.id, "Ferry line may reopen")


def test_a_collection_gets_its_own_copy(site: Site, settings: MakeSettings) -> None:
    ingest(settings(), HashingEmbedder(), [link(site)], IngestOptions())
    own = ingest(settings(), HashingEmbedder(), [link(site)], IngestOptions(collection="guild"))
    assert own.ingest.added == 1
    assert [article.collection for article in stored(settings)] == ["shared", "guild"]


def test_a_link_that_gives_no_article_leaves_nothing(site: Site, settings: MakeSettings) -> None:
    site.serve("/short", response(page("Short.")))
    bad = [link(site, "/none"), link(site, "/short"), "http://localhost/", "hello"]
    report = ingest(settings(), HashingEmbedder(), bad, IngestOptions())
    reasons = [each.reason for each in report.ingest.rejected]
    assert len(reasons) == 4
    for reason, expected in zip(
        reasons, ("no page", "words|No article", "private or reserved", "incomplete"), strict=True
    ):
        assert re.search(expected, reason), reason
    assert (report.ingest.articles, stored(settings)) == (0, [])


def test_a_slow_site_holds_up_no_writer(site: Site, settings: MakeSettings) -> None:
    free: list[bool] = []

    def slow(_request: Request, send: Send) -> None:
        with writer_lock(settings().data_dir, "somebody else"):
            free.append(True)
        send(response(page()))

    site.serve("/story", slow)
    done: list[int] = []
    given = [link(site), link(site)]
    report = ingest(
        settings(), HashingEmbedder(), given, IngestOptions(), progress=ProgressCallbacks(fetching=done.append)
    )
    assert (free, done) == ([True, True], [1, 2])
    assert (report.ingest.added, report.ingest.unchanged) == (1, 1)


@pytest.mark.usefixtures("loaded_model")
def test_ingest_takes_files_and_links_in_together(attache: Attache, site: Site, tmp_path: Path) -> None:
    (tmp_path / "wolves.txt").write_text("Wolves have returned to the Marn valley for the first time in a century.")
    ended = attache("ingest", tmp_path / "wolves.txt", link(site), "http://169.254.169.254/latest", "--json")
    assert ended.code == 1
    assert (ended.json["added"], len(ended.json["rejected"])) == (2, 1)
    [rejected] = ended.json["rejected"]
    assert rejected["origin"] == "http://169.254.169.254/latest"
    assert rejected["hint"]
    assert "Ferry line to Marn Island" in attache("search", "harbour master Lena Quist").out


def test_links_are_told_from_paths() -> None:
    assert all(map(is_link, ("https://a.example/b", "HTTP://A", "file:///etc/passwd", "ftp://x")))
    assert not any(map(is_link, ("a/b.txt", "/a/b", "./https", "C:\\news", "notes: a.txt")))


def test_the_settings_say_what_may_be_fetched(settings: MakeSettings) -> None:
    given = fetch_options(settings(allowed_hosts="wiki.example:8080", max_article_mb=2))
    assert given.allowed.allows("wiki.example", 8080)
    assert given.max_bytes == 2 * 1024 * 1024
    assert fetch_options(settings()).max_bytes == MAX_PAGE_BYTES
    with pytest.raises(BadSettings, match="ATTACHE_ALLOWED_HOSTS can't be used: “a b” isn't a host"):
        settings(allowed_hosts="a b")
