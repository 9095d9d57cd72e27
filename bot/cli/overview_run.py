"""Run `attache coverage`, `timeline` and `about`; apart from their options, since it imports what answers."""

from datetime import UTC, datetime
from pathlib import Path

import typer

from bot.cli.context import Context, ExitCode
from bot.cli.story_search import find_card
from bot.render.chart_rows import coverage_chart, timeline_chart
from bot.render.overview_words import (
    CHART_WORDS,
    about_shape,
    chart_day,
    coverage_shape,
    show_about,
    show_coverage,
    show_timeline,
    timeline_shape,
)
from bot.render.time_chart import Chart, draw_chart
from bot.service.about_page import about_page
from bot.service.attache import Attache
from bot.service.coverage import read_coverage
from bot.service.timeline import build_timeline
from corpus.dates import parse_published
from corpus.errors import BadInput
from index.filters import Filters


def run_coverage(
    shared: Context, text: str, filters: Filters, picture: Path | None, *, dark: bool, as_json: bool
) -> None:
    """Show a story's coverage.

    Raises:
        typer.Exit: no story is found.
    """
    card = find_card(shared, text, filters, as_json=as_json)
    found = read_coverage(shared.settings, filters, card.facts.id)
    if found is None:
        shared.nothing_found("The story is gone.", as_json=as_json)
    _draw(shared, coverage_chart(found, CHART_WORDS), picture, dark=dark)
    if as_json:
        shared.print_json(coverage_shape(found))
    else:
        show_coverage(shared.out, found)


def run_timeline(
    shared: Context,
    question: str,
    filters: Filters,
    seen: str | None,
    picture: Path | None,
    *,
    dark: bool,
    as_json: bool,
) -> None:
    """Show a question's timeline.

    Raises:
        typer.Exit: no article answers it.
        BadInput: the day isn't one.
    """
    last_visit = parse_published(seen) if seen else None
    if seen and last_visit is None:
        raise BadInput(f"The date “{seen[:60]}” isn't a day I understand.", "Try 2024-09-09.")
    with Attache(shared.settings, notify=shared.notify) as attache:
        found = build_timeline(attache, question, filters, datetime.now(UTC), last_visit)
    if found.statements:
        _draw(shared, timeline_chart(found, CHART_WORDS), picture, dark=dark)
    if as_json:
        shared.print_json(timeline_shape(found))
    elif found.statements:
        show_timeline(shared.out, found)
    else:
        shared.out.print("My articles hold no answer to that, so there is nothing to put in order.")
    if not found.statements:
        raise typer.Exit(ExitCode.NOT_FOUND)


def run_about(shared: Context, name: str, filters: Filters, *, as_json: bool) -> None:
    """Show a page about a country, group or person.

    Raises:
        typer.Exit: no article names it.
    """
    with Attache(shared.settings, notify=shared.notify) as attache:
        found = about_page(attache, name, filters, datetime.now(UTC))
    if found is None:
        shared.nothing_found("No article names it.", as_json=as_json)
    if as_json:
        shared.print_json(about_shape(found))
    else:
        show_about(shared.out, found)


def _draw(shared: Context, chart: Chart | None, picture: Path | None, *, dark: bool) -> None:
    if picture is None:
        return
    if chart is None:
        raise BadInput("Nothing in it has a date, so there is no picture.", "Leave out --picture.")
    try:
        picture.write_bytes(draw_chart(chart, chart_day, dark=dark))
    except OSError as error:
        raise BadInput(f"The file {picture} can't be written ({error.strerror}).", "Choose another.") from error
    shared.notify(f"Drawn into {picture}.")
