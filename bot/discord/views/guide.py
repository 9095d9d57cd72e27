"""What the bot says about itself: help, what it is, what it keeps."""

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.discord.i18n.command_names import description_of, menu_name_of, shown_command
from bot.discord.i18n.phrases import Phrases
from bot.discord.scope import Scope
from bot.discord.transport.page import Page
from bot.discord.views.buttons import Press
from bot.discord.views.escape import brief, day, escape, safe_url
from bot.discord.views.hits import page_buttons
from bot.discord.views.lists import in_pages
from bot.discord.views.places import LONGEST_NAME, holdings_text
from bot.discord.workers.lookups import Holdings
from bot.records.retention import AUDIT_DAYS, DIRECT_MESSAGE_DAYS, REMOVED_SERVER_DAYS, UNANSWERED_DAYS

# Channels that a sentence names; the rest are counted.
_MOST_CHANNELS = 10
_ROOM = 1200


@dataclass(frozen=True, slots=True)
class Entry:
    """One command for `/help`: its qualified name, and its English description."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Guide:
    """What somebody may use here: commands, menus on messages, and, for admins only, what admins have.

    `mention` is the bot as it is mentioned, or empty where it reads no messages.
    """

    commands: Sequence[Entry]
    menus: Sequence[str]
    admin: Sequence[Entry]
    mention: str


def help_page(guide: Guide, page: int, verb: str, phrases: Phrases) -> Page:
    """One page of the help; `verb` is that of the buttons that turn pages."""
    lines = [_command_line(each, phrases) for each in guide.commands]
    if guide.menus:
        menus = ", ".join(f"**{escape(menu_name_of(each, phrases))}**" for each in guide.menus)
        lines.append(phrases.say("help-menus", menus=menus))
    pages = in_pages(lines, _ROOM, most=20)
    if guide.admin:
        above = f"**{phrases.say('help-admin')}**"
        pages += [
            [above, *each] for each in in_pages([_command_line(each, phrases) for each in guide.admin], _ROOM, 20)
        ]
    page = min(page, len(pages) - 1)
    blocks = ["\n".join(pages[page])]
    if page == 0:
        how = phrases.say("help-how", mention=guide.mention) if guide.mention else phrases.say("help-how-commands")
        blocks = [
            f"### {phrases.say('help-title')}\n{phrases.say('help-what')}",
            f"{how}\n{_example(phrases)}",
            *blocks,
        ]
    return Page(blocks, page_buttons(page, len(pages), verb, "", phrases))


def about_page(version: str, home: str, holdings: Holdings, model: str, phrases: Phrases) -> Page:
    """What this is: version, corpus, model, and where it is documented; `home` may be empty."""
    lines = [phrases.say("about-version", version=version), holdings_text(holdings, phrases)]
    if holdings.last_date:
        lines.append(phrases.say("about-newest", day=day(holdings.last_date, phrases)))
    lines.append(phrases.say("status-model", model=escape(brief(model, LONGEST_NAME))))
    if safe := safe_url(home):
        lines.append(f"[{phrases.say('about-docs')}](<{safe}>)")
    foot = phrases.say("about-more", help=shown_command("help", phrases), privacy=shown_command("privacy", phrases))
    head = f"### {phrases.say('about-title')}\n{phrases.say('about-what')}"
    return Page([head, "\n".join(f"- {line}" for line in lines), f"-# {foot}"])


def privacy_page(scope: Scope) -> Page:
    """What is kept, and for how long, where somebody asks."""
    phrases = scope.phrases
    reads = [phrases.say("privacy-reads")]
    if scope.settings.question_channels:
        reads.append(phrases.say("privacy-channels", channels=_channels(scope.settings.question_channels, phrases)))
    mine = [
        phrases.say("privacy-export", command=shown_command("my-data export", phrases)),
        phrases.say("privacy-delete", command=shown_command("my-data delete", phrases)),
    ]
    blocks = [
        f"### {phrases.say('privacy-title')}\n{' '.join(reads)}",
        "\n".join(f"- {line}" for line in _kept(scope)),
        "\n".join(mine),
        f"-# {phrases.say('privacy-not-kept')}",
    ]
    return Page(blocks)


def export_text(count: int, phrases: Phrases) -> str:
    """What stands above the file with somebody's data."""
    return phrases.say("data-export", count=count) if count else phrases.say("data-none")


def confirm_page(user_id: int, verb: str, cancel_verb: str, phrases: Phrases) -> Page:
    """Asks whether somebody's data is to be deleted; only they may press."""
    first = phrases.say("data-confirm-first", command=shown_command("my-data export", phrases))
    buttons = [
        Press.make(verb, str(user_id), label=phrases.say("button-delete-data"), style=discord.ButtonStyle.danger),
        Press.make(cancel_verb, str(user_id), label=phrases.say("button-keep-data")),
    ]
    return Page([f"### {phrases.say('data-confirm-title')}\n{phrases.say('data-confirm')}", first], buttons)


def deleted_page(deleted: int, staying: int, phrases: Phrases) -> Page:
    """What was deleted, and what stays: `staying` counts what somebody did as an admin."""
    lines = [phrases.say("data-deleted", count=deleted)]
    if staying:
        lines.append(phrases.say("data-stays-acts", count=staying, days=AUDIT_DAYS))
    return Page(["\n".join(lines), f"-# {phrases.say('data-stays')}"])


def _kept(scope: Scope) -> list[str]:
    phrases, settings = scope.phrases, scope.settings
    direct = phrases.say("privacy-direct", days=DIRECT_MESSAGE_DAYS)
    if scope.server_id is None:
        return [direct]
    unanswered = (
        phrases.say("privacy-unanswered", days=UNANSWERED_DAYS)
        if settings.count_unanswered
        else phrases.say("privacy-unanswered-off")
    )
    return [
        phrases.say("privacy-answers", days=settings.keep_days),
        direct,
        unanswered,
        phrases.say("privacy-counts", days=AUDIT_DAYS),
        phrases.say("privacy-acts", days=AUDIT_DAYS),
        phrases.say("privacy-removed", days=REMOVED_SERVER_DAYS),
    ]


def _channels(channels: Sequence[int], phrases: Phrases) -> str:
    named = ", ".join(f"<#{channel}>" for channel in channels[:_MOST_CHANNELS])
    more = len(channels) - _MOST_CHANNELS
    return phrases.say("and-more", names=named, count=more) if more > 0 else named


def _command_line(entry: Entry, phrases: Phrases) -> str:
    return f"{shown_command(entry.name, phrases)} · {escape(description_of(entry.name, entry.description, phrases))}"


def _example(phrases: Phrases) -> str:
    return f"> {phrases.say('help-example')}"
