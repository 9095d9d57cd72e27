"""What is shown as one message, and the two ways to show it: as the reply to a message, and to an interaction."""

import asyncio
import secrets
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

import discord
import structlog
from discord import ui

from bot.discord.transport.retry import CLOSED_PLACE, Pace, again

log = structlog.get_logger(__name__)

# discord.com/developers/docs/resources/message: characters of content, and of all text in components v2.
LONGEST_CONTENT = 2000
LONGEST_LAYOUT = 4000
# They come with status 400 too, but say nothing about the layout: already acknowledged, a place that is closed.
_NOT_OF_THE_LAYOUT = frozenset((40060,)) | CLOSED_PLACE


@dataclass(frozen=True, slots=True)
class Page:
    """One message: blocks of formatted text, rows of buttons below, and the same text for those who want it plain.

    `plain` is shown where a server has chosen plain text, and where Discord refuses the layout.
    """

    blocks: Sequence[str]
    buttons: Sequence[ui.Item[Any]] = ()
    colour: discord.Colour | None = None
    plain: str = ""
    is_plain: bool = False
    files: Sequence[discord.File] = field(default=())

    def layout(self) -> ui.LayoutView:
        """The message in components v2."""
        view = ui.LayoutView(timeout=None)
        box: ui.Container[ui.LayoutView] = ui.Container(accent_colour=self.colour)
        for place, block in enumerate(self.blocks):
            if place:
                box.add_item(ui.Separator(visible=False))
            box.add_item(ui.TextDisplay(block))
        for row in _rows(self.buttons):
            box.add_item(ui.ActionRow(*row))
        view.add_item(box)
        # In components v2 a file that no component names is not shown.
        for file in self.files:
            view.add_item(ui.File(file))
        return view

    def keys(self) -> ui.View | None:
        """The buttons alone, for a message in plain text."""
        if not self.buttons:
            return None
        view = ui.View(timeout=None)
        for row, items in enumerate(_rows(self.buttons)):
            for item in items:
                item.row = row
                view.add_item(item)
        return view

    def content(self) -> str:
        """The message in plain text."""
        return self.plain or _cut("\n\n".join(self.blocks))


def text_page(text: str) -> Page:
    """A page of one sentence or a few."""
    return Page([_cut(text)])


class Delivery(Protocol):
    """Where a page goes. Showing a second one replaces the first."""

    @property
    def channel_id(self) -> int | None:
        """The channel or thread that it goes to, where that is known."""

    async def show(self, page: Page) -> int | None:
        """Shows a page; returns the message's id."""


class _MessageDelivery(ABC):
    """Shows a page as a layout, or as plain text where that is wanted or where Discord refuses the layout.

    Args:
        is_layout: the message that will be changed is in components v2 already: it takes no plain text any more.
    """

    def __init__(self, *, is_layout: bool) -> None:
        self._is_layout = is_layout

    async def show(self, page: Page) -> int | None:
        """Shows a page as a new message, or in place of what was shown before."""
        if page.is_plain and not self._is_layout:
            return await self._put(page.content(), page.keys(), page.files)
        try:
            shown = await self._put(None, page.layout(), page.files)
        except discord.HTTPException as error:
            if error.status != 400 or self._is_layout or error.code in _NOT_OF_THE_LAYOUT:
                raise
            log.warning("layout refused", error=str(error))
            return await self._put(page.content(), page.keys(), page.files)
        self._is_layout = True
        return shown

    @abstractmethod
    async def _put(
        self, content: str | None, view: ui.View | ui.LayoutView | None, files: Sequence[discord.File]
    ) -> int: ...


class InteractionDelivery(_MessageDelivery):
    """Replies to an interaction that was deferred, or changes the message whose button was pressed."""

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        changes = interaction.response.type is discord.InteractionResponseType.deferred_message_update
        message = interaction.message
        super().__init__(is_layout=changes and message is not None and message.flags.components_v2)
        self._interaction = interaction

    @property
    def channel_id(self) -> int | None:
        """The channel of the interaction."""
        return self._interaction.channel_id

    async def _put(
        self, content: str | None, view: ui.View | ui.LayoutView | None, files: Sequence[discord.File]
    ) -> int:
        more: dict[str, Any] = {"attachments": list(files)} if files else {}
        edit = partial(self._interaction.edit_original_response, content=content, view=view, **more)
        # Files are closed after the first try.
        return (await (edit() if files else again(edit))).id


class FollowUpDelivery(_MessageDelivery):
    """Shows a page to all, after an interaction that only its user saw.

    Such messages take no number that Discord would know them by: one whose reply is lost is not sent again here, for it
    may be there. The library itself sends again what Discord answers with a 5xx, which may show it twice.
    """

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        super().__init__(is_layout=False)
        self._interaction = interaction

    @property
    def channel_id(self) -> int | None:
        """The channel of the interaction."""
        return self._interaction.channel_id

    async def _put(
        self, content: str | None, view: ui.View | ui.LayoutView | None, files: Sequence[discord.File]
    ) -> int:
        given: dict[str, Any] = {} if view is None else {"view": view}
        if content is not None:
            given["content"] = content
        sent = await self._interaction.followup.send(**given, files=list(files), ephemeral=False, wait=True)
        return sent.id


class MessageDelivery(_MessageDelivery):
    """Replies to a message, or writes into the thread that was opened for it.

    `thread` may be set before the first page is shown, and `typing`, which ends with it. Messages go out at the pace
    that is given.
    """

    def __init__(self, message: discord.Message, pace: Pace) -> None:
        super().__init__(is_layout=False)
        self._message = message
        self._pace = pace
        self.typing: asyncio.Task[None] | None = None
        self.thread: discord.Thread | None = None
        self._shown: discord.Message | None = None

    @property
    def channel_id(self) -> int | None:
        """The thread, else the message's own channel."""
        return (self.thread or self._message.channel).id

    async def _put(
        self, content: str | None, view: ui.View | ui.LayoutView | None, files: Sequence[discord.File]
    ) -> int:
        if self.typing is not None:
            self.typing.cancel()
        async with self._pace.turn():
            return await self._show(content, view, files)

    async def _show(
        self, content: str | None, view: ui.View | ui.LayoutView | None, files: Sequence[discord.File]
    ) -> int:
        if self._shown is not None:
            try:
                change = partial(self._shown.edit, content=content, view=view, attachments=list(files))
                self._shown = await (change() if files else again(change))
            except discord.HTTPException as error:
                # Somebody deleted the notice, or closed its thread; the answer still has to come.
                if error.status != 404 and error.code not in CLOSED_PLACE:
                    raise
                self._shown = None
        if self._shown is None:
            given: dict[str, Any] = {} if view is None else {"view": view}
            # Discord takes one message of a number only, however often it is sent.
            given["nonce"] = secrets.randbits(63)
            send = partial(self._send, content, given, files)
            self._shown = await (send() if files else again(send))
        return self._shown.id

    async def _send(self, content: str | None, given: dict[str, Any], files: Sequence[discord.File]) -> discord.Message:
        if self.thread is not None:
            try:
                return await self.thread.send(content, files=list(files), **given)
            except discord.HTTPException as error:
                if error.code not in CLOSED_PLACE:
                    raise
                # A moderator deleted or locked the thread meanwhile; whoever asked still gets an answer.
                self.thread = None
        try:
            return await self._message.reply(content, files=list(files), **given)
        except discord.HTTPException as error:
            # 50035 with a reference: the question was deleted meanwhile. Its channel still gets the answer.
            if error.code != 50035 or "message_reference" not in error.text:
                raise
            return await self._message.channel.send(content, files=list(files), **given)


def _rows(items: Sequence[ui.Item[Any]]) -> list[list[ui.Item[Any]]]:
    """Rows of at most five buttons; a select menu fills a row of its own."""
    rows: list[list[ui.Item[Any]]] = []
    width = 5
    for item in items:
        if width + item.width > 5:
            rows.append([])
            width = 0
        rows[-1].append(item)
        width += item.width
    return rows


def _cut(text: str) -> str:
    """Text that fits a message; what is longer ends at a line or a word."""
    if len(text) <= LONGEST_CONTENT:
        return text
    head = text[: LONGEST_CONTENT - 2]
    end = max(head.rfind("\n"), head.rfind(" "))
    return (head[:end] if end > LONGEST_CONTENT // 2 else head) + " …"
