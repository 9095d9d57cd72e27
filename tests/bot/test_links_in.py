"""Links that people give: taken in, shown in questions' reach at once, refused without a trace."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.feeding import FeedProgress, ingest
from bot.links import add_link, fetch_options, is_link
from bot.settings import BadSettings
from corpus.articles import Outcome
from corpus.database import DATABASE_NAME
from corpus.errors import AddressRefused, FetchFailed, UnreadableSource
from corpus.fetching.options import MOST_PAGE_BYTES
from corpus.ingest import IngestOptions
from corpus.lock import writer_lock
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


def test_a_link_is_taken_in_once_and_a_changed_page_is_its_new_text(site: Site, settings: MakeSettings) -> None:
    embedder = HashingEmbedder()
    added = add_link(settings(), embedder, link(site), IngestOptions())
    assert (added.outcome, added.article.title) == (Outcome.ADDED, "Ferry line to Marn Island reopens")
    assert (added.article.url, added.article.origin) == (link(site), link(site))
    assert (added.index.built, added.index.embedded > 0) == (True, True)
    site.serve("/story?utm_source=x", response(page(rest="<aside>Buy a boat!</aside>")))
    again = add_link(settings(), embedder, link(site) + "?utm_source=x", IngestOptions())
    assert (again.outcome, again.article.id, again.index.built) == (Outcome.UNCHANGED, added.article.id, False)
    site.serve("/story", response(page(*PARAGRAPHS[::-1], title="Ferry line may reopen")))
    changed = add_link(settings(), embedder, link(site), IngestOptions())
    assert (changed.outcome, changed.article.id) == (Outcome.UPDATED, added.article.id)
    assert changed.article.title == "Ferry line may reopen"


def test_a_collection_gets_its_own_copy(site: Site, settings: MakeSettings) -> None:
    shared = add_link(settings(), HashingEmbedder(), link(site), IngestOptions())
    own = add_link(settings(), HashingEmbedder(), link(site), IngestOptions(collection="guild"))
    assert own.outcome is Outcome.ADDED
    assert (shared.article.collection, own.article.collection) == ("shared", "guild")


def test_a_link_that_gives_no_article_leaves_nothing(site: Site, settings: MakeSettings) -> None:
    site.serve("/short", response(page("Short.")))
    for bad, error in (
        (link(site, "/none"), FetchFailed),
        (link(site, "/short"), UnreadableSource),
        ("http://localhost/", AddressRefused),
        ("hello", AddressRefused),
    ):
        with pytest.raises(error):
            add_link(settings(), HashingEmbedder(), bad, IngestOptions())
    assert not (settings().data_dir / DATABASE_NAME).exists()


def test_a_slow_site_holds_up_no_writer(site: Site, settings: MakeSettings) -> None:
    free: list[bool] = []

    def slow(_request: Request, send: Send) -> None:
        with writer_lock(settings().data_dir, "somebody else"):
            free.append(True)
        send(response(page()))

    site.serve("/story", slow)
    done: list[int] = []
    given = [link(site), link(site)]
    report = ingest(settings(), HashingEmbedder(), given, IngestOptions(), progress=FeedProgress(fetching=done.append))
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
    assert fetch_options(settings()).max_bytes == MOST_PAGE_BYTES
    with pytest.raises(BadSettings, match="ATTACHE_ALLOWED_HOSTS can't be used: “a b” is no host"):
        settings(allowed_hosts="a b")
