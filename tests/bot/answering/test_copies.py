"""Copies in answers and in the figures about them."""

import random

from sqlite_utils import Database

from bot.answering.answer import Quote
from bot.answering.quotes import repeats_copy
from evals.quality.copy_detection import evaluate_copies
from tests.conftest import StoreArticle


def quote(article_id: int, text: str) -> Quote:
    return Quote(article_id, article_id, 0, len(text), text)


def test_a_sentence_that_stands_in_the_longer_quote_of_a_copy_is_not_quoted_again():
    both = quote(1, "The minister met the envoys in Quand. However, he denied the report about the rockets.")
    part = quote(2, "The minister met the envoys in Quand.")
    assert repeats_copy(part, [both], {(1, 2)})
    assert repeats_copy(both, [part], {(1, 2)})
    assert not repeats_copy(part, [both], {(1, 3)})
    assert not repeats_copy(quote(2, "Nobody was hurt on the island of Ostrava."), [both], {(1, 2)})


def test_made_copies_are_told_from_other_reports(db: Database, store: StoreArticle):
    chance = random.Random(1)
    words = [f"word{number}" for number in range(2000)]
    for number in range(6):
        sentences = [" ".join(chance.choices(words, k=12)).capitalize() + "." for _ in range(15)]
        title = f"Report on {sentences[0]}"
        store(" ".join(sentences), title=title, url=f"https://a.example/{number}", published_at="2024-01-01")
    figures = evaluate_copies(db, 4)
    assert figures["copies"] == 24
    at = next(each for each in figures["thresholds"] if each["threshold"] == figures["chosen_threshold"])
    assert at["precision"] == 1.0
    assert at["recall"] > 0.8
    assert {each["bands"] * each["rows"] <= 128 for each in figures["bandings"]} == {True}
