"""`attache status` and `attache doctor`."""

from collections import Counter
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.cli.context import AsJson, Context, ExitCode
from bot.render.envelope import shape
from bot.render.formatters import UNKNOWN_PUBLISHER, period, plural, publisher_words
from bot.render.sizes import size
from bot.service.doctor import Check, run_checks
from bot.service.repair import repair
from bot.service.sessions import load_embedder
from bot.service.status import FeedState, Status, read_status
from corpus.errors import StorageFailure
from index.errors import IndexUnreachable, ModelUnavailable

_MAX_PUBLISHERS = 10
_MAX_FAILING = 10


def register(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(status)
    app.command()(doctor)


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Show what the data folder contains."""
    shared: Context = context.obj
    found = read_status(shared.settings)
    if as_json:
        shared.print_json(shape("status", asdict(found)))
    else:
        shared.out.print(_status_table(found))


def doctor(
    context: typer.Context,
    mend: Annotated[bool, typer.Option("--repair", help="Rebuild what can be made from the stored articles.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check the data folder, the index and the settings; exit code 1 if a check fails."""
    shared: Context = context.obj
    settings = shared.settings
    passed = not mend or _repaired(shared)
    checks = run_checks(settings)
    passed = passed and all(check.passed for check in checks)
    if as_json:
        shared.print_json(shape("doctor", {"passed": passed, "checks": [asdict(check) for check in checks]}))
    else:
        shared.out.print(_check_table(checks))
    if not passed:
        raise typer.Exit(ExitCode.FAILURE)


def _repaired(shared: Context) -> bool:
    """Repair what can be; return False, and say why, where that ends early: the checks then show what is left."""
    try:
        repair(shared.settings, load_embedder(shared.settings), shared.notify)
    except (StorageFailure, ModelUnavailable, IndexUnreachable) as failure:
        shared.notify(str(failure))
        return False
    return True


def _status_table(found: Status) -> Table:
    facts, manifest = found.facts, found.manifest
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    undated = f", {facts.undated:,} undated" if facts.undated else ""
    table.add_row("articles", f"{facts.articles:,} {period(facts.first_date, facts.last_date)}{undated}")
    table.add_row("former versions", f"{facts.versions:,}")
    table.add_row("passages", f"{facts.passages:,}")
    shown = found.publishers[:_MAX_PUBLISHERS]
    names = ", ".join(f"{publisher_words(each) or UNKNOWN_PUBLISHER} ({each.articles:,})" for each in shown)
    more = len(found.publishers) - len(shown)
    table.add_row("publishers", Text(names + (f" and {more:,} more" if more else "")))
    table.add_row("model", found.model)
    if manifest is None:
        table.add_row("index", "none yet; `attache reindex` builds it")
    else:
        state = "up to date" if found.is_index_current else "out of date; `attache reindex` updates it"
        if found.joined_passages or found.gone_passages:
            state += (
                f" ({found.joined_passages:,} passages added and {found.gone_passages:,} removed since it was built)"
            )
        table.add_row("index", f"{found.generation}, {plural(manifest.count, 'vector')}, {manifest.kind}, {state}")
    if found.unembedded_texts:
        table.add_row("without vectors", plural(found.unembedded_texts, "text"))
    if found.feeds:
        table.add_row("feeds", Text(_feeds_text(found.feeds)))
    table.add_row("size", f"database {size(found.database_bytes)}, index {size(found.index_bytes)}")
    table.add_row("data folder", Text(found.data_dir))
    return table


def _feeds_text(feeds: list[FeedState]) -> str:
    counts = Counter(each.state for each in feeds)
    lines = [", ".join(f"{count:,} {state}" for state, count in counts.most_common())]
    failing = [each for each in feeds if each.last_error]
    lines += [f"no. {each.id}, {each.name[:60]}: {each.state}, {each.last_error}" for each in failing[:_MAX_FAILING]]
    if len(failing) > _MAX_FAILING:
        lines.append(f"and {len(failing) - _MAX_FAILING:,} more; `attache feeds list` shows all")
    return "\n".join(lines)


def _check_table(checks: list[Check]) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for check in checks:
        mark = Text("pass", style="green") if check.passed else Text("FAIL", style="bold red")
        found = check.found if check.passed else f"{check.found}\n{check.remedy}"
        table.add_row(mark, check.name, Text(found))
    return table
