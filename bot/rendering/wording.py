"""Small pure formatters: dates, ages, counts, sizes, names."""

from datetime import date, datetime

from babel import Locale

from bot.answering.answer import Citation
from corpus.dates import day_in_words
from corpus.publishers.publisher import Kind
from index.filters import Filters

UNKNOWN_PUBLISHER = "publisher unknown"
UNKNOWN_DATE = "date unknown"
# Own briefs are told of in a sentence of their own; "other" says nothing.
KIND_WORDS = {
    Kind.AGENCY: "agency",
    Kind.NEWSPAPER: "newspaper",
    Kind.MAGAZINE: "magazine",
    Kind.BROADCASTER: "broadcaster",
    Kind.PUBLIC_BROADCASTER: "public broadcaster",
    Kind.GOVERNMENT_FUNDED: "government-funded broadcaster",
    Kind.THINK_TANK: "think tank",
    Kind.GOVERNMENT: "government",
    Kind.ORGANISATION: "organisation of states",
}
_UNITS = ("bytes", "KB", "MB", "GB", "TB")


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 article`, `2 articles`, `1,204 articles`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def long_date(iso: str | None) -> str:
    """`9 September 2024`; what states no date says so."""
    return day_in_words(iso) if iso else UNKNOWN_DATE


def age(iso: str | None, now: datetime) -> str:
    """How long ago a date is, roughly: `today`, `3 days ago`, `2 years ago`; empty when it isn't known."""
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
    """`from 30 November 2022 to 16 September 2024`."""
    if first is None:
        return "with no dates stated"
    return f"of {long_date(first)}" if first == last else f"from {long_date(first)} to {long_date(last)}"


def size(count: float) -> str:
    """`12.3 MB`."""
    for unit in _UNITS:
        if count < 1000 or unit == _UNITS[-1]:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    raise AssertionError("the last unit takes every size")


def source_name(citation: Citation) -> str:
    """The publisher as it is shown, with what it is; the project's own briefs and excerpts are marked as such."""
    if citation.is_own_brief:
        return f"{citation.publisher} (written by this project, not a news report)"
    name = citation.publisher or UNKNOWN_PUBLISHER
    marks = [publisher_facts(citation.country, citation.kind, is_state=bool(citation.state_controlled))]
    marks += ["excerpt from its feed"] if citation.is_excerpt else []
    told = "; ".join(filter(None, marks))
    return f"{name} ({told})" if told else name


def publisher_facts(country: str | None, kind: Kind | None, *, is_state: bool) -> str:
    """`Russia, state-controlled agency`; empty where nothing is known."""
    word = KIND_WORDS.get(kind, "") if kind else ""
    if is_state:
        word = f"state-controlled {word or 'publisher'}"
    return ", ".join(filter(None, (country_name(country), word)))


def country_name(code: str | None, language: str = "en") -> str:
    """A country's name in a language, from its ISO 3166-1 code; empty where there is none. The source is CLDR."""
    return str(Locale(language).territories.get(code, "")) if code else ""


def describe_filters(filters: Filters) -> str:
    """The filters in words; empty when there are none."""
    parts = []
    if filters.publishers:
        parts.append(f"only {' or '.join(filters.publishers)}")
    if filters.collections:
        parts.append(f"in {' or '.join(filters.collections)}")
    if filters.since:
        parts.append(f"since {long_date(filters.since.isoformat())}")
    if filters.until:
        parts.append(f"until {long_date(filters.until.isoformat())}")
    return ", ".join(parts)
