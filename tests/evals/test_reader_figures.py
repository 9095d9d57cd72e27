"""`quality reader` and `train kinds`: what is counted right, and that what is trained can be used."""

import json
from pathlib import Path

import pytest

from bot.answering.question.about_bot import OTHER, BotSubject
from bot.answering.question.kind import QuestionKind
from bot.answering.question.kind_model import ABOUT_FILE, KindModel, features_with_form
from bot.answering.reader.relations import Excerpt, Found, ReaderOutput
from corpus.article import Span
from evals.quality.reader_figures import measure_reader, measure_roles
from evals.reader.reader_rows import Example
from evals.training.fit_kinds import (
    ABOUT_FOLDER,
    HELD_OUT,
    LabelledQuestion,
    fit_kinds,
    measure_about,
    measure_kinds,
    read_about_bot,
    read_annotated_questions,
    read_bare_questions,
    read_corpus_questions,
    read_labelled,
    read_terse,
    sample_by_kind,
)
from tests.fakes import reading

PASSAGE = "Kurland sank the tanker on Monday with forty men."


class Told:
    """A reader that says what it is told, one reading after the other."""

    def __init__(self, readings: list[ReaderOutput]) -> None:
        self._readings = iter(readings)

    def load(self) -> None:
        return

    def read(self, _question: str, excerpts: list[Excerpt], **_options: bool) -> list[ReaderOutput]:
        return [next(self._readings) for _ in excerpts]


def example(relation: str | None = None, answer: str | None = None) -> Example:
    spans = (
        None if answer is None else ((PASSAGE.index(answer), PASSAGE.index(answer) + len(answer)),) if answer else ()
    )
    return Example("?", "", PASSAGE, relation=relation, spans=spans)


def found(answer: str, odds: float) -> ReaderOutput:
    return reading(found=(Found(Span(PASSAGE.index(answer), PASSAGE.index(answer) + len(answer)), odds),))


def measure(pairs: list[tuple[Example, ReaderOutput]]) -> dict[str, object]:
    done: list[int] = []
    figures = measure_reader(Told([each for _, each in pairs]), [each for each, _ in pairs], lambda: done.append(1))
    assert len(done) == len(pairs)
    return figures


def test_relations_are_counted_by_what_is_likeliest() -> None:
    figures = measure(
        [
            (example("yes"), reading(yes=0.9)),
            (example("yes"), reading(no=0.6)),
            (example("no"), reading(no=0.9)),
            (example("claimed"), reading(claimed=0.5, yes=0.4)),
            (example("unknown"), reading(yes=0.7)),
        ]
    )
    assert (figures["yes_no_rows"], figures["six_labels"]) == (5, 0.6)
    # Yes told for no or the reverse, of the three that are either.
    assert figures["turned_round"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["recall"] == {"yes": 0.5, "no": 1.0, "claimed": 1.0, "denied": None, "both": None, "unknown": 0.0}


def test_the_surest_definite_relations_are_counted_apart() -> None:
    rows = [(example("yes"), reading(yes=0.99 - number / 100)) for number in range(5)]
    rows += [(example("no"), reading(yes=0.8 - number / 100)) for number in range(5)]
    rows += [(example("yes"), reading())] * 10
    figures = measure(rows)
    assert figures["surest_right"] == {"10%": 1.0, "20%": 1.0, "30%": 1.0, "50%": 1.0}
    wrong_first = [(example("no"), reading(yes=0.999)), *rows]
    assert measure(wrong_first)["surest_right"]["10%"] == 0.0


def test_answers_are_counted_by_whether_and_where() -> None:
    figures = measure(
        [
            (example(answer="forty"), found("forty men", 3.0)),
            (example(answer="forty"), found("Monday", 2.0)),
            (example(answer=""), found("Monday", -1.0)),
            (example(answer=""), found("Monday", 2.5)),
        ]
    )
    assert (figures["open_rows"], figures["span_overlaps"]) == (4, 0.5)
    assert figures["has_answer_auc"] == 0.75


def test_nothing_to_measure_is_none_rather_than_a_number() -> None:
    figures = measure([])
    assert (figures["six_labels"], figures["has_answer_auc"], figures["span_overlaps"]) == (None, None, None)


def test_the_written_questions_name_kinds_and_every_fifth_is_held_out() -> None:
    questions = list(read_labelled())
    assert {each.kind for each in questions} == {kind.value for kind in QuestionKind}
    held_out = sum(each.is_held_out for each in questions)
    assert held_out == pytest.approx(len(questions) / HELD_OUT, rel=0.1)
    seen = {each.text for each in questions if not each.is_held_out}
    assert not [each.text for each in questions if each.is_held_out and each.text in seen]


def test_terse_messages_that_it_was_not_fitted_on_are_told_apart() -> None:
    messages = list(read_terse())
    seen = {each.text.lower() for each in read_labelled()}
    assert not [each.text for each in messages if each.text.lower() in seen]
    figures = measure_kinds(KindModel.load(), messages)
    assert figures["questions"] == len(messages) > 200
    assert figures["asks_verdict"] >= 0.94
    assert figures["accuracy"] >= 0.87


def test_messages_about_the_bot_name_its_subjects_and_those_about_the_world_are_others() -> None:
    messages = list(read_about_bot())
    assert {each.kind for each in messages} == {*BotSubject, OTHER}
    assert sum(each.kind == OTHER for each in messages) > len(messages) / 2
    seen = {each.text for each in messages if not each.is_held_out and each.kind != OTHER}
    assert not [each.text for each in messages if each.is_held_out and each.text in seen]


def test_the_packaged_classifier_knows_messages_about_the_bot_that_it_was_not_fitted_on() -> None:
    figures = measure_about(KindModel.load(ABOUT_FILE), list(read_labelled(ABOUT_FOLDER)))
    assert min(figures["messages"], figures["others"]) > 100
    assert figures["recognised"] > 0.8
    assert figures["right_subject"] > 0.9
    assert figures["others_taken"] <= 6


def test_annotated_questions_are_taken_where_their_kind_is_plain(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    rows = [
        {"q": "Did it sink?", "k": "yn", "a": "sank"},
        {"q": "It sank.", "k": "yn", "a": "sank"},
        {"q": "What did Olt say?", "k": "said", "a": "no"},
        {"q": "Which ports closed?", "k": "which", "a": "Salis | Orsk"},
        {"q": "Which port closed?", "k": "which", "a": "Salis"},
        {"q": "Who closed them?", "k": "who", "a": "Olt | Ferro"},
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    assert [(each.text, each.kind) for each in read_annotated_questions(path)] == [
        ("Did it sink?", "yes_no"),
        ("What did Olt say?", "what"),
        ("Which ports closed?", "list"),
    ]


def test_questions_of_corpora_have_the_kind_that_their_words_and_answers_tell(tmp_path: Path) -> None:
    rows = [
        ("Did it sink?", "passive", "yes"),
        ("the tanker sank in may", "claim", "no"),
        ("who sank it", "who", "open"),
        ("How did it sink?", "absent", "not_found"),
        ("Name those who sank it.", "list", "open"),
    ]
    (tmp_path / "A01.jsonl").write_text(
        "\n".join(json.dumps({"id": q, "question": q, "kind": kind, "verdicts": [v]}) for q, kind, v in rows)
    )
    found = list(read_corpus_questions(tmp_path))
    assert [(each.text, each.kind) for each in found] == [
        ("Did it sink?", "yes_no"),
        ("the tanker sank in may", "claim"),
        ("who sank it", "who"),
    ]
    assert list(read_bare_questions(tmp_path)) == []
    (tmp_path / "A02.jsonl").write_text(
        "\n".join(
            json.dumps({"id": q, "question": q, "kind": "terse", "verdicts": ["yes"]})
            for q in ("tanker sunk in june?", "In June, had it sunk?", "tanker sunk when?", "tanker sank")
        )
    )
    assert [each.text for each in read_bare_questions(tmp_path)] == ["tanker sunk in june?"]
    assert sorted(each.kind for each in sample_by_kind([*found, *found], most=1)) == ["claim", "who", "yes_no"]


def test_what_is_fitted_is_loaded_and_tells_kinds_apart(tmp_path: Path) -> None:
    import numpy as np  # noqa: PLC0415 - beside its only use

    asked = {"who": "Who led the {}?", "when": "When did the {} end?", "yes_no": "Did the {} end?"}
    nouns = "coup strike siege war truce fire trial march blockade summit".split()
    questions = [
        LabelledQuestion(text.format(noun), kind, is_held_out=noun == "summit")
        for kind, text in asked.items()
        for noun in nouns
    ]
    path = tmp_path / "kinds.npz"
    with path.open("wb") as file:
        np.savez_compressed(file, **fit_kinds(questions, read=features_with_form))
    assert KindModel.load(path).reads_form
    figures = measure_kinds(KindModel.load(path), questions)
    assert (figures["questions"], figures["accuracy"], figures["asks_verdict"]) == (3, 1.0, 1.0)
    assert figures["recall"] == {"when": 1.0, "who": 1.0, "yes_no": 1.0}


def test_roles_are_told_apart_where_the_right_question_has_more_support() -> None:
    pair = {"title": "", "publisher": "", "published_at": "", "passage": PASSAGE, "question": "A?", "swapped": "B?"}
    told = [reading(yes=0.6), reading(yes=0.5), reading(yes=0.5), reading(yes=0.5)]
    assert measure_roles(Told(told), [pair, pair], lambda: None) == {"pairs": 2, "told_apart": 0.5}
