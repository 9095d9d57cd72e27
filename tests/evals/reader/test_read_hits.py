"""What is read: every English passage, and then alone the sentences that seem to decide, most telling first."""

from dataclasses import replace

import pytest

from evals.reader.read_hits import SENTENCES_PER_PASSAGE, read_hits, read_sentences
from evals.reader.relations import Excerpt, Reading, Relation
from index.search.retriever import Hit
from tests.evals.reader.made_hits import FakeReader, make_hit, read_hit

QUESTION = "Did Kurland sink the tanker?"
SUNK, DENIED, RAIN = (
    "Kurland sank the tanker off Port Salis, they said.",
    "He denied on Monday that a mine had been laid.",
    "It rained in the valley for most of the week.",
)
WHOLE = f"General Olt spoke on Monday in Salis. {DENIED} {SUNK} {RAIN}"


class Noting(FakeReader):
    """Remembers what it was given."""

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)
        self.given: list[Excerpt] = []

    def read(self, question: str, excerpts: list[Excerpt]) -> list[Reading]:
        self.given += excerpts
        return super().read(question, excerpts)


def in_language(hit: Hit, language: str | None) -> Hit:
    return replace(hit, article=replace(hit.article, language=language))


def test_every_passage_is_read_with_its_heading_in_order() -> None:
    reader = Noting({"Kurland sank": {"yes": 0.9}, "denied": {"denied": 0.8}})
    hits = [make_hit(DENIED, 1), make_hit(SUNK, 2, published_at=None), make_hit(RAIN, 3, title=None)]
    found = read_hits(reader, QUESTION, hits)
    assert [each.hit for each in found] == hits
    assert [each.reading.probability(Relation.YES, Relation.DENIED) for each in found] == [0.8, 0.9, 0]
    assert [each.heading for each in reader.given] == [
        "2031-05-01 Salis Herald: Kurland and the tanker",
        "Salis Herald: Kurland and the tanker",
        "2031-05-01 Salis Herald",
    ]
    assert [each.text for each in reader.given] == [DENIED, SUNK, RAIN]


@pytest.mark.parametrize(
    ("language", "is_read"), [("en", True), ("en-GB", True), (None, True), ("de", False), ("ru", False)]
)
def test_a_passage_in_another_language_says_nothing(language: str | None, is_read: bool) -> None:
    reader = Noting({"Kurland sank": {"yes": 0.9}})
    [foreign, english] = read_hits(reader, QUESTION, [in_language(make_hit(SUNK, 1), language), make_hit(SUNK, 2)])
    assert len(reader.given) == 1 + is_read
    assert foreign.reading.probability(Relation.YES) == (0.9 if is_read else 0)
    assert bool(foreign.reading.found) == is_read
    assert english.reading.probability(Relation.YES) == 0.9
    assert sum(foreign.reading.relations) == pytest.approx(1.0)


def decide(text: str, table: dict[str, dict[str, object]], most: int = 12) -> list[str]:
    """Read a text, and return what of it is read alone."""
    reader = Noting(table)
    read = read_hits(reader, QUESTION, [make_hit(text)])
    reader.given.clear()
    sentences = read_sentences(reader, QUESTION, read, most)
    assert [each.text for each in sentences] == [each.text for each in reader.given]
    return [each.text for each in sentences]


def test_the_sentence_with_the_piece_is_read_alone() -> None:
    assert decide(WHOLE, {"Kurland sank": {"yes": 0.9}}) == [SUNK]


def test_a_sentence_that_refers_back_is_read_with_the_one_before() -> None:
    found = decide(WHOLE, {"denied on": {"denied": 0.9}})
    assert f"General Olt spoke on Monday in Salis. {DENIED}" in found


def test_no_more_sentences_of_a_passage_than_so_many() -> None:
    table = {"General": {"yes": 0.9, "found": ["General", "denied", "Kurland sank", "rained"]}}
    # And the one that is closest to the question's words.
    assert len(decide(WHOLE, table)) <= SENTENCES_PER_PASSAGE + 1


def test_two_pieces_of_one_sentence_are_one_sentence() -> None:
    assert decide(WHOLE, {"General": {"yes": 0.9, "found": ["Kurland sank", "Port Salis"]}}) == [SUNK]


@pytest.mark.parametrize("unfit", ["Did Kurland sink it?", "Kurland sank.", f"Kurland {'o' * 900} sank it there."])
def test_what_may_not_be_quoted_is_not_read_alone(unfit: str) -> None:
    assert decide(f"{unfit} {RAIN}", {"Kurland": {"yes": 0.9}}) == []


def test_a_passage_without_a_piece_has_no_sentence_to_read() -> None:
    reader = Noting({})
    assert read_sentences(reader, QUESTION, [read_hit(WHOLE)], 12) == []
    assert read_sentences(reader, QUESTION, [], 12) == []


def test_the_passages_that_settle_most_come_first_and_the_rest_is_left_out() -> None:
    reader = Noting({"Kurland sank": {"yes": 0.9}, "denied": {"denied": 0.6}, "rained": {"no": 0.3}})
    read = read_hits(reader, QUESTION, [make_hit(RAIN, 1), make_hit(DENIED, 2), make_hit(SUNK, 3)])
    assert [each.hit.article.id for each in read_sentences(reader, QUESTION, read, 12)] == [3, 2, 1]
    few = read_sentences(reader, QUESTION, read, 2)
    assert [each.hit.article.id for each in few] == [3, 2]
    assert all(any(each.hit is one.hit for one in read) for each in few)
