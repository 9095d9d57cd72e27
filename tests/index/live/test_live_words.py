"""The words of a corpus: scored as BM25 says, whether a generation holds them or they joined since."""

import math
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from sqlite_utils import Database

from corpus.articles import Articles
from index.generation import postings as postings_module
from index.generation.postings import AVERAGE_LENGTH, Postings
from index.live import live_words as live_words_module
from index.live.live_words import LiveWords, bm25_idf
from index.terms import Terms
from tests.conftest import StoreArticle
from tests.words import live_words, scope_of

WORDS = "ferry bridge wolves lighthouse tender harbour minister comet valley winter council grain".split()


def stored(db: Database, store: StoreArticle, count: int, seed: int = 0) -> list[str]:
    """Stores articles of one passage each; returns title and text of each, in order of their ids."""
    chance = random.Random(seed)
    texts = []
    for number in range(count):
        title, body = " ".join(chance.choices(WORDS, k=3)), " ".join(chance.choices(WORDS, k=chance.randint(5, 40)))
        store(f"{body} {number}.", title=title)
        texts.append((title, f"{body} {number}."))
    return texts


def bm25(texts: list[tuple[str, str]], query: list[str]) -> dict[int, float]:
    """By the book: k1 1.2, b 0.75, a word in the title counts twice; ids from 1."""
    terms = Terms()
    counts = [Counter(terms.stems(title) * 2 + terms.stems(text)) for title, text in texts]
    lengths = [len(terms.stems(title) + terms.stems(text)) for title, text in texts]
    scores = {}
    for place, (count, length) in enumerate(zip(counts, lengths, strict=True)):
        score = 0.0
        for stem in set(terms.stem(query)):
            holding = sum(stem in each for each in counts)
            weight = max(1e-6, math.log((len(texts) - holding + 0.5) / (holding + 0.5)))
            score += weight * count[stem] * 2.2 / (count[stem] + 1.2 * (0.25 + 0.75 * length / AVERAGE_LENGTH))
        if score > 0:
            scores[place + 1] = score
    return scores


def best(words: LiveWords, query: list[str], count: int = 1000, allowed: list[int] | None = None) -> dict[int, float]:
    stems = {stem: bm25_idf(words.frequency(stem), len(words)) for stem in Terms().stem(query) if words.frequency(stem)}
    return words.best(stems, count, None if allowed is None else scope_of(words.passages, allowed))


@pytest.mark.parametrize("block", [2, 64])
def test_scores_are_those_of_the_book(
    db: Database, store: StoreArticle, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_words_module, "BLOCK", block)
    monkeypatch.setattr(postings_module, "PASSAGES_PER_BLOCK", 7)
    texts = stored(db, store, 90)
    words = live_words(db, held=True)
    for query in (["ferries", "winter"], ["comet"], ["zeppelin"], [*WORDS, "17"]):
        expected = bm25(texts, query)
        assert best(words, query) == pytest.approx(expected, rel=2e-3)
        chosen = best(words, query, 10)
        assert list(chosen) == list(best(words, query))[:10]
        assert list(chosen.values()) == sorted(chosen.values(), reverse=True)


def test_what_joined_is_scored_beside_what_is_held(db: Database, store: StoreArticle) -> None:
    stored(db, store, 20)
    words = live_words(db, held=True)
    store("The zeppelin landed near the ferry.", title="Zeppelin")
    refresh(words)
    assert list(best(words, ["zeppelin"])) == [21]
    assert words.frequency("zeppelin") == 1
    assert len(words) == 21
    assert 21 in best(words, ["ferry"])
    assert list(best(words, ["ferry"], allowed=[3, 21, 400])) == [21, *best(words, ["ferry"], allowed=[3])]
    assert best(words, ["ferry"], allowed=[]) == {}


def test_what_is_gone_takes_no_place_among_the_best(db: Database, store: StoreArticle) -> None:
    for number in range(12):
        store(f"The ferry sails {'ferry ' * number}today.")
    words = live_words(db, held=True)
    store("The ferry came last, ferry ferry ferry.")
    refresh(words)
    assert len(best(words, ["ferry"], 3)) == 3
    with db.atomic():
        for article_id in (*range(4, 13), 13):
            Articles(db).remove(article_id)
    refresh(words)
    assert best(words, ["ferry"], 3).keys() == {1, 2, 3}
    # Until the next generation is built, their frequencies include them.
    assert words.frequency("ferri") == 13


def test_postings_are_read_back_as_they_were_written(tmp_path: Path, db: Database, store: StoreArticle) -> None:
    texts = stored(db, store, 5)
    for built in (Postings.build(texts), Postings.build([])):
        built.write(tmp_path)
        read = Postings.read(tmp_path)
        assert read.passages == built.passages
        for name in ("stems", "starts", "rows", "gains"):
            assert np.array_equal(getattr(read, name), getattr(built, name))
    assert read.frequency("ferri") == 0


def refresh(words: LiveWords) -> None:
    # `data_version` tells of other connections only; a test that writes through the same one says so itself.
    words.passages._data_version = None
    words.passages.catch_up()
    words.catch_up()


def test_many_small_lots_are_searched_as_one_would_be(
    db: Database, store: StoreArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_words_module, "MAX_SEGMENTS", 3)
    stored(db, store, 20)
    words = live_words(db, held=True)
    for number in range(9):
        store(f"Lot {number} of grain came by ferry in winter, the council said.", title="Grain")
        refresh(words)
    assert len(words) == 29
    query = ["grain", "ferry", "lot"]
    apart = live_words(db, held=True)
    assert best(words, query).keys() == best(apart, query).keys()
    assert best(words, query) == pytest.approx(best(apart, query), rel=0.1)
    assert words.frequency("lot") == 9
    assert words.frequency("lot", scope_of(words.passages, list(range(1, 23)))) == 2
