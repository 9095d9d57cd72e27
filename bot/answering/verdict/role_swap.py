"""Exchanges the two actors that a question names: a text that supports both questions does not tell who did it."""

import re

from bot.answering.question.aliases import mentions
from bot.answering.question.clauses import AUXILIARIES, OPENERS, WH_WORDS
from bot.answering.verdict.vetoes import NO_NAMES
from corpus.article import Span
from index.terms import fold

# A run of capitalised words, with the small words inside names.
_NAME = re.compile(
    r"(?<![\w’'-])[A-Z]\w*(?:[-’'.]\w+)*(?:\s+(?:(?:of|the|de|al|bin|van|von)\s+)?[A-Z]\w*(?:[-’']\w+)*)*"
)
# Two that act together have no roles to exchange.
_JOINED = re.compile(r"['’]?s?\s*(?:,?\s*(?:and|or|nor|&)|,)\s*(?:the\s+)?", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?$")
_NOT_FIRST = AUXILIARIES | OPENERS | WH_WORDS


def swap_roles(question: str) -> str | None:
    """Return the question with the first two names exchanged; None if it does not name two that act apart."""
    names = _names(question)
    if len(names) < 2:
        return None
    one, other = names[0], names[1]
    if _JOINED.fullmatch(question[one.end : other.start]):
        return None
    first, second = question[one.start : one.end], question[other.start : other.end]
    return f"{question[: one.start]}{second}{question[one.end : other.start]}{first}{question[other.end :]}"


def _names(question: str) -> list[Span]:
    """Return the spans of the first names of different countries, groups or people, in order."""
    found = {each.start: (Span(each.start, each.end), each.id) for each in mentions(question)}
    for match in _NAME.finditer(question):
        span = _without_lead(question, Span(*match.span()))
        known = next((each for each, _ in found.values() if each.start < span.end and span.start < each.end), None)
        if span.start < span.end and known is None:
            text = _POSSESSIVE.sub("", question[span.start : span.end])
            found[span.start] = (Span(span.start, span.start + len(text)), fold(text))
    distinct: dict[str, Span] = {}
    for start in sorted(found):
        span, name = found[start]
        distinct.setdefault(name, span)
    return list(distinct.values())


def _without_lead(question: str, span: Span) -> Span:
    """Return a run of capitalised words without the words before it that are no names ("Did Olt")."""
    start = span.start
    for match in re.finditer(r"\S+", question[span.start : span.end]):
        word = fold(match[0].strip("'’."))
        if word not in _NOT_FIRST and word not in NO_NAMES:
            return Span(span.start + match.start(), span.end)
        start = span.start + match.end()
    return Span(start, start)
