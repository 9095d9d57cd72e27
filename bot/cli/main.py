"""The `attache` command: its commands, its common options, and how failures leave it."""

import io
import logging
import secrets
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.commands import Program
from bot.cli.context import Context, ExitCode, fail
from bot.settings import Settings
from corpus.errors import AttacheError

app = typer.Typer(
    name="attache",
    cls=Program,
    help="Answers questions about world affairs from the news articles you feed it: quoted, dated and cited.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def common(
    context: typer.Context,
    data_dir: Annotated[
        Path | None,
        typer.Option("--data-dir", help="Where the database and the index live. [default: ./data]", show_default=False),
    ] = None,
) -> None:
    """Settings come from the options, then the environment (ATTACHE_...), then `.env`."""
    context.obj = Context(lambda: Settings.load(data_dir=data_dir))


def main(run: Callable[[], object] = app) -> None:
    """Runs the command line, or another entry; every failure ends in one plain sentence and an exit code."""
    # Libraries warn about things that the user can do nothing about.
    logging.getLogger("transformers").setLevel(logging.ERROR)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that knows ASCII only gets question marks rather than a failure.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    as_json = "--json" in sys.argv
    try:
        run()
    except AttacheError as error:
        fail(error, as_json=as_json)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. What was stored before is safe; run the command again to go on.\n")
        sys.exit(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        sys.exit(ExitCode.FAILURE)
    except Exception:  # noqa: BLE001 - the last line of defence: a sentence for the user, the traceback for us
        fail(_incident(), as_json=as_json)


def _incident() -> AttacheError:
    """Writes the traceback of the present failure where it can be found, and says so in a sentence."""
    incident, details = secrets.token_hex(4), traceback.format_exc()
    log = Path("attache-error.log")
    try:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"incident {incident}\n{details}\n")
        where = f"The details are in {log.resolve()}; please report them."
    except OSError:
        sys.stderr.write(details)
        where = "The details stand above; please report them."
    return AttacheError(f"Something went wrong that should not have (incident {incident}).", where)
