"""`attache publishers ...` and `attache footers ...`."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.cli.context import LARGEST_NUMBER, AsJson, Context, Wait, well_formed
from bot.render.envelope import shape
from bot.render.formatters import country_name, plural
from bot.service import publishers as service
from bot.service.sessions import load_embedder
from corpus.errors import BadInput
from corpus.publishers.directory import PublisherEdit
from corpus.publishers.footers import Footer
from corpus.publishers.publisher import Kind, Publisher, name_key

Name = Annotated[str, typer.Argument(metavar="NAME", help="Its name, another of its names, or its domain.")]

group = typer.Typer(help="Manage what is known of publishers: country, kind, and state control.", no_args_is_help=True)
footers = typer.Typer(
    help="Manage the lines that are dropped from the ends of a publisher's articles.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Register the commands of this module."""
    group.command(name="list")(show_all)
    group.command()(show)
    group.command(name="set")(edit)
    group.command()(reset)
    footers.command(name="list")(show_footers)
    footers.command()(forget)
    footers.command()(clean)
    app.add_typer(group, name="publishers")
    app.add_typer(footers, name="footers")


def show_all(
    context: typer.Context,
    kind: Annotated[Kind | None, typer.Option("--kind", help="Only publishers of this kind.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the known publishers."""
    shared: Context = context.obj
    found = [each for each in service.read_publishers(shared.settings).all() if kind in {None, each.kind}]
    if as_json:
        shared.print_json(shape("publishers", {"publishers": [asdict(each) for each in found]}))
        return
    table = Table("publisher", "country", "kind", "state-controlled", box=None, padding=(0, 2, 0, 0))
    table.add_column("domains", overflow="fold")
    for each in found:
        name = Text(f"{each.name} (edited)" if each.is_edited else each.name)
        controlled = "yes" if each.state_controlled else ""
        table.add_row(name, country_name(each.country), each.kind, controlled, Text(" ".join(each.domains)))
    shared.out.print(table)


def show(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Show a publisher, with the source of its facts and the footers dropped from its articles."""
    shared: Context = context.obj
    known = service.read_publishers(shared.settings)
    found = known.find_by_name(well_formed(name))
    if found is None:
        raise BadInput(f"There is no publisher {name}.", "`attache publishers set NAME --kind ...` adds it.")
    dropped = [each for each in service.list_footers(shared.settings) if known.find_by_name(each.publisher) == found]
    if as_json:
        lines = [asdict(each) for each in dropped]
        shared.print_json(shape("publisher", {"publisher": asdict(found), "footers": lines}))
        return
    _print_publisher(shared, found, as_json=False)
    _print_footers(shared, dropped)


def edit(
    context: typer.Context,
    name: Name,
    domain: Annotated[
        list[str] | None, typer.Option("--domain", help="A domain of its pages, instead of the known ones; repeatable.")
    ] = None,
    country: Annotated[
        str | None, typer.Option("--country", help="Two letters of ISO 3166, such as QA; empty for none.")
    ] = None,
    kind: Annotated[Kind | None, typer.Option("--kind", help="What it is.")] = None,
    state_controlled: Annotated[
        bool | None, typer.Option("--state-controlled/--no-state-controlled", help="Whether a state controls it.")
    ] = None,
    source: Annotated[str | None, typer.Option("--source", help="Where that is stated.")] = None,
    as_json: AsJson = False,
) -> None:
    """Edit a publisher or add one; upgrades keep the edit."""
    shared: Context = context.obj
    changes = PublisherEdit(
        domains=None if domain is None else tuple(map(well_formed, domain)),
        country=None if country is None else well_formed(country),
        kind=kind,
        state_controlled=state_controlled,
        source=None if source is None else well_formed(source),
    )
    found = service.edit_publisher(shared.settings, well_formed(name), changes)
    _print_publisher(shared, found, as_json=as_json)


def reset(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Undo the edits of a publisher; removes one that you added."""
    shared: Context = context.obj
    found = service.reset_publisher(shared.settings, well_formed(name))
    if found is not None:
        _print_publisher(shared, found, as_json=as_json)
    elif as_json:
        shared.print_json(shape("publisher", {"publisher": None}))
    else:
        shared.out.print(Text(f"{name} is no longer in the table."))


def show_footers(
    context: typer.Context,
    publisher: Annotated[str | None, typer.Option("--publisher", help="Only lines of this publisher.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the lines learnt as footers; forgotten ones are marked."""
    shared: Context = context.obj
    wanted = name_key(well_formed(publisher)) if publisher else None
    found = [each for each in service.list_footers(shared.settings) if wanted in {None, name_key(each.publisher)}]
    if as_json:
        shared.print_json(shape("footers", {"footers": [asdict(each) for each in found]}))
    elif not found:
        shared.out.print("No footers are known yet; they are learnt as articles come in.")
    else:
        _print_footers(shared, found)


def forget(
    context: typer.Context,
    footer_id: Annotated[
        int, typer.Argument(max=LARGEST_NUMBER, metavar="NUMBER", help="The line's number in `attache footers list`.")
    ],
    as_json: AsJson = False,
) -> None:
    """Keep a line in later articles."""
    shared: Context = context.obj
    service.forget_footer(shared.settings, footer_id)
    if as_json:
        shared.print_json(shape("forget", {"forgotten": footer_id}))
    else:
        shared.out.print(f"Later articles keep line {footer_id}.")


def clean(context: typer.Context, wait: Wait = 0.0, as_json: AsJson = False) -> None:
    """Learn footers from the stored articles, and remove them from these."""
    shared: Context = context.obj
    done = service.clean_footers(shared.settings, load_embedder(shared.settings), wait_s=wait)
    if as_json:
        shared.print_json(shape("clean", asdict(done)))
    else:
        articles = plural(done.articles, "article")
        shared.out.print(f"Learnt {plural(done.learnt, 'line')}; removed footers from {articles}.")


def _print_footers(shared: Context, found: list[Footer]) -> None:
    for each in found:
        forgotten = " · forgotten" if each.is_forgotten else ""
        facts = f"{each.publisher} in {each.collection}, learnt from {plural(each.articles, 'article')}{forgotten}"
        shared.out.print(Text(f"{each.id}. {each.text}"))
        shared.out.print(Text(f"   {facts}", style="dim"))


def _print_publisher(shared: Context, publisher: Publisher, *, as_json: bool) -> None:
    if as_json:
        shared.print_json(shape("publisher", {"publisher": asdict(publisher)}))
        return
    rows = {
        "kind": publisher.kind,
        "country": country_name(publisher.country) or "-",
        "state-controlled": "yes" if publisher.state_controlled else "not marked",
        "domains": " ".join(publisher.domains) or "-",
        "other names": "; ".join(publisher.also) or "-",
        "source": publisher.source or "-",
        "edited": "yes" if publisher.is_edited else "no",
    }
    shared.out.print(Text(publisher.name, style="bold"))
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 2))
    for key, value in rows.items():
        table.add_row(key, Text(value))
    shared.out.print(table)
