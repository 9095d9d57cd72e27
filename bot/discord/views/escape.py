"""Texts of articles and users as Discord shows them: escaped, dated, linked; nothing in them can ping or format."""

import re
from datetime import UTC, datetime

import discord

from bot.answering.answer import Citation, Evidence
from bot.answering.verdict.headline import shown_speaker
from bot.discord.i18n.phrases import Phrases
from bot.render.formatters import country_name
from corpus.publishers.publisher import Kind

# Characters that Discord or a terminal may hide or turn around; none belongs into a quote that people trust.
# Joiners stay: Persian and many Indian words are written with them.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
                        "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
    # Halves of characters, and places that every font fills as it likes.
    "\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]")  # fmt: skip
# Control characters and separators of lines and paragraphs.
_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# More marks than this on one letter are no language but a way to paint over the lines around.
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_MARKS = re.compile(rf"(\S{_MARK}{{3}}){_MARK}+")
# Every sign that Discord's markdown gives a meaning to; mentions, custom emoji and timestamps begin with "<".
_SPECIAL = re.compile(r"[\\*_~`|<>\[\]]")
LONGEST_TITLE = 100
LONGEST_NAME = 60
LONGEST_SPEAKER = 90
# A longer link is left out: it would take the room of the quotes. Browsers and Discord take some 2,000 characters.
LONGEST_LINK = 600


def visible(text: str) -> str:
    """Text on one line without hidden, turning or control characters."""
    return " ".join(_MARKS.sub(r"\1", _INVISIBLE.sub("", _BREAKS.sub(" ", text))).split())


def escape(text: str) -> str:
    """Text of articles and users as plain text: no mentions, formatting, links or hidden characters; one line."""
    escaped = _SPECIAL.sub(r"\\\g<0>", visible(text))
    # A bare address would become a link that nobody has checked.
    escaped = re.sub(r"\b([a-zA-Z][a-zA-Z+.-]*):(?=//)", r"\1\\:", escaped)
    escaped = discord.utils.escape_mentions(escaped)
    # A line that begins so is a heading or a list.
    return re.sub(r"^(\d*)([#+.-])", r"\1\\\2", escaped)


def brief(text: str, longest: int) -> str:
    """The visible text in at most so many characters; of a very long one the rest is not even looked at."""
    return shortened(visible(text[: 4 * longest]), longest)


def shortened(text: str, longest: int) -> str:
    """Text of at most so many characters; what is longer ends at a word with an ellipsis."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    end = head.rfind(" ")
    return (head[:end] if end > longest // 2 else head).rstrip() + "…"


def quote_block(evidence: Evidence, phrases: Phrases) -> str:
    """A quote with its source below: who says it and how, publisher, date, and title with the link."""
    lines = [f"> “{_marked(evidence)}”"]
    if said := said_line(evidence, phrases):
        lines.append(f"-# {said}")
    return "\n".join([*lines, f"-# {source_line(evidence.citation, phrases)}"])


def said_line(evidence: Evidence, phrases: Phrases) -> str:
    """`✗ A spokesman denies it`; empty where nobody but the publisher says it and nothing was judged."""
    speaker = brief(
        shown_speaker(evidence.attribution.speaker if evidence.attribution else None) or "", LONGEST_SPEAKER
    )
    if evidence.stance is not None:
        named = f"**{escape(speaker)}**" if speaker else publisher_name(evidence.citation, phrases)
        return phrases.say(f"stance-{evidence.stance}", speaker=named)
    return phrases.say("says", speaker=f"**{escape(speaker)}**") if speaker else ""


def _marked(evidence: Evidence) -> str:
    """A quote, with the name, number, date or place that was asked for in bold."""
    text, quote, answer = evidence.quote.text, evidence.quote, evidence.answer
    if answer is None or not quote.start <= answer.start < answer.end <= quote.end:
        return escape(text)
    start, end = answer.start - quote.start, answer.end - quote.start
    before, asked, after = (escape(part) for part in (text[:start], text[start:end], text[end:]))
    gaps = [
        " " if text[place - 1 : place].isspace() or text[place : place + 1].isspace() else "" for place in (start, end)
    ]
    return f"{before}{gaps[0]}**{asked}**{gaps[1]}{after}" if asked else escape(text)


def source_line(citation: Citation, phrases: Phrases) -> str:
    """`Publisher · date · title`, the title as a link where the article states one."""
    title = linked_title(citation, phrases)
    return f"{marked_publisher(citation, phrases)} · {day(citation.published_at, phrases)} · {title}"


def publisher_name(citation: Citation, phrases: Phrases) -> str:
    """The publisher as it is shown; the project's own briefs and excerpts are marked as such."""
    shown = brief(citation.publisher or "", LONGEST_TITLE)
    name = escape(shown) or phrases.say("publisher-unknown")
    if citation.is_excerpt:
        return phrases.say("excerpt", publisher=name)
    return phrases.say("own-brief", publisher=name) if citation.is_own_brief else name


def marked_publisher(citation: Citation, phrases: Phrases) -> str:
    """`TASS (Russia, state-controlled agency)`; only the name where no more is known."""
    name = publisher_name(citation, phrases)
    facts = publisher_facts(citation.country, citation.kind, phrases, is_state=bool(citation.state_controlled))
    return f"{name} ({facts})" if facts else name


def publisher_facts(country: str | None, kind: Kind | None, phrases: Phrases, *, is_state: bool) -> str:
    """`Russia, state-controlled agency`; empty where nothing is known."""
    # Own briefs are marked where their name is; "other" alone says nothing.
    is_told = kind is not None and (is_state or kind not in {Kind.OTHER, Kind.OWN_BRIEF})
    word = phrases.say(f"kind-{kind}") if is_told else ""
    if is_state:
        word = phrases.say("state-controlled", kind=word)
    return ", ".join(filter(None, (country_name(country, phrases.language), word)))


def linked_title(citation: Citation, phrases: Phrases) -> str:
    """The title, as a link where there is one."""
    return link(citation.title, citation.link if citation.url else None, phrases)


def link(title: str | None, url: str | None, phrases: Phrases) -> str:
    """A title as a link; only http and https are linked."""
    shown = escape(brief(title or "", LONGEST_TITLE)) or phrases.say("untitled")
    safe = safe_url(url)
    # Angle brackets keep Discord from unfolding a preview.
    return f"[{shown}](<{safe}>)" if safe else shown


def safe_url(url: str | None) -> str:
    """An address that can stand between angle brackets; empty where it can't be linked."""
    if not url or not url.startswith(("http://", "https://")) or len(url) > LONGEST_LINK:
        return ""
    safe = "".join(f"%{ord(char):02X}" if char in '<>()[]\\` "' else char for char in url)
    # Percent signs make it longer than it was.
    return "" if len(safe) > LONGEST_LINK or re.search(r"\s", safe) or visible(safe) != safe else safe


def day(iso: str | None, phrases: Phrases) -> str:
    """A date as Discord shows it in the reader's own language."""
    return f"<t:{_noon(iso)}:D>" if iso else phrases.say("date-unknown")


def since_day(iso: str) -> str:
    """How long ago a date is, as Discord counts it: "3 days ago"."""
    return f"<t:{_noon(iso)}:R>"


def _noon(iso: str) -> int:
    # Noon in UTC is the same day nearly everywhere: Discord shows times in the reader's own zone.
    return int(datetime.fromisoformat(iso[:10]).replace(hour=12, tzinfo=UTC).timestamp())
