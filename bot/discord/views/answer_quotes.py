"""Chooses the quotes of an answer that a message shows: both sides, and the one that carries the verdict, always."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from bot.answering.answer import Answer, Evidence, Stance, Verdict
from bot.answering.numbers import read_numbers
from bot.discord.i18n.phrases import Phrases
from bot.discord.views.escape import quote_block, shown_length, too_long_block

_MAX_QUOTES = 3


def fit_quotes(answer: Answer, room: int, hard_room: int, phrases: Phrases, most: int | None = None) -> dict[int, str]:
    """Return the blocks of the quotes to show by their place in the answer, in its order.

    Args:
        answer: the answer; not a refusal.
        room: characters that people see, beyond which only quotes that must be shown are added.
        hard_room: characters that Discord counts, which the blocks never exceed.
        phrases: the texts.
        most: how many quotes to show, whatever their room; None for as many as fit. Both sides are always shown.
    """
    if most is not None:
        room = hard_room
    needed = _needed(answer)
    shortened = _shortened([answer.evidence[place] for place in needed], hard_room, phrases)
    blocks = dict(zip(needed, shortened, strict=False))
    for place in _preferred(answer):
        if place in blocks or len(blocks) >= (most or _MAX_QUOTES):
            continue
        block = quote_block(answer.evidence[place], phrases)
        shown = sum(map(shown_length, blocks.values()))
        counted = sum(map(len, blocks.values()))
        if shown + shown_length(block) <= room and counted + len(block) <= hard_room:
            blocks[place] = block
    return dict(sorted(blocks.items()))


def _needed(answer: Answer) -> list[int]:
    """Return the places of the first quote, and of the first one of each side of a disputed question."""
    places = {0}
    if answer.verdict is Verdict.DISPUTED:
        stances = [each.stance for each in answer.evidence]
        places |= {stances.index(side) for side in (Stance.ASSERTS, Stance.DENIES) if side in stances}
    return sorted(places)


def _preferred(answer: Answer) -> list[int]:
    """Return the places of all quotes, best first; of equally good ones those with what was asked come first."""
    asked = read_numbers(answer.question)

    def has_asked(place: int) -> bool:
        evidence = answer.evidence[place]
        if evidence.answer is not None:
            return True
        return any(number.admits(each) for each in read_numbers(evidence.quote.text) for number in asked)

    order: list[int] = []
    for _, equal in groupby(range(len(answer.evidence)), key=lambda place: answer.evidence[place].score):
        order += sorted(equal, key=lambda place: not has_asked(place))
    return order


def _shortened(evidence: Sequence[Evidence], room: int, phrases: Phrases) -> list[str]:
    """Return the blocks of quotes; where they exceed the room, links give way, then texts, the first one's last."""
    forms = [_forms(each, phrases) for each in evidence]
    steps = [0] * len(forms)

    def block(place: int) -> str:
        return forms[place][steps[place]]

    while sum(len(block(place)) for place in range(len(forms))) > room:
        # All links go before the first text does.
        open_steps = [place for place in range(len(forms)) if steps[place] < len(forms[place]) - 1]
        if not open_steps:
            break
        least = min(steps[place] for place in open_steps)
        lowest = [each for each in open_steps if steps[each] == least]
        place = max(lowest, key=lambda each: (each > 0, len(block(each))))
        steps[place] += 1
    blocks = [block(place) for place in range(len(forms))]
    while blocks and sum(map(len, blocks)) > room:
        blocks.pop()
    return blocks


def _forms(evidence: Evidence, phrases: Phrases) -> list[str]:
    """Return the forms of a quote from the whole one down: without its link, without its text."""
    bare = replace(evidence, citation=replace(evidence.citation, url=None))
    return [quote_block(evidence, phrases), quote_block(bare, phrases), too_long_block(bare, phrases)]
