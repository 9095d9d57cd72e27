"""`attache article` and `attache remove`."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from bot.answering.copy_groups import copies_of
from bot.cli.context import AsJson, Context
from bot.render.article_edits import show_history
from bot.render.envelope import shape
from bot.render.json_shapes import copies_shape
from bot.render.terminal import show_article
from bot.service.ingest import remove as take_out
from corpus.article import Article
from corpus.articles import Articles, Version
from corpus.database import open_database_read_only, storage_errors
from corpus.errors import BadInput
from corpus.history import edit_of
from index.embedding.embedder import SentenceEmbedder
from index.embedding.vector_store import migrations as index_migrations
from index.filters import Filters

ArticleId = Annotated[int, typer.Argument(min=1, help="The article's number, as `attache search` shows it.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command()(article)
    app.command()(remove)


def article(
    context: typer.Context,
    article_id: ArticleId,
    history: Annotated[bool, typer.Option("--history", help="Show what changed in it, newest first.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show an article whole, with its copies and every text that it had before; or what changed in it."""
    shared: Context = context.obj
    data_dir = shared.settings.data_dir
    db = open_database_read_only(data_dir, (index_migrations,))
    with storage_errors(data_dir):
        try:
            articles = Articles(db)
            found, versions = articles.get(article_id), articles.versions(article_id)
            copies = copies_of(db, [article_id], Filters()).get(article_id, ())
        finally:
            db.close()
    if found is None:
        raise BadInput(f"There is no article {article_id}.", "`attache search WORDS` shows the numbers.")
    if history:
        _print_history(shared, found, versions, as_json=as_json)
    elif as_json:
        shared.print_json(
            shape(
                "article",
                {**asdict(found), "versions": [asdict(each) for each in versions], "copies": copies_shape(copies)},
            )
        )
    else:
        show_article(shared.out, found, versions, copies)


def _print_history(shared: Context, found: Article, versions: list[Version], *, as_json: bool) -> None:
    edits = [edit_of(found, versions, place) for place in range(len(versions))]
    if as_json:
        shared.print_json(shape("history", {"article_id": found.id, "edits": [asdict(each) for each in edits]}))
    else:
        show_history(shared.out, found, edits)


def remove(context: typer.Context, article_id: ArticleId, as_json: AsJson = False) -> None:
    """Remove an article with all its versions, for good."""
    shared: Context = context.obj
    take_out(shared.settings, SentenceEmbedder(shared.settings.model), article_id)
    if as_json:
        shared.print_json(shape("remove", {"removed": article_id}))
    else:
        shared.out.print(Text(f"Article {article_id} was removed."))
