"""Answers over a small made-up corpus, with a reader that says of each text what a test gives it."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from bot.answering.answer import Answer, Stance, Verdict
from bot.answering.composer import HITS, SENTENCES_READ, Composer
from bot.answering.question.kind import QuestionKind
from bot.answering.verdict.judge import DEFINITE
from corpus.article import Draft
from corpus.articles import Articles
from corpus.database import open_database
from corpus.ingest import normalise
from index.embedding.embedder import packaged_embedder
from index.embedding.vector_store import migrations as index_migrations
from index.filters import Filters
from index.generation.postings import Postings
from index.generation.vector_index import VectorIndex
from index.search.retriever import Retriever
from tests.fakes import FakeReader, HashingEmbedder, plain_calibration

NOW = datetime(2031, 6, 1, tzinfo=UTC)
EMPTY_INDEX = VectorIndex.build(np.empty(0, dtype=np.int64), np.empty((0, 64), dtype=np.float32))
NO_POSTINGS = Postings.build([])
TANKER = "The tanker Marisol sank off Port Salis on Monday with forty sailors on board."
ARTICLES = {
    "accused": "Vestria accused Kurland of sinking the tanker Marisol. Kurland denied the claim on Tuesday."
    f"\n\n{TANKER}",
    "weapons": "Norvia denied on Sunday that it had sold radar sets to the Quen rebels, calling it an invention.",
    "toll": "Belmar agreed to lift the canal toll on grain barges from Tuesday, its transport minister said.",
    "summit": "Chancellor Tobe Lund will not attend the lake summit in Orsk next week, his spokesman said on Monday.",
    "claimed": "The Free Harbour Front claimed responsibility for the bomb at the Dunlow customs house.",
    "union": "Ossia, Quarland and Belmar left the customs union in April. Tessen followed them out of it in May.",
    "france": "France has 900 tanks in its army of the north, a yearbook of the armies of Europe says.",
    "italy": "Italy has 700 tanks in its army of the south, a yearbook of the armies of Europe says.",
    "german": "Die Fähre nach Velden fährt wieder, sagte der Hafenmeister am Montag in einer Rede vor dem Rat.",
}  # fmt: skip
Ask = Callable[..., Answer]
Table = Mapping[str, Mapping[str, Any]]
# The passage holds both sides; either sentence alone holds one.
DISPUTE: Table = {
    "Marisol. Kurland denied": {"both": 0.9, "found": ["accused Kurland", "denied the claim"]},
    "Vestria accused": {"claimed": 0.9},
    "Kurland denied the claim": {"denied": 0.9},
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    db = open_database(tmp_path_factory.mktemp("composing"), (index_migrations,))
    articles = Articles(db)
    with db.atomic():
        for place, (name, body) in enumerate(ARTICLES.items(), start=1):
            draft = Draft(
                body=body if "\n" in body else f"{body}\n\nIt rained in the valley for most of the week.",
                title=f"News of the day {place}",
                publisher="Salis Herald",
                published_at=f"2031-05-{place:02}",
                external_id=name,
                language="de" if name == "german" else "en",
            )
            articles.store(
                normalise(draft),
                collection="shared",
                origin=f"{name}.txt",
                source_sha256=name,
                now="2031-06-01T00:00:00Z",
            )
    yield db
    db.close()


def compose(corpus: Database, reader: FakeReader, question: str, *, quotes: int = 4, **changes: object) -> Answer:
    retriever = Retriever(corpus, EMPTY_INDEX, NO_POSTINGS, HashingEmbedder(), per_article=3)
    made = Composer(corpus, retriever, packaged_embedder(), reader, plain_calibration(**changes), quotes=quotes)
    return made.compose(question, Filters(), NOW).answer


@pytest.fixture
def ask(corpus: Database) -> Ask:
    """Asks with a table of what the reader says of each text."""

    def answer(question: str, table: Table, **given: Any) -> Answer:
        return compose(corpus, FakeReader(table), question, **given)

    return answer


def stances(answer: Answer) -> list[Stance | None]:
    return [each.stance for each in answer.evidence]


def test_a_yes_comes_with_the_sentence_that_says_so(ask: Ask) -> None:
    answer = ask("Did Norvia deny selling radar sets to the Quen rebels?", {"Norvia denied": {"yes": 0.9}})
    assert answer.verdict is Verdict.YES
    assert answer.probability > 0.9
    assert stances(answer) == [Stance.ASSERTS]
    assert answer.evidence[0].quote.text == ARTICLES["weapons"]
    assert answer.headline == "Yes: Norvia denied it (Salis Herald, 2 May 2031)."
    assert (answer.kind, answer.as_of, answer.items) == (QuestionKind.YES_NO, "2031-05-02", ())


def test_a_no_comes_with_the_sentence_that_says_so(ask: Ask) -> None:
    answer = ask("Did Tobe Lund attend the lake summit in Orsk?", {"will not attend": {"no": 0.9}})
    assert (answer.verdict, stances(answer)) == (Verdict.NO, [Stance.DENIES])
    assert answer.headline.startswith("No: ")


def test_a_dispute_shows_both_sides_and_names_them(ask: Ask) -> None:
    answer = ask("Did Kurland sink the tanker Marisol?", DISPUTE)
    assert answer.verdict is Verdict.DISPUTED
    assert set(stances(answer)) == {Stance.ASSERTS, Stance.DENIES}
    assert answer.headline == "Disputed: according to Vestria; against it Kurland."
    assert [each.quote.text for each in answer.evidence] == [
        "Vestria accused Kurland of sinking the tanker Marisol.",
        "Kurland denied the claim on Tuesday.",
    ]


def test_a_dispute_of_which_only_one_side_fits_on_the_screen_is_none(ask: Ask) -> None:
    answer = ask("Did Kurland sink the tanker Marisol?", DISPUTE, quotes=1)
    assert len(answer.evidence) == 1
    assert answer.verdict is not Verdict.DISPUTED


def test_what_somebody_only_claims_is_shown_without_a_verdict(ask: Ask) -> None:
    answer = ask("Did the Free Harbour Front plant the bomb at Dunlow?", {"claimed responsibility": {"claimed": 0.9}})
    assert answer.verdict is Verdict.OPEN
    assert stances(answer) == [Stance.ASSERTS]
    assert answer.headline == "What one of my articles says:"


def test_below_the_threshold_there_are_quotes_and_no_verdict(ask: Ask) -> None:
    question, table = "Did Belmar agree to lift the canal toll?", {"agreed to lift": {"yes": 0.9}}
    assert ask(question, table).verdict is Verdict.YES
    answer = ask(question, table, show=0.9999999)
    assert (answer.verdict, answer.headline) == (Verdict.OPEN, "What one of my articles says:")
    assert answer.evidence[0].quote.text == ARTICLES["toll"]


def test_what_no_text_settles_is_not_found(ask: Ask) -> None:
    answer = ask("Did Kurland buy the Dunlow lighthouse?", {})
    assert (answer.verdict, answer.evidence, answer.as_of) == (Verdict.NOT_FOUND, (), None)
    assert answer.is_refusal
    assert answer.probability > 0.5


@pytest.mark.parametrize(
    ("question", "table"),
    [
        ("Did Belmar deny selling radar sets to the Quen rebels?", {"Norvia denied": {"yes": 0.95}}),
        ("Did the tanker Marisol sink with 60 sailors on board?", {"forty sailors": {"yes": 0.95}}),
        ("Did the tanker Marisol sink with more than 50 sailors on board?", {"forty sailors": {"yes": 0.95}}),
        ("Did Ossia, Quarland and Belmar leave the union in June?", {"in April": {"yes": 0.95}}),
    ],
)
def test_whatever_the_reader_says_a_quote_that_contradicts_the_question_is_no_yes(
    ask: Ask, question: str, table: Table
) -> None:
    assert ask(question, table).verdict not in DEFINITE


@pytest.mark.parametrize(
    ("question", "table"),
    [
        ("Did the tanker Marisol sink with 40 sailors on board?", {"forty sailors": {"yes": 0.95}}),
        ("Did the tanker Marisol sink with more than 30 sailors on board?", {"forty sailors": {"yes": 0.95}}),
        ("Did Ossia, Quarland and Belmar leave the union in April?", {"in April": {"yes": 0.95}}),
    ],
)
def test_what_agrees_with_the_question_by_value_is_a_yes(ask: Ask, question: str, table: Table) -> None:
    assert ask(question, table).verdict is Verdict.YES


def test_a_period_before_which_nothing_can_tell(ask: Ask) -> None:
    table = {"Norvia denied": {"yes": 0.9}}
    assert ask("Did Norvia deny selling radar sets to the Quen rebels in May 2031?", table).verdict is Verdict.YES
    answer = ask("Did Norvia deny selling radar sets to the Quen rebels in July 2032?", table)
    assert (answer.verdict, answer.evidence) == (Verdict.NOT_FOUND, ())


def test_a_publisher_in_plain_words_confines_the_search(ask: Ask) -> None:
    answer = ask("According to the Salis Herald, did Norvia deny selling radar sets?", {})
    assert answer.searched.filters.publishers == ("Salis Herald",)


def test_an_open_question_tells_where_its_answer_stands(ask: Ask) -> None:
    answer = ask("How many sailors were on board the tanker Marisol?", {"forty sailors": {"found": ["forty"]}})
    assert (answer.verdict, answer.kind) == (Verdict.OPEN, QuestionKind.HOW_MANY)
    first = answer.evidence[0]
    assert first.stance is None
    assert first.answer is not None
    assert first.quote.text[first.answer.start - first.quote.start : first.answer.end - first.quote.start] == "forty"


def test_an_open_question_that_nothing_answers_is_not_found(ask: Ask) -> None:
    answer = ask("How many sailors were on board the tanker Ilse?", {})
    assert (answer.verdict, answer.evidence) == (Verdict.NOT_FOUND, ())
    assert answer.probability > 0.9


def test_a_list_tells_what_it_found_and_how_many(ask: Ask) -> None:
    table = {"left the customs union": {"found": ["Ossia", "Quarland", "Belmar", "Tessen"]}}
    answer = ask("Which countries left the customs union?", table)
    assert answer.kind is QuestionKind.LIST
    assert answer.items == ("Ossia", "Quarland", "Belmar", "Tessen")
    assert answer.headline == "I found 4 in one of my articles: Ossia · Quarland · Belmar · Tessen."


def test_a_comparison_quotes_both_sides_though_one_is_answered_worse(ask: Ask) -> None:
    table = {"France has": {"found": ["900 tanks"]}, "Italy has": {"found": ["no such piece", "700 tanks"]}}
    answer = ask("Compare the armies of France and Italy.", table)
    assert answer.kind is QuestionKind.COMPARE
    quoted = " ".join(each.quote.text for each in answer.evidence)
    assert "France" in quoted
    assert "Italy" in quoted


def test_a_comparison_quotes_both_sides_though_one_hardly_answers(corpus: Database) -> None:
    class Unsure(FakeReader):
        def _reading(self, text: str) -> Any:
            self._odds = -3.0 if "Italy" in text else 4.0
            return super()._reading(text)

    reader = Unsure({"France has": {"found": ["900 tanks"]}, "Italy has": {"found": ["700 tanks"]}})
    quoted = {
        each.quote.text[:6] for each in compose(corpus, reader, "Compare the armies of France and Italy.").evidence
    }
    assert quoted == {"France", "Italy "}


def test_what_is_said_of_another_country_answers_no_open_question(ask: Ask) -> None:
    table = {"Italy has": {"found": ["700 tanks"]}, "France has": {"found": ["900 tanks"]}}
    assert ask("How many tanks has the army of Spain?", table).verdict is Verdict.NOT_FOUND
    assert ask("How many tanks has the army of Italy?", table).verdict is Verdict.OPEN


def test_a_topic_is_answered_with_sentences_on_it(ask: Ask) -> None:
    answer = ask("canal toll", {"canal toll": {"found": ["canal toll"]}})
    assert answer.kind is QuestionKind.TOPIC
    assert answer.verdict is Verdict.OPEN
    assert answer.evidence[0].quote.text == ARTICLES["toll"]


def test_the_reader_reads_the_hits_and_few_sentences_alone(corpus: Database) -> None:
    reader = FakeReader({" ": {"yes": 0.9, "found": [".", "T", "B"]}})
    compose(corpus, reader, "Did Norvia deny selling radar sets?")
    assert 0 < reader.read_texts <= HITS + SENTENCES_READ
    assert set(reader.asked) == {"Did Norvia deny selling radar sets?"}


def test_the_reader_is_given_no_text_in_a_language_that_it_does_not_read(corpus: Database) -> None:
    seen: list[str] = []

    class Seeing(FakeReader):
        def _reading(self, text: str) -> Any:
            seen.append(text)
            return super()._reading(text)

    compose(corpus, Seeing({}), "Is the canal toll lifted, oder fährt die Fähre nach Velden?")
    assert seen
    assert not [text for text in seen if "Fähre" in text]


# Words of the templates; any other word of a headline must stand somewhere else.
TEMPLATES = frozenset(
    """yes no disputed it according to against denied by what one of my articles say says i found nothing and more
    in answers this date unknown january february march april may june july august
    september october november december""".split()
)
EVERYTHING: Table = {
    **DISPUTE,
    "forty sailors": {"found": ["forty"]},
    "Norvia denied": {"yes": 0.9, "found": ["Norvia"]},
    "agreed to lift": {"yes": 0.9, "found": ["Belmar"]},
    "will not attend": {"no": 0.9, "found": ["Tobe Lund"]},
    "left the customs union": {"yes": 0.4, "found": ["Ossia", "Quarland", "Belmar", "Tessen"]},
}


@pytest.mark.parametrize(
    "question",
    [
        "Did Norvia deny selling radar sets to the Quen rebels?",
        "Did Kurland sink the tanker Marisol?",
        "Did Belmar agree to lift the canal toll?",
        "Did Tobe Lund attend the lake summit in Orsk?",
        "Which countries left the customs union?",
        "How many sailors were on board the tanker Marisol?",
        "Did Kurland buy the Dunlow lighthouse?",
    ],
)
def test_no_word_of_a_headline_comes_from_nowhere(ask: Ask, question: str) -> None:
    answer = ask(question, EVERYTHING)
    sources = [question, *(each.quote.text for each in answer.evidence)]
    for each in answer.evidence:
        sources += [each.citation.publisher or "", each.citation.published_at or ""]
        if each.attribution is not None:
            sources += [each.attribution.speaker or "", each.attribution.cue]
    known = {word for text in sources for word in re.findall(r"\w+", text.lower())} | TEMPLATES
    words = re.findall(r"\w+", answer.headline.lower())
    assert [
        word for word in words if word not in known and word.lstrip("0") not in {str(n) for n in range(1, 32)}
    ] == []


WORDS = st.sampled_from(
    """Did Was Is Who How many When it that Norvia Kurland Vestria Belmar Tobe Lund France deny denied admit sink
    tanker Marisol union reject sell radar sets the to of Quen rebels in May 2031 not true lake summit Orsk ? , still
    canal toll according Salis Herald sailors on board Compare and List""".split()
)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS, min_size=1, max_size=14))
def test_every_quote_is_verbatim_whatever_is_asked(corpus: Database, words: list[str]) -> None:
    answer = compose(corpus, FakeReader(EVERYTHING), " ".join(words))
    bodies = {row[0]: row[1] for row in corpus.execute("SELECT id, body FROM articles")}
    assert answer.is_refusal == (not answer.evidence)
    assert answer.headline
    assert 0 <= answer.probability <= 1
    assert answer.kind.asks_verdict or answer.verdict in {Verdict.OPEN, Verdict.NOT_FOUND}
    for each in answer.evidence:
        quote = each.quote
        assert bodies[quote.article_id][quote.start : quote.end] == quote.text
        assert (each.stance is None) == (not answer.kind.asks_verdict)
        if each.answer is not None:
            assert quote.start <= each.answer.start < each.answer.end <= quote.end
        if each.attribution is not None and each.attribution.speaker is not None:
            assert each.attribution.speaker.lower() in bodies[quote.article_id].lower()
