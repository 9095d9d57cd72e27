"""Tells small talk from questions, with the trained classifier of kinds."""

import re

from bot.answering.question.aliases import entity_ids
from bot.answering.question.kind import QuestionKind
from bot.answering.question.kind_model import KindModel
from index.embedding.embedder import Embedder
from index.search.query import strip_time_words

# The classifier's probability from which a message is small talk: a question that is taken for it gets no answer.
MIN_CHANCE = 0.9
# Longer messages have something to ask.
MAX_WORDS = 12
_WORD = re.compile(r"[^\W\d_]+")


def may_be_small_talk(text: str) -> bool:
    """Return whether a message is short enough and names no country or group; such messages are worth classifying."""
    return len(text) <= 200 and len(_WORD.findall(text)) <= MAX_WORDS and not entity_ids(text)


def small_talk_chance(text: str, packaged: Embedder) -> float:
    """Return the probability that a message is small talk; `packaged` is the packaged embedding model."""
    if not may_be_small_talk(text):
        return 0.0
    vector = packaged.encode([strip_time_words(text)])[0]
    return KindModel.load().probabilities(text, vector)[QuestionKind.SMALL_TALK]
