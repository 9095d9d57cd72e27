"""Locates the name, number, date or place in a sentence that an open question asks for."""

import re
from collections.abc import Set

from bot.answering.answer import Quote
from bot.answering.numbers import SCALES, TENS, UNITS
from bot.answering.question.aliases import mentions
from bot.answering.question.answer_type import AnswerType
from corpus.article import Span
from corpus.month_names import CAPITAL_MONTH
from index.terms import fold, words

_COUNTING = "|".join([*UNITS, *TENS][2:])
_NUMBER_WORD = rf"(?:{_COUNTING}|dozens?|hundreds?|thousands?|half|a\s+third|a\s+quarter)"
_SCALE = rf"(?:\s+(?:{'|'.join(SCALES)}))?"
_UNIT = (
    r"(?:\s*%|\s+(?:percent|per\s+cent|percentage\s+points?|years?|months?|weeks?|days?|hours?|minutes?|seconds?|miles?|"
    r"kilomet(?:er|re)s?|feet|foot|inches|pounds|tons?|tonnes|degrees|dollars|euros))?"
)
_COUNT = re.compile(
    rf"(?<![\w$€£.,-])(?:\d[\d,]*(?:\.\d+)?(?:-\w+)?|{_NUMBER_WORD}(?:-\w+)?){_SCALE}{_UNIT}(?!\w)", re.IGNORECASE
)
# A number begins where no digit is before it, and its repeats are possessive: long ones would take quadratic time.
_AMOUNT = re.compile(
    rf"(?:[A-Z]{{0,3}}[$€£¥]\s?\d[\d,]*(?:\.\d+)?{_SCALE}(?:\s?(?:m|bn|tn|k)\b)?"
    rf"|(?<!\d)(?<!\d,)\d[\d,]*+(?:\.\d++)?+{_SCALE}\s*(?:%|percent|per\s+cent|dollars|euros|pounds|rubles|yuan))",
    re.IGNORECASE,
)
# With the full stop of "Jan.", which ends no sentence, unlike that of "January." and "May."
_MONTH = rf"(?:{CAPITAL_MONTH}(?:(?<=\b(?!May)[A-Z]..)\.|(?<=\bSept)\.)?)"
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
_SENTENCE_START = re.compile(r"(?:^|[.!?“\"]\s*)$")
# Capitalised words that are no names.
_NO_NAMES = frozenset(
    """the a an and but so he she they it we i in on at by to for from of with no not what who when where why how which
    this that these those after before since while as if his her their its our you your there here then now also one
    according both some many most all monday tuesday wednesday thursday friday saturday sunday january february march
    april may june july august september october november december mr mrs ms dr president cnn""".split()
)


def answer_spans(sentence: str, answer_type: AnswerType | None, asked: Set[str]) -> list[Span]:
    """Return the spans of the type asked for that don't repeat the question's folded words `asked`, in order."""
    if answer_type is AnswerType.HOW_MANY:
        return _counts(sentence)
    if answer_type is AnswerType.HOW_MUCH:
        return _matches(_AMOUNT, sentence) or _counts(sentence)
    if answer_type is AnswerType.WHEN:
        return [span for span in _matches(_DATE, sentence) if not set(words(_text(sentence, span))) <= asked]
    if answer_type is AnswerType.WHERE:
        return _places(sentence, asked)
    if answer_type is AnswerType.WHO:
        return _names(sentence, asked)
    return []


def locate_answer(quote: Quote, answer_type: AnswerType | None, asked: Set[str]) -> Span | None:
    """Return the span in the article that answers best: the one nearest to the question's words in the quote."""
    sentence = quote.text
    starts = [match.start() for match in re.finditer(r"\w+", sentence) if fold(match[0]) in asked and len(match[0]) > 2]

    def distance(span: Span) -> int:
        return sum(sorted(min(abs(span.start - start), abs(start - span.end)) for start in starts)[:3])

    best = min(answer_spans(sentence, answer_type, asked), key=distance, default=None)
    return None if best is None else Span(quote.start + best.start, quote.start + best.end)


def _counts(sentence: str) -> list[Span]:
    """Return the numbers that are neither a year nor part of a date."""
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
        name_words = set(words(match[0]))
        if name_words <= _NO_NAMES or name_words & asked:
            continue
        if _SENTENCE_START.search(sentence[: match.start()]) and " " not in match[0] and len(match[0]) < 4:
            continue
        found.append(Span(*match.span()))
    return found


def _places(sentence: str, asked: Set[str]) -> list[Span]:
    known = [Span(each.start, each.end) for each in mentions(sentence)]
    new = [span for span in known if not set(words(_text(sentence, span))) & asked]
    after_preposition = [span for span in _names(sentence, asked) if _PLACE_BEFORE.search(sentence[: span.start])]
    return sorted({*new, *after_preposition}, key=lambda span: (span.start, span.end))
