"""A folder of every format, with what makes the order of storing matter; and what a corpus stores, without times."""

import json
import random
from pathlib import Path

from sqlite_utils import Database

from corpus.publishers.footers import MIN_ARTICLES
from tests.documents import SAMPLES

FOOTER = "Coverage of the harbour by the Quarry Post is made possible by a grant of the Marn Trust."
_WORDS = """granite ferry council harbour bridge winter vote keeper lamp tower market wolves canton tender pillar boat
ticket island valley ranger shepherd camera fence office repair crack company document village orchard""".split()
_TABLES = {
    "articles": "id, collection, url, external_id, title, title_sha256, body, publisher, author, published_at,"
    " language, stated_language, sha256, source_sha256, origin, is_excerpt, publisher_basis, served_by, is_dated_ahead",
    "versions": "id, article_id, title, body, sha256, source_sha256, origin",
    "passages": 'id, article_id, ordinal, start, "end", text, sha256',
    "signatures": "article_id, shingles, hashes",
    "copy_buckets": "bucket, article_id",
}


def made_up_body(seed: int, *footers: str) -> str:
    """An article of its own of 120 words, with lines below."""
    words = random.Random(seed)
    sentences = [" ".join(words.choice(_WORDS) for _ in range(12)).capitalize() + "." for _ in range(10)]
    return "\n\n".join((*sentences, *footers))


def write_mixed_folder(folder: Path) -> Path:
    """Write the folder: every format; a footer that is learnt on the way; copies, updates and broken files."""
    folder.mkdir()
    for name, content in SAMPLES.items():
        (folder / name).write_bytes(content)
    records = [
        {"url": f"https://quarry.example/{n}", "publisher": "Quarry Post", "body": made_up_body(n, FOOTER)}
        for n in range(MIN_ARTICLES + 40)
    ]
    # The same bytes again, and a newer text under an address that stands above.
    records += [records[3], records[7] | {"body": made_up_body(1_007, FOOTER)}]
    lines = [*map(json.dumps, records), "{", json.dumps({"body": ""})]
    (folder / "quarry.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "talks.txt").write_text(f"Talks\n\n{made_up_body(5_000)}", encoding="utf-8")
    (folder / "talks.meta.json").write_text('{"publisher": "Valley Times", "published_at": "2024-09-09"}')
    (folder / "bad.txt").write_bytes(b"%PDF-1.7")
    (folder / "empty.html").write_bytes(b"")
    return folder


def stored(db: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return everything that ingest stores but times."""
    return {
        name: db.execute(f"SELECT {columns} FROM {name} ORDER BY 1, 2").fetchall() for name, columns in _TABLES.items()
    }
