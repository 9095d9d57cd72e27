"""Quotes: verbatim, never twice, never from what is no prose of the article."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from bot.answering.answer import Answer
from bot.answering.composer import Composer
from bot.answering.reader.relations import Excerpt, Found, Reader, ReaderOutput
from bot.answering.refusal import RefusalModel
from corpus.article import Draft, Span
from corpus.articles import Articles
from corpus.database import open_database
from corpus.outline import outline
from corpus.prepare import normalise
from index.embedding.embedder import packaged_embedder
from index.filters import Filters
from index.generation.postings import Postings
from index.generation.vector_index import VectorIndex
from index.schema import migrations as index_migrations
from index.search.live_index import LiveIndex
from index.search.retriever import Retriever
from tests.fakes import FakeReader, HashingEmbedder, agreeing_reader

QUESTION = "Did Iran deny the missile reports?"
NOW = datetime(2024, 9, 12, tzinfo=UTC)
MOST = 4

SENTENCES = st.sampled_from(
    [
        "Iran denied on Monday that it had sent missiles to Russia.",
        "“No missile was sent,” General Nozari said – “the reports are a kind of war.”",
        "He called the reports of the missile transfer “baseless”.",
        "But Iran denied the reports of missiles again on Tuesday, the agency said.",
        "The Wall St. Journal’s reports, e.g. on missiles, cited U.S. officials.",
        "Did Iran deny the missile reports, as was said in Türkiye?",
        "Iran denied it.",
        "Wolves returned to the valley 🐺 after a century, rangers said.",
        "They denied that the missile reports from Iran were made up by anyone.",
        "Missile reports from Iran " + "were denied and " * 80 + "forgotten.",
        "It rained.",
    ]
)
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=5).map(" ".join)
# In these sections nothing may be quoted, however well it fits.
ASIDE = "Iran denied the missile reports in an aside that must never be quoted."
SECTIONS = st.sampled_from(
    [
        f"## References\n\n- {ASIDE}\n- {ASIDE}",
        f"## Frequently asked questions\n\nDid Iran deny the missile reports?\n\n{ASIDE}",
        f"## About the author\n\n{ASIDE}",
        "## Iran denied the missile reports",
        "**Iran denied the missile reports**",
    ]
)
BODIES = st.tuples(st.lists(PARAGRAPHS | SECTIONS, min_size=1, max_size=5), st.sampled_from(["\n\n", "\n"])).map(
    lambda parts: parts[1].join(parts[0])
)

EMPTY_INDEX = VectorIndex.build(np.empty(0, dtype=np.int64), np.empty((0, 64), dtype=np.float32))
NO_POSTINGS = Postings.build([])


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    db = open_database(tmp_path_factory.mktemp("quoting"), (index_migrations,))
    yield db
    db.close()


def fill(db: Database, bodies: list[str]) -> None:
    articles = Articles(db)
    with db.atomic():
        for article_id in articles.ids():
            articles.remove(article_id)
        for number, body in enumerate(bodies):
            articles.store(
                normalise(Draft(body=body, title=f"Article {number}", external_id=str(number))),
                collection="shared",
                origin=f"{number}.txt",
                source_sha256=str(number),
                now="2024-09-12T00:00:00Z",
            )


class Sure(RefusalModel):
    """What was read is always enough."""

    def confidence(self, *_: object) -> float:
        return 1.0


def answer(
    db: Database, question: str = QUESTION, reader: Reader | None = None, refusal: RefusalModel | None = None
) -> Answer:
    retriever = Retriever(
        db, LiveIndex(db, EMPTY_INDEX, NO_POSTINGS, HashingEmbedder()), HashingEmbedder(), per_article=3
    )

    return (
        Composer(db, retriever, packaged_embedder(), reader or agreeing_reader(), refusal or Sure.load(), quotes=MOST)
        .compose(question, Filters(), NOW)
        .answer
    )


@given(st.lists(BODIES, min_size=1, max_size=3))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_every_quote_is_a_slice_of_prose_and_no_two_overlap(corpus: Database, bodies: list[str]) -> None:
    try:
        fill(corpus, bodies)
    except Exception as error:
        if "has no text" in str(error):
            return
        raise
    given_answer = answer(corpus)
    quotes = [each.quote for each in given_answer.evidence]
    assert len(quotes) <= MOST
    for quote in quotes:
        article = Articles(corpus).get(quote.article_id)
        assert article is not None
        assert article.body[quote.start : quote.end] == quote.text
        assert quote.text == quote.text.strip() != ""
        prose = [block for block in outline(article.body) if block.kind == "prose"]
        assert any(block.start <= quote.start < block.end for block in prose)
        assert any(block.start < quote.end <= block.end for block in prose)
        assert ASIDE not in quote.text
        assert "##" not in quote.text
        for other in quotes:
            apart = other.end <= quote.start or quote.end <= other.start
            assert other is quote or other.article_id != quote.article_id or apart


def test_agency_copy_in_two_articles_is_quoted_once(corpus: Database) -> None:
    said = "Iran denied on Monday that it had sent missiles to Russia, the agency reported."
    fill(corpus, [f"{said} More was not known.", f"{said} Kyiv protested at once.", "Kyiv protested in a note."])
    texts = [each.quote.text for each in answer(corpus).evidence]
    assert sum("Iran denied on Monday" in text for text in texts) == 1


def test_a_sentence_that_leans_on_the_one_before_is_not_quoted_alone(corpus: Database) -> None:
    fill(corpus, ["General Nozari spoke on Monday in Tehran. He denied the reports that missiles were sent by Iran."])
    assert "General Nozari spoke" in answer(corpus).evidence[0].quote.text


def test_a_question_in_an_article_is_no_evidence(corpus: Database) -> None:
    fill(corpus, ["Did Iran deny the missile reports? Nobody in the ministry wanted to say anything about missiles."])
    assert not any(each.quote.text.endswith("?") for each in answer(corpus).evidence)


def test_every_quote_names_its_article(corpus: Database) -> None:
    fill(
        corpus, ["Iran denied on Monday that it had sent missiles to Russia.", "Iran denied all missile reports again."]
    )
    for each in answer(corpus).evidence:
        article = Articles(corpus).get(each.quote.article_id)
        assert article is not None
        assert (each.citation.title, each.citation.origin) == (article.title, article.origin)


class Helpful(FakeReader):
    """Says of every text how far it helps to answer, and that a piece of it does as probably."""

    def __init__(self, odds: float) -> None:
        super().__init__({})
        self._odds = odds

    def read(self, question: str, excerpts: Sequence[Excerpt], **_options: bool) -> list[ReaderOutput]:
        found = (Found(Span(0, 4), 2 * self._odds),)
        return [replace(each, relevance=self._odds, found=found) for each in super().read(question, excerpts)]


# By what was read alone.
BY_READING = RefusalModel(0.0, {"answers": 1.0}, {"answers": 0.0}, {"answers": 1.0}, 0.5, "nothing", "2024-09-12")


def test_a_fact_is_told_if_what_was_read_answers_and_refused_if_not(corpus: Database) -> None:
    fill(corpus, ["General Nozari denied on Monday that missiles were sent to Russia."])
    question = "Who denied that missiles were sent?"
    told, refused = (answer(corpus, question, Helpful(odds), BY_READING) for odds in (3.0, -3.0))
    assert (told.is_refusal, refused.is_refusal) == (False, True)
    assert told.confidence > told.threshold == 0.5 > refused.confidence
    # What has nothing in common with the question is refused, too, and nothing is read.
    assert answer(corpus, "Who won the chess cup?", Helpful(-3.0), BY_READING).is_refusal


def test_no_evidence_at_all_is_never_enough() -> None:
    model = RefusalModel.load()
    assert 0 < model.threshold < 1
    assert model.confidence({}) == 0
