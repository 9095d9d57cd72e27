"""An answer as a member sees it: headline, quotes with their sources, what was searched, and buttons."""

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.answering.answer import Answer, Evidence, Verdict
from bot.answering.verdict.headline import VERDICT_WORDS, compose_headline
from bot.discord.i18n.command_names import shown_command
from bot.discord.i18n.phrases import Phrases
from bot.discord.scope import NO_BOUNDS, Bounds
from bot.discord.transport.page import LONGEST_CONTENT, Page
from bot.discord.views.buttons import Press
from bot.discord.views.escape import brief, day, escape, quote_block, since_day

# Characters of all text: about what a phone shows without scrolling twice. The rest is behind the buttons.
SCREEN = 1000
# Quotes on the first screen, where they are short enough.
MOST_QUOTES = 3
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
class Shown:
    """What an answer's page says besides the answer itself.

    `understood` is the whole question where something was filled in, or the claim that is checked. `token` names
    the answer in its buttons; without one there are no buttons.
    """

    token: str = ""
    understood: str = ""
    is_claim: bool = False
    bounds: Bounds = NO_BOUNDS
    private: bool = False
    is_plain: bool = False


def answer_page(answer: Answer, shown: Shown, phrases: Phrases) -> Page:
    """An answer, or a refusal, as one page: whole quotes only, as many as fit a phone's screen."""
    head = headline(answer, phrases, is_claim=shown.is_claim)
    understood = escape(brief(shown.understood, 200))
    top = [f"-# {_understood(understood, phrases, is_claim=shown.is_claim)}"] if understood else []
    foot = "\n".join(f"-# {line}" for line in footnotes(answer, shown.bounds, phrases))
    foot = foot if len(foot) <= _LONGEST_FOOT else foot[:_LONGEST_FOOT].rsplit("\n", 1)[0]
    around = len("".join(top)) + len(head) + len(foot)
    blocks = [quote_block(each, phrases) for each in answer.evidence]
    # Room is also for what stands between the blocks in plain text.
    quotes = _fitting(blocks, SCREEN - around, LONGEST_CONTENT - around - 30)
    title = f"### {head}"
    return Page(
        blocks=["\n".join([*top, title]), *quotes, foot],
        buttons=_buttons(answer, shown, phrases),
        colour=COLOURS.get(answer.verdict or Verdict.OPEN),
        plain="\n\n".join(["\n".join([*top, f"**{head}**"]), *quotes, foot]),
        is_plain=shown.is_plain,
    )


def headline(answer: Answer, phrases: Phrases, *, is_claim: bool = False) -> str:
    """The first sentence: what the evidence comes to, or that there is none; of a claim, whether it is supported."""
    if answer.is_refusal:
        return phrases.say("claim-not-found" if is_claim else "not-found")
    words = {verdict: phrases.say(f"claim-{verdict}") for verdict in _JUDGED} if is_claim else VERDICT_WORDS
    sentence = compose_headline(answer.verdict, answer.evidence, answer.proposition, words)
    return escape(brief(sentence, 300))


def _understood(question: str, phrases: Phrases, *, is_claim: bool) -> str:
    return phrases.say("claim", claim=question) if is_claim else phrases.say("understood-as", question=question)


def footnotes(answer: Answer, bounds: Bounds, phrases: Phrases) -> list[str]:
    """What was searched, how old the newest evidence is, and for a refusal what could help."""
    searched = answer.searched
    limits = bounds_text(bounds, phrases)
    lines = []
    if answer.as_of:
        lines.append(phrases.say("newest-evidence", day=day(answer.as_of, phrases), ago=since_day(answer.as_of)))
    elif answer.evidence:
        lines.append(phrases.say("newest-evidence-undated"))
    if searched.last_date:
        corpus = phrases.say("searched", articles=searched.articles, last=day(searched.last_date, phrases))
    else:
        corpus = phrases.say("searched-undated", articles=searched.articles)
    if answer.independence.publishers > 1:
        sources = answer.independence
        lines.append(phrases.say("publishers", publishers=sources.publishers, independent=sources.independent))
    lines.append(f"{corpus} {limits}".strip())
    lines.extend(escape(note) for note in answer.notes)
    if answer.is_refusal:
        other_words = phrases.say("try-other-words", sources=shown_command("sources", phrases))
        lines.append(phrases.say("try-without-filters") if bounds else other_words)
    return lines


def bounds_text(bounds: Bounds, phrases: Phrases) -> str:
    """The bounds in words; empty when there are none."""
    parts = []
    if bounds.publishers:
        parts.append(phrases.say("only-publisher", publisher=escape(", ".join(bounds.publishers))))
    if bounds.since:
        parts.append(phrases.say("since-day", day=day(bounds.since.isoformat(), phrases)))
    if bounds.until:
        parts.append(phrases.say("until-day", day=day(bounds.until.isoformat(), phrases)))
    return phrases.say("filters", filters=", ".join(parts)) if parts else ""


def _fitting(blocks: Sequence[str], room: int, hard_room: int) -> list[str]:
    """The first blocks that fit; the best one is shown even when it is long, unless no message could hold it."""
    chosen: list[str] = []
    for block in blocks:
        allowed = room if chosen else hard_room
        if len(chosen) < MOST_QUOTES and len(block) <= allowed:
            chosen.append(block)
            room -= len(block)
            hard_room -= len(block)
    return chosen


def _buttons(answer: Answer, shown: Shown, phrases: Phrases) -> list[Press]:
    if not shown.token:
        return []
    if answer.is_refusal:
        keys = [Press.make("retry", shown.token, label=phrases.say("button-without-filters"))] if shown.bounds else []
    else:
        keys = [
            Press.make("quotes", shown.token, label=phrases.say("button-quotes", count=len(answer.evidence))),
            Press.make("sources", shown.token, label=phrases.say("button-sources", count=_sources(answer.evidence))),
            Press.make("more", shown.token, label=phrases.say("button-more")),
        ]
        if shown.private:
            keys.append(Press.make("share", shown.token, label=phrases.say("button-share")))
    return [*keys, Press.make("up", shown.token, emoji="👍"), Press.make("down", shown.token, emoji="👎")]


def _sources(evidence: Sequence[Evidence]) -> int:
    return len({each.quote.article_id for each in evidence})
