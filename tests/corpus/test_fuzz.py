"""Any bytes, under any name: items, rejections and sentences come out of a reader, and never anything else."""

import tempfile
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.article import Draft, Rejection, SourceItem
from corpus.errors import UnreadableSource
from corpus.formats import read_path
from corpus.formats.pdf_child import read as read_pdf
from corpus.formats.pdf_lines import page_lines
from corpus.formats.registry import READERS
from corpus.ingest import PARSER_ERRORS
from tests.documents import SAMPLES

PLAIN = st.binary(max_size=300)
# A PDF starts a process, so its files are few; what runs in that process is tried below.
EXAMPLES = {".pdf": 3}


@st.composite
def damaged(draw: st.DrawFn, sound: bytes) -> bytes:
    """A sound file of which a piece is lost, doubled or replaced."""
    start = draw(st.integers(0, len(sound)))
    end = draw(st.integers(start, min(len(sound), start + 64)))
    middle = draw(st.one_of(st.just(b""), st.just(sound[start:end] * 2), st.binary(max_size=20)))
    return sound[:start] + middle + sound[end:]


def check(path: Path) -> None:
    for item in read_path(path, max_bytes=100_000):
        assert isinstance(item, SourceItem | Rejection)
        if isinstance(item, Rejection):
            assert item.reason.endswith(".")
            continue
        told, draft = "", None
        try:
            draft = item.parse()
        except UnreadableSource as error:
            told = error.message
        except PARSER_ERRORS:
            # What `ingest` tells as a rejection.
            continue
        assert told.endswith(".") if draft is None else isinstance(draft, Draft)


@pytest.mark.parametrize("suffix", READERS)
def test_every_reader_takes_any_bytes(suffix: str) -> None:
    name = f"a{suffix}"
    content = st.one_of(PLAIN, damaged(SAMPLES[name])) if name in SAMPLES else PLAIN

    @settings(
        max_examples=EXAMPLES.get(suffix, 40), database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )  # fmt: skip
    @given(content)
    def run(raw: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(raw)
            check(path)

    run()


@settings(max_examples=60, database=None)
@given(damaged(SAMPLES["a.pdf"]))
def test_the_process_that_reads_pdfs_gives_pages_or_an_error_of_python(raw: bytes) -> None:
    found: dict[str, Any] = {"refused": ""}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = read_pdf(raw)
        except Exception:  # noqa: BLE001 - the process tells any as damage
            return
    assert "refused" in found or all(page_lines(page) is not None for page in found["pages"])
