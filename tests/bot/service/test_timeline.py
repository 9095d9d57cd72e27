"""What a timeline dates, marks as changed, and marks as new."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.service.attache import Attache
from bot.service.ingest import ingest
from bot.service.timeline import StatementKind, build_timeline, event_dates
from corpus.ingest import IngestOptions
from index.filters import Filters
from tests.conftest import MakeSettings
from tests.fakes import HashingEmbedder

NOW = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "published", "days"),
    [
        ("It sank on 9 September.", "2024-09-12", ["2024-09-09"]),
        ("It sank on 28 December.", "2024-01-03", ["2023-12-28"]),
        ("They meet on 2 January.", "2023-12-20", ["2023-01-02"]),
        ("They meet on 2 July.", "2024-06-20", ["2024-07-02"]),
        ("He resigned in March 2019, and again on 4 May 2021.", "2024-06-20", ["2019-03", "2021-05-04"]),
        ("It was published on 12 September 2024.", "2024-09-12", []),
        ("It sank on 9 September.", None, []),
        ("It sank on 31 February.", "2024-03-01", []),
    ],
)
def test_dates_of_events_are_apart_from_the_day_of_publication(
    text: str, published: str | None, days: list[str]
) -> None:
    assert [each.day for each in event_dates(text, published)] == days


def test_a_changed_statement_shows_its_former_words_and_is_new_since_then(
    settings: MakeSettings, tmp_path: Path
) -> None:
    file = tmp_path / "toll.md"
    made = settings(tmp_path / "data")
    head = "---\ntitle: Ferry sinks off Rell\nurl: https://a.example/1\npublisher: Rell Post\ndate: 2024-03-05\n---\n"
    for toll in ("eleven", "seven"):
        body = f"The harbour office of Rell said that {toll} sailors died when the ferry sank off the Rell pier."
        file.write_text(head + body, encoding="utf-8")
        ingest(made, HashingEmbedder(), [file], IngestOptions())
    with Attache(made, embedder=HashingEmbedder()) as attache:
        question = "How many sailors died when the ferry sank off the Rell pier?"
        (told,) = build_timeline(attache, question, Filters(), NOW, "2024-01-01T00:00:00Z").statements
        assert (told.kind, told.is_new) == (StatementKind.CHANGED, True)
        assert "eleven sailors" in told.before
        assert "seven sailors" in told.evidence.quote.text
        (seen,) = build_timeline(attache, question, Filters(), NOW, "2999-01-01T00:00:00Z").statements
        assert not seen.is_new
        assert build_timeline(attache, "Who won the cup of Quellia?", Filters(), NOW).statements == ()
