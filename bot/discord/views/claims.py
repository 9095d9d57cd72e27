"""The page of a message's claims: each with its verdict, and on whose word."""

from collections.abc import Sequence

from bot.answering.answer import Answer, Verdict
from bot.answering.verdict.headline import headline_of
from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import Page
from bot.discord.views.answer_page import COLOURS
from bot.discord.views.buttons import PersistentButton
from bot.discord.views.escape import brief, escape
from bot.discord.views.headline_text import source_text

_LONGEST_CLAIM = 180
_MARKS = {Verdict.YES: "✓", Verdict.NO: "✗", Verdict.DISPUTED: "⚖"}
# No verdict, but quotes that tell something of it; and nothing at all.
_UNSETTLED, _NOTHING = "?", "–"


def claims_page(
    claims: Sequence[str],
    checked: Sequence[str],
    answers: Sequence[Answer],
    unchecked: int,
    token: str,
    phrases: Phrases,
) -> Page:
    """Return a message's claims with their verdicts.

    Args:
        claims: what is claimed, as it stands in the message.
        checked: what was asked of the articles, where "she" and "it" are replaced.
        answers: what the articles say to each.
        unchecked: how many further claims there are.
        token: identifies the list in its buttons; without one there are none.
        phrases: the texts.
    """
    blocks = [
        f"**{number}** · {_told(claim, asked, answer, phrases)}\n{_verdict(answer, phrases)}"
        for number, (claim, asked, answer) in enumerate(zip(claims, checked, answers, strict=True), start=1)
    ]
    foot = [phrases.say("claims-more", count=unchecked, most=len(claims))] if unchecked else []
    told = [at for at, answer in enumerate(answers) if not answer.is_refusal] if token else []
    foot += [phrases.say("claims-details")] if told else []
    buttons = [PersistentButton.make("claim", token, at, label=str(at + 1)) for at in told]
    below = [f"-# {' '.join(foot)}"] if foot else []
    return Page([f"### {phrases.say('claims-title')}", *blocks, *below], buttons, COLOURS[Verdict.OPEN])


def _told(claim: str, asked: str, answer: Answer, phrases: Phrases) -> str:
    """Return a claim, and below it how it was understood if that was otherwise."""
    if asked == claim:
        # Without slang, and with typing errors mended.
        return escape(brief(answer.question, _LONGEST_CLAIM))
    understood = phrases.say("understood-as", question=escape(brief(answer.question, _LONGEST_CLAIM)))
    return f"{escape(brief(claim, _LONGEST_CLAIM))}\n-# {understood}"


def _verdict(answer: Answer, phrases: Phrases) -> str:
    """Return the verdict with its source; both sides of a disputed claim."""
    head = headline_of(answer)
    if head.verdict is None:
        return f"{_UNSETTLED} {phrases.say('claims-unsettled')}"
    if head.verdict is Verdict.NOT_FOUND:
        return f"{_NOTHING} {phrases.say('claims-none-found')}"
    sources = "; ".join(source_text(side[0], phrases) for side in head.sides if side)
    return f"{_MARKS[head.verdict]} **{phrases.say(f'claim-{head.verdict}')}**: {sources}"
