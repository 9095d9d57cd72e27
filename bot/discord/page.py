"""What is shown as one message, and the two ways to show it: as the reply to a message, and to an interaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import discord
import structlog
from discord import ui

log = structlog.get_logger(__name__)

# discord.com/developers/docs/resources/message: characters of content, and of all text in components v2.
LONGEST_CONTENT = 2000
LONGEST_LAYOUT = 4000


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


class InteractionDelivery:
    """Replies to an interaction that was deferred."""

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        self._interaction = interaction

    @property
    def channel_id(self) -> int | None:
        """The channel of the interaction."""
        return self._interaction.channel_id

    async def show(self, page: Page) -> int | None:
        """Shows a page in place of "is thinking", or of what was shown before."""
        edit = self._interaction.edit_original_response
        more: dict[str, Any] = {"attachments": list(page.files)} if page.files else {}
        if page.is_plain:
            return (await edit(content=page.content(), view=page.keys(), **more)).id
        try:
            return (await edit(content=None, view=page.layout(), **more)).id
        except discord.HTTPException as error:
            if error.status != 400:
                raise
            log.warning("layout refused", error=str(error))
            return (await edit(content=page.content(), view=page.keys(), **more)).id


class MessageDelivery:
    """Replies to a message, or writes into the thread that was opened for it."""

    def __init__(self, message: discord.Message, thread: discord.Thread | None = None) -> None:
        self._message = message
        self._thread = thread
        self._shown: discord.Message | None = None

    @property
    def channel_id(self) -> int | None:
        """The thread, else the message's own channel."""
        return (self._thread or self._message.channel).id

    async def show(self, page: Page) -> int | None:
        """Shows a page as a reply, or in place of what was shown before."""
        if page.is_plain:
            return await self._show(content=page.content(), view=page.keys())
        try:
            return await self._show(content=None, view=page.layout())
        except discord.HTTPException as error:
            if error.status != 400:
                raise
            log.warning("layout refused", error=str(error))
            return await self._show(content=page.content(), view=page.keys())

    async def _show(self, *, content: str | None, view: ui.View | ui.LayoutView | None) -> int:
        if self._shown is not None:
            self._shown = await self._shown.edit(content=content, view=view)
            return self._shown.id
        given: dict[str, Any] = {} if view is None else {"view": view}
        if self._thread is not None:
            self._shown = await self._thread.send(content, **given)
        else:
            try:
                self._shown = await self._message.reply(content, **given)
            except discord.HTTPException as error:
                # 50035 with a reference: the question was deleted meanwhile. Its channel still gets the answer.
                if error.code != 50035 or "message_reference" not in error.text:
                    raise
                self._shown = await self._message.channel.send(content, **given)
        return self._shown.id


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
