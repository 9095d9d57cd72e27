"""Scores answers against rows that state a verdict and its evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.answering.answer import Answer, Evidence, Stance, Verdict
from bot.answering.question.aliases import entity_ids
from bot.answering.verdict.verdict_model import DEFINITE
from bot.quality.rows import GoldEvidence, Row
from index.terms import STOP_WORDS, words

# A shown quote matches a gold one if it has this share of its words, or one contains the other.
SAME_QUOTE = 0.6
# The gold stance of quotes that the publisher itself reports.
_REPORTED = {Verdict.YES: Stance.ASSERTS, Verdict.NO: Stance.DENIES}


# The upper ends of the calibration curve's bins of told probabilities.
CALIBRATION_BINS = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class VerdictOutcome:
    """The outcome of one row's verdict.

    Any verdict of `gold` is right; `kind` is the row's. `article_hit`: a
    quote comes from a gold article. `quotes_found`: share of gold quotes shown. `stances` and `speakers`: whether those
    of each shown gold quote agree, where the gold one states them. All are empty or None in a row without evidence.
    `probability` is the one that the answer tells for its verdict.
    """

    gold: tuple[Verdict, ...]
    given: Verdict | None
    kind: str
    article_hit: bool | None
    quotes_found: float | None
    stances: tuple[bool, ...]
    speakers: tuple[bool, ...]
    probability: float | None = None

    @property
    def is_right(self) -> bool:
        """Whether the given verdict is among the right ones."""
        return self.given in self.gold


def judge_answer(answer: Answer, row: Row, external_ids: Mapping[int, str | None]) -> VerdictOutcome | None:
    """Score an answer against its row; None for a row without a verdict. `external_ids` maps article ids."""
    if not row.verdicts:
        return None
    given = answer.verdict
    if not row.evidence:
        return VerdictOutcome(row.verdicts, given, row.kind, None, None, (), (), answer.probability)
    gold_articles = {each.article_id for each in row.evidence}
    pairs = [(gold, shown) for gold in row.evidence for shown in answer.evidence if same_quote(gold, shown)]
    return VerdictOutcome(
        gold=row.verdicts,
        given=given,
        kind=row.kind,
        article_hit=any(external_ids.get(each.quote.article_id) in gold_articles for each in answer.evidence),
        quotes_found=len({gold.quote for gold, _ in pairs}) / len({gold.quote for gold in row.evidence}),
        stances=tuple(
            _agrees(gold, shown, row.verdicts[0]) for gold, shown in pairs if shown.stance is not None and gold.stance
        ),
        speakers=tuple(same_speaker(gold, shown) for gold, shown in pairs if gold.speaker),
        probability=answer.probability,
    )


def same_quote(gold: GoldEvidence, shown: Evidence) -> bool:
    """Return whether a shown quote matches a gold one."""
    text = shown.quote.text
    one = set(words(gold.quote))
    return gold.quote in text or text in gold.quote or len(one & set(words(text))) >= SAME_QUOTE * len(one)


def same_speaker(gold: GoldEvidence, shown: Evidence) -> bool:
    """Return whether both speakers share a word, or a country or group."""
    speaker = shown.attribution.speaker if shown.attribution is not None else None
    if speaker is None:
        return False
    named = set(words(gold.speaker)) - STOP_WORDS
    return bool(named & set(words(speaker))) or bool(entity_ids(gold.speaker) & entity_ids(speaker))


def summarise_verdicts(judged: Sequence[VerdictOutcome]) -> dict[str, Any]:
    """Return the figures over all rows with a verdict, as shares from 0 to 1; empty without rows."""
    if not judged:
        return {}
    absent = [each for each in judged if each.gold == (Verdict.NOT_FOUND,)]
    others = [each for each in judged if Verdict.NOT_FOUND not in each.gold]
    definite = [each for each in judged if each.given in DEFINITE]
    known = [each for each in judged if each.quotes_found is not None]
    return {
        "verdict_rows": len(judged),
        "verdict_accuracy": _mean([each.is_right for each in judged]),
        "definite": len(definite),
        "definite_right": _mean([each.is_right for each in definite]),
        "yes_no_flips": _mean([_is_flip(each) for each in judged]),
        "not_found_recall": _mean([each.given is Verdict.NOT_FOUND for each in absent]),
        "others_refused": _mean([each.given is Verdict.NOT_FOUND for each in others]),
        "evidence_article_hit": _mean([bool(each.article_hit) for each in known]),
        "quote_overlap": _mean([each.quotes_found or 0.0 for each in known]),
        "stance_accuracy": _mean([flag for each in judged for flag in each.stances]),
        "speaker_match": _mean([flag for each in judged for flag in each.speakers]),
        "calibration": _calibration(definite),
        "by_kind": {
            kind: {"rows": len(rows), "right": _mean([each.is_right for each in rows])}
            for kind in sorted({each.kind for each in judged if each.kind})
            if (rows := [each for each in judged if each.kind == kind])
        },
        "confusion": {
            gold.value: {given.value: sum(e.gold[0] is gold and e.given is given for e in judged) for given in Verdict}
            for gold in Verdict
        },
    }


def _calibration(definite: Sequence[VerdictOutcome]) -> dict[str, dict[str, float | int | None]]:
    """Return, by the probability told for definite verdicts, how many were told and which share of them is right."""
    curve: dict[str, dict[str, float | int | None]] = {}
    least = 0.0
    for most in CALIBRATION_BINS:
        told = [each for each in definite if each.probability is not None and least < each.probability <= most]
        curve[f"{least:.1f}-{most:.1f}"] = {"rows": len(told), "right": _mean([each.is_right for each in told])}
        least = most
    return curve


def _is_flip(outcome: VerdictOutcome) -> bool:
    """Return whether yes was told where only no is right, or the reverse."""
    return {outcome.gold, (outcome.given,)} == {(Verdict.YES,), (Verdict.NO,)}


def _agrees(gold: GoldEvidence, shown: Evidence, verdict: Verdict) -> bool:
    if gold.stance == "reports":
        return shown.stance is _REPORTED.get(verdict, Stance.ASSERTS)
    return shown.stance is not None and gold.stance == shown.stance.value


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None
