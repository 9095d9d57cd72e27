"""How the body of an answer is unpacked, and where that ends."""

import gzip
import tracemalloc
import zlib
from collections.abc import Iterator, Sequence

import httpx
import pytest

from corpus.errors import FetchFailed
from corpus.fetch.body import read_body
from tests.corpus.fetch.allowed import GOOD, LIMIT
from tests.corpus.fetch.cases import PACKED
from tests.corpus.fetch.conftest import Fetch
from tests.web import Site, response


@pytest.fixture(scope="module")
def bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(60)) + packer.flush()


def test_a_bomb_is_noticed_before_it_fills_the_memory(site: Site, fetch: Fetch, bomb: bytes) -> None:
    assert len(bomb) < LIMIT
    site.serve("/story", response(bomb, content_encoding="gzip"))
    with pytest.raises(FetchFailed, match="larger than the limit"):
        fetch()
    tracemalloc.start()
    try:
        with pytest.raises(FetchFailed, match="larger than the limit"):
            read_body(httpx.Response(200, headers={"content-encoding": "gzip"}, stream=Chunks([bomb])), LIMIT)
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


class Chunks(httpx.SyncByteStream):
    def __init__(self, chunks: Sequence[bytes]) -> None:
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._chunks)


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", PACKED),
        ("x-gzip", PACKED),
        ("GZIP", gzip.compress(GOOD[:500].encode()) + gzip.compress(GOOD[500:].encode())),
        ("gzip", PACKED + b"trailing rubbish"),
        ("deflate", zlib.compress(GOOD.encode())),
        ("deflate", raw_deflate(GOOD.encode())),
        ("identity", GOOD.encode()),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_bodies_are_unpacked_however_they_are_cut(encoding: str, packed: bytes, size: int) -> None:
    chunks = [packed[start : start + size] for start in range(0, len(packed), size)]
    got = read_body(httpx.Response(200, headers={"content-encoding": encoding}, stream=Chunks(chunks)), LIMIT)
    assert got.decode() == GOOD
