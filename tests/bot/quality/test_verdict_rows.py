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
        evidence=evidence,
        as_of=None,
        asked_at=datetime(2031, 1, 1, tzinfo=UTC),
        searched=SearchScope(1, None, None, Filters()),
        confidence=1.0,
        threshold=0.5,
        notes=(),
        timings_ms={},
    )


def row(*verdicts: Verdict, evidence: tuple[GoldEvidence, ...] = (), kind: str = "") -> Row:
    return Row("1", "Did Kurland sink the tanker?", (), (), None, True, verdicts, evidence, kind)


def outcome(
    gold: Verdict | tuple[Verdict, ...], given: Verdict, article_hit: bool | None = None,
    quotes_found: float | None = None, *, kind: str = "",
    stances: tuple[bool, ...] = (), speakers: tuple[bool, ...] = (),
) -> VerdictOutcome:  # fmt: skip
    right = gold if isinstance(gold, tuple) else (gold,)
    return VerdictOutcome(right, given, kind, article_hit, quotes_found, stances, speakers)


def test_rows_with_a_verdict_are_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    evidence = {"article_id": "a", "quote": DENIAL, "speaker": None, "stance": "denies"}
    rows = [
        {"id": "1", "question": "Did it?", "verdict": "disputed", "short_answers": [], "evidence": [evidence]},
        {"id": "2", "question": "Did it?", "verdict": "not_found"},
        {"id": "3", "question": "Who?", "verdict": "open", "short_answers": ["Olt"]},
        {"id": "4", "question": "Did it?", "kind": "small corpus", "verdicts": ["yes", "disputed"]},
        {"id": "5", "question": "Did it?", "verdicts": ["open", "not_found"]},
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    first, second, third, fourth, fifth = read_rows(path)
    assert (first.verdicts, first.answerable, first.article_ids) == ((Verdict.DISPUTED,), True, ("a",))
    assert first.evidence == (GoldEvidence("a", DENIAL, "", "denies"),)
    assert (second.verdicts, second.answerable) == ((Verdict.NOT_FOUND,), False)
    assert (third.answers, third.kind) == (("Olt",), "")
    assert (fourth.verdicts, fourth.answerable) == ((Verdict.YES, Verdict.DISPUTED), True)
    assert fourth.kind == "small corpus"
    # Whoever refuses is right, so nothing has to be found.
    assert not fifth.answerable


@pytest.mark.parametrize(
    "fields",
    [
        {"verdict": "perhaps"},
        {"verdict": "yes", "evidence": "none"},
        {"verdicts": "yes"},
        {"verdicts": ["yes", "perhaps"]},
    ],
)
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
    answer = answered(Verdict.NO, shown(DENIAL, "Kurland", Stance.DENIES))
    found = judge_answer(answer, row(Verdict.DISPUTED, evidence=(gold,), kind="roles"), {7: "a"})
    assert found == VerdictOutcome((Verdict.DISPUTED,), Verdict.NO, "roles", True, 1.0, (True,), (True,))
    assert not found.is_right
    assert judge_answer(answered(Verdict.NO), Row("1", "Who?", (), (), None, True), {}) is None


def test_any_of_several_verdicts_is_right() -> None:
    for given, is_right in ((Verdict.OPEN, True), (Verdict.DISPUTED, True), (Verdict.YES, False)):
        found = judge_answer(answered(given), row(Verdict.OPEN, Verdict.DISPUTED), {})
        assert found is not None
        assert found.is_right is is_right


def test_what_the_publisher_reports_takes_the_side_of_the_verdict() -> None:
    gold = GoldEvidence("a", DENIAL, "", "reports")
    for verdict, stance in ((Verdict.YES, Stance.ASSERTS), (Verdict.NO, Stance.DENIES)):
        found = judge_answer(answered(verdict, shown(DENIAL, None, stance)), row(verdict, evidence=(gold,)), {7: "a"})
        assert found is not None
        assert (found.stances, found.speakers) == ((True,), ())


def test_the_figures() -> None:
    judged = [
        outcome(Verdict.YES, Verdict.YES, True, 1.0, stances=(True,), speakers=(True,)),
        outcome(Verdict.NO, Verdict.YES, False, 0.0),
        outcome(Verdict.DISPUTED, Verdict.NOT_FOUND, False, 0.0),
        outcome(Verdict.NOT_FOUND, Verdict.NOT_FOUND),
    ]
    figures = summarise_verdicts(judged)
    assert figures["verdict_rows"] == 4
    assert (figures["verdict_accuracy"], figures["yes_no_flips"]) == (0.5, 0.25)
    assert (figures["definite"], figures["definite_right"]) == (2, 0.5)
    assert (figures["not_found_recall"], figures["others_refused"]) == (1.0, 0.3333)
    assert (figures["evidence_article_hit"], figures["quote_overlap"]) == (0.3333, 0.3333)
    assert figures["confusion"]["no"]["yes"] == 1
    assert summarise_verdicts([]) == {}


def test_open_and_refused_answers_are_not_definite() -> None:
    figures = summarise_verdicts([outcome(Verdict.YES, Verdict.OPEN), outcome(Verdict.YES, Verdict.NOT_FOUND)])
    assert (figures["definite"], figures["definite_right"]) == (0, None)


@pytest.mark.parametrize(
    ("gold", "given", "is_flip"),
    [
        (Verdict.YES, Verdict.NO, True),
        (Verdict.NO, Verdict.YES, True),
        ((Verdict.NO, Verdict.OPEN), Verdict.YES, False),
        (Verdict.DISPUTED, Verdict.YES, False),
        (Verdict.YES, Verdict.OPEN, False),
    ],
)
def test_only_a_verdict_that_is_turned_round_is_a_flip(
    gold: Verdict | tuple[Verdict, ...], given: Verdict, is_flip: bool
) -> None:
    assert summarise_verdicts([outcome(gold, given)])["yes_no_flips"] == float(is_flip)


def test_a_row_that_may_be_refused_is_no_wrong_refusal() -> None:
    both = (Verdict.OPEN, Verdict.NOT_FOUND)
    figures = summarise_verdicts([outcome(both, Verdict.NOT_FOUND), outcome(Verdict.YES, Verdict.NOT_FOUND)])
    assert (figures["others_refused"], figures["not_found_recall"]) == (1.0, None)


def test_the_figures_by_kind() -> None:
    judged = [
        outcome(Verdict.YES, Verdict.YES, kind="roles"),
        outcome(Verdict.YES, Verdict.NO, kind="roles"),
        outcome(Verdict.NOT_FOUND, Verdict.NOT_FOUND, kind="absent"),
        outcome(Verdict.YES, Verdict.YES),
    ]
    assert summarise_verdicts(judged)["by_kind"] == {
        "absent": {"rows": 1, "right": 1.0},
        "roles": {"rows": 2, "right": 0.5},
    }
