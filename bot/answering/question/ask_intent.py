"""Tells whether a message that nobody addressed to the bot asks something, with the trained classifier of kinds."""

import re

from bot.answering.question.clauses import WH_WORDS, is_inverted
from bot.answering.question.kind import QuestionKind, question_sentence
from bot.answering.question.kind_model import KindModel
from index.embedding.embedder import Embedder
from index.search.query import strip_time_words

# Fewest words; "what?" is meant for somebody else.
MIN_WORDS = 3
# Without a question mark: fewest words, and the probability of all kinds that ask. Statements that begin like questions
# ("What they did is a crime") reach it as well, so that the word order must be a question's, too.
MIN_WORDS_UNMARKED = 4
MIN_CHANCE_UNMARKED = 0.9
# With a question mark: from this probability a message is small talk.
SMALL_TALK_CHANCE = 0.5
_ASKING = tuple(
    kind.value
    for kind in QuestionKind
    if kind not in {QuestionKind.CLAIM, QuestionKind.TOPIC, QuestionKind.SMALL_TALK, QuestionKind.OTHER_LANGUAGE}
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def asks_something(text: str, packaged: Embedder) -> bool:
    """Return whether a message is a question: no statement and no small talk; `packaged` is the packaged model."""
    sentence = question_sentence(text)
    words = _WORD.findall(sentence)
    is_marked = sentence.rstrip().rstrip("\"'”’)»*_ ").endswith("?")
    if len(words) < (MIN_WORDS if is_marked else MIN_WORDS_UNMARKED) or not (is_marked or is_inverted(sentence)):
        return False
    chances = KindModel.load().probabilities(sentence, packaged.encode([strip_time_words(sentence)])[0])
    if is_marked:
        return chances[QuestionKind.SMALL_TALK] < SMALL_TALK_CHANCE
    return sum(chances[kind] for kind in _ASKING) >= MIN_CHANCE_UNMARKED


def looks_asking(text: str) -> bool:
    """Return whether a fragment ends or begins as follow-ups do: "Kyiv?", "why", "and Sweden"; not "wow" or "nice"."""
    first = next((word.lower() for word in _WORD.findall(text)), "")
    # "What's new" is often written without its mark, and "whats new" without both.
    first = re.sub("['’]?s$", "", first) if first not in WH_WORDS else first
    return text.rstrip().endswith("?") or first in WH_WORDS or first in {"and", "und"}
