"""What every command shares: settings, consoles, progress bars, exit codes and failures."""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console, ConsoleOptions, RenderableType
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
from rich.segment import Segment
from rich.text import Text

from bot.render.envelope import error_shape
from bot.render.sizes import size
from bot.service.ingest_progress import ProgressCallbacks
from bot.settings import BadSettings, Settings
from corpus.collection_names import check_collection
from corpus.errors import AttacheError, BadInput

if TYPE_CHECKING:
    from corpus.ingest import IngestProgress
    from index.embedding.vector_store import EmbeddingProgress

# C0 and C1 except tab and line feed: a terminal obeys them.
# Those that would have the text around them read backwards, too.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

# SQLite has no larger ones.
LARGEST_NUMBER = 2**63 - 1

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Wait = Annotated[float, typer.Option("--wait", min=0, help="Seconds to wait while another program is writing.")]
Write = Annotated[
    bool, typer.Option("--write", help="Also in sentences of the model of ATTACHE_WRITER, each proven by its quotes.")
]


class ExitCode(IntEnum):
    """How a command ended."""

    FAILURE = 1
    BAD_USAGE = 2
    NOT_FOUND = 3
    INTERRUPTED = 130


class SafeConsole(Console):
    """A console whose texts can't control the terminal: articles and backups may hold escape sequences."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Yield the segments of what is printed, without control characters in their text."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=without_controls(segment.text))


@dataclass
class Context:
    """The common options; settings are read when a command first needs them."""

    load_settings: Callable[[], Settings]
    out: Console = field(default_factory=lambda: SafeConsole(highlight=False))
    err: Console = field(default_factory=lambda: SafeConsole(stderr=True, highlight=False))

    @cached_property
    def settings(self) -> Settings:
        """The settings of this run."""
        return self.load_settings()

    def notify(self, sentence: str) -> None:
        """Print a message to standard error."""
        self.err.print(Text(sentence, style="yellow"))

    def print_json(self, content: dict[str, Any]) -> None:
        """Print a JSON document."""
        sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")

    def nothing_found(self, sentence: str, hint: str = "", *, as_json: bool) -> NoReturn:
        """Say that there is nothing of what was asked for, and end the command.

        Raises:
            typer.Exit: always.
        """
        error = AttacheError(sentence, hint)
        if as_json:
            self.print_json(error_shape(error))
        else:
            self.out.print(Text(str(error)))
        raise typer.Exit(ExitCode.NOT_FOUND)

    @contextmanager
    def ingest_progress(self) -> Iterator[ProgressCallbacks]:
        """Show progress bars for fetching, reading and embedding on standard error."""
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
                total = max(progress.total_bytes, progress.done_bytes)
                bars.update(reading, total=total, completed=progress.done_bytes, count=progress.articles)

            def on_embedding(progress: "EmbeddingProgress") -> None:
                done = progress.done
                bars.update(reading, visible=False)
                bars.update(embedding, total=progress.total, completed=done, count=done, visible=True)

            yield ProgressCallbacks(on_reading, on_embedding, fetching=on_fetching)

    @contextmanager
    def row_progress(self, what: str, total: int) -> Iterator[Callable[[], None]]:
        """Show a progress bar over rows; yields a function to call after each."""
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=self.err, transient=True) as bars:
            task = bars.add_task(what, total=total)
            yield lambda: bars.advance(task)


class _Amount(ProgressColumn):
    """`1,204 articles`, or the size of a byte count."""

    def render(self, task: Task) -> Text:
        """Return the amount done, in the task's unit."""
        count = task.fields.get("count")
        return Text(f"{count:,} {task.fields['unit']}" if count is not None else size(task.completed))


class _Rate(ProgressColumn):
    """Units per second."""

    def render(self, task: Task) -> Text:
        """Return the mean rate since the start."""
        count, elapsed = task.fields.get("count"), task.elapsed
        return Text(f"{count / elapsed:,.0f}/s" if count and elapsed else "", style="dim")


def without_controls(text: str) -> str:
    """Return text with every control character except line feeds and tabs replaced."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)


def well_formed(text: str) -> str:
    """Return command-line text that can be stored and printed: bytes that aren't UTF-8 become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def collection_name(text: str) -> str:
    """Return the name of a collection that articles go into.

    Raises:
        BadInput: the collection can't have this name.
    """
    return check_collection(well_formed(text))


def fail(error: AttacheError, *, as_json: bool) -> NoReturn:
    """Print an error with its hint and exit."""
    if as_json:
        stream, text = sys.stdout, json.dumps(error_shape(error), ensure_ascii=False, indent=2) + "\n"
    else:
        stream, text = sys.stderr, without_controls(f"{error.message}\n" + (f"{error.hint}\n" if error.hint else ""))
    # It may be closed, or its disk full.
    with suppress(OSError, AttributeError):
        stream.write(text)
        stream.flush()
    sys.exit(ExitCode.BAD_USAGE if isinstance(error, BadInput | BadSettings) else ExitCode.FAILURE)
