"""The `attache` command: common options, and how errors end it."""

import io
import logging
import secrets
import sys
import traceback
import warnings
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
        typer.Option("--data-dir", help="Folder with database and index. [default: ./data]", show_default=False),
    ] = None,
) -> None:
    """Settings come from the options, then the environment (ATTACHE_...), then `.env`."""
    context.obj = Context(lambda: Settings.load(data_dir=data_dir))


def main(run: Callable[[], object] = app) -> None:
    """Run the command line, or another entry point; print every error as one sentence and exit with a code."""
    # Libraries warn about things that users can't change.
    logging.getLogger("transformers").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module=r"dateutil\.")
    for stream in (sys.stdout, sys.stderr):
        # An ASCII terminal gets question marks rather than an error.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    as_json = "--json" in sys.argv
    try:
        run()
    except AttacheError as error:
        fail(error, as_json=as_json)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. Everything stored so far is safe; run the command again to continue.\n")
        sys.exit(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        sys.exit(ExitCode.FAILURE)
    except Exception:  # noqa: BLE001 - last-resort error handler: a sentence for the user, the traceback in a file
        fail(_incident(), as_json=as_json)


def _incident() -> AttacheError:
    """Write the current traceback to `attache-error.log` and return an error that says so."""
    incident, details = secrets.token_hex(4), traceback.format_exc()
    log = Path("attache-error.log")
    try:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"incident {incident}\n{details}\n")
        where = f"The details are in {log.resolve()}; please report them."
    except OSError:
        sys.stderr.write(details)
        where = "The details are above; please report them."
    return AttacheError(f"An unexpected error occurred (incident {incident}).", where)
