"""Answers as Discord messages: escaped, within the limits, citations never cut."""

import re
from datetime import UTC, datetime

import discord

from bot.answering.answer import Answer, Citation, Evidence
from bot.rendering.wording import UNKNOWN_DATE, UNKNOWN_PUBLISHER, period, plural
from corpus.errors import AttacheError

# discord.com/developers/docs/resources/message: content has at most 2,000 characters.
LONGEST_CONTENT = 2000
# Characters that Discord or a terminal may hide or turn around; none belongs into a quote that people trust.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def answer_content(answer: Answer) -> str:
    """An answer as the content of one message: whole quotes only, as many as fit."""
    head = f"**{escape(answer.headline)}**"
    foot = f"-# {_searched(answer)}"
    parts = [head]
    left = LONGEST_CONTENT - len(head) - len(foot) - 2
    for evidence in answer.evidence:
        block = _block(evidence)
        if len(block) + 2 > left:
            continue
        parts.append(block)
        left -= len(block) + 2
    return "\n\n".join(parts) + f"\n{foot}"


def failure_content(error: AttacheError) -> str:
    """A failure in one sentence, with what to do next."""
    return escape(str(error))[:LONGEST_CONTENT]


def escape(text: str) -> str:
    """Text of articles and users as plain text: no mentions, no formatting, no hidden characters, one line."""
    visible = " ".join(_INVISIBLE.sub("", text).split())
    escaped = discord.utils.escape_markdown(discord.utils.escape_mentions(visible))
    # Custom emoji, channels and timestamps begin with "<"; a line that begins with "#", "-" or ">" is formatted.
    return re.sub(r"^(#|-|>|\+|\d+\.)", r"\\\1", escaped.replace("<", "\\<").replace("\\\\<", "\\<"))


def _block(evidence: Evidence) -> str:
    return f"> “{escape(evidence.quote.text)}”\n-# {_source(evidence.citation)}"


def _source(citation: Citation) -> str:
    publisher = escape(citation.publisher or UNKNOWN_PUBLISHER)
    if citation.is_own_brief:
        publisher += " (written by this project, not a news report)"
    title = escape(citation.title or "(untitled)")
    if citation.link and citation.link.startswith(("http://", "https://")) and citation.url:
        # Angle brackets keep Discord from unfolding a preview; the text fragment would break the masked link.
        title = f"[{title.replace('[', '(').replace(']', ')')}](<{_safe_url(citation.link)}>)"
    return f"{publisher} · {_date(citation.published_at)} · {title}"


def _safe_url(url: str) -> str:
    return url.replace("<", "%3C").replace(">", "%3E").replace(" ", "%20").replace(")", "%29").replace("(", "%28")


def _date(iso: str | None) -> str:
    if not iso:
        return UNKNOWN_DATE
    # Noon in UTC is the same day nearly everywhere: Discord shows times in the reader's own zone.
    noon = datetime.fromisoformat(iso[:10]).replace(hour=12, tzinfo=UTC)
    return discord.utils.format_dt(noon, "D")


def _searched(answer: Answer) -> str:
    searched = answer.searched
    sentence = f"Searched {plural(searched.articles, 'article')} {period(searched.first_date, searched.last_date)}."
    return f"{sentence} Other words may help." if answer.is_refusal else sentence
