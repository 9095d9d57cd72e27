"""Fitting the verdict model: what it learns, and that it is told by source how it does on what it did not see."""

import random

from bot.answering.answer import Verdict
from bot.quality.verdict_fit import JudgedQuestion, fit_verdicts

VERDICTS = (Verdict.YES, Verdict.NO, Verdict.NOT_FOUND)


def questions(source: str, groups: int, noise: float = 0.0) -> list[JudgedQuestion]:
    """Make questions of three verdicts that two measures tell, now and then wrongly."""
    chance = random.Random(source)
    found = []
    for group in range(groups):
        for at in range(30):
            right = VERDICTS[at % 3]
            told = right if chance.random() >= noise else chance.choice(VERDICTS)
            measures = {
                "yes": 3.0 if told is Verdict.YES else -3.0,
                "no": 3.0 if told is Verdict.NO else -3.0,
                "yes_is_later": 0.0,
                "is_about_now": 0.0,
                "claimed": -3.0,
                "denied": -3.0,
                "both": -3.0,
            }
            found.append(JudgedQuestion(source, f"{source}-{group}", measures, (right,)))
    return found


def test_a_model_learns_which_measure_tells_and_by_source_how_often_it_is_right() -> None:
    fitted = fit_verdicts([*questions("clear", 6), *questions("noisy", 6, noise=0.4)], shown_from=0.5)
    assert fitted.by_source.keys() == {"clear", "noisy"}
    clear, noisy = fitted.by_source["clear"], fitted.by_source["noisy"]
    assert (clear.questions, clear.definite, clear.accuracy, clear.flips) == (180, 120, 1.0, 0.0)
    assert 0.5 < noisy.accuracy < 0.9
    assert 0 < noisy.flips < 1 - noisy.accuracy
    assert fitted.model.fitted_on == 360
    [point] = [each for each in fitted.curve if each.shown_from == 0.5]
    assert round(point.accuracy, 3) == round((1 + noisy.accuracy) / 2, 3)


def test_what_is_not_sure_enough_is_no_definite_verdict() -> None:
    fitted = fit_verdicts(questions("coin", 10, noise=1.0), shown_from=0.9)
    coin = fitted.by_source["coin"]
    assert (coin.definite, coin.definite_right, coin.flips) == (0, 0.0, 0.0)


def test_a_question_that_was_answered_without_the_model_is_counted_as_it_was_answered() -> None:
    refused = JudgedQuestion("clear", "clear-0", {}, (Verdict.YES,), Verdict.NOT_FOUND)
    fitted = fit_verdicts([refused, *questions("clear", 6)], shown_from=0.5)
    clear = fitted.by_source["clear"]
    assert (clear.questions, fitted.model.fitted_on) == (181, 180)
    assert clear.accuracy == round(180 / 181, 4)
    assert clear.others_refused == round(1 / 121, 4)
