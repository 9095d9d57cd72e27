"""What answers an open question: the sentences with pieces that the reader found, and the items of a list."""

import pytest

from bot.answering.answer import Quote
from bot.answering.found_answers import MAX_ITEM_WORDS, answering_sentences, list_items, locate_in_quote, take_turns
from bot.answering.reader.read_hits import ReadHit
from bot.answering.reader.reading import Found
from corpus.article import Span
from index.terms import Terms
from tests.bot.answering.made_hits import BEGIN, read_hit
from tests.fakes import reading

TERMS = Terms()
TOLD = "The tanker Marisol sank off Port Salis. Forty sailors were on board. A Belmar tug saved them at dawn."


def found(
    text: str, *pieces: str, article: int = 1, odds: float = 4.0, relevance: float = 0.9, **given: object
) -> ReadHit:
    """A hit in which the reader found pieces, the first with these odds and each further one with one less."""
    spans = [Span(text.index(piece), text.index(piece) + len(piece)) for piece in pieces]
    said = reading(
        relevance=relevance, found=tuple(Found(span, odds - place) for place, span in enumerate(spans))
    )  # fmt: skip
    return read_hit(text, article, said, **given)


def text_of(read: ReadHit, span: Span) -> str:
    return read.hit.passage.text[span.start : span.end]


def test_a_sentence_answers_by_its_piece() -> None:
    read = found(TOLD, "Forty")
    [only] = answering_sentences([read], TERMS)
    assert text_of(read, only.candidate.span) == "Forty sailors were on board."
    assert only.candidate.before is not None
    assert text_of(read, only.candidate.before) == "The tanker Marisol sank off Port Salis."
    assert text_of(read, only.answer) == "Forty"


def test_the_surest_piece_of_the_most_relevant_passage_comes_first() -> None:
    sure, unsure = found(TOLD, "Forty", article=1, odds=4.0), found(TOLD, "Forty", article=2, odds=0.5)
    irrelevant = found(TOLD, "Forty", article=3, odds=4.0, relevance=0.1)
    ordered = answering_sentences([unsure, irrelevant, sure], TERMS)
    assert [each.candidate.hit.article.id for each in ordered] == [1, 3, 2]
    assert all(0 <= each.candidate.score <= 1 for each in ordered)


def test_odds_beyond_measure_are_no_error() -> None:
    for odds in (1e6, -1e6):
        [only] = answering_sentences([found(TOLD, "Forty", odds=odds)], TERMS)
        assert 0 <= only.candidate.score <= 1


def test_a_piece_over_two_sentences_counts_for_its_first() -> None:
    read = found(TOLD, "on board. A Belmar tug")
    [only] = answering_sentences([read], TERMS)
    assert text_of(read, only.answer) == "on board."


def test_a_passage_without_a_piece_answers_nothing() -> None:
    assert answering_sentences([read_hit(TOLD)], TERMS) == []


def test_a_piece_is_located_in_the_quote_that_holds_it() -> None:
    read = found(TOLD, "Forty", "Marisol")
    sentences = answering_sentences([read], TERMS)
    start = TOLD.index("Forty")
    quote = Quote(
        1, 1, BEGIN + start, BEGIN + start + len("Forty sailors were on board."), "Forty sailors were on board."
    )
    located = locate_in_quote(quote, read.hit, sentences)
    assert located == Span(BEGIN + start, BEGIN + start + len("Forty"))
    assert quote.text[located.start - quote.start : located.end - quote.start] == "Forty"


def test_a_piece_elsewhere_is_not_located_in_a_quote() -> None:
    read = found(TOLD, "Forty")
    sentences = answering_sentences([read], TERMS)
    elsewhere = Quote(1, 1, BEGIN, BEGIN + 39, TOLD[:39])
    half = Quote(1, 1, BEGIN, BEGIN + TOLD.index("Forty") + 2, TOLD[: TOLD.index("Forty") + 2])
    assert locate_in_quote(elsewhere, read.hit, sentences) is None
    assert locate_in_quote(half, read.hit, sentences) is None
    # The same place in another passage is another text.
    other = found(TOLD, "Forty", article=2)
    whole = Quote(2, 2, BEGIN, BEGIN + len(TOLD), TOLD)
    assert locate_in_quote(whole, other.hit, sentences) is None


LEFT = "Kurland, Vestria and Belmar left the union. The Republic of Ossia followed in June, and Vestria came back."


def test_the_items_of_a_list_are_distinct_and_best_first() -> None:
    read = [
        found(LEFT, "Kurland", "Vestria", "Belmar", article=1, odds=5.0),
        found("Ossia and Vestria left it, too, the paper wrote.", "Ossia", "Vestria", article=2, odds=4.5),
        found(LEFT, "Republic of Ossia", article=3, odds=2.0),
    ]
    assert list_items(read) == ["Kurland", "Ossia", "Vestria", "Belmar"]


@pytest.mark.parametrize(
    ("pieces", "items"),
    [
        # Within one another, whichever is longer: the first that was found stays.
        (("Republic of Ossia",), ["Republic of Ossia"]),
        (("Vestria and Belmar", "Vestria"), ["Vestria and Belmar"]),
        (("and", "Belmar"), ["Belmar"]),
    ],
)
def test_an_item_is_told_once_and_never_a_bare_small_word(pieces: tuple[str, ...], items: list[str]) -> None:
    assert list_items([found(LEFT, *pieces)]) == items


def test_an_item_is_shown_as_written_without_marks_around_it() -> None:
    assert list_items([found("They were: Port Salis; Orsk.", "Port Salis;", "Orsk.")]) == ["Port Salis", "Orsk"]


def test_what_hardly_answers_or_is_a_whole_sentence_is_no_item() -> None:
    assert list_items([found(LEFT, "Kurland", odds=-0.1)]) == []
    long = " ".join(f"Port{number}" for number in range(MAX_ITEM_WORDS + 1))
    assert list_items([found(long, long)]) == []
    fitting = " ".join(f"Port{number}" for number in range(MAX_ITEM_WORDS))
    assert list_items([found(fitting, fitting)]) == [fitting]


def names(sentences: object) -> list[int]:
    return [each.candidate.hit.article.id for each in sentences]


def test_in_a_comparison_each_name_gets_its_turn() -> None:
    army = "The army of {} has 900 tanks of its own."
    read = [
        *(found(army.format("France"), "900", article=number, odds=9.0 - number, title=None) for number in (1, 2, 3)),
        found(army.format("Italy"), "900", article=4, odds=2.0, title=None),
        found(army.format("Belmar"), "900", article=5, odds=1.0, title=None),
    ]
    sentences = answering_sentences(read, TERMS)
    assert names(sentences) == [1, 2, 3, 4, 5]
    turns = names(take_turns(sentences, "Compare the armies of France and Italy."))
    assert set(turns[:2]) == {1, 4}
    assert sorted(turns) == [1, 2, 3, 4, 5]
    assert turns[-1] == 5


def test_a_sentence_on_both_names_is_told_once() -> None:
    both = "The armies of France and Italy have 900 tanks each."
    sentences = answering_sentences([found(both, "900", article=1), found(both, "900", article=2, odds=1.0)], TERMS)
    assert names(take_turns(sentences, "Compare the armies of France and Italy.")) == [1, 2]


def test_a_comparison_of_fewer_than_two_known_names_keeps_its_order() -> None:
    sentences = answering_sentences([found(TOLD, "Forty", article=1), found(TOLD, "Forty", article=2, odds=1.0)], TERMS)
    for question in ("Compare Kurland and Vestria.", "Compare France and Kurland.", ""):
        assert take_turns(sentences, question) == sentences
    assert take_turns([], "Compare France and Italy.") == []
