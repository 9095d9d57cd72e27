"""Checks a question, and tells whether it asks for yes or no."""

import re
from enum import StrEnum

from bot.answering.question.clauses import AUXILIARIES, OPENERS, WH_WORDS
from corpus.errors import BadInput
from corpus.normalize import clean_line

LONGEST_QUESTION = 1000

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_PREPOSITION_WH = re.compile(
    r"\b(?:in|at|on|by|to|for|from|of|with|under|after|during|since|until)\s+(?:which|what|whom|whose)\b", re.IGNORECASE
)
# Not after an abbreviation ("No. 1", "Roe v. Wade", "Jan. 6").
_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?<!\b[A-Za-z]\.)(?<!\b(?:No|vs|Mr|Dr|St|Lt|Jr|Sr)\.)(?<!\b(?:Mrs|Gen|Sen|Rep|Gov|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\.)"
    r"(?<!\bSept\.)\s+"
)
# "This former minister resigned": a quiz asks for the name.
_QUIZ = re.compile(
    r"\b(?:this|these)\s+(?!(?:is|was|has|had|will|week|month|year|morning|time|deal|agreement|attack|war|claim|way)\b)\w",
    re.IGNORECASE,
)
# "They ran out of which spice, ...": a question word inside; after a comma or a noun it would be a relative pronoun.
_ASKED_INSIDE = re.compile(
    r"\b(?:to\s+\w+|\w+ed|\w+ing|is|are|was|were)\s+(?:which|what|how\s+(?:many|much))\s+\w", re.IGNORECASE
)


class QuestionKind(StrEnum):
    """Whether a question asks for yes or no, or for a name, number, date or reason."""

    YES_NO = "yes_no"
    OPEN = "open"


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


def question_kind(question: str) -> QuestionKind:
    """Return the kind of a question, decided by its `question_sentence`; a statement is a claim to check: yes/no."""
    return _kind_of_sentence(question_sentence(question)) if _WORD.search(question) else QuestionKind.OPEN


def question_sentence(question: str) -> str:
    """Return the last sentence with a question mark, else the last sentence."""
    sentences = [part for part in _SENTENCE_END.split(question) if _WORD.search(part)]
    marked = [part for part in sentences if part.rstrip().endswith("?")] or sentences
    return marked[-1] if marked else question


def _kind_of_sentence(sentence: str) -> QuestionKind:
    words = [word.lower().replace("’", "'") for word in _WORD.findall(sentence)]
    while len(words) > 1 and words[0] in OPENERS:
        words = words[1:]
    first = words[0] if words else ""
    if first.split("'")[0] in WH_WORDS or first in WH_WORDS:
        return QuestionKind.OPEN
    if first in AUXILIARIES:
        return QuestionKind.YES_NO
    has_mark = sentence.rstrip().endswith("?")
    is_open = (
        (_QUIZ.search(sentence) and not has_mark)
        or _PREPOSITION_WH.search(sentence)
        or _ASKED_INSIDE.search(sentence)
        or WH_WORDS & set(words[-6:])
        or sentence.rstrip().endswith(":")
        or (WH_WORDS & set(words) and has_mark)
    )
    return QuestionKind.OPEN if is_open else QuestionKind.YES_NO
