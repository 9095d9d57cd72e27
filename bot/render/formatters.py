"""Formats dates, ages, counts and names as English text."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from babel import Locale

from bot.answering.answer import Citation
from corpus.article import ArticleFacts
from corpus.catalog import PublisherFacts
from corpus.dates import day_in_words
from corpus.publishers.publisher import Kind
from index.filters import Filters

UNKNOWN_PUBLISHER = "publisher unknown"
UNKNOWN_DATE = "date unknown"
DATE_AHEAD = "states a date in the future"
UNTITLED = "(untitled)"
# Own briefs have their own wording, and "other" says nothing.
KIND_WORDS = {
    Kind.AGENCY: "agency",
    Kind.NEWSPAPER: "newspaper",
    Kind.MAGAZINE: "magazine",
    Kind.BROADCASTER: "broadcaster",
    Kind.PUBLIC_BROADCASTER: "public broadcaster",
    Kind.GOVERNMENT_FUNDED: "government-funded broadcaster",
    Kind.THINK_TANK: "think tank",
    Kind.GOVERNMENT: "government",
    Kind.ORGANISATION: "intergovernmental organisation",
    Kind.SATIRE: "satire",
}
# Hangul fillers and Khmer inherent vowels count as letters, but show nothing.
_BLANK_LETTERS = re.compile("[\u115f\u1160\u17b4\u17b5\u3164\uffa0]")
# Letters but those that modify others (ʹ, ـ), and digits.
_LETTERS = frozenset({"Lu", "Ll", "Lt", "Lo", "Nd", "Nl", "No"})
# Of a longer one, that much is shown at most.
_MAX_NAME = 500
# The article's own page lists all copies.
MAX_COPIES_NAMED = 4
# The only language in which yes/no questions are decided (bot/answering/verdict).
VERDICT_LANGUAGE = "en"


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return `1 article`, `2 articles`, `1,204 articles`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def long_date(iso: str | None) -> str:
    """Return `9 September 2024`, or `date unknown`."""
    return day_in_words(iso) if iso else UNKNOWN_DATE


def age(iso: str | None, now: datetime) -> str:
    """Return roughly how long ago a date is: `today`, `3 days ago`, `2 years ago`; empty for None."""
    if not iso:
        return ""
    days = (now.date() - date.fromisoformat(iso[:10])).days
    if days < 0:
        return "dated in the future"
    if days < 2:
        return ("today", "yesterday")[days]
    if days < 60:
        return f"{days} days ago"
    return f"{plural(days // 30, 'month')} ago" if days < 730 else f"{plural(days // 365, 'year')} ago"


def period(first: str | None, last: str | None) -> str:
    """Return `from 30 November 2022 to 16 September 2024`."""
    if first is None:
        return "with no dates stated"
    return f"of {long_date(first)}" if first == last else f"from {long_date(first)} to {long_date(last)}"


def no_verdict_note(languages: Mapping[str, int]) -> str:
    """Return a note on articles that can't decide yes/no questions, from counts by language; empty for none."""
    count = sum(number for code, number in languages.items() if code != VERDICT_LANGUAGE)
    if not count:
        return ""
    be, they = ("is", "it is") if count == 1 else ("are", "they are")
    return f"{plural(count, 'article')} {be} not in English: {they} found and quoted, but not used to decide yes or no."


def language_name(code: str | None, interface: str = "en") -> str:
    """Return `German`, or in a German interface `Deutsch`; an unnamed code itself; empty for None."""
    return str(Locale.parse(interface).languages.get((code or "")[:2].lower(), code or ""))


def has_letters(name: str | None) -> bool:
    """Return whether a name has a letter or digit: nobody would see, or could press, a title of marks and signs."""
    shown = _BLANK_LETTERS.sub("", (name or "")[:_MAX_NAME])
    return any(unicodedata.category(char) in _LETTERS for char in shown)


def shown_title(title: str | None, origin: str) -> str:
    """Return an article's title, else the name of its file or the address where it was read, for articles without."""
    if title and has_letters(title):
        return title
    return origin.partition("://")[2] or re.split(r"[/\\]", origin)[-1] or UNTITLED


def source_name(citation: Citation) -> str:
    """Return the publisher with its facts; own briefs and excerpts are marked. Empty if nothing is known."""
    if citation.is_own_brief:
        return f"{citation.publisher} (written by this project, not a news report)"
    name = publisher_words(citation)
    marks = [publisher_facts(citation.country, citation.kind, is_state=bool(citation.state_controlled))]
    marks += ["excerpt from its feed"] if citation.is_excerpt else []
    marks += [f"carried by {citation.carried_by}"] if citation.carried_by else []
    note = "; ".join(filter(None, marks))
    return f"{name} ({note})" if note and name else name or note


def unknown_publishers_note(publishers: Sequence[str | None]) -> str:
    """Return how many of the quoted articles state no publisher, said once rather than with each; empty for none."""
    unknown = sum(1 for publisher in publishers if not publisher)
    if not unknown:
        return ""
    if unknown == len(publishers):
        return f"Quoted {'article' if unknown == 1 else 'articles'}: {UNKNOWN_PUBLISHER}."
    return f"{unknown} of {len(publishers)} quoted articles: {UNKNOWN_PUBLISHER}."


def publisher_words(article: ArticleFacts | Citation | PublisherFacts) -> str:
    """Return the publisher, or `says it is from Reuters` if that is only claimed; empty if it is unknown."""
    name = article.publisher if article.publisher and has_letters(article.publisher) else ""
    return f"says it is from {name}" if name and article.is_claimed else name


def stated_date(article: ArticleFacts | Citation) -> str:
    """Return `9 September 2024`, `date unknown`, or that it states a date in the future."""
    return DATE_AHEAD if article.is_dated_ahead else long_date(article.published_at)


def publisher_facts(country: str | None, kind: Kind | None, *, is_state: bool) -> str:
    """Return `Russia, state-controlled agency`; empty if nothing is known."""
    word = KIND_WORDS.get(kind, "") if kind else ""
    if is_state:
        word = f"state-controlled {word or 'publisher'}"
    return ", ".join(filter(None, (country_name(country), word)))


def country_name(code: str | None, language: str = "en") -> str:
    """Return the name (CLDR) of an ISO 3166-1 code in a language; empty if it has none."""
    return str(Locale(language).territories.get(code, "")) if code else ""


def list_copies(copies: Sequence[ArticleFacts]) -> str:
    """Return `Valley Times (9 September 2024, article 7), Harbour Herald (date unknown, article 9) and 3 more`."""
    named = [
        f"{publisher_words(each) or UNKNOWN_PUBLISHER} ({stated_date(each)}, article {each.id})"
        for each in copies[:MAX_COPIES_NAMED]
    ]
    rest = f" and {len(copies) - len(named):,} more" if len(copies) > len(named) else ""
    return ", ".join(named) + rest


def describe_filters(filters: Filters) -> str:
    """Return the filters in words; empty for none."""
    parts = []
    if filters.publishers:
        parts.append(f"only {' or '.join(filters.publishers)}")
    if filters.collections:
        parts.append(f"in {' or '.join(filters.collections)}")
    if filters.since:
        parts.append(f"since {long_date(filters.since.isoformat())}")
    if filters.until:
        parts.append(f"until {long_date(filters.until.isoformat())}")
    if filters.languages:
        parts.append(f"in the language {' or '.join(filters.languages)}")
    return ", ".join(parts)
