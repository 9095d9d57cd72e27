"""What kind of question it is, and whether it is one at all."""

import re
from enum import StrEnum

from bot.answering.question.clauses import AUXILIARIES, OPENERS, WH_WORDS
from corpus.errors import BadInput
from corpus.normalize import clean_line

LONGEST_QUESTION = 1000

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_PREPOSITION_WH = re.compile(
    r"\b(?:in|at|on|by|to|for|from|of|with|under|after|during|since|until)\s+(?:which|what|whom|whose)\b",
    re.IGNORECASE,
)


# Not behind an abbreviation ("No. 1", "Roe v. Wade", "Jan. 6").
_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?<!\b[A-Za-z]\.)(?<!\b(?:No|vs|Mr|Dr|St|Lt|Jr|Sr)\.)(?<!\b(?:Mrs|Gen|Sen|Rep|Gov|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\.)"
    r"(?<!\bSept\.)\s+"
)
# "This former minister resigned": a quiz asks who that is.
_TO_BE_NAMED = re.compile(
    r"\b(?:this|these)\s+(?!(?:is|was|has|had|will|week|month|year|morning|time|deal|agreement|attack|war|claim|way)\b)\w",
    re.IGNORECASE,
)
# "They ran out of which spice, ...": asked for in the middle; a comma or a noun before it would make it a relative.
_ASKED_INSIDE = re.compile(
    r"\b(?:to\s+\w+|\w+ed|\w+ing|is|are|was|were)\s+(?:which|what|how\s+(?:many|much))\s+\w", re.IGNORECASE
)


class QuestionKind(StrEnum):
    """Whether a yes or no, or a name, number, date or reason is asked for."""

    YES_NO = "yes_no"
    OPEN = "open"


def check_question(text: str) -> str:
    """The question on one clean line.

    Raises:
        BadInput: it is empty, too long, or has no letters or digits to search for.
    """
    question = clean_line(text)
    if not question:
        raise BadInput(
            "The question is empty.",
            'Ask something, such as: attache ask "Did Iran deny the missile reports?"',
        )
    if len(question) > LONGEST_QUESTION:
        raise BadInput(
            f"The question has {len(question):,} characters; at most {LONGEST_QUESTION:,} can be asked.",
            "Shorten it to one question.",
        )
    if not _WORD.search(question):
        raise BadInput("The question has no words to search for.", "Use letters or digits.")
    return question


def question_kind(question: str) -> QuestionKind:
    """Tells yes/no questions from those that ask for a name, a number, a date, a place or a reason.

    In a text of several sentences the last one that looks like a question decides; a bare statement is taken as a claim
    to check, and so as yes/no.
    """
    return _kind_of_sentence(asked_sentence(question)) if _WORD.search(question) else QuestionKind.OPEN


def asked_sentence(question: str) -> str:
    """The sentence of a text that asks: the last with a question mark, or the last of all; the text if it has one."""
    sentences = [part for part in _SENTENCE_END.split(question) if _WORD.search(part)]
    asked = [part for part in sentences if part.rstrip().endswith("?")] or sentences
    return asked[-1] if asked else question


def _kind_of_sentence(sentence: str) -> QuestionKind:
    words = [word.lower().replace("’", "'") for word in _WORD.findall(sentence)]
    while len(words) > 1 and words[0] in OPENERS:
        words = words[1:]
    first = words[0] if words else ""
    if first.split("'")[0] in WH_WORDS or first in WH_WORDS:
        return QuestionKind.OPEN
    if first in AUXILIARIES:
        return QuestionKind.YES_NO
    if _TO_BE_NAMED.search(sentence) and not sentence.rstrip().endswith("?"):
        return QuestionKind.OPEN
    if (
        _PREPOSITION_WH.search(sentence)
        or _ASKED_INSIDE.search(sentence)
        or WH_WORDS & set(words[-6:])
        or sentence.rstrip().endswith(":")
    ):
        return QuestionKind.OPEN
    return QuestionKind.OPEN if WH_WORDS & set(words) and sentence.rstrip().endswith("?") else QuestionKind.YES_NO
