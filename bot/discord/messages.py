"""Answers as Discord messages: escaped, within the limits, citations never cut."""

import re
from datetime import UTC, datetime

import discord

from bot.answering.answer import Answer, Evidence
from bot.rendering.wording import UNKNOWN_DATE, describe_filters, period, plural, source_name
from corpus.errors import AttacheError, CorpusBusy, StorageFailure

# discord.com/developers/docs/resources/message: content has at most 2,000 characters.
LONGEST_CONTENT = 2000
_LONGEST_FOOT = 600
# Characters that Discord or a terminal may hide or turn around; none belongs into a quote that people trust.
# Joiners stay: Persian and many Indian words are written with them.
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def answer_content(answer: Answer) -> str:
    """An answer as the content of one message: whole quotes only, as many as fit."""
    head = f"**{escape(answer.headline)}**"
    foot = "\n".join(f"-# {escape(line)}" for line in _footnotes(answer))[:_LONGEST_FOOT]
    parts = [head]
    left = LONGEST_CONTENT - len(head) - len(foot) - 2
    for evidence in answer.evidence:
        # A link may be longer than a message; then the quote goes without it.
        fitting = (block for block in _blocks(evidence) if len(block) + 2 <= left)
        if block := next(fitting, ""):
            parts.append(block)
            left -= len(block) + 2
    return "\n\n".join(parts) + f"\n{foot}"


def failure_content(error: AttacheError) -> str:
    """A failure in one sentence, with what to do next; what concerns the operator alone is not told to members."""
    if isinstance(error, StorageFailure | CorpusBusy):
        return "I can't reach my articles right now. Please try again later; my operator finds the reason in the log."
    return escape(str(error))[:LONGEST_CONTENT]


def escape(text: str) -> str:
    """Text of articles and users as plain text: no mentions, no formatting, no hidden characters, one line."""
    visible = " ".join(_INVISIBLE.sub("", text).split())
    escaped = discord.utils.escape_markdown(discord.utils.escape_mentions(visible))
    # Custom emoji, channels and timestamps begin with "<"; a line that begins with "#", "-" or ">" is formatted.
    return re.sub(r"^(#|-|>|\+|\d+\.)", r"\\\1", escaped.replace("<", "\\<").replace("\\\\<", "\\<"))


def _blocks(evidence: Evidence) -> tuple[str, str]:
    """A quote with its source, first with a link and then without."""
    quote, citation = f"> “{escape(evidence.quote.text)}”", evidence.citation
    title = escape(citation.title or "(untitled)")
    source = f"-# {escape(source_name(citation))} · {_date(citation.published_at)} · "
    plain = f"{quote}\n{source}{title}"
    if not (citation.url and citation.link and citation.link.startswith(("http://", "https://"))):
        return plain, plain
    # Angle brackets keep Discord from unfolding a preview.
    label = title.replace("[", "(").replace("]", ")")
    return f"{quote}\n{source}[{label}](<{_safe_url(citation.link)}>)", plain


def _safe_url(url: str) -> str:
    return url.replace("<", "%3C").replace(">", "%3E").replace(" ", "%20").replace(")", "%29").replace("(", "%28")


def _date(iso: str | None) -> str:
    if not iso:
        return UNKNOWN_DATE
    # Noon in UTC is the same day nearly everywhere: Discord shows times in the reader's own zone.
    noon = datetime.fromisoformat(iso[:10]).replace(hour=12, tzinfo=UTC)
    return discord.utils.format_dt(noon, "D")


def _footnotes(answer: Answer) -> list[str]:
    searched = answer.searched
    scope = f"Searched {plural(searched.articles, 'article')} {period(searched.first_date, searched.last_date)}"
    filters = describe_filters(searched.filters)
    lines = [f"{scope}, {filters}." if filters else f"{scope}.", *answer.notes]
    if answer.is_refusal:
        lines.append("Other words, or no filters, may help." if filters else "Other words may help.")
    return lines
