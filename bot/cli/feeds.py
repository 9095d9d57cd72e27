"""`attache feeds ...` and `attache poll`."""

import signal
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.cli.context import LARGEST_NUMBER, AsJson, Context, ExitCode, collection_name, well_formed
from bot.render.envelope import shape
from bot.render.formatters import plural
from bot.service import feeds as service
from bot.service.poll import PollLoop, PollRound
from bot.service.sessions import load_embedder
from corpus.article import SHARED_COLLECTION
from corpus.errors import BadInput
from corpus.feeds.feed import Feed, PollReport

FeedNumber = Annotated[
    int,
    typer.Argument(max=LARGEST_NUMBER, metavar="NUMBER", help="The feed's number, as `attache feeds list` shows it."),
]
Collection = Annotated[str, typer.Option("--collection", help="The collection for their articles.")]

group = typer.Typer(help="Manage the feeds that keep the corpus current.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Register the commands of this module."""
    group.command()(add)
    group.command(name="list")(show)
    group.command()(remove)
    group.command()(pause)
    group.command()(resume)
    group.command()(check)
    group.command(name="poll")(poll_now)
    group.command(name="import")(import_list)
    group.command()(export)
    app.add_typer(group, name="feeds")
    app.command()(poll)


def add(
    context: typer.Context,
    urls: Annotated[list[str], typer.Argument(metavar="URL", help="Feeds, sitemaps, or pages that name a feed.")],
    collection: Collection = SHARED_COLLECTION,
    publisher: Annotated[
        str | None, typer.Option("--publisher", help="The publisher of articles that state none.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check feeds and add them; `attache poll` or the bot fetches their articles."""
    shared: Context = context.obj
    collection = collection_name(collection)
    found: list[Feed] = []
    for url in urls:
        checked = service.check_feed(shared.settings, well_formed(url))
        feed = service.add_feed(
            shared.settings, checked, collection=collection, publisher=well_formed(publisher) if publisher else None
        )
        found.append(feed)
        if not as_json:
            entries = plural(len(checked.listing.entries), "entry", "entries")
            shared.out.print(Text(f"Feed {feed.id}, {feed.name}: {checked.listing.kind} with {entries}."))
    if as_json:
        _print_feeds(shared, found)


def show(context: typer.Context, as_json: AsJson = False) -> None:
    """List the feeds with their state and next poll."""
    shared: Context = context.obj
    found = service.list_feeds(shared.settings)
    if as_json:
        _print_feeds(shared, found)
    elif not found:
        shared.out.print("There are no feeds yet; `attache feeds add URL` adds one.")
    else:
        shared.out.print(_table(found))


def remove(context: typer.Context, feed_id: FeedNumber, as_json: AsJson = False) -> None:
    """Remove a feed, but not its articles."""
    shared: Context = context.obj
    feed = service.remove_feed(shared.settings, feed_id)
    _print_outcome(shared, feed, "was removed; its articles stay", as_json=as_json)


def pause(context: typer.Context, feed_id: FeedNumber, as_json: AsJson = False) -> None:
    """Stop polling a feed until it is resumed."""
    shared: Context = context.obj
    _print_outcome(shared, service.pause_feed(shared.settings, feed_id), "is paused", as_json=as_json)


def resume(context: typer.Context, feed_id: FeedNumber, as_json: AsJson = False) -> None:
    """Poll a paused or failing feed again."""
    shared: Context = context.obj
    _print_outcome(shared, service.resume_feed(shared.settings, feed_id), "is polled again", as_json=as_json)


def check(
    context: typer.Context,
    feed: Annotated[str, typer.Argument(metavar="NUMBER_OR_URL", help="A feed's number, or any address.")],
    as_json: AsJson = False,
) -> None:
    """Show what a feed lists, without storing anything."""
    shared: Context = context.obj
    is_number = feed.isascii() and feed.isdigit()
    url = service.get_feed(shared.settings, int(feed)).url if is_number else well_formed(feed)
    checked = service.check_feed(shared.settings, url)
    listing = checked.listing
    if as_json:
        entries = [asdict(entry) for entry in listing.entries]
        content = {"url": checked.url, "format": listing.kind, "title": listing.title, "entries": entries}
        shared.print_json(shape("feed", content))
        return
    dates = [entry.published_at for entry in listing.entries if entry.published_at]
    newest = f", newest {max(dates)[:10]}" if dates else ""
    count = plural(len(listing.entries), "entry", "entries")
    shared.out.print(Text(f"{listing.title or checked.url}: {listing.kind} with {count}{newest}."))
    for entry in listing.entries[:10]:
        shared.out.print(Text(f"  {entry.published_at[:10] or '----------'}  {entry.title or entry.url or '?'}"))


def poll_now(
    context: typer.Context,
    feed_ids: Annotated[
        list[int] | None, typer.Argument(metavar="NUMBER", help="Feeds to poll, due or not; by default all due feeds.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Poll feeds now and add their new articles; exit code 1 if a feed fails."""
    shared: Context = context.obj
    settings = shared.settings
    chosen = [service.get_feed(settings, feed_id) for feed_id in feed_ids or ()]
    loop = PollLoop(settings, load_embedder(settings), threading.Event())
    feeds = chosen or loop.due()
    with shared.row_progress("Polling", len(feeds)) as advance:
        done = loop.poll_round(feeds, force=bool(chosen), on_poll=advance)
    _print_round(shared, done, as_json=as_json)
    if done.problem or any(each.error for each in done.polls):
        raise typer.Exit(ExitCode.FAILURE)


def import_list(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="OPML", help="A list of feeds that another program exported.")],
    collection: Collection = SHARED_COLLECTION,
    as_json: AsJson = False,
) -> None:
    """Add the feeds of an OPML file; the first poll checks them."""
    shared: Context = context.obj
    done = service.import_opml(shared.settings, file, collection_name(collection))
    if as_json:
        shared.print_json(shape("feeds_import", asdict(done)))
    else:
        shared.out.print(f"Added {done.added:,} of {plural(done.listed, 'feed')}.")
        for url in done.refused:
            shared.out.print(Text(f"  Not an address that can be polled: {url[:200]}", style="yellow"))
    if done.refused:
        raise typer.Exit(ExitCode.FAILURE)


def export(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="OPML", help="The file; by default standard output.")] = None,
) -> None:
    """Write the feeds as OPML, which other programs can import."""
    shared: Context = context.obj
    text = service.export_opml(shared.settings)
    if file is None:
        sys.stdout.write(text)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"The file {file} can't be written ({error.strerror}).", "Choose another place.") from error


def poll(
    context: typer.Context,
    watch: Annotated[bool, typer.Option("--watch", help="Keep polling until stopped (Ctrl-C or SIGTERM).")] = False,
    as_json: AsJson = False,
) -> None:
    """Poll the feeds that are due, with --watch until stopped. `attache bot` polls by itself."""
    if not watch:
        poll_now(context, None, as_json)
        return
    shared: Context = context.obj
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    loop = PollLoop(shared.settings, load_embedder(shared.settings), stop)
    shared.notify("Polling; Ctrl-C stops it after the current article.")
    with suppress(KeyboardInterrupt):
        loop.watch(lambda done: _print_round(shared, done, as_json=as_json))


def _print_feeds(shared: Context, feeds: list[Feed]) -> None:
    shared.print_json(shape("feeds", {"feeds": [_fields(each) for each in feeds]}))


def _print_outcome(shared: Context, feed: Feed, outcome: str, *, as_json: bool) -> None:
    if as_json:
        _print_feeds(shared, [feed])
    else:
        shared.out.print(Text(f"Feed {feed.id}, {feed.name}, {outcome}."))


def _fields(feed: Feed) -> dict[str, object]:
    return {**asdict(feed), "state": feed.state}


def _table(feeds: list[Feed]) -> Table:
    table = Table("no.", "feed", "collection", "state", "every", "next poll", box=None, padding=(0, 2, 0, 0))
    for feed in feeds:
        state = f"{feed.state}: {feed.last_error}" if feed.last_error else feed.state
        next_poll = "" if feed.is_paused else feed.next_poll[:16].replace("T", " ")
        name = Text(feed.name[:80])
        table.add_row(str(feed.id), name, Text(feed.collection), Text(state), f"{feed.interval_s // 60} min", next_poll)
    return table


def _print_round(shared: Context, done: PollRound, *, as_json: bool) -> None:
    if as_json:
        polls = [{**asdict(each), "feed": _fields(each.feed)} for each in done.polls]
        index = asdict(done.index) if done.index else None
        shared.print_json(shape("poll", {"polls": polls, "index": index, "problem": done.problem}))
        return
    for each in done.polls:
        shared.out.print(Text(f"{each.feed.name}: {_summary(each)}", style="red" if each.error else ""))
    if done.problem:
        shared.notify(f"{done.problem} It will be tried again soon.")
    elif not done.polls:
        shared.out.print("No feed is due.")


def _summary(report: PollReport) -> str:
    if report.error:
        return report.error
    counts = (
        (report.added, "added"), (report.updated, "updated"), (report.known, "already known"),
        (report.excerpts, "as excerpts"), (report.waiting, "to be retried"), (report.refused, "refused"),
    )  # fmt: skip
    return ", ".join(f"{count:,} {name}" for count, name in counts if count) or "nothing new"
