"""Of the sentences that share words with an open question, the one that the reader finds an answer in comes first."""

from dataclasses import replace

from bot.answering.answer_reader import LEAST_ODDS, beside_answer, measure_answers, read_candidates
from bot.answering.quotes import Candidate
from bot.answering.reader.relations import Excerpt, Found, ReaderOutput
from corpus.article import ArticleFacts, Passage, Span
from index.search.retriever import Hit
from tests.fakes import FakeReader

ASKED = "Nobody said on Monday who had reported the transfer of the missiles."
ANSWERED = "Two newspapers, the Herald and the Post, were the first to write of it."


class AnswerFinder(FakeReader):
    """Finds an answer in texts that name the Herald."""

    def read(self, question: str, excerpts: list[Excerpt], **_options: bool) -> list[ReaderOutput]:  # type: ignore[override] # a list is one
        said = super().read(question, excerpts)
        odds = [8.0 if "Herald" in each.text else -8.0 for each in excerpts]
        return [ReaderOutput(each.relations, (Found(Span(0, 3), at),)) for each, at in zip(said, odds, strict=True)]


def candidate(text: str, number: int, score: float, language: str = "en") -> Candidate:
    facts = ArticleFacts(
        number, "shared", None, None, "Missiles", "Post", None, "2021-05-01", language, "", "2021-05-02",
        f"{number}.txt",
    )  # fmt: skip
    hit = Hit(Passage(number, number, 0, 0, len(text), text, ""), facts, 1.0, 0.5, 5.0, 0.5, 0.5)
    return Candidate(hit, Span(0, len(text)), None, frozenset(), score, score)


def test_a_sentence_with_an_answer_comes_before_one_with_more_of_the_words() -> None:
    candidates = [candidate(ASKED, 1, 0.9), candidate(ANSWERED, 2, 0.7)]
    lifted, _ = read_candidates(AnswerFinder({}), "Who reported the transfer of the missiles?", candidates)
    assert [each.hit.passage.text for each in lifted] == [ANSWERED, ASKED]


def test_other_languages_are_not_read_and_keep_their_place() -> None:
    reader, german = AnswerFinder({}), candidate("Der Herald meldete die Lieferung zuerst.", 1, 0.9, "de")
    (first, _), _ = read_candidates(reader, "Who reported it?", [german, candidate(ASKED, 2, 0.5)])
    assert first is german
    assert reader.texts == [ASKED]


def test_a_command_to_list_is_read_as_a_question() -> None:
    asked = []

    class Listening(AnswerFinder):
        def read(self, question: str, excerpts: list[Excerpt], **_options: bool) -> list[ReaderOutput]:  # type: ignore[override] # as above
            asked.append(question)
            return super().read(question, excerpts)

    for command in ("List the countries that left the bloc", "please name all banks which were fined.", "Who left?"):
        read_candidates(Listening({}), command, [candidate(ASKED, 1, 0.9)])
    assert asked == ["Which countries left the bloc?", "Which banks were fined?", "Who left?"]


def test_the_piece_that_answers_is_named_where_the_reader_finds_one() -> None:
    (answered, other), _ = read_candidates(
        AnswerFinder({}), "Who reported it?", [candidate(ANSWERED, 1, 0.6), candidate(ASKED, 2, 0.5)]
    )
    assert (answered.is_read, answered.answer) == (True, Span(0, 3))
    assert (other.is_read, other.answer) == (True, None)


def test_the_piece_that_answers_holds_whole_dates() -> None:
    class MonthFinder(FakeReader):
        def read(self, question: str, excerpts: list[Excerpt], **_options: bool) -> list[ReaderOutput]:  # type: ignore[override] # as above
            found = (Found(Span(each.text.index("July"), each.text.index("July") + 4), 8.0) for each in excerpts)
            return [
                replace(each, found=(span,)) for each, span in zip(super().read(question, excerpts), found, strict=True)
            ]

    text = "The Herald and the Post wrote of it on 1 July 2021, after three weeks."
    (answered,), _ = read_candidates(MonthFinder({}), "When did they write of it?", [candidate(text, 1, 0.9)])
    assert answered.answer is not None
    assert text[answered.answer.start : answered.answer.end] == "1 July 2021"


class Weigher(FakeReader):
    """Says of each text, by its first word, how far it helps to answer, and that a piece of it does if it helps."""

    def __init__(self, relevance: dict[str, float]) -> None:
        super().__init__({})
        self._relevance = relevance

    def read(self, question: str, excerpts: list[Excerpt], **_options: bool) -> list[ReaderOutput]:  # type: ignore[override] # a list is one
        said = super().read(question, excerpts)
        helps = [self._relevance[each.text.split()[0]] for each in excerpts]
        return [
            replace(each, relevance=at, found=(Found(Span(0, 3), at),)) for each, at in zip(said, helps, strict=True)
        ]


BRIDGE = ("Rebels destroyed the bridge at Orm.", "Engineers built the bridge at Orm.", "Dunlow bought a newspaper.")


def read(relevance: dict[str, float], *coverage: float) -> list[Candidate]:
    candidates = [
        replace(candidate(text, number, 0.9), coverage=covered)
        for number, (text, covered) in enumerate(zip(BRIDGE, coverage, strict=True))
    ]
    found, _ = read_candidates(Weigher(relevance), "Who destroyed the bridge at Orm?", candidates)
    return found


def quoted(relevance: dict[str, float], *coverage: float) -> list[str]:
    return [each.text.split()[0] for each in beside_answer(read(relevance, *coverage))]


def test_beside_a_sentence_that_answers_others_need_to_help_and_to_speak_of_what_is_asked() -> None:
    helps = {"Rebels": 5.5, "Engineers": 0.2, "Dunlow": 3.0}
    assert quoted(helps, 1.0, 0.7, 0.7) == ["Rebels", "Dunlow"]
    assert quoted(helps, 1.0, 0.7, 0.2) == ["Rebels"]
    assert quoted(helps | {"Engineers": 4.0}, 1.0, 0.7, 0.2) == ["Rebels", "Engineers"]


def test_what_was_read_is_measured_by_the_sentence_that_answers_best() -> None:
    helps = {"Rebels": 5.0, "Engineers": 0.2, "Dunlow": -4.0}
    # A piece is as likely to answer as the start and the end of it.
    assert measure_answers(read(helps, 1.0, 0.7, 0.3)) == {"answers": 2.5, "answering_words": 1.0}
    assert measure_answers(read({**helps, "Dunlow": 40.0}, 1.0, 0.7, 0.3))["answering_words"] == 0.3


def test_nothing_that_was_read_answers_nothing() -> None:
    german = candidate("Der Herald meldete die Lieferung zuerst.", 1, 0.9, "de")
    assert measure_answers([german]) == measure_answers([]) == {"answers": LEAST_ODDS, "answering_words": 0.0}
