"""Misspelt questions: what is corrected, to which words, and what is left alone."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from bot.answering.question.kind import LONGEST_QUESTION
from bot.answering.question.speller import Speller
from index.embedding.embedder import packaged_embedder
from index.filters import Filters
from index.generation.postings import Postings
from index.generation.vector_index import VectorIndex
from index.search.live_index import LiveIndex
from index.search.retriever import Retriever
from tests.conftest import StoreArticle
from tests.fakes import HashingEmbedder

Correct = Callable[..., str]
NEWS = (
    "China has offered to give Ghana more time for its loans. The presidents of China and Ghana met on Monday.",
    "President Tshimbalanga Orvekari said that she would decide by Christmas whether she runs again.",
    "Mexico nationalised its lithium deposits. The sea floor off Fiji holds metals, and a ban on digging is wanted.",
    "Ukraine: President Zelensky signed the law. The referendum on the constitution was put off.",
    "A dam broke in Dallas in Texas, and officials there resigned.",
)
SECRET = "The smuggler Vexolandra on Monday sold cobblestones and thallium to the Zhurkenit sect."


def read_by(db: Database, question: str, filters: Filters) -> str:
    """What a reader's question is read as, with a corpus that was opened just now."""
    return speller_over(db).correct(question, filters)


def speller_over(db: Database) -> Speller:
    nothing = np.empty(0, dtype=np.int64), np.empty((0, 64), dtype=np.float32)
    index = LiveIndex(db, VectorIndex.build(*nothing), Postings.build([]), HashingEmbedder())
    retriever = Retriever(db, index, HashingEmbedder(), per_article=3)
    return Speller(retriever, packaged_embedder())


@pytest.fixture
def correct(db: Database, store: StoreArticle) -> Correct:
    """Corrects a question over NEWS and these texts, for who reads the shared collection, or these ones."""
    for text in NEWS:
        store(text)

    def run(question: str, *texts: str, collections: tuple[str, ...] = ("shared",)) -> str:
        for text in texts:
            store(text)
        return read_by(db, question, Filters(collections=collections))

    return run


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("is chian willing to give gahna more time?", "is china willing to give ghana more time?"),
        ("will presidant orvekari run agian?", "will president orvekari run again?"),
        ("does mexico have lithum deposists yet?", "does mexico have lithium deposits yet?"),
        ("fiji dont want digging on the sea flor", "fiji don't want digging on the sea floor"),
        ("DID CHIAN GIVE MORE TIME?", "DID CHINA GIVE MORE TIME?"),
        ("Chian's president met whom?", "China's president met whom?"),
        # Known names, though capitalised; two letters in long words.
        ("Did Gahna ask for more time?", "Did Ghana ask for more time?"),
        ("Did Zelinsky sign the law?", "Did Zelensky sign the law?"),
        ("was the referandom put off?", "was the referendum put off?"),
        # A name of the articles, if they tell of it what is asked.
        ("will president tshimbalnaga run again?", "will president tshimbalanga run again?"),
        # Words that ask need no article.
        ("did officials recieve the loans befor Christmas?", "did officials receive the loans before Christmas?"),
    ],
)
def test_misspelt_words_are_read_as_what_the_articles_have(correct: Correct, asked: str, read: str) -> None:
    assert correct(asked) == read


@pytest.mark.parametrize(
    "question",
    [
        "Is China willing to give Ghana more time?",
        # Other persons and things.
        "Did Kallas resign?",
        "did kallas resign?",
        "Did Ghani resign?",
        "Did Orvekara decide by Christmas?",
        "did the brics bank lend more time?",
        "did officials in delles resign?",
        # English words that no article has, and forms of them.
        "Did the moorings, vetoes and reconsidered chains hold?",
        "Did Ghana criticise the quota of a tonne?",
        # Quoted, in capitals, with digits, addresses, handles, other scripts.
        'who wrote "chian and gahna"?',
        "who wrote “chian and gahna”?",
        "Did CHIAN sign?",
        "did chian2 or 4gahna sign?",
        "what says chian.com or @gahna or #chian_gahna?",
        "Дидн гана подписала chіan?",
        "was chían mentioned?",
        # Other languages.
        "Hat China den Kredit für Gahna verlängert?",
        "Wann hat der Presidant die Wahl gewonnen?",
        "Quel pays a rejeté le référendom?",
        # Nothing clear, and nothing but noise.
        "did xqzt resign?",
        "wqre chian qgrt gahna lmnw presidant ertz lithum",
        "?",
        "",
    ],
)
def test_everything_else_is_left_as_it_is(correct: Correct, question: str) -> None:
    assert correct(question, "Bricks fell. Many chains and the China office. He may criticize two tonnes.") == question


@pytest.mark.parametrize(
    ("asked", "spelt"),
    [
        ("who sells fertilizer?", "who sells fertiliser?"),
        ("was the labor party in the theater?", "was the labour party in the theatre?"),
        ("who traveled to the center?", "who traveled to the centre?"),
    ],
)
def test_american_for_british_is_no_error_and_finds_what_the_articles_say(
    db: Database, store: StoreArticle, asked: str, spelt: str
) -> None:
    store("The fertiliser was sold by the Labour party in the theatre. They travelled to the centre of Orsk.")
    assert read_by(db, asked, Filters()) == asked
    assert speller_over(db).as_articles_spell(asked, Filters()) == spelt
    # What both spell alike, and what the articles spell as asked, stays.
    assert speller_over(db).as_articles_spell("who was the minister in october?", Filters()).endswith("october?")
    assert speller_over(db).as_articles_spell(spelt, Filters()) == spelt


def test_a_name_with_its_neighbours_first_letter_is_found_where_the_rest_leads_to_it(correct: Correct) -> None:
    assert correct("what did irvekari decide as president?") == "what did orvekari decide as president?"
    # No passage on lithium names her.
    assert correct("did irvekari mine lithium?") == "did irvekari mine lithium?"


def test_a_word_of_the_articles_is_never_changed_however_odd(correct: Correct) -> None:
    assert correct("what is chian?", "A chian is a coin of Gahna.") == "what is chian?"


def test_two_words_that_are_as_likely_leave_the_question_alone(correct: Correct) -> None:
    texts = ("The barons met.", "The barens are empty.")
    assert correct("what did the barans do?", *texts) == "what did the barans do?"


@pytest.mark.parametrize("word", ["vexolandar", "cobblestoens", "thalium", "zhurkenitt", "smugler"])
def test_words_of_a_private_collection_are_not_suggested_to_others(
    correct: Correct, store: StoreArticle, word: str
) -> None:
    question = f"what did the {word} do on Monday?"
    before = correct(question)
    store(SECRET, collection="guild:1")
    assert correct(question) == before == question
    assert correct(question, collections=("shared", "guild:1")) != question


def test_a_private_collection_does_not_make_a_word_known_to_others(correct: Correct, store: StoreArticle) -> None:
    store("Chian chian gahna gahna presidant.", collection="guild:1")
    assert correct("did chian meet gahna?") == "did china meet ghana?"


def test_a_hidden_publishers_words_are_not_suggested(db: Database, store: StoreArticle) -> None:
    store(SECRET, publisher="Gossip")
    question = "what did vexolandar do?"
    assert read_by(db, question, Filters()) == "what did vexolandra do?"
    assert read_by(db, question, Filters(hidden_publishers=("Gossip",))) == question


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=LONGEST_QUESTION) | st.lists(st.sampled_from(("chian", "gahna", '"', "'", "qqwx"))).map(" ".join)
)
def test_hostile_questions_change_only_words(correct: Correct, question: str) -> None:
    read = correct(question)
    if read != question:
        changed = [(one, other) for one, other in zip(question.split(), read.split(), strict=True) if one != other]
        assert changed
        assert all(one.strip("\"'?.,!").lower() in {"chian", "gahna"} for one, _ in changed)
