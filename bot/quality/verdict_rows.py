"""Scores answers against rows that state a verdict and its evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.answering.answer import Answer, Evidence, Stance, Verdict
from bot.answering.question.aliases import entity_ids
from bot.quality.rows import GoldEvidence, Row
from index.terms import STOP_WORDS, words

# A shown quote matches a gold one if it has this share of its words, or one contains the other.
SAME_QUOTE = 0.6
# The gold stance of quotes that the publisher itself reports.
_REPORTED = {Verdict.YES: Stance.ASSERTS, Verdict.NO: Stance.DENIES}


@dataclass(frozen=True, slots=True)
class VerdictOutcome:
    """The outcome of one row's verdict.

    `article_hit`: a quote comes from a gold article. `quotes_found`: share of gold quotes shown. `stances` and
    `speakers`: whether those of each shown gold quote agree, speakers only where the gold one is named. All are empty
    or None in a row without evidence.
    """

    gold: Verdict
    given: Verdict | None
    article_hit: bool | None
    quotes_found: float | None
    stances: tuple[bool, ...]
    speakers: tuple[bool, ...]


def judge_answer(answer: Answer, row: Row, external_ids: Mapping[int, str | None]) -> VerdictOutcome | None:
    """Score an answer against its row; None for a row without a verdict. `external_ids` maps article ids."""
    if row.verdict is None:
        return None
    if not row.evidence:
        return VerdictOutcome(row.verdict, answer.verdict, None, None, (), ())
    gold_articles = {each.article_id for each in row.evidence}
    pairs = [(gold, shown) for gold in row.evidence for shown in answer.evidence if same_quote(gold, shown)]
    return VerdictOutcome(
        gold=row.verdict,
        given=answer.verdict,
        article_hit=any(external_ids.get(each.quote.article_id) in gold_articles for each in answer.evidence),
        quotes_found=len({gold.quote for gold, _ in pairs}) / len({gold.quote for gold in row.evidence}),
        stances=tuple(_agrees(gold, shown, row.verdict) for gold, shown in pairs if shown.stance is not None),
        speakers=tuple(same_speaker(gold, shown) for gold, shown in pairs if gold.speaker),
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
    absent = [each for each in judged if each.gold is Verdict.NOT_FOUND]
    others = [each for each in judged if each.gold is not Verdict.NOT_FOUND]
    flips = [{each.gold, each.given} == {Verdict.YES, Verdict.NO} for each in judged]
    known = [each for each in judged if each.quotes_found is not None]
    return {
        "verdict_rows": len(judged),
        "verdict_accuracy": _mean([each.gold is each.given for each in judged]),
        "yes_no_flips": _mean(flips),
        "not_found_recall": _mean([each.given is Verdict.NOT_FOUND for each in absent]),
        "others_refused": _mean([each.given is Verdict.NOT_FOUND for each in others]),
        "evidence_article_hit": _mean([bool(each.article_hit) for each in known]),
        "quote_overlap": _mean([each.quotes_found or 0.0 for each in known]),
        "stance_accuracy": _mean([flag for each in judged for flag in each.stances]),
        "speaker_match": _mean([flag for each in judged for flag in each.speakers]),
        "confusion": {
            gold.value: {given.value: sum(e.gold is gold and e.given is given for e in judged) for given in Verdict}
            for gold in Verdict
        },
    }


def _agrees(gold: GoldEvidence, shown: Evidence, verdict: Verdict) -> bool:
    if gold.stance == "reports":
        return shown.stance is _REPORTED.get(verdict, Stance.ASSERTS)
    return shown.stance is not None and gold.stance == shown.stance.value


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None
