"""Where in a sentence the name, number, date or place stands that an open question asks for."""

import re
from collections.abc import Sequence, Set

from bot.answering.answer import Quote
from bot.answering.question.aliases import mentions
from bot.answering.question.answer_type import Wanted
from corpus.article import Span
from index.terms import fold, words

_NUMBER_WORD = (
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
    r"nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|dozens?|hundreds?|thousands?|half|a\s+third|a\s+quarter)"
)
_SCALE = r"(?:\s+(?:hundred|thousand|million|billion|trillion|dozen))?"
_UNIT = (
    r"(?:\s*%|\s+(?:percent|per\s+cent|percentage\s+points?|years?|months?|weeks?|days?|hours?|minutes?|seconds?|miles?|"
    r"kilomet(?:er|re)s?|feet|foot|inches|pounds|tons?|tonnes|degrees|dollars|euros))?"
)
_COUNT = re.compile(
    rf"(?<![\w$€£.,-])(?:\d[\d,]*(?:\.\d+)?(?:-\w+)?|{_NUMBER_WORD}(?:-\w+)?){_SCALE}{_UNIT}(?!\w)", re.IGNORECASE
)
_AMOUNT = re.compile(
    rf"(?:[A-Z]{{0,3}}[$€£¥]\s?\d[\d,]*(?:\.\d+)?{_SCALE}(?:\s?(?:m|bn|tn|k)\b)?"
    rf"|\d[\d,]*(?:\.\d+)?{_SCALE}\s*(?:%|percent|per\s+cent|dollars|euros|pounds|rubles|yuan))",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|"
    r"Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DATE = re.compile(
    rf"(?:\b\d{{1,2}}\s+{_MONTH}(?:\s+\d{{4}})?|\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?|\b{_MONTH}\s+\d{{4}}"
    rf"|\b(?:19|20)\d\d\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:in|last|next)\s+{_MONTH}\b"
    r"|\b(?:last|next|this)\s+(?:week|month|year)\b)"
)
_NAME = re.compile(
    r"\b[A-Z][\w’'-]*(?:\.(?=\s[A-Z]))?(?:\s+(?:(?:of|the|de|al|bin|van|von|and)\s+)?[A-Z][\w’'-]*(?:\.(?=\s[A-Z]))?)*"
)
_PLACE_BEFORE = re.compile(r"\b(?:in|at|near|from|to|of|off|outside|across|over|into|for)\s+(?:the\s+)?$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BEGINNING = re.compile(r"(?:^|[.!?“\"]\s*)$")
# Capitalised for other reasons than being a name.
_NO_NAMES = frozenset(
    """the a an and but so he she they it we i in on at by to for from of with no not what who when where why how which
    this that these those after before since while as if his her their its our you your there here then now also one
    according both some many most all monday tuesday wednesday thursday friday saturday sunday january february march
    april may june july august september october november december mr mrs ms dr president cnn""".split()
)


def answer_spans(sentence: str, wanted: Wanted | None, asked: Set[str]) -> list[Span]:
    """The places in a sentence that are of the kind asked for and don't repeat the question's words, in order."""
    if wanted is Wanted.HOW_MANY:
        return _counts(sentence)
    if wanted is Wanted.HOW_MUCH:
        return _matches(_AMOUNT, sentence) or _counts(sentence)
    if wanted is Wanted.WHEN:
        return [span for span in _matches(_DATE, sentence) if not set(words(_text(sentence, span))) <= asked]
    if wanted is Wanted.WHERE:
        return _places(sentence, asked)
    if wanted is Wanted.WHO:
        return _names(sentence, asked)
    return []


def locate_answer(quote: Quote, wanted: Wanted | None, asked: Set[str]) -> Span | None:
    """Where in the article the answer stands, as far as a quote holds one of the kind asked for."""
    found = _best_span(quote.text, answer_spans(quote.text, wanted, asked), asked)
    return None if found is None else Span(quote.start + found.start, quote.start + found.end)


def _best_span(sentence: str, spans: Sequence[Span], asked: Set[str]) -> Span | None:
    """The place that stands nearest to the words of the question; None where there is none."""
    if len(spans) <= 1:
        return spans[0] if spans else None
    known = [match.start() for match in re.finditer(r"\w+", sentence) if fold(match[0]) in asked and len(match[0]) > 2]

    def distance(span: Span) -> float:
        return sum(sorted(min(abs(span.start - place), abs(place - span.end)) for place in known)[:3]) if known else 0.0

    return min(spans, key=distance, default=None)


def _counts(sentence: str) -> list[Span]:
    """Numbers that are neither a year nor part of a date."""
    dates = _matches(_DATE, sentence)
    return [
        span
        for span in _matches(_COUNT, sentence)
        if not _YEAR.fullmatch(_text(sentence, span))
        and not any(span.start < date.end and date.start < span.end for date in dates)
    ]


def _matches(pattern: re.Pattern[str], sentence: str) -> list[Span]:
    return [Span(*match.span()) for match in pattern.finditer(sentence)]


def _text(sentence: str, span: Span) -> str:
    return sentence[span.start : span.end]


def _names(sentence: str, asked: Set[str]) -> list[Span]:
    found = []
    for match in _NAME.finditer(sentence):
        named = set(words(match[0]))
        if named <= _NO_NAMES or named & asked:
            continue
        if _BEGINNING.search(sentence[: match.start()]) and " " not in match[0] and len(match[0]) < 4:
            continue
        found.append(Span(*match.span()))
    return found


def _places(sentence: str, asked: Set[str]) -> list[Span]:
    named = [Span(each.start, each.end) for each in mentions(sentence)]
    behind = [span for span in _names(sentence, asked) if _PLACE_BEFORE.search(sentence[: span.start])]
    fresh = [span for span in named if not set(words(_text(sentence, span))) & asked]
    return sorted({*fresh, *behind}, key=lambda span: (span.start, span.end))
