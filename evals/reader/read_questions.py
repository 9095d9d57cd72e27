"""Reads what a search finds for a question, and measures what speaks for each verdict."""

from bot.quality.rows import Row
from bot.service.attache import Attache
from evals.reader.fit_verdicts import MeasuredRow
from evals.reader.measures import measure_search, measure_verdict
from evals.reader.read_hits import read_hits, read_sentences
from evals.reader.relations import Reader
from evals.reader.role_swap import swap_roles
from evals.reader.vetoes import read_asked

# Sentences of a question that are read alone.
SENTENCES = 14


def measure_question(attache: Attache, reader: Reader, row: Row) -> MeasuredRow | None:
    """Return the measures of a question; None for one that asks for something else than yes or no."""
    composed = attache.investigate(row.question, now=row.asked_at)
    if not composed.answer.kind.asks_verdict:
        return None
    read = read_hits(reader, row.question, composed.result.hits)
    sentences = read_sentences(reader, row.question, read, SENTENCES, swapped=swap_roles(row.question))
    measures = measure_search(read) | measure_verdict(read, sentences, read_asked(row.question))
    return MeasuredRow(measures, tuple(each.value for each in row.verdicts))
