"""The bot's own texts in Project Fluent's format, one folder per language."""

from functools import cache

import discord
from fluent.runtime import FluentBundle

from bot.render.fluent_texts import SHARED, fluent_bundle

ENGLISH = "en"
LANGUAGES = (ENGLISH, "de")


class Phrases:
    """The texts of one language; missing ones fall back to English.

    Args:
        language: one of LANGUAGES.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._bundles = [_bundle(each) for each in dict.fromkeys((language, ENGLISH))]

    def say(self, key: str, **values: str | int) -> str:
        """Format a phrase with these values, which must be escaped already.

        Raises:
            KeyError: no language has the key.
        """
        for bundle in self._bundles:
            if bundle.has_message(key):
                pattern = bundle.get_message(key).value
                if pattern is not None:
                    text, _errors = bundle.format_pattern(pattern, values)
                    return str(text)
        raise KeyError(key)

    def has(self, key: str) -> bool:
        """Return whether this language itself has the phrase."""
        return self._bundles[0].has_message(key)


@cache
def phrases_in(language: str) -> Phrases:
    """Return the texts of a language, or English where it is not supported."""
    return Phrases(language if language in LANGUAGES else ENGLISH)


def phrases_for(locale: discord.Locale | str | None) -> Phrases:
    """Return the texts for a locale such as `en-US` or `de`."""
    return phrases_in(str(locale.value if isinstance(locale, discord.Locale) else locale or ENGLISH).split("-")[0])


@cache
def _bundle(language: str) -> FluentBundle:
    return fluent_bundle(language, SHARED, "bot.discord.i18n")
