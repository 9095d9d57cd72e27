"""Which verdicts stand: those that a quote bears out, by value and by what the reader says of it."""

import pytest

from bot.answering.answer import Stance, Verdict
from bot.answering.question.proposition import read_proposition
from bot.answering.quotes import quote_sentence
from bot.answering.verdict.readings import Ground, Reading
from bot.answering.verdict.selection import Chosen
from bot.answering.verdict.support import DECIDES, OTHER_SIDE, OVERRULES, SUPPORTS, QuoteReader, confirm, decide
from corpus.article import ArticleFacts, Passage, Span
from index.search.retriever import Hit
from tests.fakes import FakeReader, agreeing_reader

SUNK = "Kurland sank the tanker Marisol on 4 May 2031 with 40 sailors on board."
DENIED = "Kurland denied on Tuesday that it had sunk the tanker."
BESIDE = "The tanker Marisol was built in Kurland."
QUESTION = "Did Kurland sink the tanker Marisol?"


def chosen(text: str, stance: Stance = Stance.ASSERTS, *, article: int = 1, language: str = "en") -> Chosen:
    """Make a quote of an article of its own."""
    facts = ArticleFacts(
        article, "shared", None, None, "The tanker Marisol", "Salis Herald", None, "2031-05-05", language, "",
        "2031-06-01", f"{article}.txt",
    )  # fmt: skip
    hit = Hit(Passage(article, article, 0, 0, len(text), text, ""), facts, 1.0, 0.5, 5.0, 0.5, 0.5)
    ground = Ground.DENIED if stance is Stance.DENIES else Ground.DONE
    reading = Reading(hit, Span(0, len(text)), None, stance, ground, 0.9, 0.9, 0.9, False, None)
    return Chosen(quote_sentence(hit, Span(0, len(text)), None), reading)


def confirmed(
    verdict: Verdict, quotes: list[Chosen], reader: FakeReader, question: str = QUESTION
) -> tuple[Verdict, list[str]]:
    told, found = confirm(verdict, quotes, read_proposition(question), QuoteReader(reader, question))
    return told, [each.quote.text for each in found]


def test_a_verdict_stands_with_the_quote_that_supports_it_first() -> None:
    reader = FakeReader({SUNK: {"yes": SUPPORTS}})
    quotes = [chosen(BESIDE), chosen(SUNK, article=2)]
    assert confirmed(Verdict.YES, quotes, reader) == (Verdict.YES, [SUNK, BESIDE])


def test_a_quote_of_a_disputed_question_stands_on_the_side_on_which_the_reader_plainly_sees_it() -> None:
    far = "No ship of Kurland was within thirty miles of the tanker Marisol, a spokesman said."
    quotes = [chosen(SUNK), chosen(DENIED, Stance.DENIES, article=2), chosen(far, article=3)]
    said = {SUNK: {"claimed": 0.9}, DENIED: {"denied": 0.9}, far: {"denied": OTHER_SIDE}}

    def stances(quotes: list[Chosen], said: dict[str, dict[str, float]]) -> list[Stance]:
        reader = QuoteReader(FakeReader(said), QUESTION)
        verdict, found = confirm(Verdict.DISPUTED, quotes, read_proposition(QUESTION), reader)
        assert verdict is Verdict.DISPUTED
        return [each.reading.stance for each in found]

    assert stances(quotes, said) == [Stance.ASSERTS, Stance.DENIES, Stance.DENIES]
    assert stances(quotes, said | {far: {"denied": OTHER_SIDE - 0.1}})[2] is Stance.ASSERTS
    # Never so that one side is left without a quote.
    assert stances(quotes[:2], {SUNK: {"denied": 0.9}, DENIED: {"denied": 0.9}}) == [Stance.ASSERTS, Stance.DENIES]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ({"yes": SUPPORTS - 0.1, "no": 0.4}, Verdict.OPEN),
        ({"no": 0.9}, Verdict.OPEN),
        ({"yes": 0.3}, Verdict.NOT_FOUND),
        ({}, Verdict.NOT_FOUND),
    ],
)
def test_what_no_quote_supports_is_open_or_where_none_tells_of_it_not_found(
    said: dict[str, float], left: Verdict
) -> None:
    quotes = [chosen(SUNK), chosen(BESIDE, article=2)]
    told, shown = confirmed(Verdict.YES, quotes, FakeReader({SUNK: said}))
    assert told is left
    assert shown == ([SUNK, BESIDE] if left is Verdict.OPEN else [])


@pytest.mark.parametrize("relation", ["claimed", "both"])
def test_what_is_only_said_speaks_half_for_a_yes(relation: str) -> None:
    assert confirmed(Verdict.YES, [chosen(SUNK)], FakeReader({SUNK: {relation: 0.9}}))[0] is Verdict.OPEN
    assert confirmed(Verdict.YES, [chosen(SUNK)], FakeReader({SUNK: {relation: 0.8, "yes": 0.15}}))[0] is Verdict.YES


def test_a_no_needs_a_quote_that_says_no() -> None:
    assert confirmed(Verdict.NO, [chosen(DENIED, Stance.DENIES)], FakeReader({"": {"no": 0.6}}))[0] is Verdict.NO
    assert confirmed(Verdict.NO, [chosen(DENIED, Stance.DENIES)], FakeReader({"": {"yes": 0.6}}))[0] is Verdict.OPEN


def test_a_dispute_needs_both_sides() -> None:
    reader = FakeReader({DENIED: {"denied": 0.9}, SUNK: {"yes": 0.9}})
    both = [chosen(DENIED, Stance.DENIES), chosen(SUNK, article=2)]
    assert confirmed(Verdict.DISPUTED, both, reader) == (Verdict.DISPUTED, [DENIED, SUNK])
    assert confirmed(Verdict.DISPUTED, both[:1], reader) == (Verdict.OPEN, [DENIED])
    assert confirmed(Verdict.DISPUTED, both[:1], FakeReader({DENIED: {"both": 0.9}})) == (Verdict.DISPUTED, [DENIED])


@pytest.mark.parametrize(
    "question",
    [
        "Did Kurland sink the tanker Marisol in 2029?",
        "Did Kurland sink the tanker Marisol with 90 sailors on board?",
        "Did Kurland sink the tanker Marisol off Belmar?",
    ],
)
def test_a_yes_never_rests_on_a_quote_that_contradicts_a_date_number_or_name(question: str) -> None:
    reader = agreeing_reader()
    assert confirmed(Verdict.YES, [chosen(SUNK)], reader, question) == (Verdict.NOT_FOUND, [])
    assert reader.texts == []


def test_a_dispute_needs_a_quote_that_takes_a_side() -> None:
    neutral = [chosen(DENIED, Stance.NEUTRAL)]
    assert confirmed(Verdict.DISPUTED, neutral, FakeReader({DENIED: {"both": 0.9}}))[0] is Verdict.OPEN


def test_a_dispute_needs_both_sides_in_other_languages_too() -> None:
    german = chosen("Kurland bestritt am Montag, den Tanker Marisol versenkt zu haben.", Stance.DENIES, language="de")
    assert confirmed(Verdict.DISPUTED, [german], FakeReader({}))[0] is Verdict.OPEN


def test_a_quote_is_read_once_though_both_ask_for_it() -> None:
    reader = FakeReader({SUNK: {"no": 0.6}})
    quotes, proposition, read = [chosen(SUNK)], read_proposition(QUESTION), QuoteReader(reader, QUESTION)
    assert confirm(Verdict.YES, quotes, proposition, read)[0] is Verdict.OPEN
    assert decide([each.reading for each in quotes], Verdict.YES, proposition, read) is None
    assert reader.texts == [SUNK]


def test_whether_somebody_said_it_is_not_left_to_the_reader() -> None:
    reader = FakeReader({})
    question = "Did Kurland deny sinking the tanker?"
    assert confirmed(Verdict.YES, [chosen(DENIED, Stance.DENIES)], reader, question)[0] is Verdict.YES
    assert reader.texts == []


def test_quotes_in_other_languages_are_not_read() -> None:
    reader = FakeReader({})
    german = "Kurland hat den Tanker Marisol am Montag versenkt."
    assert confirmed(Verdict.YES, [chosen(german, language="de")], reader)[0] is Verdict.YES
    assert reader.texts == []


def decided(ruled: Verdict, quotes: list[Chosen], reader: FakeReader, question: str = QUESTION) -> Verdict | None:
    read = QuoteReader(reader, question)
    found = decide([each.reading for each in quotes], ruled, read_proposition(question), read)
    return found[0] if found else None


@pytest.mark.parametrize("verdict", [Verdict.YES, Verdict.NO])
def test_where_the_rules_find_nothing_a_sentence_that_tells_it_clearly_decides(verdict: Verdict) -> None:
    clear, vague = DECIDES[verdict] + 0.01, DECIDES[verdict] - 0.05
    assert decided(Verdict.NOT_FOUND, [chosen(SUNK)], FakeReader({SUNK: {verdict.value: clear}})) is verdict
    assert decided(Verdict.NOT_FOUND, [chosen(SUNK)], FakeReader({SUNK: {verdict.value: vague}})) is None


def test_sentences_that_disagree_decide_nothing() -> None:
    reader = FakeReader({SUNK: {"yes": 0.9}, BESIDE: {"no": 0.9}})
    assert decided(Verdict.NOT_FOUND, [chosen(SUNK), chosen(BESIDE, article=2)], reader) is None


def test_only_a_very_clear_sentence_overrules_the_rules() -> None:
    assert decided(Verdict.NO, [chosen(SUNK)], FakeReader({SUNK: {"yes": OVERRULES - 0.02}})) is None
    assert decided(Verdict.NO, [chosen(SUNK)], FakeReader({SUNK: {"yes": OVERRULES + 0.02}})) is Verdict.YES


def test_a_sentence_that_contradicts_a_number_never_decides_for_yes() -> None:
    question = "Did Kurland sink the tanker Marisol with 90 sailors on board?"
    assert decided(Verdict.NOT_FOUND, [chosen(SUNK)], FakeReader({SUNK: {"yes": 0.99}}), question) is None
