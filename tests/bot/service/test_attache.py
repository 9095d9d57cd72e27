"""What the service answers over the starter briefs, with the real model."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.answering.answer import Answer, Verdict
from bot.render.answer_words import headline_words
from bot.service.attache import Attache
from bot.settings import Settings
from corpus.articles import Articles
from corpus.database import open_database_read_only
from corpus.errors import BadInput
from corpus.starter import STARTER_PUBLISHER
from index.filters import Filters
from index.schema import migrations as index_migrations
from tests.conftest import MakeSettings
from tests.fakes import HashingEmbedder

DENIAL = "Did Iran deny the missile reports?"


def assert_verbatim(answer: Answer, data: Path) -> None:
    db = open_database_read_only(data, (index_migrations,))
    try:
        for each in answer.evidence:
            article = Articles(db).get(each.quote.article_id)
            assert article is not None
            assert article.body[each.quote.start : each.quote.end] == each.quote.text
    finally:
        db.close()


def test_a_question_is_answered_with_quotes_that_name_their_source(
    starter_service: Attache, starter_data: Path
) -> None:
    answer = starter_service.ask(DENIAL)
    assert not answer.is_refusal
    assert len(answer.evidence) >= 2
    assert_verbatim(answer, starter_data)
    for each in answer.evidence:
        assert each.citation.publisher == STARTER_PUBLISHER
        assert each.citation.is_own_brief
        assert date.fromisoformat((each.citation.published_at or "")[:10])
        assert (each.citation.link or "").startswith("file:///")
        assert "#:~:text=" in (each.citation.link or "")
    assert any("denied" in each.quote.text for each in answer.evidence)
    assert answer.as_of == max((each.citation.published_at or "")[:10] for each in answer.evidence)


def test_an_answer_says_what_was_searched_and_when_it_was_asked(starter_service: Attache) -> None:
    now = datetime(2024, 10, 1, tzinfo=UTC)
    answer = starter_service.ask(DENIAL, now=now)
    assert answer.asked_at == now
    assert answer.searched.articles == 32
    assert (answer.searched.first_date or "") < (answer.searched.last_date or "")
    assert answer.timings_ms.keys() >= {"embed", "dense", "lexical", "fuse", "answer"}


def test_the_same_question_has_the_same_answer(starter_service: Attache) -> None:
    first, second = starter_service.ask(DENIAL), starter_service.ask(DENIAL)
    assert first.evidence == second.evidence


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("Which commander denied that missiles were sent to Russia?", "Nozari"),
        ("When was the Chinese balloon shot down?", "4 February 2023"),
        ("Who announced that Russia was ending its participation in the grain deal?", "Kremlin"),
        pytest.param(
            "Which country left the grain deal?",
            "participation",
            marks=pytest.mark.xfail(reason="other words", strict=True),
        ),
    ],
)
def test_the_answer_stands_in_the_quotes(starter_service: Attache, question: str, word: str) -> None:
    answer = starter_service.ask(question)
    assert answer.verdict is Verdict.OPEN
    assert any(word in each.quote.text for each in answer.evidence)


@pytest.mark.parametrize(
    "question", ["Which team won the cricket world cup final?", "What is the best recipe for banana bread?"]
)
def test_what_the_corpus_does_not_know_is_refused_without_evidence(starter_service: Attache, question: str) -> None:
    answer = starter_service.ask(question)
    assert answer.is_refusal
    assert answer.verdict is Verdict.NOT_FOUND
    assert answer.evidence == ()
    assert answer.as_of is None
    assert answer.confidence < answer.threshold


@pytest.mark.parametrize(
    "filters",
    [
        Filters(since=date(2024, 1, 1)),
        Filters(until=date(2023, 12, 31)),
        Filters(since=date(2024, 9, 16), until=date(2024, 9, 16)),
        Filters(publishers=("attaché BACKGROUND brief",)),
    ],
)
def test_filters_hold_in_the_quotes_and_in_what_was_searched(starter_service: Attache, filters: Filters) -> None:
    answer = starter_service.ask("Did Iran deny supplying weapons to Russia?", filters)
    assert answer.searched.filters == filters
    assert answer.evidence
    for each in answer.evidence:
        day = date.fromisoformat((each.citation.published_at or "")[:10])
        assert (filters.since or day) <= day <= (filters.until or day)


@pytest.mark.parametrize(
    "filters", [Filters(publishers=("Nobody's Post",)), Filters(since=date(2099, 1, 1)), Filters(collections=("none",))]
)
def test_filters_that_leave_nothing_give_a_refusal(starter_service: Attache, filters: Filters) -> None:
    answer = starter_service.ask(DENIAL, filters)
    assert answer.is_refusal
    assert answer.searched.articles == 0
    assert starter_service.search(DENIAL, 10, filters).hits == []


@pytest.mark.parametrize("question", ["", "?!", "x" * 10_000, "\0\0", "🙂"])
def test_what_is_no_question_is_refused_before_anything_is_opened(tmp_path: Path, question: str) -> None:
    with Attache(Settings.load(env_file=None, data_dir=tmp_path / "none"), embedder=HashingEmbedder()) as attache:
        for act in (attache.ask, attache.search):
            with pytest.raises(BadInput):
                act(question)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "question", ['" OR NEAR( *', "did\0 iran; DROP TABLE articles --", "Iran 🙂 \u202emissiles", "a" * 999]
)
def test_hostile_questions_are_answered_or_refused(starter_service: Attache, question: str) -> None:
    assert headline_words(starter_service.ask(question))


def test_the_model_is_at_work_before_the_first_question(made_up_data: Path, settings: MakeSettings) -> None:
    embedder = HashingEmbedder()
    with Attache(settings(made_up_data), embedder=embedder) as attache:
        attache.open()
        before = embedder.encoded
        attache.warm_up()
        assert embedder.encoded == before + 1
