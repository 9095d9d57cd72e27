"""`attache stories`: the articles on one event, listed, shown, merged and split."""

from typing import Annotated

import typer
from rich.text import Text

from bot.cli.context import LARGEST_NUMBER, AsJson, Context, well_formed
from bot.cli.filter_options import Collection, Since, filters_of
from bot.render.envelope import shape
from bot.render.story_words import show_stories, show_story, stories_shape, story_shape
from bot.service import stories as service

Number = Annotated[
    int,
    typer.Argument(min=1, max=LARGEST_NUMBER, metavar="NUMBER", help="The story's number in `attache stories list`."),
]

group = typer.Typer(
    help="Show the stories, each the articles on one event; merge and split them.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Register the commands of this module."""
    group.command(name="list")(show_all)
    group.command()(show)
    group.command()(merge)
    group.command()(split)
    app.add_typer(group, name="stories")


def show_all(
    context: typer.Context, since: Since = None, collection: Collection = None, as_json: AsJson = False
) -> None:
    """List the stories of the last two weeks that were read about, most independent publishers first."""
    from bot.service.sessions import load_embedder  # noqa: PLC0415 - takes most of a second

    shared: Context = context.obj
    service.group_now(shared.settings, load_embedder(shared.settings))
    filters = filters_of(None, collection, since, None)
    found = service.read_stories(shared.settings, filters)
    if as_json:
        shared.print_json(stories_shape(found))
    else:
        show_stories(shared.out, found)


def show(
    context: typer.Context,
    about: Annotated[list[str], typer.Argument(metavar="NUMBER_OR_WORDS", help="Its number, or words to find it by.")],
    collection: Collection = None,
    as_json: AsJson = False,
) -> None:
    """Show a story with its articles; exit code 3 if nothing is found."""
    from bot.cli.story_search import find_card  # noqa: PLC0415 - takes most of a second

    shared: Context = context.obj
    filters = filters_of(None, collection, None, None)
    card = find_card(shared, well_formed(" ".join(about)), filters, as_json=as_json)
    if as_json:
        shared.print_json(story_shape(card))
    else:
        show_story(shared.out, card)


def merge(
    context: typer.Context,
    number: Number,
    into: Annotated[
        int,
        typer.Argument(
            min=1, max=LARGEST_NUMBER, metavar="INTO", help="The number of the story that it becomes part of."
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Move all articles of a story into another, for good; its number leads there from now on."""
    shared: Context = context.obj
    target = service.merge_stories(shared.settings, number, into)
    _print(shared, target, f"Story {number} is part of story {target} now.", as_json=as_json)


def split(
    context: typer.Context,
    number: Number,
    articles: Annotated[list[int], typer.Argument(metavar="ARTICLE...", help="The numbers of the articles to move.")],
    as_json: AsJson = False,
) -> None:
    """Move articles out of a story into a new one, for good; later articles join what they are most alike."""
    shared: Context = context.obj
    created = service.split_story(shared.settings, number, articles)
    _print(shared, created, f"They are story {created} now.", as_json=as_json)


def _print(shared: Context, story_id: int, sentence: str, *, as_json: bool) -> None:
    if as_json:
        shared.print_json(shape("story_edit", {"story": story_id}))
    else:
        shared.out.print(Text(sentence))
