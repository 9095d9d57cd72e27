"""Checks a question, and tells what it asks for."""

import re
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from bot.answering.question.clauses import AUXILIARIES, WH_WORDS
from bot.answering.question.kind_model import KindModel
from corpus.errors import BadInput
from corpus.normalize import clean_line
from corpus.sentences import split_sentences

LONGEST_QUESTION = 1000

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
# How a question begins behind the end of a sentence, in chats that have no capitals.
_SMALL_START = re.compile(rf"(?<=[.!?…]\s)(?:{'|'.join(sorted(AUXILIARIES | WH_WORDS))})\b")


class QuestionKind(StrEnum):
    """What a message asks for.

    `yes_no` and `claim` ask whether something is so; `who` to `how` for one name, thing, date, place, number, amount,
    reason or way; `list` for several; `compare` for what differs; `topic` for anything on a subject. `small_talk` asks
    nothing, and `other_language` is not in English.
    """

    YES_NO = "yes_no"
    CLAIM = "claim"
    WHO = "who"
    WHAT = "what"
    WHEN = "when"
    WHERE = "where"
    HOW_MANY = "how_many"
    HOW_MUCH = "how_much"
    WHY = "why"
    HOW = "how"
    LIST = "list"
    COMPARE = "compare"
    TOPIC = "topic"
    SMALL_TALK = "small_talk"
    OTHER_LANGUAGE = "other_language"

    @property
    def asks_verdict(self) -> bool:
        """Whether the answer is yes, no, or disputed."""
        return self in {QuestionKind.YES_NO, QuestionKind.CLAIM}

    @property
    def asks_fact(self) -> bool:
        """Whether the answer is a fact, which a sentence tells or does not."""
        return self in _FACTS


_FACTS = frozenset(
    {
        QuestionKind.WHO,
        QuestionKind.WHAT,
        QuestionKind.WHEN,
        QuestionKind.WHERE,
        QuestionKind.HOW_MANY,
        QuestionKind.HOW_MUCH,
        QuestionKind.WHY,
        QuestionKind.HOW,
        QuestionKind.LIST,
    }
)


def check_question(text: str) -> str:
    """Return the question on one clean line.

    Raises:
        BadInput: it is empty, too long, or has no letters or digits.
    """
    question = clean_line(text)
    if not question:
        raise BadInput(
            "The question is empty.", 'Ask something, such as: attache ask "Did Iran deny the missile reports?"'
        )
    if len(question) > LONGEST_QUESTION:
        raise BadInput(
            f"The question has {len(question):,} characters; the limit is {LONGEST_QUESTION:,}.",
            "Shorten it to one question.",
        )
    if not _WORD.search(question):
        raise BadInput("The question has no words to search for.", "Use letters or digits.")
    return question


def question_kind(question: str, vector: NDArray[np.float32]) -> QuestionKind:
    """Return the most probable kind of a question (`kind_model`); `vector` is the packaged embedding model's."""
    chances = KindModel.load().probabilities(question, vector)
    return QuestionKind(max(chances, key=chances.__getitem__))


def question_sentence(question: str) -> str:
    """Return the last sentence with a question mark, else the last sentence."""
    sentences = split_sentences_of(question)
    marked = [part for part in sentences if part.rstrip().endswith("?")] or sentences
    return marked[-1] if marked else question


def split_sentences_of(question: str) -> list[str]:
    """Return the sentences of a message that have words; in chats questions may begin with a small letter."""
    # The splitter ends few sentences before a small letter.
    written = _SMALL_START.sub(lambda found: found[0].capitalize(), question)
    parts = (question[each.start : each.end] for each in split_sentences(written, 0, len(written), "en"))
    return [part for part in parts if _WORD.search(part)]
