"""Decides a yes/no question from what the reader says, with a small calibrated model that tells a probability."""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from bot.answering.answer import Verdict
from bot.answering.question.proposition import Act, Proposition
from bot.answering.reader.relations import ReaderOutput, Relation, log_odds
from bot.answering.verdict.readings import Reading, Readings

WEIGHTS_FILE = Path(__file__).with_name("verdict_model.json")
DEFINITE = (Verdict.YES, Verdict.NO, Verdict.DISPUTED)
# The order of the model's probabilities.
VERDICTS = (*DEFINITE, Verdict.OPEN, Verdict.NOT_FOUND)
# A sentence of this probability is clear.
CLEAR = 0.85
# A dispute is shown from this probability at the latest: readers see both sides of it.
DISPUTED_FROM = 0.6
# What an article says counts from this probability, and up to so many articles.
LIKELY = 0.5
MOST_ARTICLES = 3
# The log odds of agreement where no passage around a sentence was read.
UNREAD = -1.4
_SIDES = (Relation.CLAIMED, Relation.DENIED, Relation.BOTH)


@dataclass(frozen=True, slots=True)
class VerdictModel:
    """A multinomial logistic regression of the right verdict, fitted by `python -m evals train verdicts`.

    Attributes:
        measures: the names of its inputs, as `measure_readings` returns them.
        means, scales: of each input, by which it is standardised.
        weights: of each input for each of `VERDICTS`.
        intercepts: of each of `VERDICTS`.
        shown_from: the probability from which a yes or no is shown, and a dispute unless `DISPUTED_FROM` is less.
        refused_from: the probability of "not found" from which nothing is shown where no definite verdict is.
        fitted_on: how many questions it was fitted on.
    """

    measures: Sequence[str]
    means: Sequence[float]
    scales: Sequence[float]
    weights: Sequence[Sequence[float]]
    intercepts: Sequence[float]
    shown_from: float
    refused_from: float
    fitted_on: int

    @classmethod
    def load(cls, path: Path = WEIGHTS_FILE) -> Self:
        """Read a model from a file."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))

    def probabilities(self, measured: Mapping[str, float]) -> dict[Verdict, float]:
        """Return how probable it is that each verdict is the right one; they add up to 1."""
        values = [
            (measured[name] - mean) / scale
            for name, mean, scale in zip(self.measures, self.means, self.scales, strict=True)
        ]
        scores = list(self.intercepts)
        for value, row in zip(values, self.weights, strict=True):
            scores = [score + value * weight for score, weight in zip(scores, row, strict=True)]
        most = max(scores)
        powers = [math.exp(score - most) for score in scores]
        return {verdict: power / sum(powers) for verdict, power in zip(VERDICTS, powers, strict=True)}

    def decide(
        self, probabilities: Mapping[Verdict, float], measured: Mapping[str, float], shown_from: float | None = None
    ) -> Verdict:
        """Return the likeliest verdict; one that may not be shown leaves the question open.

        Where one sentence clearly claims it and one clearly denies it, it is disputed. What may not be shown is one
        that is not likely enough, a "no" against a sentence that clearly says yes and is not from an earlier day (the
        reader sees a "no" more easily than there is one), or a "yes" to what is so now against a later "no".
        """
        if has_clear_sides(measured):
            return Verdict.DISPUTED
        likely = max(VERDICTS, key=lambda each: probabilities[each])
        least = self.shown_from if shown_from is None else shown_from
        if likely is Verdict.DISPUTED:
            least = min(least, DISPUTED_FROM)
        if likely is Verdict.NO:
            is_contradicted = measured["yes"] >= log_odds(CLEAR) and measured["yes_is_later"] >= 0
        else:
            is_late = measured["is_about_now"] and measured["yes_is_later"] < 0
            is_contradicted = bool(likely is Verdict.YES and is_late and measured["no"] >= log_odds(CLEAR))
        if likely not in DEFINITE or (probabilities[likely] >= least and not is_contradicted):
            return likely
        return Verdict.NOT_FOUND if probabilities[Verdict.NOT_FOUND] >= self.refused_from else Verdict.OPEN


def has_clear_sides(measured: Mapping[str, float]) -> bool:
    """Return whether one sentence clearly claims what is asked and one clearly denies it."""
    return min(measured["claimed"], max(measured["denied"], measured["both"])) >= log_odds(CLEAR)


@cache
def packaged_verdict_model() -> VerdictModel:
    """Return the project's own model, which a process reads once."""
    return VerdictModel.load()


def measure_readings(readings: Readings, proposition: Proposition, confidence: float) -> dict[str, float]:
    """Measure what was read for a question; probabilities as log odds.

    - `yes`, `no`: of the sentence that says so most clearly; `second_yes`, `second_no`: of the clearest one of another
      article; `claimed`, `denied`, `both`: the clearest sentence; `settled`: that a sentence settles it at all;
    - `passage_...`: the same of whole passages;
    - `together_...`: the same of the sentences that settle most, read as one text;
    - `yes_in_passage`, `no_in_passage`: what the passage around the clearest sentence says;
    - `match`: the best share of the question in a sentence;
    - `articles_yes`, `articles_no`: how many articles, up to 3, have a sentence that says so and none that says the
      opposite more clearly; `balance`: their difference as a share of their sum;
    - `yes_is_later`: 1, 0 or -1 if the clearest "yes" is from a later day than the clearest "no", the same, or earlier;
    - `confidence`: that the corpus holds an answer, of the refusal model, less its threshold;
    - `is_speech`, `is_negated`, `is_about_now`: of the question.

    Args:
        readings: of its best sentences and passages.
        proposition: of the question.
        confidence: by how much the refusal model's estimate is above its threshold.
    """
    sentences, passages = readings.sentences, readings.passages
    yes, no = _clearest(sentences, _yes), _clearest(sentences, _no)
    articles_yes, articles_no = _count_articles(sentences)
    return {
        "yes": log_odds(_most(sentences, _yes)),
        "no": log_odds(_most(sentences, _no)),
        "second_yes": log_odds(_most(_of_others(sentences, yes), _yes)),
        "second_no": log_odds(_most(_of_others(sentences, no), _no)),
        "settled": log_odds(_most(sentences, _settles)),
        "passage_yes": log_odds(_most(passages, _yes)),
        "passage_no": log_odds(_most(passages, _no)),
        "passage_settled": log_odds(_most(passages, _settles)),
        **{each.value: log_odds(_most(sentences, _says(each))) for each in _SIDES},
        **{f"passage_{each.value}": log_odds(_most(passages, _says(each))) for each in _SIDES},
        **_together(readings.together),
        "yes_in_passage": _in_passage(yes, passages, Relation.YES),
        "no_in_passage": _in_passage(no, passages, Relation.NO),
        "match": max((each.match for each in sentences), default=0.0),
        "articles_yes": float(articles_yes),
        "articles_no": float(articles_no),
        "balance": (articles_yes - articles_no) / max(1, articles_yes + articles_no),
        "yes_is_later": _later(yes, no),
        "confidence": confidence,
        "is_speech": float(proposition.act in {Act.DENIES, Act.ADMITS}),
        "is_negated": float(proposition.is_negated),
        "is_about_now": float(proposition.is_about_now),
    }


_Score = Callable[[Reading], float]


def _yes(reading: Reading) -> float:
    return reading.yes


def _no(reading: Reading) -> float:
    return reading.no


def _settles(reading: Reading) -> float:
    return 1 - reading.said.probability(Relation.UNKNOWN)


def _says(relation: Relation) -> _Score:
    return lambda reading: reading.said.probability(relation)


def _together(said: ReaderOutput | None) -> dict[str, float]:
    return {
        f"together_{each.value}": log_odds(float(each is Relation.UNKNOWN) if said is None else said.probability(each))
        for each in (Relation.YES, Relation.NO, *_SIDES, Relation.UNKNOWN)
    }


def _clearest(readings: Sequence[Reading], score: _Score) -> Reading | None:
    return max(readings, key=score, default=None)


def _most(readings: Iterable[Reading], score: _Score) -> float:
    return max(map(score, readings), default=0.0)


def _of_others(readings: Sequence[Reading], one: Reading | None) -> list[Reading]:
    """Return the readings of other articles than this one's."""
    return [each for each in readings if one is None or each.hit.article.id != one.hit.article.id]


def _count_articles(readings: Iterable[Reading]) -> tuple[int, int]:
    """Return how many articles rather say yes, and how many rather no, each up to `MOST_ARTICLES`."""
    yes: dict[int, float] = {}
    no: dict[int, float] = {}
    for each in readings:
        article = each.hit.article.id
        yes[article] = max(yes.get(article, 0.0), each.yes)
        no[article] = max(no.get(article, 0.0), each.no)
    says_yes = sum(yes[article] > max(LIKELY, no[article]) for article in yes)
    says_no = sum(no[article] > max(LIKELY, yes[article]) for article in no)
    return min(says_yes, MOST_ARTICLES), min(says_no, MOST_ARTICLES)


def _in_passage(sentence: Reading | None, passages: Sequence[Reading], relation: Relation) -> float:
    if sentence is not None:
        for each in passages:
            if each.hit.passage.id == sentence.hit.passage.id:
                return log_odds(each.said.probability(relation))
    return UNREAD


def _later(one: Reading | None, other: Reading | None) -> float:
    days = [(each.hit.article.published_at or "")[:10] for each in (one, other) if each is not None]
    if len(days) < 2 or not all(days):
        return 0.0
    return float((days[0] > days[1]) - (days[0] < days[1]))
