"""Takes messages with several questions apart."""

import re

from bot.answering.question.clauses import begins_as_question
from bot.answering.question.fragments import names_in, refers_back
from bot.answering.question.kind import split_sentences_of

_MIN_WORDS = 3
_AND = re.compile(
    r",?\s+and\s+(?=(?:also\s+)?(?:when|where|why|who|how|what|which|did|does|do|is|are|was|were|has|have|will)\b)",
    re.IGNORECASE,
)


def split_questions(text: str) -> list[str]:
    """Return the questions of a message in order, where it has several that can be asked alone; else the message.

    "Did Russia leave the deal and when did the dam break?" has two; "Did Russia leave the deal, and when?" has one.
    """
    asked = [each.strip() for each in split_sentences_of(text) if each.rstrip().endswith("?")]
    if len(asked) == 1:
        asked = [part.strip() for part in _AND.split(asked[0]) if part.strip()]
    if len(asked) < 2 or not all(map(_stands_alone, asked)):
        return [text]
    return [f"{each[:1].upper()}{each[1:].rstrip(' ?')}?" for each in asked]


def _stands_alone(question: str) -> bool:
    is_whole = begins_as_question(question) and len(question.split()) >= _MIN_WORDS
    return is_whole and bool(names_in(f"x {question}")) and not refers_back(question)
