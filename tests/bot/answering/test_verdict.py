"""Verdicts over small made-up corpora: what was said and done, by whom, and what nobody told."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from bot.answering.answer import Answer, Stance, Verdict
from bot.answering.composer import Composer
from bot.answering.reader.packaged import packaged_reader
from bot.answering.reader.relations import Reader
from bot.answering.refusal import RefusalModel
from bot.render.answer_words import headline_words
from corpus.article import Draft
from corpus.articles import Articles
from corpus.database import open_database
from corpus.prepare import normalise
from index.embedding.embedder import packaged_embedder
from index.filters import Filters
from index.generation.postings import Postings
from index.generation.vector_index import VectorIndex
from index.schema import migrations as index_migrations
from index.search.live_index import LiveIndex
from index.search.retriever import Retriever
from tests.fakes import FakeReader, HashingEmbedder

NOW = datetime(2031, 6, 1, tzinfo=UTC)
EMPTY_INDEX = VectorIndex.build(np.empty(0, dtype=np.int64), np.empty((0, 64), dtype=np.float32))
NO_POSTINGS = Postings.build([])
TANKER = "The tanker Marisol sank off Port Salis on Monday with forty sailors on board."
ARTICLES = {
    # Denied by one, told by another.
    "accused": "Vestria accused Kurland of sinking the tanker Marisol. Kurland denied sinking the tanker.",
    "truce": "Vestrian president Ana Ferro rejected calls for a truce in the Brannic hills on Friday, her office said.",
    "toll": "Belmar agreed to lift the canal toll on grain barges from Tuesday, its transport minister said.",
    "mill": "Investigators found no sign of arson after the fire at the Oster paper mill.",
    "medal": "The poet Ilse Hark admitted that she had copied the prize poem “Lanterns” from an older book.",
    "weapons": "Norvia denied on Sunday that it had sold radar sets to the Quen rebels, calling it an invention.",
    "summit": "Chancellor Tobe Lund will not attend the lake summit in Orsk next week, his spokesman said on Monday.",
    "closed": "The Ilm strait is closed to Belmar's ships, the coast guard of Belmar said.",
    "opened": "The Ilm strait is no longer closed to Belmar's ships, the coast guard of Belmar said.",
    "alleged": "Quarland accused Ossia of kidnapping the engineer Bram Tell from a hotel in Vey.",
    # Words that are not theirs.
    "parody": "A parody account posing as Vestrian minister Olga Reen said that she had denied buying the Ilm ferry.",
    "deepfake": "In a deepfake video, Vestrian minister Olga Reen admits selling the Brannic mine.",
    "misquoted": "The actor Milo Brand was falsely quoted as saying that he rejected the Orsk film prize.",
    "satire": "(Satire) A lamp went out. Vestria denied that it had sold the Dunlow lighthouse for nine geese.",
    "claimed": "The Free Harbour Front claimed responsibility for the bomb at the Dunlow customs house.",
}  # fmt: skip


@pytest.fixture(scope="module")
def composer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composer]:
    with make_composer(tmp_path_factory.mktemp("judging"), packaged_reader(), ARTICLES) as made:
        yield made


@contextmanager
def make_composer(folder: Path, reader: Reader, bodies: Mapping[str, str]) -> Iterator[Composer]:
    db = open_database(folder, (index_migrations,))
    fill(db, bodies)
    refusal = replace(RefusalModel.load(), threshold=0.0)
    yield Composer(
        db,
        Retriever(db, LiveIndex(db, EMPTY_INDEX, NO_POSTINGS, HashingEmbedder()), HashingEmbedder(), per_article=3),
        packaged_embedder(),
        reader,
        refusal,
        quotes=4,
    )
    db.close()


def fill(db: Database, bodies: Mapping[str, str]) -> None:
    articles = Articles(db)
    with db.atomic():
        for place, (name, body) in enumerate(bodies.items()):
            draft = Draft(
                body=f"{body}\n\n{TANKER if name == 'accused' else 'It rained in the valley for most of the week.'}",
                title=f"News of the day {place}",
                publisher="Salis Herald",
                published_at=f"2031-05-{place + 1:02}",
                external_id=name,
            )
            articles.store(
                normalise(draft),
                collection="shared",
                origin=f"{name}.txt",
                source_sha256=name,
                now="2031-06-01T00:00:00Z",
            )


def ask(composer: Composer, question: str) -> Answer:
    return composer.compose(question, Filters(), NOW).answer


def test_a_verdict_that_takes_two_sentences_is_shown_with_both(tmp_path: Path) -> None:
    met, sunk = "A frigate of Kurland's met the ferry Isolde off Vey.", "After an hour the frigate sank the ferry."
    # By itself the second does not quite say so.
    reader = FakeReader({f"{met} {sunk}": {"yes": 0.97}, sunk: {"yes": 0.45}})
    with make_composer(tmp_path, reader, {"ferry": f"{met} {sunk}"}) as composer:
        answer = ask(composer, "Did a frigate of Kurland's sink the ferry Isolde?")
    assert (answer.verdict, answer.evidence[0].quote.text) == (Verdict.YES, f"{met} {sunk}")


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("Did Norvia deny selling radar sets to the Quen rebels?", Verdict.YES),
        ("did norvia reject the reports that it sold radar sets to quen rebels", Verdict.YES),
        ("Did Norvia deny building a dam on the Ilm?", Verdict.NOT_FOUND),
        ("Did Ilse Hark own up to copying the prize poem?", Verdict.YES),
        ("Did Kurland sink the tanker Marisol?", Verdict.DISPUTED),
        ("Did Ana Ferro accept a truce in the Brannic hills?", Verdict.NO),
        ("Did Belmar agree to lift the canal toll?", Verdict.YES),
        ("Is it true that Tobe Lund did not attend the lake summit in Orsk?", Verdict.YES),
        ("Did Kurland buy the Dunlow lighthouse?", Verdict.NOT_FOUND),
    ],
)
def test_the_verdict(composer: Composer, question: str, verdict: Verdict) -> None:
    assert ask(composer, question).verdict is verdict


@pytest.mark.parametrize(
    "question",
    [
        # A parody, a forgery, and what nobody said.
        "Did Olga Reen deny buying the Ilm ferry?",
        "Did Olga Reen admit selling the Brannic mine?",
        "Did Milo Brand reject the Orsk film prize?",
        # Satire.
        "Did Vestria deny selling the Dunlow lighthouse?",
        # Only alleged.
        "Did Ossia kidnap the engineer Bram Tell?",
        # Somebody else's denial.
        "Did Belmar deny selling radar sets to the Quen rebels?",
    ],
)
def test_it_does_not_say_yes(composer: Composer, question: str) -> None:
    assert ask(composer, question).verdict is not Verdict.YES


@pytest.mark.parametrize("question", ["Did Kurland sink the tanker Marisol?", "Did Belmar lift the canal toll?"])
def test_how_many_quotes_are_wanted_changes_no_verdict(composer: Composer, question: str) -> None:
    few, many = (composer.compose(question, Filters(), NOW, count).answer for count in (1, 40))
    assert len(few.evidence) == 1
    assert many.verdict is few.verdict
    assert few.evidence[0] in many.evidence
    assert len(many.evidence) == len({each.quote for each in many.evidence})


def test_both_sides_of_a_dispute_are_shown_with_who_they_are(composer: Composer) -> None:
    answer = ask(composer, "Did Kurland sink the tanker Marisol?")
    stances = {each.stance: each for each in answer.evidence}
    assert {Stance.ASSERTS, Stance.DENIES} <= stances.keys()
    denial = stances[Stance.DENIES].attribution
    assert denial is not None
    assert (denial.speaker, denial.cue) == ("Kurland", "denied")
    assert headline_words(answer).startswith("Disputed: ")
    assert "Kurland denied it (Salis Herald, 1 May 2031)" in headline_words(answer)


def test_satire_is_not_quoted(composer: Composer) -> None:
    answer = ask(composer, "For how many geese did Vestria sell the Dunlow lighthouse?")
    assert not [each.quote.text for each in answer.evidence if "geese" in each.quote.text]


def test_a_period_before_which_nothing_can_tell(composer: Composer) -> None:
    assert ask(composer, "Did Norvia deny selling radar sets to the Quen rebels in May 2031?").verdict is Verdict.YES
    answer = ask(composer, "Did Norvia deny selling radar sets to the Quen rebels in July 2032?")
    assert answer.verdict is Verdict.NOT_FOUND
    assert answer.evidence == ()


def test_what_was_so_at_a_time_may_have_been_told_before(tmp_path: Path) -> None:
    closed = "The Ilm strait is closed to Belmar's ships, the coast guard of Belmar said."
    with make_composer(tmp_path, FakeReader({closed: {"yes": 0.95}}), {"closed": closed}) as composer:
        # The article is of 1 May; what was done in the last days of the month, it can't tell.
        assert ask(composer, "Was the Ilm strait closed to Belmar's ships on 28 May 2031?").verdict is Verdict.YES
        assert ask(composer, "Did Belmar close the Ilm strait on 28 May 2031?").evidence == ()


def test_a_publisher_in_plain_words_confines_the_search(composer: Composer) -> None:
    answer = ask(composer, "According to the Salis Herald, did Norvia deny selling radar sets?")
    assert answer.searched.filters.publishers == ("Salis Herald",)


def test_an_open_question_tells_where_its_answer_stands(composer: Composer) -> None:
    answer = ask(composer, "How many sailors were on board the tanker Marisol?")
    first = answer.evidence[0]
    assert answer.verdict is Verdict.OPEN
    assert first.answer is not None
    assert first.quote.text[first.answer.start - first.quote.start : first.answer.end - first.quote.start] == "forty"


# Words of the templates; any other word of a headline must stand somewhere else.
TEMPLATES = frozenset(
    """yes no disputed reports it that is not so according to denied by what one of my articles say says i found nothing
    in answers this publisher date unknown january february march april may june july august
    september october november december""".split()
)


@pytest.mark.parametrize(
    "question",
    [
        "Did Norvia deny selling radar sets to the Quen rebels?",
        "Did Kurland sink the tanker Marisol?",
        "Did Ana Ferro accept a truce in the Brannic hills?",
        "Did Belmar agree to lift the canal toll?",
        "Did Tobe Lund attend the lake summit in Orsk?",
        "Did Ilse Hark own up to copying the prize poem?",
        "How many sailors were on board the tanker Marisol?",
        "Did Kurland buy the Dunlow lighthouse?",
    ],
)
def test_no_word_of_a_headline_comes_from_nowhere(composer: Composer, question: str) -> None:
    answer = ask(composer, question)
    sources = [question, *(each.quote.text for each in answer.evidence)]
    for each in answer.evidence:
        sources += [each.citation.publisher or "", each.citation.published_at or ""]
        if each.attribution is not None:
            sources += [each.attribution.speaker or "", each.attribution.cue]
    known = {word for text in sources for word in re.findall(r"\w+", text.lower())} | TEMPLATES
    words = re.findall(r"\w+", headline_words(answer).lower())
    assert [
        word for word in words if word not in known and word.lstrip("0") not in {str(n) for n in range(1, 32)}
    ] == []


WORDS = st.sampled_from(
    """Did Was Is Who How many When it that Norvia Kurland Vestria Belmar Tobe Lund Ana Ferro deny denied admit sink
    tanker Marisol truce reject sell radar sets the to of Quen rebels in May 2031 not true lake summit Orsk ? , still
    canal toll according Salis Herald sailors on board""".split()
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS, min_size=1, max_size=14))
def test_every_quote_is_verbatim_whatever_is_asked(composer: Composer, words: list[str]) -> None:
    answer = ask(composer, " ".join(words))
    bodies = {row[0]: row[1] for row in composer._db.execute("SELECT id, body FROM articles")}
    assert answer.is_refusal == (not answer.evidence)
    assert headline_words(answer)
    for each in answer.evidence:
        quote = each.quote
        assert bodies[quote.article_id][quote.start : quote.end] == quote.text
        assert (each.stance is None) == (answer.verdict is Verdict.OPEN)
        if each.answer is not None:
            assert quote.start <= each.answer.start < each.answer.end <= quote.end
        if each.attribution is not None and each.attribution.speaker is not None:
            assert each.attribution.speaker in bodies[quote.article_id]
