"""The page of an answer: headline, quotes with their sources, what was searched, and buttons."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import discord

from bot.answering.answer import Answer, Verdict
from bot.answering.verdict.headline import VERDICT_WORDS, compose_headline
from bot.discord.i18n.command_names import format_command
from bot.discord.i18n.phrases import Phrases
from bot.discord.scope import NO_BOUNDS, Bounds
from bot.discord.transport.page import LONGEST_CONTENT, Page
from bot.discord.views.buttons import PersistentButton
from bot.discord.views.escape import brief, day, escape, quote_block, relative_date, too_long_block, unknown_publishers

# Characters of text that a phone shows without much scrolling; the buttons show the rest.
_SCREEN = 1000
_MAX_QUOTES = 3
_LONGEST_FOOT = 500
COLOURS = {
    Verdict.YES: discord.Colour(0x2E9E5B),
    Verdict.NO: discord.Colour(0xC8423B),
    Verdict.DISPUTED: discord.Colour(0xD9932A),
    Verdict.OPEN: discord.Colour(0x4C6FD0),
    Verdict.NOT_FOUND: discord.Colour(0x80848E),
}
_JUDGED = (Verdict.YES, Verdict.NO, Verdict.DISPUTED)


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """How to show an answer.

    Args:
        token: identifies the answer in its buttons; without one there are no buttons.
        understood: the completed question of a follow-up, or the claim that is checked.
        is_claim: whether the answer checks a claim.
        bounds: the filters of the search.
        private: whether only the asker sees it.
        is_plain: whether to send plain text instead of components.
    """

    token: str = ""
    understood: str = ""
    is_claim: bool = False
    bounds: Bounds = NO_BOUNDS
    private: bool = False
    is_plain: bool = False


def answer_page(answer: Answer, options: AnswerOptions, phrases: Phrases) -> Page:
    """Return the page of an answer or a refusal, with as many whole quotes as fit a phone's screen."""
    head = headline(answer, phrases, is_claim=options.is_claim)
    top = []
    if understood := escape(brief(options.understood, 200)):
        is_claim = options.is_claim
        text = phrases.say("claim", claim=understood) if is_claim else phrases.say("understood-as", question=understood)
        top.append(f"-# {text}")
    foot = "\n".join(f"-# {line}" for line in footnotes(answer, options.bounds, phrases))
    foot = foot if len(foot) <= _LONGEST_FOOT else foot[:_LONGEST_FOOT].rsplit("\n", 1)[0]
    around = len("".join(top)) + len(head) + len(foot)
    blocks = [quote_block(each, phrases) for each in answer.evidence]
    # Plain text also needs room between the blocks.
    hard_room = LONGEST_CONTENT - around - 30
    quotes = _select_quotes(blocks, _SCREEN - around, hard_room)
    if blocks and not quotes:
        # A verdict is never shown without its quote: a long link gives way, then the text.
        best = replace(answer.evidence[0], citation=replace(answer.evidence[0].citation, url=None))
        short = (quote_block(best, phrases), too_long_block(best, phrases))
        quotes = [block for block in short if len(block) <= hard_room][:1]
    return Page(
        blocks=["\n".join([*top, f"### {head}"]), *quotes, foot],
        buttons=_buttons(answer, options, phrases),
        colour=COLOURS.get(answer.verdict or Verdict.OPEN),
        plain="\n\n".join(["\n".join([*top, f"**{head}**"]), *quotes, foot]),
        is_plain=options.is_plain,
    )


def headline(answer: Answer, phrases: Phrases, *, is_claim: bool = False) -> str:
    """Return the verdict in one sentence, or that nothing was found; for a claim, whether it is supported."""
    if answer.is_refusal:
        return phrases.say("claim-not-found" if is_claim else "not-found")
    words = {verdict: phrases.say(f"claim-{verdict}") for verdict in _JUDGED} if is_claim else VERDICT_WORDS
    sentence = compose_headline(answer.verdict, answer.evidence, answer.proposition, words)
    return escape(brief(sentence, 300))


def footnotes(answer: Answer, bounds: Bounds, phrases: Phrases) -> list[str]:
    """Return the age of the evidence, its publishers, what was searched, and for a refusal what to try."""
    searched, sources = answer.searched, answer.independence
    lines = []
    if answer.as_of:
        lines.append(phrases.say("newest-evidence", day=day(answer.as_of, phrases), ago=relative_date(answer.as_of)))
    elif answer.evidence:
        lines.append(phrases.say("newest-evidence-undated"))
    quoted = {each.quote.article_id: each.citation.publisher for each in answer.evidence}
    lines.extend(unknown_publishers(quoted, phrases))
    if sources.publishers > 1:
        count, independent = sources.publishers, sources.independent
        dependent = count - independent
        lines.append(phrases.say("publishers", publishers=count, independent=independent, dependent=dependent))
    if bounds and not searched.articles:
        lines.append(phrases.say("filters-match-nothing", filters=_bounds_list(bounds, phrases)))
    else:
        last = day(searched.last_date, phrases) if searched.last_date else ""
        extent = phrases.say("searched" if last else "searched-undated", articles=searched.articles, last=last)
        lines.append(f"{extent} {bounds_text(bounds, phrases)}".strip())
    lines.extend(escape(note) for note in answer.notes)
    if answer.is_refusal:
        key = "try-without-filters" if bounds else "try-other-words"
        lines.append(phrases.say(key, sources=format_command("sources", phrases)))
    return lines


def bounds_text(bounds: Bounds, phrases: Phrases) -> str:
    """Return the filters in words; empty without any."""
    return phrases.say("filters", filters=_bounds_list(bounds, phrases)) if bounds else ""


def _bounds_list(bounds: Bounds, phrases: Phrases) -> str:
    parts = []
    if bounds.publishers:
        parts.append(phrases.say("only-publisher", publisher=escape(", ".join(bounds.publishers))))
    if bounds.since:
        parts.append(phrases.say("since-day", day=day(bounds.since.isoformat(), phrases)))
    if bounds.until:
        parts.append(phrases.say("until-day", day=day(bounds.until.isoformat(), phrases)))
    return ", ".join(parts)


def _select_quotes(blocks: Sequence[str], room: int, hard_room: int) -> list[str]:
    """Return the first blocks that fit; the best one may exceed `room`, but not `hard_room`."""
    chosen: list[str] = []
    for block in blocks:
        allowed = room if chosen else hard_room
        if len(chosen) < _MAX_QUOTES and len(block) <= allowed:
            chosen.append(block)
            room -= len(block)
            hard_room -= len(block)
    return chosen


def _buttons(answer: Answer, options: AnswerOptions, phrases: Phrases) -> list[PersistentButton]:
    if not options.token:
        return []
    labels = {}
    if not answer.is_refusal:
        sources = len({each.quote.article_id for each in answer.evidence})
        labels["quotes"] = phrases.say("button-quotes", count=len(answer.evidence))
        labels["sources"] = phrases.say("button-sources", count=sources)
        labels["more"] = phrases.say("button-more")
        if options.private:
            labels["share"] = phrases.say("button-share")
    elif options.bounds:
        labels["retry"] = phrases.say("button-without-filters")
    buttons = [PersistentButton.make(verb, options.token, label=label) for verb, label in labels.items()]
    votes = (PersistentButton.make(verb, options.token, emoji=emoji) for verb, emoji in (("up", "👍"), ("down", "👎")))
    return [*buttons, *votes]
