"""The message to a server that has added the bot."""

from collections.abc import Sequence

from bot.discord.i18n.command_names import format_command
from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import Page
from bot.discord.views.buttons import PersistentButton

_START = ("ask", "search", "help")
_FEED = ("corpus add", "corpus feed add", "news set")


def greeting_page(mention: str, mark: str, phrases: Phrases, *, is_plain: bool) -> Page:
    """Return what the bot does, three commands to start with, and how to give it articles.

    Args:
        mention: mentions the bot.
        mark: the argument of its button.
        phrases: the texts.
        is_plain: whether the server has chosen plain text.
    """
    how = phrases.say("greeting-how", mention=mention)
    blocks = [
        f"### {phrases.say('greeting-title')}\n{phrases.say('help-what')} {how}",
        f"**{phrases.say('greeting-start')}**\n{_commands(_START, phrases)}",
        f"**{phrases.say('greeting-feed')}**\n{_commands(_FEED, phrases)}",
        f"-# {phrases.say('greeting-foot', settings=format_command('settings show', phrases))}",
    ]
    button = PersistentButton.make("greeting", mark, label=phrases.say("button-greeting"))
    return Page(blocks, [button], is_plain=is_plain)


def _commands(names: Sequence[str], phrases: Phrases) -> str:
    keys = [name.replace(" ", "-") for name in names]
    return "\n".join(
        f"- {phrases.say(f'greeting-{key}', command=format_command(name, phrases))}"
        for key, name in zip(keys, names, strict=True)
    )
