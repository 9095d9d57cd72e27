"""`attache article` and `attache remove`."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from bot.cli.context import LARGEST_NUMBER, AsJson, Context
from bot.render.article_edits import show_history
from bot.render.envelope import shape
from bot.render.json_shapes import copies_shape
from bot.render.terminal import show_article
from bot.service.articles import read_article
from bot.service.ingest import remove_article
from bot.service.sessions import load_embedder

ArticleId = Annotated[
    int, typer.Argument(min=1, max=LARGEST_NUMBER, help="The article's number, as `attache search` shows it.")
]


def register(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(article)
    app.command()(remove)


def article(
    context: typer.Context,
    article_id: ArticleId,
    history: Annotated[bool, typer.Option("--history", help="Show what changed in it, newest first.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show an article with its copies and former texts, or what changed in it."""
    shared: Context = context.obj
    found = read_article(shared.settings, article_id)
    if history and as_json:
        edits = [asdict(each) for each in found.edits()]
        shared.print_json(shape("history", {"article_id": article_id, "edits": edits}))
    elif history:
        show_history(shared.out, found.article, found.edits())
    elif as_json:
        versions, copies = [asdict(each) for each in found.versions], copies_shape(found.copies)
        shared.print_json(shape("article", {**asdict(found.article), "versions": versions, "copies": copies}))
    else:
        show_article(shared.out, found.article, found.versions, found.copies)


def remove(context: typer.Context, article_id: ArticleId, as_json: AsJson = False) -> None:
    """Remove an article with all its versions, for good."""
    shared: Context = context.obj
    remove_article(shared.settings, load_embedder(shared.settings), article_id)
    if as_json:
        shared.print_json(shape("remove", {"removed": article_id}))
    else:
        shared.out.print(Text(f"Article {article_id} was removed."))
