"""Who reports a story, and who does not."""

import json
from pathlib import Path

import pytest

from bot.service.coverage import Coverage, read_coverage
from bot.service.ingest import ingest
from bot.service.stories import read_stories
from bot.settings import Settings
from corpus.ingest import IngestOptions
from index.filters import Filters
from tests.conftest import MakeSettings
from tests.fakes import HashingEmbedder

TEXT = (
    "The Keldor dam above Marnfeld broke on Sunday. Rescue teams from Marnfeld pulled eleven people out of the water."
)
WIRE = TEXT + " ".join(f" Engineer {number} of Marnfeld inspected sluice {number}." for number in range(20))


def read(settings: Settings, folder: Path, *articles: dict[str, str], filters: Filters | None = None) -> Coverage:
    path = folder / "articles.jsonl"
    whole = [{"title": "Keldor dam breaks", "body": TEXT, "published_at": "2024-03-03", **each} for each in articles]
    path.write_text("\n".join(map(json.dumps, whole)), encoding="utf-8")
    ingest(settings, HashingEmbedder(), [path], IngestOptions())
    (story,) = read_stories(settings, filters or Filters())
    found = read_coverage(settings, filters or Filters(), story.id)
    assert found is not None
    return found


def test_states_stand_apart_copies_name_their_original_and_silent_publishers_are_listed(
    settings: MakeSettings, tmp_path: Path
) -> None:
    found = read(
        settings(),
        tmp_path,
        {"publisher": "Reuters", "published_at": "2024-03-03T08:00:00Z", "body": WIRE, "url": "https://reuters.com/1"},
        {"publisher": "TASS", "published_at": "2024-03-03T09:30:00Z", "body": f"{WIRE} .", "url": "https://tass.com/1"},
        {"publisher": "Le Monde", "published_at": "2024-03-04", "url": "https://lemonde.fr/1"},
        {"publisher": "Le Monde", "title": "Bread", "body": "Bread costs more in Lyon, bakers said on Monday."},
        {
            "publisher": "BBC",
            "url": "https://bbc.com/1",
            "title": "Tea",
            "body": "Tea costs more in Leeds, grocers said.",
        },
        {"publisher": "Xinhua", "title": "Old", "body": "Silk was sold in Suzhou.", "published_at": "2023-01-01"},
    )
    assert found.first == "Reuters"
    voices = {each.name: each for each in found.voices}
    assert list(voices) == ["Reuters", "TASS", "Le Monde"]
    assert (voices["TASS"].is_state, voices["TASS"].is_copy_only) == (True, True)
    assert list(voices["TASS"].copies.values()) == ["Reuters"]
    assert [each.name for each in found.silent] == ["BBC"]


@pytest.mark.parametrize(
    ("one", "other", "first"),
    [
        ("2024-03-03T08:00:00Z", "2024-03-03T09:00:00+02:00", "Beta Post"),
        ("2024-03-03", "2024-03-03T09:00:00Z", None),
        ("2024-03-03", "2024-03-04", "Alpha Post"),
    ],
)
def test_who_was_first_is_told_only_where_the_dates_tell(
    settings: MakeSettings, tmp_path: Path, one: str, other: str, first: str | None
) -> None:
    found = read(
        settings(),
        tmp_path,
        {"publisher": "Alpha Post", "published_at": one, "url": "https://alpha.example/1"},
        {
            "publisher": "Beta Post",
            "published_at": other,
            "url": "https://beta.example/1",
            "body": f"{TEXT} It rained.",
        },
    )
    assert found.first == first


def test_nothing_of_a_hidden_publisher_or_collection_is_told(settings: MakeSettings, tmp_path: Path) -> None:
    filters = Filters(collections=("shared",), hidden_publishers=("Gamma Post",))
    found = read(
        settings(),
        tmp_path,
        {"publisher": "Alpha Post", "url": "https://alpha.example/1"},
        {"publisher": "Beta Post", "url": "https://beta.example/1", "body": f"{TEXT} It rained."},
        {"publisher": "Gamma Post", "url": "https://gamma.example/1", "body": f"{TEXT} It snowed."},
        filters=filters,
    )
    assert [each.name for each in found.voices] == ["Alpha Post", "Beta Post"]
    assert found.silent == ()
