"""Articles that other processes prepare: what is stored is the same as if one process had done everything."""

import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from sqlite_utils import Database

from corpus.article import Rejection, SourceItem
from corpus.checks import integrity_problems, misplaced_passages
from corpus.database import open_database
from corpus.errors import UnreadableSource
from corpus.export.write import export_lines
from corpus.ingest import IngestOptions, IngestReport, ingest_paths
from corpus.prepare import Prepared, Preparer, Ready
from corpus.starter import starter_files
from tests.mixed_folder import FOOTER, stored, write_mixed_folder

AHEAD = 40


class Elsewhere:
    """Prepares as another process would: far ahead of the writer, and of pickled bytes; counts what it was given."""

    def __init__(self) -> None:
        self.given: Counter[str] = Counter()

    def __call__(
        self, items: Iterable[SourceItem | Rejection], preparer: Preparer, is_new: Callable[[SourceItem], bool]
    ) -> Iterator[Ready]:
        preparer = pickle.loads(pickle.dumps(preparer))
        out: list[Ready] = []
        for item in items:
            out.append((item, self._prepare(item, preparer, is_new)))
            if len(out) > AHEAD:
                yield out.pop(0)
        yield from out

    def _prepare(
        self, item: SourceItem | Rejection, preparer: Preparer, is_new: Callable[[SourceItem], bool]
    ) -> Prepared | UnreadableSource | None:
        if isinstance(item, Rejection) or not is_new(item):
            return None
        self.given[item.origin] += 1
        try:
            prepared = preparer.prepare_whole(pickle.loads(pickle.dumps(item)))
        except UnreadableSource as error:
            prepared = error
        return pickle.loads(pickle.dumps(prepared))


def ingest(data: Path, paths: list[Path], elsewhere: Elsewhere | None, **options: object) -> IngestReport:
    with closing(open_database(data)) as db:
        return ingest_paths(db, paths, IngestOptions(**options), prepare_ahead=elsewhere)


def stored_in(data: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(open_database(data)) as db:
        assert integrity_problems(db) == misplaced_passages(db) == []
        return stored(db)


def test_the_same_is_stored_and_reported_wherever_articles_are_prepared(tmp_path: Path) -> None:
    paths = [*starter_files(), write_mixed_folder(tmp_path / "news")]
    elsewhere = Elsewhere()
    here, ahead = (ingest(tmp_path / name, paths, each) for name, each in (("here", None), ("ahead", elsewhere)))
    assert asdict(ahead) == asdict(here)
    assert here.rejected
    assert here.updated
    assert stored_in(tmp_path / "ahead") == stored_in(tmp_path / "here")
    assert max(elsewhere.given.values()) == 1
    assert len({Path(origin.partition(":")[0]).suffix for origin in elsewhere.given}) >= 14, "every format can be sent"
    bodies = [row[6] for row in stored_in(tmp_path / "ahead")["articles"]]
    assert any(FOOTER in body for body in bodies)
    assert not all(FOOTER in body for body in bodies if "granite" in str(body)), "the footer is learnt on the way"


def test_what_is_stored_already_is_not_prepared_again(tmp_path: Path) -> None:
    first = ingest(tmp_path / "data", starter_files(), Elsewhere())
    before = stored_in(tmp_path / "data")
    elsewhere = Elsewhere()
    again = ingest(tmp_path / "data", starter_files(), elsewhere)
    assert (again.added, again.unchanged) == (0, first.added)
    assert stored_in(tmp_path / "data") == before
    assert not elsewhere.given


def test_what_the_operator_states_reaches_the_preparation(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("The ferry line to Ostrava Island reopened on Friday after two years of repairs.")
    stated = {"publisher": "Harbour Herald", "title": "Ferry reopens", "published_at": "2024-03-01"}
    for name, elsewhere in (("here", None), ("ahead", Elsewhere())):
        assert ingest(tmp_path / name, [path], elsewhere, **stated).added == 1
    assert stored_in(tmp_path / "ahead") == stored_in(tmp_path / "here")
    assert "Harbour Herald" in stored_in(tmp_path / "ahead")["articles"][0]


def test_exported_articles_go_back_as_they_were(tmp_path: Path) -> None:
    ingest(tmp_path / "first", [write_mixed_folder(tmp_path / "news")], None)
    with closing(open_database(tmp_path / "first")) as db:
        (tmp_path / "all.jsonl").write_text("".join(f"{line.line}\n" for line in export_lines(db)), encoding="utf-8")
    for name, elsewhere in (("here", None), ("ahead", Elsewhere())):
        ingest(tmp_path / name, [tmp_path / "all.jsonl"], elsewhere, restore_exports=True)
    assert stored_in(tmp_path / "ahead") == stored_in(tmp_path / "here")


def test_an_article_that_could_not_be_prepared_is_that_files_failure(db: Database, tmp_path: Path) -> None:
    for name in ("good", "worse"):
        (tmp_path / f"{name}.txt").write_text(f"The {name} ferry to Ostrava Island reopened on Friday after repairs.")

    def lose_one(
        items: Iterable[SourceItem | Rejection], _: Preparer, __: Callable[[SourceItem], bool]
    ) -> Iterator[Ready]:
        yield from (
            (item, UnreadableSource("It ended.", "Again.") if "worse" in item.origin else None) for item in items
        )

    paths = [tmp_path / "good.txt", tmp_path / "worse.txt"]
    report = ingest_paths(db, paths, IngestOptions(), prepare_ahead=lose_one)
    assert report.added == 1
    assert report.rejected == [Rejection(str(tmp_path / "worse.txt"), "It ended.", "Again.")]
