"""Pages about the bot itself: help, about, privacy, and a member's own data."""

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.discord.i18n.command_names import command_description, format_command, menu_name
from bot.discord.i18n.phrases import Phrases
from bot.discord.scope import Scope
from bot.discord.transport.page import Page
from bot.discord.views.buttons import PersistentButton
from bot.discord.views.escape import brief, day, escape, safe_url
from bot.discord.views.hits import page_buttons
from bot.discord.views.lists import paginate
from bot.discord.views.places import LONGEST_NAME, counts_text
from bot.records.retention import AUDIT_DAYS, DIRECT_MESSAGE_DAYS, REMOVED_SERVER_DAYS, UNANSWERED_DAYS
from bot.service.lookups import CorpusCounts

_MAX_CHANNELS = 10
_ROOM = 1700


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """A command in `/help`: its qualified name and its English description."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Guide:
    """What somebody can use here: commands, message menus, and admin commands (for admins only).

    `mention` mentions the bot; it is empty where the bot reads no messages.
    """

    commands: Sequence[CommandEntry]
    menus: Sequence[str]
    admin: Sequence[CommandEntry]
    mention: str


def help_page(guide: Guide, page: int, verb: str, phrases: Phrases) -> Page:
    """Return one page of the help; `verb` turns pages."""
    lines = [_command_line(each, phrases) for each in guide.commands]
    if guide.menus:
        menus = ", ".join(f"**{escape(menu_name(each, phrases))}**" for each in guide.menus)
        lines.append(phrases.say("help-menus", menus=menus))
    pages = paginate(lines, _ROOM, most=24)
    if guide.admin:
        admin_lines = [_command_line(each, phrases) for each in guide.admin]
        pages += [[f"**{phrases.say('help-admin')}**", *each] for each in paginate(admin_lines, _ROOM, most=20)]
    page = min(page, len(pages) - 1)
    blocks = ["\n".join(pages[page])]
    if page == 0:
        how = phrases.say("help-how", mention=guide.mention) if guide.mention else phrases.say("help-how-commands")
        blocks = [
            f"### {phrases.say('help-title')}\n{phrases.say('help-what')}",
            f"{how}\n> {phrases.say('help-example')}",
            *blocks,
        ]
    return Page(blocks, page_buttons(page, len(pages), verb, "", phrases))


def about_page(version: str, home: str, counts: CorpusCounts, model: str, phrases: Phrases) -> Page:
    """Return what this is: version, articles, model, and a link to the documentation (`home`, may be empty)."""
    lines = [phrases.say("about-version", version=version), counts_text(counts, phrases)]
    if counts.last_date:
        lines.append(phrases.say("about-newest", day=day(counts.last_date, phrases)))
    lines.append(phrases.say("status-model", model=escape(brief(model, LONGEST_NAME))))
    if safe := safe_url(home):
        lines.append(f"[{phrases.say('about-docs')}](<{safe}>)")
    foot = phrases.say("about-more", help=format_command("help", phrases), privacy=format_command("privacy", phrases))
    head = f"### {phrases.say('about-title')}\n{phrases.say('about-what')}"
    return Page([head, "\n".join(f"- {line}" for line in lines), f"-# {foot}"])


def privacy_page(scope: Scope, read_channels: Sequence[int] = ()) -> Page:
    """Return what is stored about somebody here, and for how long; in `read_channels` every question is answered."""
    phrases = scope.phrases
    reads = [phrases.say("privacy-reads")]
    if read_channels:
        reads.append(phrases.say("privacy-channels", channels=_channels(read_channels, phrases)))
    mine = [
        phrases.say("privacy-export", command=format_command("my-data export", phrases)),
        phrases.say("privacy-delete", command=format_command("my-data delete", phrases)),
    ]
    blocks = [
        f"### {phrases.say('privacy-title')}\n{' '.join(reads)}",
        "\n".join(f"- {line}" for line in _kept(scope)),
        "\n".join(mine),
        f"-# {phrases.say('privacy-not-kept')}",
    ]
    return Page(blocks)


def read_and_kept(scope: Scope) -> list[str]:
    """Return in short what is read, and how long questions are kept here."""
    return [scope.phrases.say("privacy-reads"), _kept(scope)[0]]


def export_text(count: int, phrases: Phrases) -> str:
    """Return the text above the file with somebody's data."""
    return phrases.say("data-export", count=count) if count else phrases.say("data-none")


def confirm_page(user_id: int, verb: str, cancel_verb: str, phrases: Phrases) -> Page:
    """Ask somebody to confirm that their data is deleted."""
    first = phrases.say("data-confirm-first", command=format_command("my-data export", phrases))
    delete, keep = phrases.say("button-delete-data"), phrases.say("button-keep-data")
    buttons = [
        PersistentButton.make(verb, str(user_id), label=delete, style=discord.ButtonStyle.danger),
        PersistentButton.make(cancel_verb, str(user_id), label=keep),
    ]
    return Page([f"### {phrases.say('data-confirm-title')}\n{phrases.say('data-confirm')}", first], buttons)


def deleted_page(deleted: int, staying: int, phrases: Phrases) -> Page:
    """Return how many records were deleted, and how many of somebody's acts as an admin stay (`staying`)."""
    lines = [phrases.say("data-deleted", count=deleted)]
    if staying:
        lines.append(phrases.say("data-stays-acts", count=staying, days=AUDIT_DAYS))
    return Page(["\n".join(lines), f"-# {phrases.say('data-stays')}"])


def _kept(scope: Scope) -> list[str]:
    phrases, settings = scope.phrases, scope.settings
    direct = phrases.say("privacy-direct", days=DIRECT_MESSAGE_DAYS)
    if scope.server_id is None:
        return [direct]
    unanswered = "privacy-unanswered" if settings.count_unanswered else "privacy-unanswered-off"
    return [
        phrases.say("privacy-answers", days=settings.keep_days),
        direct,
        phrases.say(unanswered, days=UNANSWERED_DAYS),
        phrases.say("privacy-counts", days=AUDIT_DAYS),
        phrases.say("privacy-acts", days=AUDIT_DAYS),
        phrases.say("privacy-removed", days=REMOVED_SERVER_DAYS),
    ]


def _channels(channels: Sequence[int], phrases: Phrases) -> str:
    named = ", ".join(f"<#{channel}>" for channel in channels[:_MAX_CHANNELS])
    more = len(channels) - _MAX_CHANNELS
    return f"{named} {phrases.say('and-more', count=more)}" if more > 0 else named


def _command_line(entry: CommandEntry, phrases: Phrases) -> str:
    description = command_description(entry.name, entry.description, phrases)
    return f"{format_command(entry.name, phrases)} · {escape(description)}"
