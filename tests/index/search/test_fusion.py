"""How two lists of candidates become one ranking."""

import random

from hypothesis import given
from hypothesis import strategies as st

from index.search.fusion import best_first, fuse

IDS = st.integers(1, 40)
COSINES = st.dictionaries(IDS, st.floats(-1, 1, allow_nan=False))
BM25 = st.dictionaries(IDS, st.floats(0.01, 60))


def shuffled(scores: dict[int, float], seed: int) -> dict[int, float]:
    items = list(scores.items())
    random.Random(seed).shuffle(items)
    return dict(items)


@given(COSINES, BM25, st.integers())
def test_the_order_of_the_lists_does_not_matter(cosines: dict[int, float], bm25: dict[int, float], seed: int) -> None:
    assert list(fuse(cosines, bm25).items()) == list(fuse(shuffled(cosines, seed), shuffled(bm25, seed)).items())


@given(COSINES, BM25)
def test_every_candidate_of_either_list_is_ranked_once_best_first(
    cosines: dict[int, float], bm25: dict[int, float]
) -> None:
    fused = fuse(cosines, bm25)
    assert fused.keys() == cosines.keys() | bm25.keys()
    assert list(fused.values()) == sorted(fused.values(), reverse=True)


@given(st.lists(IDS, unique=True), st.floats(-1, 1))
def test_equals_stand_in_the_order_of_their_ids(ids: list[int], score: float) -> None:
    assert list(best_first(dict.fromkeys(ids, score))) == sorted(ids)


@given(COSINES.filter(bool), BM25, st.data())
def test_a_better_cosine_never_costs_a_place(
    cosines: dict[int, float], bm25: dict[int, float], data: st.DataObject
) -> None:
    item = data.draw(st.sampled_from(sorted(cosines)))
    better = cosines | {item: data.draw(st.floats(cosines[item], 1))}
    assert list(fuse(better, bm25)).index(item) <= list(fuse(cosines, bm25)).index(item)


@given(COSINES, BM25.filter(bool), st.data())
def test_a_better_word_score_never_costs_a_place(
    cosines: dict[int, float], bm25: dict[int, float], data: st.DataObject
) -> None:
    item = data.draw(st.sampled_from(sorted(bm25)))
    better = bm25 | {item: data.draw(st.floats(bm25[item], max(bm25.values())))}
    assert list(fuse(cosines, better)).index(item) <= list(fuse(cosines, bm25)).index(item)


def test_a_passage_good_in_both_lists_beats_one_that_is_best_in_only_one() -> None:
    assert next(iter(fuse({1: 0.8, 2: 0.7, 3: 0.1}, {2: 9.0, 3: 10.0}))) == 2


def test_word_scores_count_by_their_share_of_the_best_whatever_their_scale() -> None:
    assert fuse({1: 0.5}, {1: 2.0, 2: 1.0}) == fuse({1: 0.5}, {1: 200.0, 2: 100.0})


def test_nothing_found_is_nothing_ranked() -> None:
    assert fuse({}, {}) == {}
