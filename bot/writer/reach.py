"""Questions over several articles: the further questions whose quotes they need, and whether these are one-sided."""

from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from itertools import zip_longest

from bot.answering.answer import Answer, Evidence
from bot.answering.question.aliases import entity_ids
from bot.answering.question.kind import LONGEST_QUESTION, QuestionKind
from corpus.errors import AttacheError

# Questions of these kinds ask for more than one quote says.
FAR_KINDS = frozenset((QuestionKind.WHY, QuestionKind.HOW, QuestionKind.LIST, QuestionKind.COMPARE, QuestionKind.TOPIC))
MAX_QUESTIONS = 3
MAX_QUOTES = 8
# Fewer quotes say little about sides.
_LEAST_QUOTES = 3


class OneSided(StrEnum):
    """How the quotes of an answer may tell one side only."""

    PUBLISHER = "publisher"
    STATE = "state"
    SPEAKER = "speaker"


async def gather_quotes(
    answer: Answer, questions: Sequence[str], ask: Callable[[str], Awaitable[Answer]]
) -> tuple[tuple[Evidence, ...], tuple[str, ...]]:
    """Return the answer's quotes with those of further questions, and the questions that found any.

    Args:
        answer: to the question as asked; its quotes come first.
        questions: proposed by the model.
        ask: answers one as a user's question, over the same articles.
    """
    asked: list[str] = []
    found: list[tuple[Evidence, ...]] = []
    proposed = dict.fromkeys(each for each in questions if 0 < len(each) <= LONGEST_QUESTION)
    new = [each for each in proposed if each.casefold() != answer.question.casefold()]
    for question in new[:MAX_QUESTIONS]:
        try:
            reply = await ask(question)
        except AttacheError:
            # Such as a proposal that is no question.
            continue
        if not reply.is_refusal:
            asked.append(question)
            found.append(reply.evidence)
    chosen = {_place(each): each for each in answer.evidence[:MAX_QUOTES]}
    for round_of in zip_longest(*found):
        for each in round_of:
            if each is not None and len(chosen) < MAX_QUOTES:
                chosen.setdefault(_place(each), each)
    return tuple(chosen.values()), tuple(asked)


def one_sided(evidence: Sequence[Evidence]) -> OneSided | None:
    """Return how quotes tell one side only; None if they don't, or if they are too few to say."""
    if len(evidence) < _LEAST_QUOTES:
        return None
    citations = [each.citation for each in evidence]
    if len({each.citation.publisher or f"article {each.quote.article_id}" for each in evidence}) == 1:
        return OneSided.PUBLISHER
    if all(each.state_controlled for each in citations) and len({each.country for each in citations}) == 1:
        return OneSided.STATE
    speakers = [each.attribution.speaker if each.attribution else None for each in evidence]
    if all(speakers) and _speak_for_one([each for each in speakers if each]):
        return OneSided.SPEAKER
    return None


def _speak_for_one(speakers: Sequence[str]) -> bool:
    ids = [entity_ids(each) for each in speakers]
    return len({each.casefold() for each in speakers}) == 1 or bool(frozenset.intersection(*ids))


def _place(evidence: Evidence) -> tuple[int, int]:
    return evidence.quote.article_id, evidence.quote.start
