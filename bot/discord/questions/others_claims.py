"""Finds what somebody else claims where a member asks the bot about it: in reply to a message, or below a quote."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.answering.question.follow_up_acts import FollowUpAct, correct_follow_up, follow_up_act
from bot.discord.questions.addressee import replied_to
from bot.discord.questions.statements import joined_text, message_texts, statements

_QUOTED = re.compile(r"^[ \t]*>{1,3}[ \t]+(.+)$", re.MULTILINE)
_CHECK = re.compile(
    r"""(?:(?:can|could)\s+(?:you|u|someone|anyone|somebody)\s+)?(?:please\s+|pls\s+|plz\s+)?
    (?:(?:fact[\s-]*)?check(?:\s+(?:it|this|that))?|verify(?:\s+(?:it|this|that))?|confirm(?:\s+(?:it|this|that))?|debunk(?:\s+(?:it|this|that))?
      |(?:is|was)\s+(?:it|this|that)\s+(?:true|real|legit|fake|fake\s+news|right|correct|accurate|a\s+lie|cap)(?:\s+or\s+(?:not|fake|false))?
      |(?:true|real|legit|fake|cap)(?:\s+or\s+(?:not|fake|false|cap))?|thoughts|opinions?|what\s+(?:do\s+you|about)\s+(?:think|this|that)
      |pls|plz|please|stimmt\s+das|ist\s+das\s+wahr|faktencheck)
    (?:\s+(?:please|pls|plz|bot|tho|though|bro))*""",
    re.IGNORECASE | re.VERBOSE,
)
_ABOUT_IT = frozenset((FollowUpAct.SPEAKERS, FollowUpAct.SOURCES))


@dataclass(frozen=True, slots=True)
class OthersClaim:
    """What is asked about: the statements in it, none if its text can't be read."""

    claims: Sequence[str]
    text: str


async def find_others_claim(message: discord.Message, text: str, bot_id: int) -> OthersClaim | None:
    """Return what a message asks the bot to check, if it asks nothing but that; None otherwise.

    Args:
        message: a message to the bot.
        text: what it says, without mentions of the bot.
        bot_id: the bot's own messages are answers, which follow-ups are about.
    """
    quoted = "\n".join(match[1] for match in _QUOTED.finditer(text))
    rest = _QUOTED.sub("", text).strip()
    if quoted:
        return _claim([quoted]) if rest and asks_to_check(rest) else None
    original = message.reference.resolved if message.reference else None
    if not isinstance(original, discord.Message) or replied_to(message) == bot_id or not asks_to_check(rest):
        return None
    return _claim(await message_texts(original))


def asks_to_check(text: str) -> bool:
    """Return whether a text asks whether something else is true, and says nothing of its own: "is this true?"."""
    core = " ".join(re.sub(r"[^\w\s'’-]", " ", text).split())
    if not core or _CHECK.fullmatch(core):
        return True
    return follow_up_act(correct_follow_up(text)) in _ABOUT_IT


def _claim(texts: list[str]) -> OthersClaim:
    joined = joined_text(texts)
    return OthersClaim(statements(texts) or [each for each in (joined,) if each], joined)
