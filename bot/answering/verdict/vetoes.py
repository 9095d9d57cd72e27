"""Vetoes: what a quote must not contradict if it is to support a "yes"."""

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from bot.answering.numbers import Number, read_numbers
from bot.answering.question.aliases import entity_ids, mentions
from bot.answering.question.clauses import ACTOR_NOUNS, AUXILIARIES, OPENERS
from bot.answering.stated_dates import StatedDate, stated_dates, without_dates
from index.terms import STOP_WORDS, Terms, fold, words

_NAME_WORD = r"[^\W_]+(?:[-’'][^\W_]+)*"
# Words, and what stands between those of one name: a name of several words is recognised by its last one.
_RUN = re.compile(rf"(?<![\w’'-]){_NAME_WORD}(?: {_NAME_WORD})*")
_POSSESSIVE = re.compile(r"['’]s?$")
_ALL = re.compile(r"\b(?:all|every|each|entire|entirely|whole|completely|fully)\b", re.IGNORECASE)
_NOT_ALL = re.compile(
    r"\b(?:most|some|several|many|not\s+all|almost\s+all|nearly\s+all|half|part(?:ly|s)?|all\s+but|except|few|a\s+third)\b",
    re.IGNORECASE,
)
# Between the numbers of a score or range: "58 votes to 41", "3–1", "from 3% to 5%".
_BETWEEN = re.compile(r"(?:\s*%|\s+[^\W\d_]+)?(?:\s+(?:to|against|versus|vs?\.?)\s+|\s*[-–:]\s*)[$€£]?", re.IGNORECASE)
_DEFEAT = re.compile(r"\b(?:lost|los(?:es?|ing)|defeat\w*|beat\w*|reject\w*|fail\w*)\b", re.IGNORECASE)
# A text may leave out the year of what happened in its article's year, or up to this many years before.
YEARS_UNSTATED = 1
_YEAR = re.compile(r"(?:19|20)\d\d")
# What tells a year without naming it.
_AGO = re.compile(r"\b(?:ago|years?|decades?)\b", re.IGNORECASE)
# What stands before the year in which something is said to happen.
_WHEN = re.compile(r"\b(?:in|since|by|during|until|till|before|after|early|late|mid|of)[\s-]+$", re.IGNORECASE)
# Titles, months and weekdays are no names that a text has to repeat.
NO_NAMES = ACTOR_NOUNS | AUXILIARIES | OPENERS | STOP_WORDS | frozenset(
    """january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday mr mrs ms dr sir lady lord saint st claim rumour rumor fact true false
    news""".split()
)  # fmt: skip


class Veto(StrEnum):
    """Why a text can't support a "yes"."""

    NAME = "name"
    NUMBER = "number"
    DATE = "date"
    QUANTIFIER = "quantifier"


@dataclass(frozen=True, slots=True)
class Asked:
    """The names, numbers, pairs of numbers, dates and quantifier of a question, with which a "yes" must agree.

    `years` are those in which it is said to happen: not that of "the 2015 deal".
    """

    ids: frozenset[str]
    names: frozenset[str]
    numbers: tuple[Number, ...]
    pairs: tuple[tuple[float, float], ...]
    dates: tuple[StatedDate, ...]
    years: frozenset[int]
    of_all: bool

    def vetoes(self, sentence: str, context: str, published_at: str | None) -> list[Veto]:
        """Return why a text can't support a "yes"; empty if nothing contradicts.

        Args:
            sentence: what would be quoted.
            context: the text that it stands in, with the title.
            published_at: of its article.
        """
        found = []
        if not self.ids <= entity_ids(context) or not self.names <= _stems(context):
            found.append(Veto.NAME)
        if self.numbers and not (self._numbers_agree(sentence) and self._orders_agree(sentence)):
            found.append(Veto.NUMBER)
        if self.dates and not self._dates_agree(sentence, context, published_at):
            found.append(Veto.DATE)
        # Without "not all", "almost all", "all but".
        if self.of_all and _NOT_ALL.search(sentence) and not _ALL.search(_NOT_ALL.sub(" ", sentence)):
            found.append(Veto.QUANTIFIER)
        return found

    def _numbers_agree(self, sentence: str) -> bool:
        told = read_numbers(without_dates(sentence))
        return all(any(number.admits(each) for each in told) for number in self.numbers)

    def _orders_agree(self, sentence: str) -> bool:
        """Return whether no score or range is told the other way round: "41 to 58" for "58 votes to 41"."""
        told = _pairs(sentence)
        return all(pair in told or pair[::-1] not in told for pair in self.pairs)

    def _dates_agree(self, sentence: str, context: str, published_at: str | None) -> bool:
        told = [stated for stated, _, _ in stated_dates(sentence)]
        if told and any(all(asked.contradicts(each) for each in told) for asked in self.dates):
            return False
        if any(each.year is not None for each in told):
            return True
        tellable = {int(year) for year in _YEAR.findall(context)}
        if published_at is not None:
            last = int(published_at[:4])
            # No article tells what happened after it.
            if any(asked.year is not None and asked.year > last for asked in self.dates):
                return False
            tellable |= {last - ago for ago in range(YEARS_UNSTATED + 1)}
        elif told:
            # A day without a year, in an article without a date: it may be of any year.
            return True
        return self.years <= tellable or bool(_AGO.search(context))


def read_asked(question: str) -> Asked:
    """Return what a text that supports a "yes" to a question has to agree with."""
    found = mentions(question)
    named = {word for each in found for word in words(question[each.start : each.end])}
    names = [name for name in _last_words_of_names(question) if fold(name) not in named]
    dated = stated_dates(question)
    # "one" is mostly a pronoun.
    numbers = [
        each
        for each in read_numbers(without_dates(question))
        if each.value != 1 or question[each.start : each.end].isdigit()
    ]
    return Asked(
        ids=frozenset(each.id for each in found),
        names=_stems(" ".join(names)),
        numbers=tuple(numbers),
        pairs=tuple(_pairs(question)),
        dates=tuple(stated for stated, _, _ in dated),
        years=frozenset(
            stated.year
            for stated, start, _ in dated
            if stated.year is not None and (stated.month is not None or _WHEN.search(question, 0, start))
        ),
        of_all=bool(_ALL.search(question)),
    )


def _pairs(text: str) -> list[tuple[float, float]]:
    """Return the scores and ranges of a text: different numbers with "to", "against" or a dash between them.

    Those of a defeat are told from either side, so they have no order.
    """
    if _DEFEAT.search(text):
        return []
    numbers = read_numbers(without_dates(text))
    return [
        (one.value, other.value)
        for one, other in pairwise(numbers)
        if one.value != other.value and _BETWEEN.fullmatch(text, one.end, other.start)
    ]


def _last_words_of_names(question: str) -> list[str]:
    """Return the last word of each run of capitalised words that are no titles; a question's first word is none."""
    found = []
    for run in _RUN.finditer(question):
        words_of_run = [*re.finditer(_NAME_WORD, run[0])]
        for at, match in enumerate(words_of_run):
            word = _POSSESSIVE.sub("", match[0])
            following = words_of_run[at + 1][0] if at + 1 < len(words_of_run) else ""
            is_last = word != match[0] or not _is_name_word(following)
            if run.start() + match.start() and _is_name_word(word) and is_last:
                found.append(word)
    return found


def _is_name_word(word: str) -> bool:
    return word[:1].isupper() and fold(word) not in NO_NAMES


def _stems(text: str) -> frozenset[str]:
    return frozenset(Terms().stem(list(dict.fromkeys(words(text)))))
