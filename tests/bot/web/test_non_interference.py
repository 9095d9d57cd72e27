"""What a server feeds changes no byte of a page that does not show it, table and JSON included."""

import json
from pathlib import Path

import pytest

pytest.importorskip("datasette")

from bot.service.ingest import ingest
from bot.settings import Settings
from corpus.ingest import IngestOptions
from tests.bot.web.harness import FERRY, Opened, search_path
from tests.fakes import HashingEmbedder

PATHS = (
    "/",
    "/stories",
    "/tables",
    "/tables/articles.json",
    "/tables/publishers.json",
    "/tables/stories.json",
    *(search_path(page, "fery line to ostrava") for page in ("search", "answer", "timeline")),
    *(f"/article/{number}" for number in range(1, 20)),
    *(f"/story/{number}" for number in range(1, 20)),
)


async def test_adding_to_a_server_changes_no_byte_of_the_page(opened: Opened, web_data: Path, tmp_path: Path) -> None:
    before = [(await (await opened()).get(path)).body for path in PATHS]
    path = tmp_path / "foreign.jsonl"
    added = [
        FERRY | {"id": f"other-{number}", "url": f"https://b.example/{number}", "publisher": f"Vexo {number}"}
        for number in range(9)
    ]
    path.write_text("\n".join(map(json.dumps, added)), encoding="utf-8")
    settings = Settings.load(env_file=None, data_dir=web_data)
    ingest(settings, HashingEmbedder(), [path], IngestOptions(collection="guild:2"))
    page = await opened()
    for path_of, body in zip(PATHS, before, strict=True):
        assert _untimed((await page.get(path_of)).body) == _untimed(body), path_of
    assert b"Vexo" in (await (await opened("guild:2")).get("/tables/publishers.json")).body


def _untimed(body: bytes) -> object:
    """Datasette's JSON says how long its query took."""
    if not body.startswith(b"{"):
        return body
    found = json.loads(body)
    found.pop("query_ms", None)
    return found
