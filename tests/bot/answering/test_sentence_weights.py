"""Sentences are weighed best first, and asked what they may answer only while they can come next."""

from itertools import islice

from bot.answering.quotes import ANSWER_BONUS, rank_sentences
from corpus.article import ArticleFacts, Passage
from index.search.retriever import Hit
from index.terms import Terms

TEXT = (
    "The ferry to Velden sank. The ferry to Velden carried 40 people. The weather was bad. Nobody asked about 12 boats."
)
WEIGHTS = {"ferri": 2.0, "velden": 3.0, "sank": 1.0}


def hit() -> Hit:
    facts = ArticleFacts(1, "shared", None, None, None, "Herald", None, None, "en", "", "2024-01-01", "test")
    return Hit(Passage(1, 1, 0, 0, len(TEXT), TEXT, ""), facts, 1.0, 0.5, 1.0)


def test_what_may_answer_comes_sooner_and_is_asked_of_few() -> None:
    asked: list[str] = []

    def has_number(sentence: str) -> bool:
        asked.append(sentence)
        return any(letter.isdigit() for letter in sentence)

    plain = {each.span: each.score for each in rank_sentences([hit()], WEIGHTS, Terms())}
    [first] = islice(rank_sentences([hit()], WEIGHTS, Terms(), has_number), 1)
    assert TEXT[first.span.start : first.span.end] == "The ferry to Velden carried 40 people."
    assert first.score == plain[first.span] + ANSWER_BONUS
    assert len(asked) == 2
    every = list(rank_sentences([hit()], WEIGHTS, Terms(), has_number))
    assert [each.score for each in every] == sorted((each.score for each in every), reverse=True)
    assert {each.span for each in every} == set(plain)
