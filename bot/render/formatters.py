"""Small pure formatters: dates, ages, counts, sizes, names."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from babel import Locale

from bot.answering.answer import Citation
from corpus.article import ArticleFacts
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
# Copies that a line names; the article's own page has them all.
MOST_COPIES_NAMED = 4
# The language in which the rules for verdicts are written (bot/answering/judging).
JUDGED_LANGUAGE = "en"


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


def not_judged(languages: Mapping[str, int]) -> str:
    """What members should know of articles in languages in which no verdicts are given; empty where there are none."""
    count = sum(number for code, number in languages.items() if code != JUDGED_LANGUAGE)
    if not count:
        return ""
    is_one = count == 1
    return (
        f"{plural(count, 'article')} {'is' if is_one else 'are'} not in English: "
        f"{'it is' if is_one else 'they are'} found and quoted, but not judged for yes or no."
    )


def language_name(code: str | None, interface: str = "en") -> str:
    """`German`, or in a German interface `Deutsch`; the code itself where it has no name; empty for None."""
    return str(Locale.parse(interface).languages.get((code or "")[:2].lower(), code or ""))


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


def copies_in_words(copies: Sequence[ArticleFacts]) -> str:
    """`Valley Times (9 September 2024, article 7), Harbour Herald (date unknown, article 9) and 3 more`."""
    named = [
        f"{each.publisher or UNKNOWN_PUBLISHER} ({long_date(each.published_at)}, article {each.id})"
        for each in copies[:MOST_COPIES_NAMED]
    ]
    rest = f" and {len(copies) - len(named):,} more" if len(copies) > len(named) else ""
    return ", ".join(named) + rest


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
