"""Pages about the last answer: on whose word it rests, its quotes by date, and the question which of two is meant."""

from collections.abc import Sequence

from bot.answering.answer import Answer, Evidence, Stance
from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import Page
from bot.discord.views.buttons import PersistentButton
from bot.discord.views.escape import (
    attribution_line,
    brief,
    escape,
    publisher_with_facts,
    quote_block,
    source_line,
    stated_day,
    too_long_block,
)
from bot.discord.views.lists import paginate

# Characters of a page, beside its head and foot.
_ROOM = 1500
_MOST = 8
# Those in favour first.
_ORDER = (Stance.ASSERTS, Stance.DENIES, Stance.NEUTRAL, None)


def speakers_page(answer: Answer, token: str, phrases: Phrases) -> Page:
    """Return who says it and who denies it, each once, with publisher, date and title."""
    entries: dict[str, str] = {}
    for each in sorted(answer.evidence, key=lambda each: _ORDER.index(each.stance)):
        name = attribution_line(each, phrases) or publisher_with_facts(each.citation, phrases)
        entries.setdefault(name, f"{name}\n-# {source_line(each.citation, phrases)}")
    kept = paginate(list(entries.values()), _ROOM, _MOST)[0]
    sources = answer.independence
    foot = phrases.say(
        "publishers",
        publishers=sources.publishers,
        independent=sources.independent,
        dependent=sources.publishers - sources.independent,
    )
    blocks = [_head("speakers-title", answer, phrases), *kept, *([f"-# {foot}"] if sources.publishers > 1 else [])]
    return Page(blocks, _buttons(answer, ("quotes", "sources"), token, phrases))


def dates_page(answer: Answer, token: str, phrases: Phrases) -> Page:
    """Return the quotes by the date of their articles, earliest first."""
    dated = sorted(answer.evidence, key=lambda each: each.citation.published_at or "9999")
    kept = paginate([_dated(each, phrases) for each in dated], _ROOM, _MOST)[0]
    blocks = [_head("dates-title", answer, phrases), *kept, f"-# {phrases.say('dates-of-articles')}"]
    return Page(blocks, _buttons(answer, ("sources",), token, phrases))


def choice_page(token: str, readings: Sequence[str], phrases: Phrases) -> Page:
    """Ask which of the readings of a follow-up is meant, with a button for each."""
    listed = "\n".join(f"**{number}** · {escape(brief(each, 300))}" for number, each in enumerate(readings, start=1))
    buttons = [PersistentButton.make("reading", token, at, label=str(at + 1)) for at in range(len(readings))]
    return Page([f"### {phrases.say('which-reading')}", listed], buttons)


def quote_buttons(count: int, token: str, phrases: Phrases) -> list[PersistentButton]:
    """Return the button for all quotes of a stored answer; none if it is not stored."""
    label = phrases.say("button-quotes", count=count)
    return [PersistentButton.make("quotes", token, label=label)] if token else []


def _buttons(answer: Answer, verbs: Sequence[str], token: str, phrases: Phrases) -> list[PersistentButton]:
    """Return the answer's buttons for its quotes and sources; none if it is not stored."""
    counts = {"quotes": len(answer.evidence), "sources": len({each.quote.article_id for each in answer.evidence})}
    labels = {verb: phrases.say(f"button-{verb}", count=counts[verb]) for verb in verbs}
    return [PersistentButton.make(verb, token, label=label) for verb, label in labels.items() if token]


def _head(title: str, answer: Answer, phrases: Phrases) -> str:
    understood = phrases.say("understood-as", question=escape(brief(answer.question, 200)))
    return f"-# {understood}\n### {phrases.say(title)}"


def _dated(evidence: Evidence, phrases: Phrases) -> str:
    block = quote_block(evidence, phrases)
    block = block if len(block) <= _ROOM else too_long_block(evidence, phrases)
    return f"**{stated_day(evidence.citation, phrases)}**\n{block}"
