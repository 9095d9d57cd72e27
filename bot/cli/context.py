"""What every command shares: settings, consoles, exit codes, and how to fail."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from bot.render.envelope import error_shape
from bot.render.sizes import size
from bot.service.ingest_progress import FeedProgress
from bot.settings import BadSettings, Settings
from corpus.errors import AttacheError, BadInput

if TYPE_CHECKING:
    from corpus.ingest import IngestProgress
    from index.embedding.vector_store import EmbeddingProgress

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    FAILURE = 1
    BAD_USAGE = 2
    NOT_FOUND = 3
    INTERRUPTED = 130


@dataclass
class Context:
    """What the common options gave; settings are read when a command first needs them."""

    load_settings: Callable[[], Settings]
    out: Console = field(default_factory=lambda: Console(highlight=False))
    err: Console = field(default_factory=lambda: Console(stderr=True, highlight=False))

    @cached_property
    def settings(self) -> Settings:
        """The settings of this run."""
        return self.load_settings()

    def notify(self, sentence: str) -> None:
        """Tells the user what happens, beside the output proper."""
        self.err.print(Text(sentence, style="yellow"))

    def print_json(self, content: dict[str, Any]) -> None:
        """Prints one JSON document."""
        sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")

    @contextmanager
    def feed_progress(self) -> Iterator[FeedProgress]:
        """Progress bars for fetching, reading and embedding, with rate and time left, on standard error."""
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            _Amount(),
            _Rate(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self.err, transient=True) as bars:
            fetching = bars.add_task("Fetching", total=None, unit="links", visible=False)
            reading = bars.add_task("Reading", total=None, unit="articles")
            embedding = bars.add_task("Embedding", total=None, unit="passages", visible=False)

            def on_fetching(done: int) -> None:
                bars.update(fetching, completed=done, count=done, visible=True)

            def on_reading(progress: "IngestProgress") -> None:
                bars.update(fetching, visible=False)
                bars.update(
                    reading,
                    total=max(progress.total_bytes, progress.done_bytes),
                    completed=progress.done_bytes,
                    count=progress.articles,
                )

            def on_embedding(progress: "EmbeddingProgress") -> None:
                bars.update(reading, visible=False)
                bars.update(
                    embedding,
                    total=progress.total,
                    completed=progress.done,
                    count=progress.done,
                    visible=True,
                )

            yield FeedProgress(on_reading, on_embedding, fetching=on_fetching)

    @contextmanager
    def row_progress(self, what: str, total: int) -> Iterator[Callable[[], None]]:
        """A progress bar over rows; yields what to call after each."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=self.err, transient=True) as bars:
            task = bars.add_task(what, total=total)
            yield lambda: bars.advance(task)


class _Amount(ProgressColumn):
    """`1,204 articles`, or for a bare byte count its size."""

    def render(self, task: Task) -> Text:
        """The amount done, in the task's unit."""
        count = task.fields.get("count")
        return Text(f"{count:,} {task.fields['unit']}" if count is not None else size(task.completed))


class _Rate(ProgressColumn):
    """Units a second."""

    def render(self, task: Task) -> Text:
        """The rate since the start."""
        count, elapsed = task.fields.get("count"), task.elapsed
        return Text(f"{count / elapsed:,.0f}/s" if count and elapsed else "", style="dim")


def well_formed(text: str) -> str:
    """Text from the command line that can be stored and printed: bytes that are no UTF-8 become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def fail(error: AttacheError, *, as_json: bool) -> NoReturn:
    """Says what went wrong in one sentence and what to do next, and ends the process."""
    if as_json:
        sys.stdout.write(json.dumps(error_shape(error), ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stderr.write(f"{error.message}\n" + (f"{error.hint}\n" if error.hint else ""))
    sys.exit(ExitCode.BAD_USAGE if isinstance(error, BadInput | BadSettings) else ExitCode.FAILURE)
