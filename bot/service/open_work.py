"""Work on an open corpus as plain functions, which can be sent to another process; a lambda can't."""

import time
from collections.abc import Sequence
from datetime import datetime

from bot.answering.answer import Answer, Evidence
from bot.answering.cited_places import QuotedPlace
from bot.answering.copy_groups import CollapsedHits
from bot.service.attache import Attache
from bot.writer.written import Checked, Draft
from index.filters import Filters


def ask_question(
    attache: Attache, question: str, filters: Filters, now: datetime, quotes: int | None = None
) -> tuple[Answer, float]:
    """Return the answer to a question, and the seconds that it took. Raises as `Attache.ask` does."""
    began = time.perf_counter()
    answer = attache.ask(question, filters, now=now, quotes=quotes)
    return answer, time.perf_counter() - began


def search(attache: Attache, query: str, count: int, filters: Filters) -> CollapsedHits:
    """Return the best passages for a query, copies grouped. Raises as `Attache.ask` does."""
    return attache.search(query, count, filters)


def reload_quotes(attache: Attache, places: Sequence[QuotedPlace], filters: Filters) -> list[Evidence]:
    """Return the quotes at these places whose articles are unchanged there and pass the filters."""
    return attache.reload_quotes(places, filters)


def prove(attache: Attache, drafts: Sequence[Draft], evidence: Sequence[Evidence]) -> list[Checked]:
    """Return which written sentences the quotes prove."""
    return attache.prover.prove(drafts, evidence)
