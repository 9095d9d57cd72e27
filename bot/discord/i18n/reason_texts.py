"""Reasons why something can't be read: readers and fetches give them in English, and Discord's users read theirs."""

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from bot.discord.i18n.phrases import Phrases

# Characters of a reason that is looked for; those that name much longer values stay as they are.
_LONGEST = 1000


def explain(reason: str, phrases: Phrases) -> str:
    """Return a reason or a hint in this language, for somebody without a command line; unknown ones as they are."""
    words, patterns = _known(phrases.language)
    if reason in words:
        return words[reason]
    if len(reason) > _LONGEST:
        return reason
    found = ((match, text) for pattern, text in patterns if (match := pattern.fullmatch(reason)))
    match, text = next(found, (None, reason))
    return _fill(text, [explain(value, phrases) for value in match.groups()]) if match else reason


def _fill(text: str, values: Sequence[str]) -> str:
    """Put values into a text: in its order into `{}`, or by number into `{0}`."""
    rest = iter(values)
    return re.sub(r"\{(\d?)\}", lambda place: values[int(place[1])] if place[1] else next(rest), text)


@cache
def _known(language: str) -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """Return the reasons of a language, and patterns for those that have values, which are `{}` there."""
    file = files("bot.discord.i18n").joinpath("reasons", f"{language}.json")
    known: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    patterns = [(re.compile(pattern_of(key), re.DOTALL), text) for key, text in known.items() if "{}" in key]
    return known, patterns


def pattern_of(reason: str) -> str:
    """Return a pattern for the texts that a reason with `{}` for its values stands for."""
    return "(.+?)".join(map(re.escape, reason.split("{}")))
