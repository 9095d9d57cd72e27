"""The sides that sentences take, and what is decided from measures: a verdict that can be shown, or none."""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answer import Stance, Verdict
from bot.answering.calibration import Calibration
from bot.answering.verdict.judge import DEFINITE, TAKES_SIDE, Sided, is_shown_by, judge, take_sides
from bot.answering.verdict.vetoes import read_asked
from tests.bot.answering.made_hits import read_sentence
from tests.fakes import logistic, plain_calibration

ASKED = read_asked("Did Kurland sink the tanker?")
SUNK = "Kurland sank the tanker on Monday."


def side(**chances: float) -> Sided:
    [found] = take_sides([read_sentence(SUNK, **chances)], ASKED)
    return found


@pytest.mark.parametrize(
    ("chances", "stance", "strength", "is_fact"),
    [
        ({"yes": 0.9}, Stance.ASSERTS, 0.9, True),
        ({"claimed": 0.9}, Stance.ASSERTS, 0.9, False),
        ({"yes": 0.5, "claimed": 0.4}, Stance.ASSERTS, 0.9, True),
        ({"no": 0.8}, Stance.DENIES, 0.8, True),
        ({"denied": 0.7, "no": 0.2}, Stance.DENIES, 0.9, False),
        ({"both": 0.8, "yes": 0.1}, Stance.UNCONFIRMED, 0.8, False),
        ({"yes": 0.3, "no": 0.1}, Stance.NEUTRAL, 0.2, False),
        ({}, Stance.NEUTRAL, 0.0, False),
    ],
)
def test_a_sentence_takes_the_side_that_the_reader_gives_it(
    chances: dict[str, float], stance: Stance, strength: float, is_fact: bool
) -> None:
    found = side(**chances)
    assert (found.stance, found.is_fact) == (stance, is_fact)
    assert found.strength == pytest.approx(strength)


def test_a_side_that_is_hardly_taken_is_none() -> None:
    assert side(yes=TAKES_SIDE + 0.01).stance is Stance.ASSERTS
    assert side(yes=TAKES_SIDE - 0.01).stance is Stance.NEUTRAL


def test_a_sentence_that_contradicts_the_question_asserts_nothing_but_may_deny() -> None:
    asked = read_asked("Did Vestria sink the tanker?")
    said = [read_sentence(SUNK, yes=0.9), read_sentence(SUNK, no=0.9), read_sentence(SUNK, claimed=0.9)]
    assert [each.stance for each in take_sides(said, asked)] == [Stance.DENIES, Stance.NEUTRAL, Stance.NEUTRAL]


def test_the_strongest_side_comes_first() -> None:
    said = [read_sentence(SUNK, yes=0.5), read_sentence(SUNK, no=0.9), read_sentence(SUNK, claimed=0.7)]
    assert [each.strength for each in take_sides(said, ASKED)] == pytest.approx([0.9, 0.7, 0.5])


YES, NO, NEITHER = side(yes=0.9), side(no=0.9), side()


@pytest.mark.parametrize(
    ("sided", "shown"),
    [
        ([YES], {Verdict.YES}),
        ([NO, NEITHER], {Verdict.NO}),
        ([YES, NO], {Verdict.YES, Verdict.NO, Verdict.DISPUTED}),
        ([side(both=0.9)], set()),
        ([NEITHER], set()),
        ([], set()),
    ],
)
def test_a_verdict_needs_a_quote_on_its_side_and_a_dispute_one_on_either(
    sided: list[Sided], shown: set[Verdict]
) -> None:
    assert {verdict for verdict in DEFINITE if is_shown_by(sided, verdict)} == shown


def told(**chances: float) -> Calibration:
    """A calibration that tells these probabilities whatever was measured; the rest is shared by the others."""
    rest = [each.value for each in Verdict if each.value not in chances]
    left = (1 - sum(chances.values())) / max(1, len(rest))
    every = dict.fromkeys(rest, left) | chances
    fields = logistic({}, {name: log(max(chance, 1e-9)) for name, chance in every.items()})
    made = plain_calibration()
    return plain_calibration(verdict=type(made.verdict).from_json(fields))


@pytest.mark.parametrize(
    ("chances", "sided", "verdict", "probability"),
    [
        ({"yes": 0.9}, [YES], Verdict.YES, 0.9),
        ({"no": 0.8}, [NO], Verdict.NO, 0.8),
        ({"disputed": 0.75}, [YES, NO], Verdict.DISPUTED, 0.75),
        # Not sure enough: the quotes, and no verdict word.
        ({"yes": 0.6, "not_found": 0.1}, [YES], Verdict.OPEN, 0.9),
        ({"open": 0.9, "not_found": 0.02}, [YES, NO], Verdict.OPEN, 0.98),
        # Sure, but nothing on the screen would say so.
        ({"disputed": 0.9, "not_found": 0.0}, [YES], Verdict.OPEN, 1.0),
        ({"yes": 0.9, "not_found": 0.0}, [NO], Verdict.OPEN, 1.0),
        ({"no": 0.9, "not_found": 0.0}, [NEITHER], Verdict.OPEN, 1.0),
        # Nothing found.
        ({"not_found": 0.6}, [YES], Verdict.NOT_FOUND, 0.6),
        ({"yes": 0.9, "not_found": 0.05}, [], Verdict.NOT_FOUND, 0.05),
    ],
)
def test_a_verdict_is_told_where_it_is_probable_and_can_be_shown(
    chances: dict[str, float], sided: list[Sided], verdict: Verdict, probability: float
) -> None:
    found = judge({}, sided, told(**chances))
    assert found.verdict is verdict
    assert found.probability == pytest.approx(probability, abs=1e-6)


def test_the_threshold_itself_is_enough() -> None:
    calibration = told(yes=0.9)
    chance = calibration.verdict.probabilities({})["yes"]
    assert judge({}, [YES], plain_calibration(verdict=calibration.verdict, show=chance)).verdict is Verdict.YES
    assert judge({}, [YES], plain_calibration(verdict=calibration.verdict, show=chance + 1e-9)).verdict is Verdict.OPEN


@given(
    st.lists(st.floats(0, 1), min_size=5, max_size=5).filter(lambda each: sum(each) > 0),
    st.lists(st.sampled_from([YES, NO, NEITHER]), max_size=3),
)
def test_a_definite_verdict_is_always_sure_and_shown(chances: list[float], sided: list[Sided]) -> None:
    share = dict(zip([each.value for each in Verdict], (each / sum(chances) for each in chances), strict=True))
    calibration = told(**share)
    found = judge({}, sided, calibration)
    assert 0 <= found.probability <= 1
    if found.verdict in DEFINITE:
        assert found.probability >= calibration.show
        assert is_shown_by(sided, found.verdict)
