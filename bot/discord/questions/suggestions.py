"""Finds next questions that the articles answer with something new, by asking them silently within a budget."""

import asyncio
import contextlib
import re
from collections.abc import Iterator, Sequence
from functools import partial

from bot.answering.answer import Answer, Evidence, Verdict
from bot.answering.question.follow_up import resolve_follow_up
from bot.answering.question.referents import persons_in
from bot.discord.views.answer_page import Suggestion
from bot.discord.workers.answer_queue import AnswerQueue
from bot.service.open_work import search
from corpus.errors import AttacheError
from index.filters import Filters

MAX_SUGGESTIONS = 3
# Questions asked for them, and seconds that this may take; it stops as soon as somebody waits for an answer.
MAX_ASKED = 6
BUDGET_S = 5.0
# Quotes of an answer that its page shows at most.
_SHOWN = 3
_MAX_NAMES = 2
# Passages in which further persons are looked for, how near they have to be (as in `near_passages`, but on the very
# matter, not only the subject), and characters of each.
_NEAR = 8
_MIN_COSINE = 0.5
_MIN_COVERAGE = 0.25
_LONGEST_PASSAGE = 2000
_REASON = re.compile(r"\b(?:because|due\s+to|in\s+order\s+to|so\s+that|reason|caused|prompted|blamed)\b", re.IGNORECASE)


async def suggest(
    queue: AnswerQueue, answer: Answer, shown: Sequence[Evidence], filters: Filters, account: int = 0
) -> tuple[Suggestion, ...]:
    """Return what may be asked next; nothing while others wait for answers.

    Args:
        queue: asks the questions.
        answer: the answer that was shown.
        shown: its quotes on the page.
        filters: what may be read.
        account: whose turn the questions take.
    """
    found: list[Suggestion] = []
    seen = {(each.quote.article_id, each.quote.start) for each in shown}
    with contextlib.suppress(TimeoutError, AttacheError):
        async with asyncio.timeout(BUDGET_S):
            near = await queue.run(
                partial(search, query=answer.question, count=_NEAR, filters=filters),
                query=answer.question,
                account=account,
                is_measured=False,
            )
            texts = [
                hit.passage.text[:_LONGEST_PASSAGE]
                for hit in near.hits
                if (hit.cosine or 0.0) >= _MIN_COSINE and hit.coverage >= _MIN_COVERAGE
            ]
            for candidate, _ in zip(candidates(answer, shown, texts), range(MAX_ASKED), strict=False):
                if queue.waiting or not queue.is_open or len(found) == MAX_SUGGESTIONS:
                    break
                reply = await queue.ask(
                    candidate.question, filters, answer.asked_at, account=account, is_measured=False
                )
                if _is_new(candidate, reply, seen):
                    found.append(candidate)
                    seen |= {(each.quote.article_id, each.quote.start) for each in reply.evidence[:_SHOWN]}
    return tuple(found)


def candidates(answer: Answer, shown: Sequence[Evidence], near: Sequence[str]) -> Iterator[Suggestion]:
    """Yield what a reader may want to know next, likeliest first.

    Args:
        answer: the answer that was shown.
        shown: its quotes on the page.
        near: the passages nearest to its question.
    """
    on_page = " ".join((answer.question, *(each.quote.text for each in shown)))
    others = dict.fromkeys(name for text in near for name in persons_in(text))
    for name in [each for each in others if each.split()[-1] not in on_page][:_MAX_NAMES]:
        asked = resolve_follow_up(f"What did {name} say about it?", answer.question).text
        yield Suggestion("said", asked, name)
    # Of what is disputed, denied or left open, nobody may be asked when or why it happened.
    is_so = answer.proposition is None or answer.verdict is Verdict.YES
    for label in ("when", "why") if is_so else ():
        resolved = resolve_follow_up(f"{label}?", answer.question)
        if resolved.text.lower().startswith(f"{label} ") and answer.kind != label:
            yield Suggestion(label, resolved.text)
    named = dict.fromkeys(name for each in shown for name in persons_in(each.quote.text))
    for name in [each for each in named if each.casefold() not in answer.question.casefold()][:_MAX_NAMES]:
        yield Suggestion("who", f"Who is {name}?", name)


def _is_new(candidate: Suggestion, reply: Answer, seen: set[tuple[int, int]]) -> bool:
    """Return whether an answer fits its question and quotes something that was not shown."""
    if reply.verdict is not Verdict.OPEN:
        return False
    first = reply.evidence[:_SHOWN]
    new = [each for each in first if (each.quote.article_id, each.quote.start) not in seen]
    if candidate.label == "when":
        return any(each.answer is not None for each in new)
    if candidate.label == "why":
        return any(_REASON.search(each.quote.text) for each in new)
    family, best = candidate.name.split()[-1], first[0]
    if candidate.label == "said":
        return best in new and best.attribution is not None and family in (best.attribution.speaker or "")
    return best in new and family in (best.citation.title or "")
