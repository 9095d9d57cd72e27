"""Draws charts in a thread of its own, so that no answer waits for a picture."""

import asyncio
import io
import time

import discord
import structlog

from bot.discord.i18n.phrases import Phrases
from bot.discord.views.story_lines import plain_day
from bot.render.time_chart import Chart, draw_chart
from bot.worker_thread import Worker

log = structlog.get_logger(__name__)

# A page is shown without its picture if that takes longer, in seconds; the first one imports matplotlib.
PATIENCE_S = 12.0
# discord.com/developers/docs/components/reference: characters of the description of a picture.
_LONGEST_ALT = 1024


class PictureWorker:
    """Draws charts for messages."""

    def __init__(self) -> None:
        self._thread = Worker("pictures")

    async def draw(self, chart: Chart | None, name: str, alt: str, phrases: Phrases) -> discord.File | None:
        """Return a chart as a picture with its alt text; None where there is nothing to draw, or it can't be drawn."""
        if chart is None:
            return None
        began = time.monotonic()
        drawing = asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: draw_chart(chart, lambda day: plain_day(day, phrases))
        )
        try:
            image = await asyncio.wait_for(drawing, PATIENCE_S)
        except Exception as error:  # noqa: BLE001 - the text says all that the picture shows
            log.warning("no picture", failure=type(error).__name__, seconds=round(time.monotonic() - began, 1))
            return None
        return discord.File(io.BytesIO(image), f"{name}.png", description=alt[:_LONGEST_ALT])

    def close(self) -> None:
        """Draw nothing more."""
        self._thread.shutdown(wait=False, cancel_futures=True)
