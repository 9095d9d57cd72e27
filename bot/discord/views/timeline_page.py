"""The page of a timeline: statements by date with their quotes, the events that they date, and what changed."""

from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import Page
from bot.discord.views.escape import brief, day, escape, quote_block, too_long_block
from bot.discord.views.hits import page_buttons
from bot.discord.views.lists import paginate
from bot.discord.views.story_lines import plain_day
from bot.service.timeline import EventDate, Statement, Timeline

_ROOM = 1800
_MOST = 5
_LONGEST_BLOCK = 700
_LONGEST_BEFORE = 300


def timeline_page(timeline: Timeline, page: int, token: str, last_visit: str | None, phrases: Phrases) -> Page:
    """Return one page of a timeline; the picture is added where there is one.

    Args:
        timeline: with at least one statement.
        page: from 0.
        token: of the stored question, for the buttons.
        last_visit: since when things count as new (ISO 8601, UTC), if the reader looked before.
        phrases: the texts.
    """
    pages = paginate([_statement(each, phrases) for each in timeline.statements], _ROOM, _MOST)
    page = min(page, len(pages) - 1)
    question = escape(brief(timeline.answer.question, 200))
    if timeline.answer.original is not None:
        question = phrases.say("understood-as", question=question)
    head = f"-# {question}\n### {phrases.say('timeline-title')}"
    foot = [phrases.say("timeline-dates")]
    new = sum(each.is_new for each in timeline.statements)
    # Who looked a minute ago knows that nothing is new.
    if last_visit and (new or last_visit[:10] < timeline.answer.asked_at.isoformat()[:10]):
        foot.insert(0, phrases.say("timeline-since-visit", count=new, day=day(last_visit, phrases)))
    turn = page_buttons(page, len(pages), "timeline-page", token, phrases) if token else []
    return Page([head, *pages[page], "\n".join(f"-# {line}" for line in foot)], turn)


def timeline_alt(timeline: Timeline, phrases: Phrases) -> str:
    """Return the alt text of the picture."""
    days = [each.day for each in timeline.statements if each.day]
    return phrases.say(
        "timeline-alt",
        count=len(timeline.statements),
        publishers=len({each.evidence.citation.publisher for each in timeline.statements}),
        first=plain_day(min(days), phrases),
        last=plain_day(max(days), phrases),
    )


def _statement(statement: Statement, phrases: Phrases) -> str:
    when = day(statement.day, phrases) if statement.day else phrases.say("date-unknown")
    kind = phrases.say(f"statement-{statement.kind}")
    new = f" · {phrases.say('timeline-new')}" if statement.is_new else ""
    block = quote_block(statement.evidence, phrases)
    lines = [f"**{when}** · {kind}{new}"]
    lines.append(block if len(block) <= _LONGEST_BLOCK else too_long_block(statement.evidence, phrases))
    if statement.before:
        before = escape(brief(statement.before, _LONGEST_BEFORE))
        lines.append(f"-# {phrases.say('timeline-before', text=before)}")
    if statement.events:
        told = ", ".join(_event(each, phrases) for each in statement.events[:3])
        lines.append(f"-# {phrases.say('timeline-events', dates=told)}")
    return "\n".join(lines)


def _event(event: EventDate, phrases: Phrases) -> str:
    exact = len(event.day) == len("2024-09-09")
    return f"{plain_day(event.day, phrases) if exact else event.day} (“{escape(brief(event.text, 40))}”)"
