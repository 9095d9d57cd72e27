"""A page over the made-up articles, one of them changed, one hostile; asked without a port."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

from bot.records.records import RECORDS_NAME, open_records
from bot.service.attache import Attache
from bot.service.ingest import ingest, reindex
from bot.settings import Settings
from bot.web.gate import Gate
from bot.web.routes import find_page
from bot.web.shown import Shown
from bot.web.site import Site
from corpus.article import Draft
from corpus.articles import Articles
from corpus.database import open_database
from corpus.ingest import IngestOptions
from index.schema import migrations as index_migrations
from tests.fakes import HashingEmbedder

# Everything that an article can try on a page that shows it.
HOSTILE = {
    "id": "hostile",
    "url": "https://example.org/hostile?a=<script>&b=\"'",
    "title": '"><svg onload=alert(1)> Harbour {{ 7*7 }} closes',
    "publisher": "<img src=x onerror=alert(2)> Gazette",
    "author": "Hidden Penname",
    "published_at": "2024-05-30",
    "body": "The harbour closes <script>document.title='owned'</script> on Monday, the <b>captain</b> said. "
    "The captain denied that {% include '/etc/passwd' %} the harbour would reopen before June.",
}
FERRY = {
    "id": "ferry",
    "url": "https://example.org/ferry",
    "title": "Ferry line to Ostrava Island reopens late",
    "publisher": "Harbour Herald",
    "published_at": "2024-03-01",
    "body": "The ferry line to Ostrava Island reopened on Friday after two years of repairs. "
    "Harbour master Lena Quist said that the first boat carried sixty passengers. "
    "A storm had held the boat up, the harbour office said.",
}
SERVER, OTHER_SERVER = 1_204_567_890_123_456_142, 1_204_567_890_123_456_143
FEED = "https://user:hunter2@feeds.example/secret-key/feed.xml?key=hunter3"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Browser:
    """Sends requests as they come over the wire, escapes and all."""

    app: Callable[..., Awaitable[None]]
    headers: dict[str, str] = field(default_factory=lambda: {"host": "127.0.0.1:8001", "accept": "text/html"})

    async def get(self, path: str, **headers: str) -> Reply:
        return await self.send("GET", path, headers=headers)

    async def send(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Reply:
        raw, _, query = path.partition("?")
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(raw, errors="replace"),
            "raw_path": raw.encode(),
            "query_string": query.encode(),
            "headers": [(k.encode(), v.encode()) for k, v in {**self.headers, **(headers or {})}.items()],
        }
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        head = {k.decode().lower(): v.decode() for k, v in sent[0]["headers"]}
        return Reply(sent[0]["status"], head, b"".join(each.get("body", b"") for each in sent[1:]))


def search_path(page: str, words: str) -> str:
    return f"/{page}?q={quote(words)}"


@pytest.fixture
def web_data(made_up_data: Path, tmp_path: Path) -> Path:
    settings = Settings.load(env_file=None, data_dir=made_up_data)
    path = tmp_path / "more.jsonl"
    path.write_text("\n".join(map(json.dumps, [FERRY])), encoding="utf-8")
    ingest(settings, HashingEmbedder(), [path], IngestOptions())
    db = open_database(made_up_data, (index_migrations,))
    for number, collection, paused in ((1, "shared", 0), (2, "guild", 1)):
        db.execute(
            """INSERT INTO feeds (collection, url, title, added_at, paused, interval_s, next_poll, failures, last_error)
            VALUES (?, ?, ?, '2024-01-01', ?, 60, '2024-01-01', ?, ?)""",
            (collection, FEED, f"Feed {number} of {collection}", paused, number, f"{FEED} answered 404."),
        )
    # Not as readers of files clean it, but as bad as it could be stored.
    draft = Draft(**{"external_id" if name == "id" else name: text for name, text in HOSTILE.items()})
    articles = Articles(db)
    articles.store(draft, collection="shared", origin="bad.txt", source_sha256="x", now="2024-06-01T00:00:00Z")
    db.conn.commit()
    db.close()
    reindex(settings, HashingEmbedder())
    records = open_records(made_up_data / RECORDS_NAME)
    for server, question in ((SERVER, "who owns the lighthouse"), (OTHER_SERVER, "what does the other server ask")):
        records.execute("INSERT INTO unanswered VALUES (?, '2024-05-01', ?, 3)", (server, question))
    records.conn.commit()
    records.close()
    return made_up_data


Opened = Callable[..., Awaitable[Browser]]


@pytest.fixture
async def opened(web_data: Path, tmp_path: Path) -> AsyncIterator[Opened]:
    """Opens a page that shows the shared collection and what is named."""
    sites: list[Site] = []
    attache = Attache(Settings.load(env_file=None, data_dir=web_data), embedder=HashingEmbedder())

    async def open_page(*collections: str, clock: Callable[[], float] = lambda: 0.0, **named: Any) -> Browser:
        shown = Shown(("shared", *collections), **named)
        folder = tmp_path / f"site-{len(sites)}"
        folder.mkdir()
        site = Site(attache, shown, folder, find_page, clock)
        sites.append(site)
        await site.open()
        return Browser(Gate(site, shown))

    yield open_page
    for site in sites:
        site.close()
    attache.close()
