"""Escaping of untrusted text, and Discord's markup for quotes, sources, dates and links."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import discord

from bot.answering.answer import Citation, Evidence
from bot.discord.i18n.phrases import Phrases
from bot.render.formatters import country_name, has_letters, shown_title
from corpus.article import ArticleFacts
from corpus.catalog import PublisherFacts
from corpus.publishers.directory import Publishers
from corpus.publishers.publisher import Kind

# Characters that Discord or a terminal may hide or reverse. Joiners stay: Persian and many Indic words need them.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
                        "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
    # Lone surrogates and private-use characters.
    "\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]")  # fmt: skip
# Control characters, line and paragraph separators, and the blank of Braille, which would be a title that nobody sees.
_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u2800]")
# No language stacks more marks on one letter; "Zalgo" text does, to paint over other lines.
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_MARKS = re.compile(rf"(\S{_MARK}{{3}}){_MARK}+")
# Discord's markdown characters; mentions, custom emoji and timestamps begin with "<".
_SPECIAL = re.compile(r"[\\*_~`|<>\[\]]")
_INVITATION = re.compile(r"(?i)(discord[\w.]{0,20})/")
# Markup that people do not see: the target of a link, the backslash before an escaped character.
_LINK_TARGET = re.compile(r"\]\(<[^<>]*>\)")
_BACKSLASH = re.compile(r"\\(?=[^\w\s])")
_TIMESTAMP = re.compile(r"<t:\d+:[A-Za-z]>")
# Of a timestamp, people see a date about as long as this.
_SHOWN_DATE = "9 September 2024"
_LONGEST_TITLE = 100
_LONGEST_SPEAKER = 90
_LONGEST_SITE = 60
# Longer links are left out, to leave room for the quotes.
LONGEST_LINK = 600


def visible(text: str) -> str:
    """Return the text on one line, without hidden, bidirectional or control characters."""
    return " ".join(_MARKS.sub(r"\1", _INVISIBLE.sub("", _BREAKS.sub(" ", text))).split())


def escape(text: str) -> str:
    """Return untrusted text as one line that cannot mention, format, link or hide anything."""
    escaped = _SPECIAL.sub(r"\\\g<0>", visible(text))
    # Discord would link a bare address, unchecked, whatever letter, digit or sign stands right before it.
    escaped = escaped.replace("://", r"\://")
    # And an invitation to a server, without any scheme.
    escaped = _INVITATION.sub(r"\1\/", escaped)
    escaped = discord.utils.escape_mentions(escaped)
    # These would start a heading or a list.
    return re.sub(r"^(\d*)([#+.-])", r"\1\\\2", escaped)


def brief(text: str, longest: int) -> str:
    """Return the visible text, truncated; reads only the start of a long text."""
    return truncate(visible(text[: 4 * longest]), longest)


def truncate(text: str, longest: int) -> str:
    """Return at most `longest` characters; longer text ends after a word, with an ellipsis."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    end = head.rfind(" ")
    return (head[:end] if end > longest // 2 else head).rstrip() + "…"


def shown_length(text: str) -> int:
    """Return how many characters people see of a formatted text: links without targets, timestamps as dates."""
    return len(_TIMESTAMP.sub(_SHOWN_DATE, _BACKSLASH.sub("", _LINK_TARGET.sub("]", text))))


def quote_block(evidence: Evidence, phrases: Phrases) -> str:
    """Return a quote, and below it its speaker, stance, publisher, date and linked title."""
    lines = [f"> “{_highlighted(evidence)}”"]
    attribution, source = attribution_line(evidence, phrases), source_line(evidence.citation, phrases)
    if _is_own(evidence):
        # The publisher itself says so: its name stands once.
        return "\n".join([*lines, f"-# {phrases.say(f'mark-{evidence.stance}')} {source}"])
    return "\n".join([*lines, *([f"-# {attribution}"] if attribution else []), f"-# {source}"])


def too_long_block(evidence: Evidence, phrases: Phrases) -> str:
    """Return what stands for a quote that no message holds: that it is too long, and its source."""
    return f"> {phrases.say('quote-too-long')}\n-# {source_line(evidence.citation, phrases)}"


def _is_own(evidence: Evidence) -> bool:
    """Return whether a quote takes a side without a speaker, in an article whose publisher is known."""
    has_speaker = evidence.attribution is not None and bool(evidence.attribution.speaker)
    is_known = evidence.citation.publisher and has_letters(evidence.citation.publisher)
    return evidence.stance is not None and not has_speaker and bool(is_known) and not evidence.citation.is_claimed


def attribution_line(evidence: Evidence, phrases: Phrases) -> str:
    """Return `✗ denied by a spokesman`, right for one and for several; empty without a speaker and a stance."""
    speaker = (evidence.attribution.speaker if evidence.attribution else None) or ""
    speaker = brief(speaker, _LONGEST_SPEAKER)
    if evidence.stance is not None:
        is_named = evidence.citation.publisher and not evidence.citation.is_claimed
        name = publisher_name(evidence.citation, phrases) if is_named else ""
        publisher = state_mark(name, evidence.citation, phrases)
        named = f"**{escape(speaker)}**" if speaker else publisher or phrases.say("the-article")
        return phrases.say(f"stance-{evidence.stance}", speaker=named)
    return phrases.say("says", speaker=f"**{escape(speaker)}**") if speaker else ""


def _highlighted(evidence: Evidence) -> str:
    """Return the escaped quote with the answer (a name, number, date or place) in bold."""
    text, quote, answer = evidence.quote.text, evidence.quote, evidence.answer
    if answer is None or not quote.start <= answer.start < answer.end <= quote.end:
        return escape(text)
    start, end = answer.start - quote.start, answer.end - quote.start
    before, bold, after = (escape(part) for part in (text[:start], text[start:end], text[end:]))
    # Escaping strips the space around each part.
    left, right = (
        " " if text[place - 1 : place].isspace() or text[place : place + 1].isspace() else "" for place in (start, end)
    )
    return f"{before}{left}**{bold}**{right}{after}" if bold else escape(text)


def source_line(citation: Citation, phrases: Phrases) -> str:
    """Return `Publisher · date · title`, the title linked where the article has a link; no unknown publisher."""
    return " · ".join([*source_facts(citation, phrases), linked_title(citation, phrases)])


def source_facts(citation: Citation, phrases: Phrases) -> list[str]:
    """Return the publisher, unless nothing is known, and the date."""
    is_known = citation.publisher or citation.is_excerpt
    publisher = [publisher_with_facts(citation, phrases)] if is_known else []
    return [*publisher, stated_day(citation, phrases)]


def unknown_publishers(publishers: Mapping[int, str | None], phrases: Phrases) -> list[str]:
    """Return the line on articles that state no publisher, said once rather than with each; none if all state one.

    Args:
        publishers: the publisher of each article shown, by article.
        phrases: the texts.
    """
    unknown = sum(1 for publisher in publishers.values() if not publisher)
    return [phrases.say("publishers-unknown", count=unknown, articles=len(publishers))] if unknown else []


def publisher_name(citation: Citation, phrases: Phrases) -> str:
    """Return the escaped name; claimed ones, the project's own briefs and excerpts are labelled."""
    name = claimed_name(escape(brief(citation.publisher or "", _LONGEST_TITLE)), citation, phrases)
    if citation.carried_by:
        name = phrases.say("carried-by", publisher=name, site=escape(brief(citation.carried_by, _LONGEST_SITE)))
    if citation.is_excerpt:
        return phrases.say("excerpt", publisher=name)
    return phrases.say("own-brief", publisher=name) if citation.is_own_brief else name


def claimed_name(name: str, article: Citation | ArticleFacts | PublisherFacts, phrases: Phrases) -> str:
    """Return the escaped name of an article's publisher, or that it says it is from there, or that it is unknown."""
    if not has_letters(name):
        return phrases.say("publisher-unknown")
    return phrases.say("claimed-publisher", publisher=name) if article.is_claimed else name


def state_mark(name: str, citation: Citation, phrases: Phrases) -> str:
    """Return the escaped name of a publisher, marked where a state controls it; where its other facts have no room."""
    return phrases.say("state-mark", publisher=name) if name and citation.state_controlled else name


def marked_publisher(name: str, known: Publishers | None, phrases: Phrases) -> str:
    """Return the escaped name of a publisher that a filter names, marked where a state controls it."""
    return escape(marked_name(name, known, phrases))


def marked_name(name: str, known: Publishers | None, phrases: Phrases) -> str:
    """Return the name of a publisher that a filter or a setting names, marked likewise, and not escaped."""
    found = known.find_by_name(name) if known else None
    return phrases.say("state-mark", publisher=name) if found and found.state_controlled else name


def publisher_with_facts(citation: Citation, phrases: Phrases) -> str:
    """Return `TASS (Russia, state-controlled agency)`, or only the name where nothing else is known."""
    name = publisher_name(citation, phrases)
    facts = publisher_facts(citation.country, citation.kind, phrases, is_state=bool(citation.state_controlled))
    return f"{name} ({facts})" if facts else name


def publisher_facts(country: str | None, kind: Kind | None, phrases: Phrases, *, is_state: bool) -> str:
    """Return `Russia, state-controlled agency`; empty where nothing is known."""
    # `publisher_name` labels own briefs; "other" alone says nothing.
    has_kind = kind is not None and (is_state or kind not in {Kind.OTHER, Kind.OWN_BRIEF})
    word = phrases.say(f"kind-{kind}") if has_kind else ""
    if is_state:
        word = phrases.say("state-controlled", kind=word)
    return ", ".join(filter(None, (country_name(country, phrases.language), word)))


def linked_title(citation: Citation, phrases: Phrases) -> str:
    """Return the title, linked where the article has a link."""
    title = shown_title(citation.title, citation.origin)
    return link(title, citation.link if citation.url else None, phrases)


def title_lines(
    facts: ArticleFacts,
    source: Iterable[str],
    phrases: Phrases,
    longest: int = _LONGEST_TITLE,
    *,
    is_linked: bool = True,
) -> str:
    """Return an article's title of at most `longest` characters in bold, and below it `source`, escaped."""
    title = link(brief(shown_title(facts.title, facts.origin), longest), facts.url if is_linked else None, phrases)
    return f"**{title}**\n-# {' · '.join(filter(None, source))}"


def link(title: str | None, url: str | None, phrases: Phrases) -> str:
    """Return the escaped title, linked where the address is safe to link."""
    shown = brief(title or "", _LONGEST_TITLE)
    text = escape(shown) if has_letters(shown) else phrases.say("untitled")
    safe = safe_url(url)
    # Angle brackets suppress Discord's preview.
    return f"[{text}](<{safe}>)" if safe else text


def safe_url(url: str | None) -> str:
    """Return the http(s) address, encoded for angle brackets; empty where it can't be linked."""
    if not url or not url.startswith(("http://", "https://")) or len(url) > LONGEST_LINK:
        return ""
    safe = "".join(f"%{ord(char):02X}" if char in '<>()[]\\` "' else char for char in url)
    # Encoding may have made it too long.
    return "" if len(safe) > LONGEST_LINK or re.search(r"\s", safe) or visible(safe) != safe else safe


def day(iso: str | None, phrases: Phrases) -> str:
    """Return a date that Discord shows in the reader's own language."""
    return f"<t:{_noon(iso)}:D>" if iso else phrases.say("date-unknown")


def stated_day(article: Citation | ArticleFacts, phrases: Phrases) -> str:
    """Return an article's date, or that it states one in the future."""
    return phrases.say("date-ahead") if article.is_dated_ahead else day(article.published_at, phrases)


def relative_date(iso: str) -> str:
    """Return a date that Discord shows as "3 days ago"."""
    return f"<t:{_noon(iso)}:R>"


def _noon(iso: str) -> int:
    # Discord uses the reader's time zone; noon in UTC is the same day nearly everywhere.
    return int(datetime.fromisoformat(iso[:10]).replace(hour=12, tzinfo=UTC).timestamp())
