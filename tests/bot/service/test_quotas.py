"""Quotas: what an upload and a server's collection may hold, told before much is done."""

import json
import threading
from contextlib import closing
from pathlib import Path

import pytest

from bot.service.ingest_progress import ProgressCallbacks
from bot.service.poll import PollLoop
from bot.service.quotas import FeedRoom, Load, QuotaReached, check_room, collection_load, expected_load
from bot.service.uploads import TURN_ARTICLES, add_upload
from corpus.database import open_database
from corpus.feeds.feed_store import FeedStore
from corpus.ingest import IngestOptions, IngestReport
from corpus.lock import writer_lock
from tests.conftest import MakeSettings
from tests.fakes import HashingEmbedder
from tests.feeds import newspaper, story

OWN = "discord-7"


def tiny(folder: Path, count: int, start: int = 0) -> Path:
    """Articles of a few bytes each."""
    path = folder / "tiny.jsonl"
    path.write_text("\n\n".join(json.dumps({"body": f"Quay {number} shut."}) for number in range(start, start + count)))
    return path


def add(settings, path: Path, collection: str = OWN) -> list[None]:
    return list(add_upload(settings, HashingEmbedder(), path, IngestOptions(collection), ProgressCallbacks(), wait_s=0))


def stored(settings) -> Load:
    with closing(open_database(settings.data_dir)) as db:
        return collection_load(db, OWN)


def test_the_articles_of_a_file_are_counted_before_any_is_read(settings: MakeSettings, tmp_path: Path) -> None:
    path = tiny(tmp_path, 20_000)
    assert expected_load(path).articles == 20_000
    assert expected_load(path).disk_mb == 110
    with pytest.raises(QuotaReached, match="20,000 articles; at most 2,000") as told:
        check_room(settings(), OWN, path)
    assert "Split the file" in told.value.hint
    assert not settings().data_dir.exists()


def test_the_estimate_of_disk_space_holds(settings: MakeSettings, tmp_path: Path) -> None:
    mine = settings()
    add(mine, tiny(tmp_path, 1000))
    taken = sum(path.stat().st_size for path in mine.data_dir.rglob("*") if path.is_file())
    # The fake model's vectors are shorter than the real one's.
    assert 0.3 * taken < stored(mine).disk_mb * 1e6 < 3 * taken


@pytest.mark.parametrize(
    ("quota", "changed"),
    [
        ("upload-articles", {"articles_per_upload": 9}),
        ("upload-disk", {"disk_mb_per_upload": 1}),
        ("server-articles", {"articles_per_server": 29}),
        ("server-disk", {"disk_mb_per_server": 1}),
    ],
)
def test_each_quota_is_told_before_it_is_reached(
    settings: MakeSettings, tmp_path: Path, quota: str, changed: dict[str, int]
) -> None:
    add(settings(), tiny(tmp_path, 20))
    path = tmp_path / "more.jsonl"
    long = "The quay of Castine was shut on Monday. " * 40 if quota.endswith("disk") else "The quay was shut."
    count = 400 if quota.endswith("disk") else 10
    path.write_text("\n".join(json.dumps({"body": f"{number} {long}"}) for number in range(count)))
    check_room(settings(), OWN, path)
    with pytest.raises(QuotaReached) as told:
        check_room(settings(**changed), OWN, path)
    assert told.value.quota == quota
    # The operator's own collections have no quota, their uploads in Discord have.
    if quota.startswith("server"):
        check_room(settings(**changed), "shared", path)


def test_many_short_sections_are_counted_once_they_are_cut(settings: MakeSettings, tmp_path: Path) -> None:
    """A passage costs as much as an article, and a file of headings has one in every ten bytes."""
    path = tmp_path / "headings.md"
    path.write_text("".join(f"# Quay {number}\n\nIt shut.\n\n" for number in range(1500)))
    mine = settings(disk_mb_per_upload=2)
    check_room(mine, OWN, path)
    embedder = HashingEmbedder()
    with pytest.raises(QuotaReached):
        list(add_upload(mine, embedder, path, IngestOptions(OWN), ProgressCallbacks(), wait_s=0))


def test_the_names_of_publishers_are_counted_once_each(
    settings: MakeSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.service.quotas.MAX_PUBLISHERS", 3)
    path = tmp_path / "named.jsonl"

    def named(*names: str) -> Path:
        path.write_text(
            "\n".join(json.dumps({"body": f"{name} quay {len(name)}.", "publisher": name}) for name in names)
        )
        return path

    add(settings(), named("A", "BB"))
    add(settings(), named("A", "CCC"))
    with pytest.raises(QuotaReached, match="4 publishers; at most 3") as told:
        add(settings(), named("DDDD"))
    assert told.value.quota == "server-publishers"
    # The operator's own collection has as many as it has.
    add(settings(), named("DDDD", "EEEEE", "FFFFFF", "GGGGGGG"), "shared")


def test_a_full_collection_takes_versions_of_its_articles_and_nothing_new(
    settings: MakeSettings, tmp_path: Path
) -> None:
    full, path = settings(articles_per_server=2), tmp_path / "quay.jsonl"

    def write(*bodies: str) -> Path:
        rows = [{"url": f"https://example.org/quay{at}", "body": body} for at, body in enumerate(bodies)]
        path.write_text("\n".join(map(json.dumps, rows)))
        return path

    add(full, write("Quay 0 was shut.", "Quay 1 was shut."))
    check_room(full, OWN, write("Quay 0 is open again."))
    add(full, path)
    assert stored(full).articles == 2
    with pytest.raises(QuotaReached, match="3 articles; at most 2"):
        add(full, write("Quay 0 is open again.", "Quay 1 was shut.", "Quay 2 was shut."))


def test_former_texts_count_too(settings: MakeSettings, tmp_path: Path) -> None:
    path = tmp_path / "again.jsonl"
    for turn in range(3):
        path.write_text(json.dumps({"url": "https://example.org/quay", "body": f"Quay {turn} was shut. " * 1000}))
        add(settings(), path)
    load = stored(settings())
    assert load.articles == 1
    assert load.characters > 45_000


def test_an_upload_holds_the_lock_only_within_its_steps(settings: MakeSettings, tmp_path: Path) -> None:
    mine = settings()
    path = tiny(tmp_path, 2 * TURN_ARTICLES + 1)
    reported: list[int] = []
    progress = ProgressCallbacks(lambda found: reported.append(found.done_bytes))
    steps = add_upload(mine, HashingEmbedder(), path, IngestOptions(OWN), progress, wait_s=0)
    turns = 0
    for _ in steps:
        turns += 1
        with writer_lock(mine.data_dir, "another"):
            assert stored(mine).articles == turns * TURN_ARTICLES
    assert turns == 2
    assert stored(mine).articles == 2 * TURN_ARTICLES + 1
    assert reported == sorted(reported)


def test_two_articles_of_one_address_are_told_across_steps(settings: MakeSettings, tmp_path: Path) -> None:
    lines = [
        {"url": f"https://example.org/{number}", "body": f"Quay {number} shut."} for number in range(TURN_ARTICLES)
    ]
    lines.append({"url": "https://example.org/0", "body": "Quay 0 opened again."})
    path = tmp_path / "twice.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))

    reports: list[IngestReport] = []

    def run():
        options = IngestOptions(OWN)
        reports.append(
            (yield from add_upload(settings(), HashingEmbedder(), path, options, ProgressCallbacks(), wait_s=0))
        )

    assert len(list(run())) == 1
    [report] = reports
    assert (report.added, report.updated, len(report.warnings)) == (TURN_ARTICLES, 1, 1)
    assert "same address" in report.warnings[0].reason


def test_a_full_collection_takes_nothing_from_feeds_and_is_measured_once_an_hour(
    settings: MakeSettings, tmp_path: Path
) -> None:
    add(settings(), tiny(tmp_path, 5))
    moment = [1000.0]
    room = FeedRoom(settings(articles_per_server=5), lambda: moment[0])
    with closing(open_database(settings().data_dir)) as db:
        feed = FeedStore(db).add("https://example.org/feed", OWN, "2024-09-09T12:00:00Z")
        shared = FeedStore(db).add("https://example.org/feed", "shared", "2024-09-09T12:00:00Z")
        room.check(db, shared)
        with pytest.raises(QuotaReached):
            room.check(db, feed)
        db.execute("DELETE FROM articles WHERE id = 1")
        with pytest.raises(QuotaReached):
            room.check(db, feed)
        moment[0] += 3601
        room.check(db, feed)


def test_a_feed_of_a_full_collection_waits_and_says_why(settings: MakeSettings, tmp_path: Path) -> None:
    add(settings(), tiny(tmp_path, 5))
    with newspaper() as paper:
        paper.stories += [story(number) for number in range(2)]
        url = f"http://127.0.0.1:{paper.site.port}/feed"
        full = settings(articles_per_server=5, allowed_hosts=f"127.0.0.1:{paper.site.port}", feed_delay_s=0)
        with closing(open_database(full.data_dir)) as db:
            FeedStore(db).add(url, OWN, "2024-09-09T12:00:00Z")
        polling = PollLoop(full, HashingEmbedder(), threading.Event())
        [report] = polling.poll_round(polling.due()).polls
        assert "at most 5 are allowed" in report.error
        assert polling.due() == []
        assert stored(full).articles == 5
        assert not paper.asked()
