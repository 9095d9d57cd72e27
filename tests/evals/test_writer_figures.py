"""The drafts with planted faults, and what is counted of their proof."""

from collections import Counter

import pytest

from bot.answering.reader.packaged import packaged_reader
from bot.writer.proof import Prover
from bot.writer.written import Checked, Draft, Fault, Problem
from corpus.errors import BadInput
from evals.quality.writer_figures import DRAFTS_FOLDER, FaultyDraft, measure_proofs, mistakes, read_drafts
from evals.training.fit_proof import fit_proofs

FILES = ("drafts", "kept_back")
KINDS = {"name", "number", "date", "roles", "speaker", "citation", "quoted", "negation", "cause"}


SO = Draft("It is so.", (1,))


def drafts(name: str) -> list[FaultyDraft]:
    return read_drafts(DRAFTS_FOLDER / f"{name}.jsonl")


def test_there_are_300_drafts_and_every_kind_of_fault_also_where_none_was_tuned_on() -> None:
    assert 2 * sum(len(drafts(name)) for name in FILES) == 300
    for name in FILES:
        kinds = Counter(each.kind for each in drafts(name))
        assert kinds.keys() == KINDS
        assert min(kinds.values()) >= 3


@pytest.mark.parametrize("name", FILES)
def test_each_fault_changes_one_sentence_of_a_draft_that_cites_what_exists(name: str) -> None:
    for each in drafts(name):
        true = each.sentences[each.place]
        assert each.faulty != true
        assert all(1 <= number <= len(each.evidence) for draft in each.sentences for number in draft.citations)
        if each.kind == "citation":
            assert each.faulty.text == true.text


class Blind(Prover):
    """Finds nothing wrong but numbers."""

    def __init__(self) -> None:
        super().__init__(packaged_reader())

    def prove(self, drafts, evidence) -> list[Checked]:
        wrong = (Problem(Fault.NUMBER, "Digits."),)
        return [Checked(each, wrong if any(map(str.isdigit, each.text)) else (), 0.0, 0.0) for each in drafts]


def test_caught_faults_and_dropped_sentences_are_counted_by_kind() -> None:
    row = drafts("drafts")[0]
    rows = [
        FaultyDraft(row.evidence, (SO, Draft("It is 5.", (1,))), 0, Draft("It is 6.", (1,)), "number"),
        FaultyDraft(row.evidence, (SO,), 0, Draft("It is not.", (1,)), "negation"),
    ]  # fmt: skip
    figures = measure_proofs(Blind(), rows, lambda: None)
    assert figures["faults_caught"] == 0.5
    assert figures["caught_by_kind"] == {"negation": 0.0, "number": 1.0}
    assert figures["true_dropped"] == 0.3333
    assert [(kind, checked.draft.text) for kind, checked in mistakes(Blind(), rows)] == [
        ("true", "It is 5."), ("negation", "It is not."),
    ]  # fmt: skip


def test_the_packaged_reader_catches_nearly_all_faults_and_keeps_nearly_all_true_sentences() -> None:
    figures = measure_proofs(Prover(packaged_reader()), drafts("kept_back"), lambda: None)
    assert figures["faults_caught"] >= 0.93
    assert figures["true_dropped"] <= 0.10


def test_too_few_sentences_to_fit_on_are_told() -> None:
    with pytest.raises(BadInput, match="decided without the model"):
        fit_proofs([], 0.85)
