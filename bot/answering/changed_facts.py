"""Which facts a changed sentence changed: numbers and dates by value, names, and whether it says that it is not so."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from babel import Locale, UnknownLocaleError

from bot.answering.numbers import read_numbers
from bot.answering.question.aliases import mentions
from bot.answering.stated_dates import stated_dates, without_dates
from corpus.history import Change, ChangeKind
from index.terms import fold

# Longer sentences are rather whole paragraphs, in which some number always differs.
_MAX_CHARACTERS = 2_000
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
# The closed class of words that negate a sentence, in the languages of most articles.
_NEGATIONS = frozenset(
    """not never no nor neither none nobody cannot nicht kein keine keinen keiner keinem nie niemals ne pas jamais
    aucun aucune nunca jamás ningún ninguna ninguno non mai nessun nessuno nessuna não nenhum niet geen nooit""".split()
)
# Languages that write every noun with a capital: only names of the alias table are recognised in them.
_CAPITAL_NOUNS = frozenset(("de", "lb"))


class Fact(StrEnum):
    """What kind of fact changed."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    NEGATION = "negation"


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact that changed, in the article's own words; one side is empty where a negation came or went."""

    fact: Fact
    before: str
    after: str


_Values = dict[str, str]


def changed_facts(change: Change, language: str | None) -> tuple[FactChange, ...]:
    """Return the facts that a sentence or headline states otherwise than before; none for other kinds of changes.

    No list of correcting words is involved: a fact counts if one value went and another one came. Numbers and dates are
    compared by value, so "sixty" for "60" is no change. A new number beside all former ones is none either.
    """
    before, after = change.before, change.after
    if change.kind not in {ChangeKind.CHANGED, ChangeKind.HEADLINE} or max(len(before), len(after)) > _MAX_CHARACTERS:
        return ()
    readers: tuple[tuple[Fact, Callable[[str], _Values]], ...] = (
        (Fact.NUMBER, _numbers),
        (Fact.DATE, lambda text: _dates(text, language)),
        (Fact.NAME, lambda text: _names(text, language)),
    )
    found = [each for fact, read in readers if (each := _exchanged(fact, read(before), read(after)))]
    was, became = _negations(before), _negations(after)
    if (was.total() - became.total()) % 2:
        gone, came = (" ".join((one - other).elements()) for one, other in ((was, became), (became, was)))
        found.append(FactChange(Fact.NEGATION, gone, came))
    return tuple(found)


def _exchanged(fact: Fact, before: _Values, after: _Values) -> FactChange | None:
    """Return the change of facts where values went and others came; None where only some came, or only some went."""
    gone = [written for value, written in before.items() if value not in after]
    came = [written for value, written in after.items() if value not in before]
    return FactChange(fact, ", ".join(gone), ", ".join(came)) if gone and came else None


def _numbers(text: str) -> _Values:
    bare = without_dates(text)
    return {f"{each.value:g}": text[each.start : each.end] for each in read_numbers(bare)}


def _dates(text: str, language: str | None) -> _Values:
    found = {repr(stated): text[start:end] for stated, start, end in stated_dates(text)}
    names = _calendar_names(language or "en")
    rest = without_dates(text)
    return found | {fold(word): word for word, _ in _words(rest) if fold(word) in names}


def _names(text: str, language: str | None) -> _Values:
    found: _Values = {}
    for mention in mentions(text):
        found.setdefault(mention.id, text[mention.start : mention.end])
    known = {fold(word) for each in mentions(text) for word in text[each.start : each.end].split()}
    words = list(_words(text))
    capitals = sum(word[0].isupper() for word, _ in words)
    # In a headline that has a capital at nearly every word, capitals say nothing.
    if (language or "en") in _CAPITAL_NOUNS or 3 * capitals > 2 * len(words):
        return found
    dated = _calendar_names(language or "en")
    for word, start in words:
        name = _POSSESSIVE.sub("", word)
        if start and word[0].isupper() and fold(name) not in known | dated and not _opens(text, start):
            found.setdefault(fold(name), name)
    return found


def _opens(text: str, start: int) -> bool:
    """Return whether a word is the first of a sentence or of a quotation, where any word has a capital."""
    return not text[:start].strip(" “”\"'‘’(") or text[:start].rstrip()[-1:] in "“\"‘'.:!?—–"


def _negations(text: str) -> Counter[str]:
    folded = (word.casefold() for word, _ in _words(text))
    return Counter(word for word in folded if word in _NEGATIONS or word.endswith(("n't", "n’t")))


def _words(text: str) -> Iterator[tuple[str, int]]:
    for match in _WORD.finditer(text):
        yield match[0], match.start()


@cache
def _calendar_names(language: str) -> frozenset[str]:
    """Return the folded names of months and weekdays (CLDR) in a language, English where it is unknown."""
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    names = (*locale.months["format"]["wide"].values(), *locale.days["format"]["wide"].values())
    return frozenset(fold(each) for each in names)
