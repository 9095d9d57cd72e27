"""Which judged sentences are quoted for a verdict, in which order, and which say nothing new."""

from itertools import permutations

import pytest

from bot.answering.answer import Stance, Verdict
from bot.answering.quotes import QUOTES_PER_ARTICLE
from bot.answering.verdict.judge import Sided, take_sides
from bot.answering.verdict.selection import Chosen, choose_sentences
from bot.answering.verdict.vetoes import read_asked
from index.terms import Terms
from tests.bot.answering.made_hits import read_sentence

TERMS = Terms()
ASKED = read_asked("was it sunk?")
TEXTS = (
    "Kurland sank the tanker off Port Salis, the coast guard said.",
    "Divers of the Kurlandish navy fixed a mine to the hull at night.",
    "A captured sailor told the court how the explosion was prepared.",
    "Investigators found parts of a torpedo from Kurland in the wreck.",
    "The admiral was decorated for the attack in a secret ceremony.",
    "Radio messages of that night name the submarine and its captain.",
)
DENIED = (
    "Kurland has nothing to do with it, its foreign minister answered.",
    "The tanker struck an old mine that nobody had laid on purpose.",
)


def sided(text: str, article: int = 1, **given: object) -> Sided:
    [found] = take_sides([read_sentence(text, article, **given)], ASKED)
    return found


def choose(
    given: list[Sided], verdict: Verdict, count: int = 4, copies: set[tuple[int, int]] | None = None
) -> list[Chosen]:
    ordered = sorted(given, key=lambda each: -each.strength)
    return choose_sentences(ordered, verdict, count, TERMS, copies or set())


def texts(chosen: list[Chosen]) -> list[str]:
    return [each.quote.text for each in chosen]


def test_what_is_told_as_fact_comes_before_what_somebody_says() -> None:
    claim, fact = sided(TEXTS[0], 1, claimed=0.95), sided(TEXTS[1], 2, yes=0.8)
    assert texts(choose([claim, fact], Verdict.YES)) == [TEXTS[1], TEXTS[0]]


def test_among_facts_the_strongest_comes_first() -> None:
    weak, strong = sided(TEXTS[0], 1, yes=0.7), sided(TEXTS[1], 2, yes=0.9)
    assert texts(choose([weak, strong], Verdict.YES)) == [TEXTS[1], TEXTS[0]]


def test_a_verdict_is_led_by_its_own_side_and_the_other_has_its_say_after_three() -> None:
    own = [sided(text, number, yes=0.9 - number / 100) for number, text in enumerate(TEXTS, start=1)]
    other = sided(DENIED[0], 9, denied=0.8)
    chosen = choose([*own, other], Verdict.YES, count=5)
    assert [each.sided.stance for each in chosen] == [Stance.ASSERTS] * 3 + [Stance.DENIES, Stance.ASSERTS]
    assert texts(choose([own[0], other], Verdict.NO))[0] == DENIED[0]


def test_what_takes_its_side_far_less_strongly_or_none_is_not_quoted_for_a_verdict() -> None:
    strong, weak, neither = (
        sided(TEXTS[0], 1, yes=0.95),
        sided(TEXTS[1], 2, yes=0.42),
        sided(TEXTS[2], 3, unknown=1.0),
    )
    assert texts(choose([strong, weak, neither], Verdict.YES)) == [TEXTS[0]]
    assert len(choose([strong, weak, neither], Verdict.OPEN)) == 3


def test_no_more_than_asked_for() -> None:
    given = [sided(text, number, yes=0.9) for number, text in enumerate(TEXTS)]
    assert len(choose(given, Verdict.YES, count=2)) == 2


def test_an_article_is_quoted_so_often_and_no_more() -> None:
    assert len(choose([sided(text, 1, yes=0.9) for text in TEXTS], Verdict.OPEN)) == 1, "they overlap"
    apart = []
    for text in TEXTS:
        passage = read_sentence(" ".join(TEXTS), 1, yes=0.9)
        start = passage.hit.passage.text.index(text)
        span = type(passage.span)(start, start + len(text))
        apart += take_sides([type(passage)(passage.hit, span, None, passage.reading, passage.passage)], ASKED)
    assert len(choose(apart, Verdict.YES, count=6)) == QUOTES_PER_ARTICLE


def test_the_same_sentence_in_another_article_is_not_quoted_again() -> None:
    again = [sided(TEXTS[0], 1, yes=0.9), sided(TEXTS[0], 2, yes=0.8), sided(TEXTS[1], 3, yes=0.7)]
    assert texts(choose(again, Verdict.YES)) == [TEXTS[0], TEXTS[1]]


def test_what_a_copy_says_in_other_words_is_not_quoted_again() -> None:
    longer = f"{TEXTS[0][:-1]}, and a spokesman in Salis confirmed it to reporters on the quay."
    both = [sided(TEXTS[0], 1, yes=0.9), sided(longer, 2, yes=0.8)]
    assert len(choose(both, Verdict.YES)) == 2
    assert texts(choose(both, Verdict.YES, copies={(1, 2)})) == [TEXTS[0]]


DISPUTE = (
    sided(TEXTS[0], 1, claimed=0.9, published_at="2031-05-03"),
    sided(DENIED[0], 2, denied=0.7, published_at="2031-05-01"),
    sided(TEXTS[1], 3, claimed=0.8, published_at=None),
    sided(DENIED[1], 4, no=0.6, published_at="2031-05-02"),
)


@pytest.mark.parametrize("given", [*permutations(DISPUTE)])
def test_a_dispute_is_told_by_date_whatever_came_first(given: tuple[Sided, ...]) -> None:
    chosen = choose([*given], Verdict.DISPUTED)
    assert texts(chosen) == [DENIED[0], DENIED[1], TEXTS[0], TEXTS[1]]


def test_both_sides_of_a_dispute_are_quoted_however_strong_one_is() -> None:
    given = [sided(text, number, yes=0.99) for number, text in enumerate(TEXTS, start=1)]
    chosen = choose([*given, sided(DENIED[0], 9, denied=0.45)], Verdict.DISPUTED, count=2)
    assert {each.sided.stance for each in chosen} == {Stance.ASSERTS, Stance.DENIES}


def test_both_sides_are_quoted_where_one_answers_the_other_in_the_same_passage() -> None:
    """A denial that refers back is quoted with the sentence before, which may be the accusation."""
    accusation, denial = "Vestria accused Kurland of sinking the tanker on Monday.", "It denied the claim on Tuesday."
    chosen = choose(
        [sided(accusation, after=denial, claimed=0.9), sided(denial, before=accusation, denied=0.8)], Verdict.DISPUTED
    )
    assert {each.sided.stance for each in chosen} == {Stance.ASSERTS, Stance.DENIES}


@pytest.mark.parametrize("verdict", [Verdict.YES, Verdict.NO, Verdict.DISPUTED, Verdict.OPEN])
def test_quotes_are_slices_of_their_passages(verdict: Verdict) -> None:
    given = [*DISPUTE, sided("She did it.", 5, before="Ana Ferro spoke on Monday in Salis.", yes=0.8)]
    for each in choose(given, verdict):
        passage = each.sided.sentence.hit.passage
        assert passage.text[each.quote.start - passage.start : each.quote.end - passage.start] == each.quote.text


def test_nothing_to_choose_from_is_no_quote() -> None:
    assert choose([], Verdict.OPEN) == []
