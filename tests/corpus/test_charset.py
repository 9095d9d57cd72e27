"""Text out of bytes in whatever encoding, and what is no text."""

import codecs

import pytest

from corpus.charset import decode, decode_stated
from corpus.errors import UnreadableSource


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Envoys met.", "utf-8-sig"),
        ("Envoys met – “again”.", "utf-16"),
        ("Envoys met – “again”.", "utf-16-le"),
        ("Envoys met.", "utf-32"),
        ("The £5m deal was off", "latin-1"),
        ("Le café était fermé à Noël, a déclaré le ministre français.", "latin-1"),
        ("Министр заявил, что переговоры продолжатся в среду.", "cp1251"),
    ],
)
def test_text_in_older_encodings_is_read(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "iso2022_jp", "gb18030", "hz", "utf-16-le"])
def test_a_long_text_is_the_same_as_a_short_one(encoding: str) -> None:
    line = "Envoys met: 大臣会見中文。\n" if encoding != "hz" else "Envoys met: 大中文。\n"
    assert decode_stated((line * 30_000).encode(encoding), encoding) == line * 30_000


def test_a_line_without_end_is_not_kept_until_it_ends() -> None:
    decoder = codecs.getincrementaldecoder("iso2022_cn")()
    assert decoder.decode(b"\x1b$)A\x0e!!\x0f") == ""
    assert decoder.decode(b"a" * 1_000_000).endswith("aaa")


def test_damage_costs_only_the_damaged_characters() -> None:
    assert decode("été ".encode() * 50 + b"\xff end\0") == "été " * 50 + "\ufffd end"


@pytest.mark.parametrize(
    "raw",
    [
        b"%PDF-1.7 text",
        b"\x89PNG\r\n",
        b"PK\x03\x04",
        b"\x1f\x8b\x08",
        b"\x7fELF",
        b"SQLite format 3\0",
        bytes(range(256)) * 9,
    ],
)
def test_what_is_no_text_is_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableSource, match="not text"):
        decode(raw)
