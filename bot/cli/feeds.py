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

from bot.cli.context import AsJson, Context, ExitCode, well_formed
from bot.render.envelope import shape
from bot.render.formatters import plural
from bot.render.json_shapes import refresh_fields
from bot.service import feeds as kept
from bot.service.poll import Polling, Round, poll_feeds
from corpus.article import SHARED_COLLECTION
from corpus.errors import BadInput
from corpus.feeds.feed import Feed, PollReport
from corpus.feeds.opml import read_opml, write_opml
from index.embedding.embedder import SentenceEmbedder

FeedNumber = Annotated[
    int, typer.Argument(metavar="NUMBER", help="The feed's number, as `attache feeds list` shows it.")
]
Collection = Annotated[str, typer.Option("--collection", help="The collection that their articles go into.")]

# The largest OPML file that is read.
MOST_OPML_BYTES = 5 * 1024 * 1024

group = typer.Typer(help="The feeds that the corpus is kept current from.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    group.command()(add)
    group.command(name="list")(show)
    group.command()(remove)
    group.command()(pause)
    group.command()(resume)
    group.command()(check)
    group.command(name="poll")(poll_now)
    group.command(name="import")(take_list)
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
    """Look at feeds and add them; `attache poll` or the bot gets their articles."""
    shared: Context = context.obj
    found = []
    for url in urls:
        checked = kept.check_feed(shared.settings, well_formed(url))
        feed = kept.add_feed(
            shared.settings,
            checked,
            collection=well_formed(collection),
            publisher=well_formed(publisher) if publisher else None,
        )
        found.append(feed)
        if not as_json:
            entries = plural(len(checked.listing.entries), "entry", "entries")
            shared.out.print(Text(f"Feed {feed.id}, {feed.name}: {checked.listing.kind} with {entries}."))
    if as_json:
        shared.print_json(shape("feeds", {"feeds": [_fields(each) for each in found]}))


def show(context: typer.Context, as_json: AsJson = False) -> None:
    """List the feeds with their state and when each is polled next."""
    shared: Context = context.obj
    found = kept.list_feeds(shared.settings)
    if as_json:
        shared.print_json(shape("feeds", {"feeds": [_fields(each) for each in found]}))
    elif not found:
        shared.out.print("There are no feeds yet; `attache feeds add URL` adds one.")
    else:
        shared.out.print(_table(found))


def remove(context: typer.Context, feed_id: FeedNumber, as_json: AsJson = False) -> None:
    """Remove a feed; the articles that came from it stay."""
    shared: Context = context.obj
    _tell(shared, kept.remove_feed(shared.settings, feed_id), "was removed; its articles stay", as_json=as_json)


def pause(context: typer.Context, feed_id: FeedNumber, as_json: AsJson = False) -> None:
    """Poll a feed no more until it is resumed."""
    shared: Context = context.obj
    _tell(shared, kept.pause_feed(shared.settings, feed_id), "is paused", as_json=as_json)


def resume(context: typer.Context, feed_id: FeedNumber, as_json: AsJson = False) -> None:
    """Poll a paused or failing feed again."""
    shared: Context = context.obj
    feed = kept.pause_feed(shared.settings, feed_id, resume=True)
    _tell(shared, feed, "is polled again", as_json=as_json)


def check(
    context: typer.Context,
    feed: Annotated[str, typer.Argument(metavar="NUMBER_OR_URL", help="A feed's number, or any address.")],
    as_json: AsJson = False,
) -> None:
    """Look at a feed and say what it lists; nothing is stored."""
    shared: Context = context.obj
    url = _find(shared, int(feed)).url if feed.isascii() and feed.isdigit() else well_formed(feed)
    checked = kept.check_feed(shared.settings, url)
    listing = checked.listing
    if as_json:
        listed = [asdict(entry) for entry in listing.entries]
        content = {"url": checked.url, "format": listing.kind, "title": listing.title, "entries": listed}
        shared.print_json(shape("feed", content))
        return
    dates = [entry.published_at for entry in listing.entries if entry.published_at]
    newest = f", the newest of {max(dates)[:10]}" if dates else ""
    entries = plural(len(listing.entries), "entry", "entries")
    shared.out.print(Text(f"{listing.title or checked.url}: {listing.kind} with {entries}{newest}."))
    for entry in listing.entries[:10]:
        shared.out.print(Text(f"  {entry.published_at[:10] or '----------'}  {entry.title or entry.url or '?'}"))


def poll_now(
    context: typer.Context,
    feed_ids: Annotated[
        list[int] | None, typer.Argument(metavar="NUMBER", help="Feeds to poll, due or not; all that are due if none.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Poll feeds now and take in what is new; exit code 1 when one failed."""
    shared: Context = context.obj
    for feed_id in feed_ids or ():
        _find(shared, feed_id)
    stop = threading.Event()
    polling = Polling(shared.settings, SentenceEmbedder(shared.settings.model), stop)
    with shared.row_progress("Polling", len(feed_ids or polling.due())) as advance:
        done = poll_feeds(polling, shared.settings, feed_ids or (), advance)
    if as_json:
        shared.print_json(_round_shape(done))
    else:
        _show_round(shared, done)
    if any(each.error for each in done.polls):
        raise typer.Exit(ExitCode.FAILURE)


def take_list(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="OPML", help="A list of feeds that another program exported.")],
    collection: Collection = SHARED_COLLECTION,
    as_json: AsJson = False,
) -> None:
    """Add the feeds of an OPML file; they are looked at when they are polled first."""
    shared: Context = context.obj
    try:
        with file.open("rb") as opened:
            raw = opened.read(MOST_OPML_BYTES + 1)
    except OSError as error:
        raise BadInput(f"The file {file} can't be read ({error.strerror}).", "Check the path.") from error
    if len(raw) > MOST_OPML_BYTES:
        raise BadInput(f"The file {file} is larger than any list of feeds.", "Split it.")
    outlines = [(each.url, each.title) for each in read_opml(raw)]
    added, refused = kept.import_feeds(shared.settings, outlines, well_formed(collection))
    if as_json:
        shared.print_json(shape("feeds_import", {"listed": len(outlines), "added": added, "refused": refused}))
    else:
        shared.out.print(f"{plural(added, 'feed')} of {len(outlines):,} added.")
        for url in refused:
            shared.out.print(Text(f"  Not an address that can be polled: {url[:200]}", style="yellow"))
    if refused:
        raise typer.Exit(ExitCode.FAILURE)


def export(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="OPML", help="Where to write it; standard output if none.")
    ] = None,
) -> None:
    """Write the feeds as OPML, which other programs import."""
    shared: Context = context.obj
    text = write_opml(kept.list_feeds(shared.settings))
    if file is None:
        sys.stdout.write(text)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"The file {file} can't be written ({error.strerror}).", "Choose another place.") from error


def poll(
    context: typer.Context,
    watch: Annotated[bool, typer.Option("--watch", help="Go on polling until stopped (Ctrl-C or SIGTERM).")] = False,
    as_json: AsJson = False,
) -> None:
    """Poll the feeds that are due; with --watch for ever. `attache bot` does so by itself."""
    if not watch:
        poll_now(context, None, as_json)
        return
    shared: Context = context.obj
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    polling = Polling(shared.settings, SentenceEmbedder(shared.settings.model), stop)
    shared.notify("Polling; Ctrl-C stops it after the present article.")

    def on_round(done: Round) -> None:
        if as_json:
            shared.print_json(_round_shape(done))
        else:
            _show_round(shared, done)

    with suppress(KeyboardInterrupt):
        polling.watch(on_round)


def _find(shared: Context, feed_id: int) -> Feed:
    found = next((feed for feed in kept.list_feeds(shared.settings) if feed.id == feed_id), None)
    if found is None:
        raise BadInput(f"There is no feed {feed_id}.", "`attache feeds list` shows the numbers.")
    return found


def _tell(shared: Context, feed: Feed, what: str, *, as_json: bool) -> None:
    if as_json:
        shared.print_json(shape("feeds", {"feeds": [_fields(feed)]}))
    else:
        shared.out.print(Text(f"Feed {feed.id}, {feed.name}, {what}."))


def _fields(feed: Feed) -> dict[str, object]:
    return {**asdict(feed), "state": feed.state}


def _table(feeds: list[Feed]) -> Table:
    table = Table("no.", "feed", "collection", "state", "every", "next poll", box=None, padding=(0, 2, 0, 0))
    for feed in feeds:
        state = f"{feed.state}: {feed.last_error}" if feed.last_error else feed.state
        coming = "" if feed.is_paused else feed.next_poll[:16].replace("T", " ")
        name = Text(feed.name[:80])
        table.add_row(str(feed.id), name, Text(feed.collection), Text(state), f"{feed.interval_s // 60} min", coming)
    return table


def _show_round(shared: Context, done: Round) -> None:
    for each in done.polls:
        shared.out.print(Text(f"{each.feed.name}: {_outcome(each)}", style="red" if each.error else ""))
    if done.problem:
        shared.notify(f"{done.problem} It is tried again soon.")
    elif not done.polls:
        shared.out.print("No feed is due.")


def _outcome(report: PollReport) -> str:
    if report.error:
        return report.error
    counts = (
        (report.added, "added"), (report.updated, "updated"), (report.known, "known already"),
        (report.excerpts, "as excerpts"), (report.waiting, "to be tried again"), (report.refused, "not taken in"),
    )  # fmt: skip
    return ", ".join(f"{count:,} {name}" for count, name in counts if count) or "nothing new"


def _round_shape(done: Round) -> dict[str, object]:
    polls = [{**asdict(each), "feed": _fields(each.feed)} for each in done.polls]
    index = refresh_fields(done.index) if done.index else None
    return shape("poll", {"polls": polls, "index": index, "problem": done.problem})
