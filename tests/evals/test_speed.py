"""What the benches tell, and what corpora drawn from real articles are like."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.service.attache import Attache
from bot.settings import Settings
from corpus.database import open_database_read_only
from corpus.errors import BadInput
from evals.__main__ import GROUPS
from evals.peers import compare, protocol
from evals.peers.attache_side import AttacheSide
from evals.peers.exchange import Data, Filters
from evals.speed import live_corpus
from evals.speed.encode import bench_encode
from evals.speed.figures import Bench, figure, this_machine
from evals.speed.made import MadeArticle, MadeEmbedder, read_questions
from evals.speed.report import save_figures, write_report
from evals.speed.resample import make_folder, resample
from evals.speed.sample import read_sample
from index.embedding.embedder import SentenceEmbedder
from index.embedding.models import PACKAGED_MODEL
from tests.bot.cli.exit_codes import assert_sentence
from tests.bot.conftest import Attache as CommandLine
from tests.fakes import HashingEmbedder

PASSAGES = 400


def test_the_groups_of_commands_are_listed_by_name(evals: CommandLine) -> None:
    shown = evals("--help").out
    assert [name for name in GROUPS if f"│ {name} " not in shown] == []


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made corpus like the starter briefs. Never change it."""
    folder = tmp_path_factory.mktemp("made") / "data"
    make_folder(None, folder, PASSAGES, 1, HashingEmbedder())
    return folder


def test_passages_are_slices_of_their_articles_and_have_vectors(made: Path) -> None:
    db = open_database_read_only(made)
    found = db.execute(
        'SELECT body, start, "end", text FROM passages JOIN articles ON articles.id = article_id'
    ).fetchall()
    assert len(found) == PASSAGES
    assert all(body[start:end] == text for body, start, end, text in found)
    assert db.execute("SELECT count(*) FROM passages JOIN embeddings ON text_sha256 = sha256").fetchone() == (PASSAGES,)
    db.close()


def test_the_same_seed_makes_the_same_corpus_and_another_one_does_not() -> None:
    real = read_sample(None, HashingEmbedder())
    first, same, other = ([*resample(real, 60, seed)] for seed in (1, 1, 2))

    def texts(articles: list[MadeArticle]) -> list[object]:
        return [(each.title, each.publisher, each.published_at, each.passages) for each in articles]

    assert texts(first) == texts(same) != texts(other)
    assert all((one.vectors == two.vectors).all() for one, two in zip(first, same, strict=True))


def test_copies_have_other_names_and_are_near_their_original() -> None:
    real = read_sample(None, HashingEmbedder())
    copies = [*resample(real[:3], 100, 1)]
    texts = [text for each in copies for text in each.passages]
    assert len(set(texts)) == len(texts)
    assert not set(texts) & {text for each in real for text in each.passages}
    assert {len(each.passages) for each in copies} <= {*range(1, 1 + max(len(each.passages) for each in real[:3]))}
    assert max(float((copies[0].vectors[0] @ each.vectors.T).max()) for each in real[:3]) > 0.8


def test_questions_find_the_article_they_were_made_from(made: Path, settings: Callable[..., object]) -> None:
    lines = [json.loads(line) for line in (made / "questions.jsonl").read_text().splitlines()]
    assert len(lines) >= 3
    with Attache(settings(made), embedder=MadeEmbedder(made)) as attache:
        first = [attache.search(line["question"], 5).hits for line in lines]
    found = [
        line["article_ids"][0] in {hit.article.external_id for hit in hits}
        for line, hits in zip(lines, first, strict=True)
    ]
    # The stand-in's vectors know little.
    assert sum(found) / len(found) >= 0.6


def test_a_folder_with_a_corpus_is_left_alone(made: Path) -> None:
    with pytest.raises(BadInput):
        make_folder(None, made, PASSAGES, 1, HashingEmbedder())


@pytest.mark.parametrize("name", ["build", "query", "answer", "memory", "load"])
def test_every_bench_tells_medians_spread_and_ratios_to_its_baseline(
    name: str, made: Path, evals: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # It encodes for the cost alone: what it finds was made with the corpus.
    monkeypatch.setattr("evals.speed.open_folder.SentenceEmbedder", lambda *_: HashingEmbedder())
    monkeypatch.setattr("evals.speed.query_speed._WARM_UP", 1)
    alone = {"build": ("--rounds", 1), "load": ("--questions", 10, "--distinct", 2, "--rounds", 1)}
    many = alone.get(name, ("--questions", 3))
    told = evals("bench", name, *many, "--keep", tmp_path / "kept", "--json", data=made).json
    found = json.loads((tmp_path / "kept" / f"{name}-{PASSAGES}.json").read_text())
    assert (found["kind"], found["bench"], found["settings"]["passages"]) == ("bench", name, PASSAGES)
    figures = {each["name"]: each for each in found["figures"]}
    assert found["baseline"] in figures
    assert all(each["median"] >= 0 and each["count"] >= 1 for each in figures.values())
    assert any(each["ratio"] for each in figures.values())
    assert told == found or told["kind"] == "bench_load"


def test_the_live_index_stays_while_building_is_measured(made: Path, evals: CommandLine) -> None:
    before = sorted(path.name for path in made.iterdir()), (made / "index" / "LIVE").read_text()
    assert evals("bench", "build", "--rounds", 1, data=made).code == 0
    assert (sorted(path.name for path in made.iterdir()), (made / "index" / "LIVE").read_text()) == before


def test_encoding_is_compared_with_bare_products_and_with_plain_encoding(
    real_embedder: SentenceEmbedder, plain_model: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.speed.encode.load_reference_model", lambda _: plain_model)
    found = bench_encode(real_embedder, ["The ferry line reopened on Friday.", "Talks began."], rounds=1)
    assert found.settings["least_cosine"] >= 0.99
    assert float(found.settings["share_of_peak"]) > 0
    assert [each.name for each in found.figures][:2] == [found.baseline, "encode"]
    assert all(each.median > 0 for each in found.figures)


def test_reading_is_compared_with_reading_in_float32(evals: CommandLine) -> None:
    found = evals("bench", "read", "--questions", 1, "--json").json
    assert (found["kind"], found["bench"], found["settings"]["passages"]) == ("bench", "read", 10)
    assert found["settings"]["largest_difference"] < 0.3
    assert found["figures"][0]["name"] == found["baseline"]
    assert all(each["median"] > 0 for each in found["figures"])


def test_the_page_shows_what_benches_kept(made: Path, evals: CommandLine, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    evals("bench", "build", "--rounds", 1, "--keep", tmp_path / "kept", data=made)
    written = write_report(tmp_path / "kept", tmp_path / "page.md", tmp_path / "pictures")
    page = (tmp_path / "page.md").read_text()
    assert "memory at most" in page
    assert [path.name for path in written] == ["bench-throughput.png", "bench-start.png"]
    assert "pictures/bench-throughput.png" in page


def test_the_page_sets_sizes_beside_one_another_and_tells_which_targets_were_reached(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    for passages, took in ((100_000, 10.0), (1_000_000, 90.0)):
        names = ("search, no filter", "search, one month")
        figures = (figure("bare", "ms", [2.0]), *(figure(name, "ms", [took], [2.0]) for name in names))
        save_figures(Bench("query", {"passages": passages, "questions": 1}, "bare", figures, this_machine()), tmp_path)
    write_report(tmp_path, tmp_path / "page.md", tmp_path / "pictures")
    page = (tmp_path / "page.md").read_text()
    assert "| query: search, no filter | 1,000,000 | 90 ms | ≤ 80 | no |" in page
    assert "| query: search, no filter, 95th percentile | 1,000,000 | 90 ms | ≤ 200 | yes |" in page
    assert "| search, one month, ms | 10 | 90 |" in page
    assert (tmp_path / "pictures" / "bench-latency.png").stat().st_size < 100_000


def test_sides_and_steps_that_are_missing_leave_gaps_on_the_page(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    whole = {"Attaché": {"index, s": 1.0, "hit@5": 0.5}, "txtai": {"index, s": 4.0, "hit@5": 0.6}}
    partly = {"Attaché": {"index, s": 9.0, "query p50, ms": 3.0}, "txtai": {}}
    for passages, figures in ((1_000, whole), (9_000, partly)):
        sides = {name: {"figures": each, "notes": ["so"], "failed": ""} for name, each in figures.items()}
        if not figures["txtai"]:
            sides["txtai"]["failed"] = "index: MemoryError"
        python = Path(sys.executable)
        found = compare.build_report({"set": "made", "passages": passages, "questions": 5}, sides, python)
        (tmp_path / f"peers-made-{passages}.json").write_text(json.dumps(found))
    write_report(tmp_path, tmp_path / "page.md", tmp_path / "pictures")
    page = (tmp_path / "page.md").read_text()
    assert "| index, s | 0.25 | ≤ 0.6 | yes |" in page
    assert "| hit@5 | 0.833 | ≥ 1 | no |" in page
    assert "| index, s | 9 |  |" in page
    assert "txtai failed in step index: MemoryError" in page


def test_a_step_that_fails_is_kept_as_failed_and_says_why(tmp_path: Path) -> None:
    mine = {"figures": {"open, s": 1.0}, "notes": [], "failed": ""}
    # There is nothing to ask in this folder.
    compare.run_step(Path(sys.executable), "attache", "ask", tmp_path, tmp_path / "store", mine)
    assert mine["failed"].startswith("ask: FileNotFoundError")
    assert mine["figures"] == {"open, s": 1.0}


def test_a_page_of_nothing_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        write_report(tmp_path, tmp_path / "page.md", tmp_path)


def test_the_spread_is_told_between_quartiles() -> None:
    found = figure("x", "s", [1.0, 2.0, 3.0, 4.0, 5.0], [6.0])
    assert (found.median, found.iqr, found.ratio) == (3.0, 2.0, 0.5)


def test_every_side_is_given_what_the_corpus_holds_and_ours_finds_changes_and_forgets_it(
    made: Path, settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(protocol, "open_embedder", lambda _: MadeEmbedder(made))
    assert protocol.export_data(settings(made), None, 50, tmp_path / "given") == PASSAGES
    data = Data(tmp_path / "given")
    assert len(list(data.passages())) == len(data.vectors) == PASSAGES
    side = AttacheSide(data, tmp_path / "store", PACKAGED_MODEL)
    side.index()
    side.open()
    right = [question.articles[0] for question in data.questions]
    found = [article in side.search(number, Filters()) for number, article in enumerate(right)]
    assert sum(found) / len(found) >= 0.4
    only = Filters(since=data.questions[0].since, until=data.questions[0].until)
    days = {each.article: each.day for each in data.passages()}
    assert all(only.since <= days[article] <= only.until for article in side.search(0, only))
    side.update(right[:1])
    side.delete(right[1:])
    assert not set(right[1:]) & {article for number in range(len(right)) for article in side.search(number, Filters())}


def test_questions_are_answered_while_the_corpus_changes_and_never_from_what_is_gone(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_corpus, "PAUSE_S", 0.0)
    settings = Settings.load(env_file=None, data_dir=made)
    questions, before = read_questions(made), sorted(path.name for path in made.iterdir())
    found = live_corpus.bench_live(settings, MadeEmbedder(made), (questions * 20)[:68], 30)
    assert (found.errors, found.gone_cited) == (0, 0)
    assert found.changes["added"] > 0
    assert found.changes["removed"] > 0
    assert sorted(path.name for path in made.iterdir()) == before


def test_bench_query_over_articles_without_titles_is_a_sentence(
    attache: CommandLine, evals: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "ferry.jsonl").write_text('{"body": "The ferry line to Ostrava Island reopened on Friday."}')
    assert attache("ingest", tmp_path / "ferry.jsonl").code == 0
    assert_sentence(evals("bench", "query", "--questions", 10), 2)
