"""A page (the content of one message) and the ways to deliver it: in reply to a message or to an interaction."""

import asyncio
import secrets
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby, takewhile
from typing import Any, Protocol

import discord
import structlog
from discord import ui

from bot.discord.i18n.command_names import CommandLinks
from bot.discord.transport.retry import CLOSED_CHANNEL_CODES, REQUEST_ERRORS, RateLimiter, retry
from corpus.errors import AttacheError

log = structlog.get_logger(__name__)

# discord.com/developers/docs/resources/message: characters of content, and of all text in components v2.
LONGEST_CONTENT = 2000
LONGEST_LAYOUT = 4000
# Buttons in a row, and rows in a message.
_ROW_WIDTH = 5
_MAX_ROWS = 5
# The width of a message's box on a phone of 420 pixels.
_PHONE_PIXELS = 310
# Errors with status 400 that are not about the layout: already acknowledged, closed channel.
_NOT_LAYOUT_CODES = frozenset((40060,)) | CLOSED_CHANNEL_CODES
NO_LINKS = CommandLinks()
_View = ui.View | ui.LayoutView | None


@dataclass(frozen=True, slots=True)
class Page:
    """One message: blocks of formatted text, rows of buttons below, and the same text in plain.

    `plain` is shown where a server has chosen plain text, and as a fallback if Discord refuses the layout. `picture`
    stands above the buttons; its description is its alt text.
    """

    blocks: Sequence[str]
    buttons: Sequence[ui.Item[Any]] = ()
    colour: discord.Colour | None = None
    plain: str = ""
    is_plain: bool = False
    files: Sequence[discord.File] = field(default=())
    picture: discord.File | None = None

    @property
    def attachments(self) -> list[discord.File]:
        """Everything to upload."""
        return [*self.files, *([self.picture] if self.picture else [])]

    def layout(self, links: CommandLinks = NO_LINKS) -> ui.LayoutView:
        """Return the message in components v2, the commands in it as links."""
        linked = [links.add(block) for block in self.blocks]
        blocks = linked if sum(map(len, linked)) <= LONGEST_LAYOUT else self.blocks
        view = ui.LayoutView(timeout=None)
        box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=self.colour)
        for place, block in enumerate(blocks):
            if place:
                box.add_item(ui.Separator(visible=False))
            box.add_item(ui.TextDisplay(block))
        if self.picture is not None:
            shown = discord.MediaGalleryItem(self.picture, description=self.picture.description)
            box.add_item(ui.MediaGallery(shown))
        for row in _rows(self.buttons):
            box.add_item(ui.ActionRow(*row))
        view.add_item(box)
        # Components v2 hide files that no component names.
        for file in self.files:
            view.add_item(ui.File(file))
        return view

    def button_view(self) -> ui.View | None:
        """Return only the buttons, for a message in plain text."""
        if not self.buttons:
            return None
        view = ui.View(timeout=None)
        for row, items in enumerate(_rows(self.buttons)):
            for item in items:
                item.row = row
                view.add_item(item)
        return view

    def content(self, links: CommandLinks = NO_LINKS) -> str:
        """Return the message in plain text, the commands in it as links."""
        text = self.plain or _cut("\n\n".join(self.blocks))
        linked = links.add(text)
        return linked if len(linked) <= LONGEST_CONTENT else text


def text_page(text: str) -> Page:
    """Return a page of a few sentences, without buttons."""
    return Page([_cut(text)])


class QuestionGone(AttacheError):
    """The question was deleted before its answer was sent."""

    def __init__(self) -> None:
        super().__init__("That question was deleted.", "Ask again.")


class Delivery(Protocol):
    """A place to show a page. Showing a second page replaces the first."""

    @property
    def channel_id(self) -> int | None:
        """The channel or thread of the page, if known."""

    async def show(self, page: Page) -> int | None:
        """Show a page, and return the message's id."""

    async def amend(self, page: Page) -> None:
        """Replace the page that was shown by one that is worth it only while Discord has room for it."""


class _MessageDelivery(ABC):
    """Shows a page as a layout, or as plain text if that is wanted or if Discord refuses the layout.

    Args:
        links: the commands that texts may name.
        is_layout: whether the message to edit is in components v2 already; Discord takes no plain text into those.
    """

    def __init__(self, links: CommandLinks, *, is_layout: bool) -> None:
        self._links = links
        self._is_layout = is_layout
        self._is_refused = False

    async def show(self, page: Page) -> int | None:
        """Send a page as a new message, or edit the message sent before."""
        content, view = self._form(page)
        try:
            message_id = await self._put(content, view, page.attachments)
        except discord.HTTPException as error:
            is_first_layout = content is None and not self._is_layout
            if error.status != 400 or not is_first_layout or error.code in _NOT_LAYOUT_CODES:
                raise
            log.warning("layout refused", error=str(error))
            self._is_refused = True
            return await self._put(*self._form(page), page.attachments)
        self._is_layout = content is None
        return message_id

    def _form(self, page: Page) -> tuple[str | None, _View]:
        """Return content and components: plain where that is wanted or the layout was refused, else the layout."""
        if (page.is_plain or self._is_refused) and not self._is_layout:
            return page.content(self._links), page.button_view()
        return None, page.layout(self._links)

    async def amend(self, page: Page) -> None:
        """Replace the page that was shown; raise if the message is gone."""
        await self.show(page)

    @abstractmethod
    async def _put(self, content: str | None, view: _View, files: Sequence[discord.File]) -> int: ...


class InteractionDelivery(_MessageDelivery):
    """Replies to a deferred interaction, or edits the message whose button was pressed."""

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        is_edit = interaction.response.type is discord.InteractionResponseType.deferred_message_update
        message = interaction.message
        links = getattr(interaction.client, "command_links", NO_LINKS)
        super().__init__(links, is_layout=is_edit and message is not None and message.flags.components_v2)
        self._interaction = interaction

    @property
    def channel_id(self) -> int | None:
        """The interaction's channel."""
        return self._interaction.channel_id

    async def _put(self, content: str | None, view: _View, files: Sequence[discord.File]) -> int:
        more: dict[str, Any] = {"attachments": list(files)} if files else {}
        edit = partial(self._interaction.edit_original_response, content=content, view=view, **more)
        # The first try closes the files, so it can't be repeated.
        return (await (edit() if files else retry(edit))).id


class FollowUpDelivery(_MessageDelivery):
    """Shows a page publicly, after an interaction whose reply was private.

    Follow-ups take no nonce, so a repeated request could send the page twice: there is no retry here. discord.py itself
    repeats requests that Discord answers with a 5xx.
    """

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        super().__init__(getattr(interaction.client, "command_links", NO_LINKS), is_layout=False)
        self._interaction = interaction
        self._sent: discord.WebhookMessage | None = None

    @property
    def channel_id(self) -> int | None:
        """The interaction's channel."""
        return self._interaction.channel_id

    async def _put(self, content: str | None, view: _View, files: Sequence[discord.File]) -> int:
        if self._sent is not None:
            self._sent = await self._sent.edit(content=content, view=view, attachments=list(files))
            return self._sent.id
        fields: dict[str, Any] = {} if view is None else {"view": view}
        if content is not None:
            fields["content"] = content
        self._sent = await self._interaction.followup.send(**fields, files=list(files), ephemeral=False, wait=True)
        return self._sent.id


class MessageDelivery(_MessageDelivery):
    """Replies to a message, or writes into the thread that was opened for it.

    `thread` and `typing` may be set before the first page is shown; showing it ends the typing. All requests go through
    the rate limiter. Once the message is deleted, nothing more is sent.

    Args:
        message: the message.
        rate_limiter: spaces the requests.
        links: the commands that texts may name.
        sent: the reply to edit, if there is one already.
        is_silent: whether to reply without a notification.
    """

    def __init__(
        self,
        message: discord.Message,
        rate_limiter: RateLimiter,
        links: CommandLinks = NO_LINKS,
        sent: discord.Message | None = None,
        *,
        is_silent: bool = False,
    ) -> None:
        super().__init__(links, is_layout=sent is not None and sent.flags.components_v2)
        self._message = message
        self._rate_limiter = rate_limiter
        self.typing: asyncio.Task[None] | None = None
        self.thread: discord.Thread | None = None
        self.has_shown = False
        self._sent = sent
        self._is_silent = is_silent
        self._is_withdrawn = False

    @property
    def channel_id(self) -> int | None:
        """The channel of the reply to edit, else the thread, else the message's channel."""
        return (self._sent.channel if self._sent else self.thread or self._message.channel).id

    @property
    def is_edit(self) -> bool:
        """Whether there is a reply already, which the next page replaces."""
        return self._sent is not None

    @property
    def reply(self) -> tuple[int, int] | None:
        """Channel and id of the reply; None if there is none."""
        return (self._sent.channel.id, self._sent.id) if self._sent else None

    def withdraw(self) -> None:
        """Send nothing more: the message was deleted."""
        self._is_withdrawn = True

    async def amend(self, page: Page) -> None:
        """Replace the page, unless other messages wait to be sent or this one was deleted."""
        if self._sent is None or self._is_withdrawn or self._rate_limiter.delay_s > 0:
            return
        content, view = self._form(page)
        await self._sent.edit(content=content, view=view)

    async def react(self, emoji: str) -> bool:
        """Add a reaction to the message instead of a reply; return whether Discord allows that here."""
        if self.typing is not None:
            self.typing.cancel()
        async with self._rate_limiter.slot():
            try:
                await retry(partial(self._message.add_reaction, emoji))
            except REQUEST_ERRORS as error:
                log.info("no reaction", code=getattr(error, "code", None))
                return False
        return True

    async def _put(self, content: str | None, view: _View, files: Sequence[discord.File]) -> int:
        if self.typing is not None:
            self.typing.cancel()
        async with self._rate_limiter.slot():
            if self._is_withdrawn:
                raise QuestionGone
            shown = await self._show(content, view, files)
        self.has_shown = True
        return shown

    async def _show(self, content: str | None, view: _View, files: Sequence[discord.File]) -> int:
        if self._sent is not None:
            try:
                edit = partial(self._sent.edit, content=content, view=view, attachments=list(files))
                self._sent = await (edit() if files else retry(edit))
            except discord.HTTPException as error:
                # The message was deleted or its thread closed: send a new one.
                if error.status != 404 and error.code not in CLOSED_CHANNEL_CODES:
                    raise
                self._sent = None
        if self._sent is None:
            fields: dict[str, Any] = {} if view is None else {"view": view}
            # Discord creates only one message for a nonce, however often the request is repeated.
            fields["nonce"] = secrets.randbits(63)
            if self._is_silent:
                fields["silent"] = True
            send = partial(self._send, content, fields, files)
            self._sent = await (send() if files else retry(send))
        return self._sent.id

    async def _send(
        self, content: str | None, fields: dict[str, Any], files: Sequence[discord.File]
    ) -> discord.Message:
        if self.thread is not None:
            try:
                return await self.thread.send(content, files=list(files), **fields)
            except discord.HTTPException as error:
                if error.code not in CLOSED_CHANNEL_CODES:
                    raise
                # A moderator deleted or locked the thread: fall back to a reply.
                self.thread = None
        try:
            return await self._message.reply(content, files=list(files), **fields)
        except discord.HTTPException as error:
            if error.code != 50035 or "message_reference" not in error.text:
                raise
            raise QuestionGone from error


class ChannelDelivery(_MessageDelivery):
    """Sends a page to a channel, with the nonce that was stored for it.

    Args:
        channel: the channel or user.
        nonce: Discord creates only one message for it within a few minutes, however often the request is repeated.
        rate_limiter: spaces the messages.
        links: the commands that texts may name.
        role: the role that the page may mention.
        member: the member that the page may mention.
    """

    def __init__(
        self,
        channel: discord.abc.Messageable,
        nonce: int,
        rate_limiter: RateLimiter,
        links: CommandLinks,
        role: discord.abc.Snowflake | None = None,
        member: discord.abc.Snowflake | None = None,
    ) -> None:
        super().__init__(links, is_layout=False)
        self._channel = channel
        self._nonce = nonce
        self._rate_limiter = rate_limiter
        self._mentions = discord.AllowedMentions(
            everyone=False, users=[member] if member else False, roles=[role] if role else False
        )

    async def _put(self, content: str | None, view: _View, files: Sequence[discord.File]) -> int:
        fields: dict[str, Any] = {"nonce": self._nonce, "allowed_mentions": self._mentions, "files": list(files)}
        if view is not None:
            fields["view"] = view
        async with self._rate_limiter.slot():
            return (await retry(partial(self._channel.send, content, **fields))).id


def _rows(items: Sequence[ui.Item[Any]]) -> list[list[ui.Item[Any]]]:
    """Split items into rows of at most five buttons; a select menu fills a row of its own.

    Buttons are split where a phone would break the row, and no row holds a single one if it can share.
    """
    rows: list[list[ui.Item[Any]]] = []
    for is_menu, group in groupby(items, key=lambda item: item.width == _ROW_WIDTH):
        these = list(group)
        if is_menu:
            rows += [[item] for item in these]
        else:
            narrow = _rows_on_a_phone(these)
            is_lonely = len(these) <= _ROW_WIDTH and min(map(len, narrow)) == 1
            rows += [these] if is_lonely else narrow if len(narrow) <= _MAX_ROWS else [*_chunks(these)]
    return rows


def _rows_on_a_phone(buttons: Sequence[ui.Item[Any]]) -> list[list[ui.Item[Any]]]:
    rows: list[list[ui.Item[Any]]] = []
    left = 0
    for button in buttons:
        needed = _button_pixels(button)
        if not rows or needed > left or len(rows[-1]) == _ROW_WIDTH:
            # Votes stay beside each other.
            along = _marks_at_end(rows[-1]) if rows and not _label(button) else []
            if along and len(along) < len(rows[-1]):
                del rows[-1][-len(along) :]
            else:
                along = []
            rows.append(along)
            left = _PHONE_PIXELS - sum(map(_button_pixels, along))
        rows[-1].append(button)
        left -= needed
    is_lonely = len(rows) > 1 and len(rows[-1]) == 1 and _button_pixels(rows[-1][0]) < _PHONE_PIXELS // 2
    if is_lonely and len(rows[-2]) > 2 and (_label(rows[-2][-1]) or not _label(rows[-1][0])):
        # Never a vote, which would leave the others.
        rows[-1].insert(0, rows[-2].pop())
    return rows


def _marks_at_end(row: Sequence[ui.Item[Any]]) -> list[ui.Item[Any]]:
    """Return the last buttons of a row that show an emoji alone."""
    return list(reversed(list(takewhile(lambda button: not _label(button), reversed(row)))))


def _label(button: ui.Item[Any]) -> str:
    inner = button.item if isinstance(button, ui.DynamicItem) else button
    return getattr(inner, "label", None) or ""


def _button_pixels(button: ui.Item[Any]) -> int:
    """Return about how wide a button is, with the gap beside it."""
    label = _label(button)
    return 36 + 7 * len(label) if label else 52


def _chunks(items: Sequence[ui.Item[Any]]) -> Iterator[list[ui.Item[Any]]]:
    for start in range(0, len(items), _ROW_WIDTH):
        yield list(items[start : start + _ROW_WIDTH])


def _cut(text: str) -> str:
    """Cut a text to the length of a message, at the end of a line or word."""
    if len(text) <= LONGEST_CONTENT:
        return text
    head = text[: LONGEST_CONTENT - 2]
    end = max(head.rfind("\n"), head.rfind(" "))
    return (head[:end] if end > LONGEST_CONTENT // 2 else head) + " …"
