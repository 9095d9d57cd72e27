"""The written events that the reader learns from: well formed, every answer verbatim, held out by event."""

import json
from itertools import combinations
from pathlib import Path

import pytest

from bot.answering.reader.relations import RELATIONS
from evals.quality.judged_corpora import CORPORA_FOLDER
from evals.reader.reader_rows import (
    LETTERS,
    Example,
    make_negatives,
    read_events,
    read_quotes,
    read_role_pairs,
    read_sentence_sets,
    vary,
)

FOLDER = Path(__file__).parents[2] / "evals" / "data" / "reader"
REGIONS = sorted(FOLDER.glob("*.jsonl"))
VERDICTS = {"yes", "no", "disputed", "open", "not_found"}


@pytest.mark.parametrize("path", REGIONS, ids=lambda path: path.stem)
def test_every_line_is_well_formed_and_every_answer_verbatim(path: Path) -> None:
    lines = list(map(json.loads, path.read_text(encoding="utf-8").splitlines()))
    articles = {each["id"]: each for each in lines if each["t"] == "article"}
    questions = [each for each in lines if each["t"] == "question"]
    rows = [each for each in lines if each["t"] == "row"]
    assert len(articles) + len(questions) + len(rows) == len(lines)
    assert all(set(each["verdicts"]) <= VERDICTS and each["verdicts"] for each in questions)
    assert len({(row["p"], row["q"]) for row in rows}) == len(rows)
    for row in rows:
        passage = articles[row["p"]]["passage"]
        assert row["y"] in (RELATIONS if row["k"] == "yn" else ("open", "none")), row
        assert bool(row["a"]) == (row["y"] not in ("unknown", "none")), row
        assert all(part in passage for part in row["a"].split(" | ")), row


QUOTES = sorted((FOLDER.with_name("quotes")).glob("*.jsonl"))


@pytest.mark.parametrize("path", QUOTES, ids=lambda path: path.stem)
def test_every_written_quote_is_well_formed(path: Path) -> None:
    quotes = list(map(json.loads, path.read_text(encoding="utf-8").splitlines()))
    assert len({each["t"] for each in quotes}) == len(quotes)
    for each in quotes:
        assert set(each) == {"h", "t", "q"}
        assert len({question for question, _, _ in each["q"]}) == len(each["q"]) >= 6
        assert {label for _, label, _ in each["q"]} <= set(RELATIONS)


SETS = sorted((FOLDER.with_name("sentence_sets")).glob("*.jsonl"))


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_every_sentence_of_a_set_is_judged_for_every_question(path: Path) -> None:
    for each in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        assert set(each) == {"p", "q"}
        assert each["p"][0][0], "the first piece has a heading"
        for _, letters, verdict in each["q"]:
            assert len(letters) == len(each["p"])
            assert set(letters) <= set(LETTERS)
            assert verdict in VERDICTS


def test_a_set_gives_single_sentences_and_whole_articles(tmp_path: Path) -> None:
    pieces = [
        ["2031-03-14 Post: Ship lost", "Kurland sank the tanker on Monday."],
        ["", "Rescuers found two of its crew."],
        ["2031-03-15 Courier: Denial", "Kurland denied sinking the tanker."],
        ["", "The tanker sank by an accident, it claimed."],
    ]
    line = {"p": pieces, "q": [["Did Kurland sink the tanker?", "yudc", "disputed"]]}
    (tmp_path / "sea.jsonl").write_text(json.dumps(line), encoding="utf-8")
    found = {(each.heading[:10], each.passage): each for each in read_sentence_sets(tmp_path)}
    told = {text: (each.relation, each.relevant) for (_, text), each in found.items()}
    assert told == {
        "Kurland sank the tanker on Monday.": ("yes", True),
        "Rescuers found two of its crew.": ("unknown", False),
        "Kurland denied sinking the tanker.": ("denied", True),
        "The tanker sank by an accident, it claimed.": ("claimed", True),
        "Kurland sank the tanker on Monday. Rescuers found two of its crew.": ("yes", True),
        "Kurland denied sinking the tanker. The tanker sank by an accident, it claimed.": ("both", True),
    }
    assert {day for day, _ in found} == {"2031-03-14", "2031-03-15"}


def test_quotes_are_held_out_whole() -> None:
    examples = list(read_quotes(FOLDER.with_name("quotes")))
    texts = {split: {each.passage for each in examples if each.split == split} for split in ("train", "dev")}
    assert not texts["train"] & texts["dev"]
    assert len(texts["dev"]) >= len(examples) / 200


def test_events_are_held_out_whole() -> None:
    examples = list(read_events(FOLDER))
    passages = {split: {each.passage for each in examples if each.split == split} for split in ("train", "dev")}
    assert all(each.split in passages for each in examples)
    assert 400 <= sum(each.split == "dev" for each in examples) <= 700
    for one, other in combinations(passages.values(), 2):
        assert not one & other


SENTENCES = ("It rained.", "Kurland sank the tanker.", "Divers saw it.", "The navy was silent.", "Nobody was hurt.")
PASSAGE = " ".join(SENTENCES)
SPAN = (PASSAGE.index("Kurland"), PASSAGE.index("Kurland") + len("Kurland sank"))


def test_a_pass_cuts_some_rows_around_their_answers_and_drops_some_headings_and_titles() -> None:
    rows = [Example("Did Kurland sink it?", "2031-05-06 Post: x", PASSAGE, relation="yes", spans=(SPAN,))] * 300
    varied = vary(rows, 1)
    assert vary(rows, 1) == varied
    assert vary(rows, 2) != varied
    assert 10 < sum(not each.heading for each in varied) < 70
    assert 15 < sum(each.heading == "2031-05-06 Post" for each in varied) < 100
    cut = [each for each in varied if each.passage != PASSAGE]
    assert 150 < len(cut) < 270
    terse = [each for each in varied if each.question == "did kurland sink it"]
    assert 10 < len(terse) < 70
    for each in varied:
        [(start, end)] = each.spans or ()
        assert each.passage[start:end] == "Kurland sank"
        assert (each.question.lower().rstrip("?"), each.relation) == ("did kurland sink it", "yes")


def test_a_row_without_an_answer_is_cut_as_well_so_that_a_short_text_gives_nothing_away() -> None:
    varied = vary([Example("Did divers see the navy?", "", PASSAGE, relation="unknown", spans=())] * 100, 1)
    assert any(each.passage != PASSAGE for each in varied)
    assert all(each.spans == () and each.passage in PASSAGE for each in varied)


def test_a_row_that_is_not_annotated_for_answers_is_left_whole() -> None:
    row = Example("Did divers see it?", "", PASSAGE, relation="yes")
    assert {each.passage for each in vary([row] * 50, 1)} == {PASSAGE}


def test_a_negative_is_a_text_that_does_not_settle_its_question() -> None:
    rows = [
        Example(
            f"Did Kurland sink tanker {at}?", f"heading {at}", PASSAGE, relation="yes", spans=(SPAN,), relevant=True
        )
        for at in range(20)
    ]
    # Another passage, with words of every question.
    rows.append(
        Example("Was there a tanker?", "another", "No tanker of Kurland's was near.", relation="no", spans=((0, 9),))
    )
    found = make_negatives(rows, len(rows))
    assert all((each.relation, each.spans, each.relevant) == ("unknown", (), False) for each in found)
    of_kurland = {each.passage for each in found if each.question.startswith("Did Kurland")}
    # A sentence beside the answer, or the other passage.
    assert of_kurland <= {*SENTENCES, "No tanker of Kurland's was near."} - {"Kurland sank the tanker."}
    assert len(found) >= 10


def test_swapped_questions_are_whole_and_all_different() -> None:
    pairs = read_role_pairs()
    assert len(pairs) == 240
    fields = {"title", "publisher", "published_at", "passage", "question", "swapped"}
    assert all(pair.keys() == fields and all(pair.values()) for pair in pairs)
    assert all(pair["question"] != pair["swapped"] for pair in pairs)
    assert len({pair["passage"] for pair in pairs}) == len({pair["question"] for pair in pairs}) == len(pairs)


def test_no_written_article_lies_ahead() -> None:
    paths = list(CORPORA_FOLDER.glob("*/*.articles.jsonl"))
    days = [json.loads(line)["published_at"][:10] for path in paths for line in path.read_text("utf-8").splitlines()]
    # What is dated ahead counts as undated, and no question of what is so now could be decided.
    assert days
    assert max(days) < "2026"
