"""The page of `/insights`: a chart of questions, votes, reasons, and questions without an answer."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import Page
from bot.discord.views.escape import brief, day, escape
from bot.records.insights import Insights

_BARS = "▁▂▃▄▅▆▇█"
# Columns that fit a line on a phone; longer periods are grouped by week or month.
_MAX_COLUMNS = 31
_MAX_LISTED = 6
_LONGEST_LISTED = 90


def insights_page(found: Insights, first: date, last: date, phrases: Phrases) -> Page:
    """Return the numbers from `first` to `last`, both included."""
    asked = sum(count for _, count, _ in found.days)
    refused = sum(count for _, _, count in found.days)
    period = phrases.say("insights-period", first=day(first.isoformat(), phrases), last=day(last.isoformat(), phrases))
    head = f"### {phrases.say('insights-title')}\n-# {period}"
    if not asked and not found.ups and not found.downs:
        return Page([head, phrases.say("insights-none")])
    share = f"{refused / asked:.0%}" if asked else "–"
    counts = phrases.say("insights-counts", asked=asked, refused=refused, share=share)
    blocks = [
        head,
        f"{chart(found.days, first, last, phrases)}\n{counts}",
        phrases.say("insights-votes", ups=found.ups, downs=found.downs),
        _listed("insights-reasons", [_short(reason) for reason in found.reasons], phrases),
        _listed("insights-unanswered", [f"{_short(text)} · {times}×" for text, times in found.unanswered], phrases),
    ]
    return Page([block for block in blocks if block])


def chart(days: Sequence[tuple[str, int, int]], first: date, last: date, phrases: Phrases) -> str:
    """Return questions per day, week or month as one line of bars, oldest first, with the highest count."""
    length = (last - first).days + 1
    width = next(each for each in (1, 7, 30) if -(-length // each) <= _MAX_COLUMNS)
    counts = [0] * -(-length // width)
    for name, asked, _ in days:
        place = (date.fromisoformat(name) - first).days
        if 0 <= place < length:
            # Count from the end, so that the last column is a full one.
            counts[-1 - (length - 1 - place) // width] += asked
    most = max(counts)
    bars = "".join(_bar(count, most) for count in counts)
    unit = {1: "insights-by-day", 7: "insights-by-week", 30: "insights-by-month"}[width]
    return f"`{bars}`\n-# {phrases.say(unit, most=most)}"


def first_day(last: date, days: int) -> date:
    """Return the first of `days` days that end with `last`."""
    return last - timedelta(days=days - 1)


def _bar(count: int, most: int) -> str:
    # Blank for zero, so that a single question is visible.
    return _BARS[max(0, -(-count * len(_BARS) // most) - 1)] if count else " "


def _listed(key: str, lines: Sequence[str], phrases: Phrases) -> str:
    if not lines:
        return ""
    shown = [f"**{phrases.say(key)}**", *(f"- {line}" for line in lines[:_MAX_LISTED])]
    if len(lines) > _MAX_LISTED:
        shown.append(f"-# {phrases.say('and-more', count=len(lines) - _MAX_LISTED)}")
    return "\n".join(shown)


def _short(text: str) -> str:
    return escape(brief(text, _LONGEST_LISTED))
