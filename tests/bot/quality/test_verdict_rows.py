"""Rows with a verdict: how they are read, compared with answers, and counted."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answering.answer import Answer, Attribution, Citation, Evidence, Quote, SearchScope, Stance, Verdict
from bot.answering.question.kind import QuestionKind
from bot.quality.rows import GoldEvidence, Row, read_rows
from bot.quality.verdict_rows import VerdictOutcome, judge_answer, same_quote, same_speaker, summarise_verdicts
from corpus.errors import BadInput
from index.filters import Filters

CITATION = Citation(None, "Salis Herald", None, None, None, None, "a.txt", "shared", False)
DENIAL = "Kurland denied on Monday that it had sunk the tanker."


def shown(text: str, speaker: str | None, stance: Stance) -> Evidence:
    attribution = Attribution(speaker, "denied", "") if speaker else None
    return Evidence(Quote(7, 1, 0, len(text), text), CITATION, 1.0, attribution, stance)


def answered(verdict: Verdict, *evidence: Evidence) -> Answer:
    return Answer(
        question="Did Kurland sink the tanker?",
        kind=QuestionKind.YES_NO,
        verdict=verdict,
        headline="Yes.",
        evidence=evidence,
        as_of=None,
        asked_at=datetime(2031, 1, 1, tzinfo=UTC),
        searched=SearchScope(1, None, None, Filters()),
        confidence=1.0,
        threshold=0.5,
        notes=(),
        timings_ms={},
    )


def row(verdict: Verdict, *evidence: GoldEvidence) -> Row:
    return Row("1", "Did Kurland sink the tanker?", (), (), None, True, verdict, evidence)


def test_rows_with_a_verdict_are_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    evidence = {"article_id": "a", "quote": DENIAL, "speaker": None, "stance": "denies"}
    rows = [
        {"id": "1", "question": "Did it?", "verdict": "disputed", "short_answers": [], "evidence": [evidence]},
        {"id": "2", "question": "Did it?", "verdict": "not_found"},
        {"id": "3", "question": "Who?", "verdict": "open", "short_answers": ["Olt"]},
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    first, second, third = read_rows(path)
    assert (first.verdict, first.answerable, first.article_ids) == (Verdict.DISPUTED, True, ("a",))
    assert first.evidence == (GoldEvidence("a", DENIAL, "", "denies"),)
    assert (second.verdict, second.answerable) == (Verdict.NOT_FOUND, False)
    assert third.answers == ("Olt",)


@pytest.mark.parametrize("fields", [{"verdict": "perhaps"}, {"verdict": "yes", "evidence": "none"}])
def test_a_row_that_is_none_is_named(tmp_path: Path, fields: dict[str, str]) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"id": "1", "question": "Did it?", **fields}))
    with pytest.raises(BadInput, match="Line 1"):
        read_rows(path)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (DENIAL, True),
        (f"It was said. {DENIAL}", True),
        ("Kurland denied on Monday that it had sunk the ship.", True),
        ("Vestria accused Kurland of sinking the tanker.", False),
    ],
)
def test_a_quote_is_recognised(text: str, same: bool) -> None:
    assert same_quote(GoldEvidence("a", DENIAL, "", "denies"), shown(text, None, Stance.DENIES)) is same


@pytest.mark.parametrize(
    ("gold", "speaker", "same"),
    [
        ("Ferenk Olt", "Defence Minister Olt", True),
        ("Iran", "Tehran", True),
        ("Ferenk Olt", "Ana Ferro", False),
        ("Olt", None, False),
    ],
)
def test_a_speaker_is_recognised_by_a_name_or_a_country(gold: str, speaker: str | None, same: bool) -> None:
    assert same_speaker(GoldEvidence("a", DENIAL, gold, "denies"), shown(DENIAL, speaker, Stance.DENIES)) is same


def test_an_answer_is_compared_with_its_row() -> None:
    gold = GoldEvidence("a", DENIAL, "Kurland", "denies")
    found = judge_answer(
        answered(Verdict.NO, shown(DENIAL, "Kurland", Stance.DENIES)), row(Verdict.DISPUTED, gold), {7: "a"}
    )
    assert found == VerdictOutcome(Verdict.DISPUTED, Verdict.NO, True, 1.0, (True,), (True,))
    assert judge_answer(answered(Verdict.NO), Row("1", "Who?", (), (), None, True), {}) is None


def test_the_figures() -> None:
    judged = [
        VerdictOutcome(Verdict.YES, Verdict.YES, True, 1.0, (True,), (True,)),
        VerdictOutcome(Verdict.NO, Verdict.YES, False, 0.0, (), ()),
        VerdictOutcome(Verdict.DISPUTED, Verdict.NOT_FOUND, False, 0.0, (), ()),
        VerdictOutcome(Verdict.NOT_FOUND, Verdict.NOT_FOUND, None, None, (), ()),
    ]
    figures = summarise_verdicts(judged)
    assert figures["verdict_rows"] == 4
    assert (figures["verdict_accuracy"], figures["yes_no_flips"]) == (0.5, 0.25)
    assert (figures["not_found_recall"], figures["others_refused"]) == (1.0, 0.3333)
    assert (figures["evidence_article_hit"], figures["quote_overlap"]) == (0.3333, 0.3333)
    assert figures["confusion"]["no"]["yes"] == 1
    assert summarise_verdicts([]) == {}
