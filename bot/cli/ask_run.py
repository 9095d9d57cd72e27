"""Run `attache ask`, `search` and `verify`; apart from their options, since it imports everything that answers."""

from pathlib import Path

import typer
from rich.text import Text

from bot.cli.context import Context, ExitCode
from bot.render.formatters import describe_filters
from bot.render.json_shapes import answer_shape, search_shape, verification_shape
from bot.render.self_words import self_shape, self_words, show_self
from bot.render.sentence_printer import SentencePrinter, show_verification
from bot.render.terminal import show_answer, show_correction, show_hits
from bot.service.attache import Attache
from bot.service.self_facts import SelfFacts, self_facts
from bot.service.verify_answer import verify_answer
from bot.service.written_answers import required_writer, write_answer
from index.filters import Filters


def answer(shared: Context, question: str, filters: Filters, *, write: bool, as_json: bool) -> None:
    """Answer a question, if wanted also in sentences, or tell what it asks about Attaché itself.

    Raises:
        typer.Exit: the answer is a refusal.
    """
    # Without a model, say so before anything takes time.
    writer = required_writer(shared.settings) if write else None
    written = None
    with Attache(shared.settings, notify=shared.notify) as attache:
        if (facts := self_facts(attache, question, filters)) is not None:
            _tell_of_self(shared, question, facts, as_json=as_json)
            return
        found = attache.ask(question, filters)
        if not as_json:
            show_answer(shared.out, found)
        if writer is not None:
            shown = SentencePrinter(shared.out)
            written = write_answer(attache, writer, found, (lambda _: None) if as_json else shown.show)
            if written is not None and not as_json:
                shown.finish(written, found)
    if as_json:
        shared.print_json(answer_shape(found, written))
    if found.is_refusal:
        raise typer.Exit(ExitCode.NOT_FOUND)


def _tell_of_self(shared: Context, question: str, facts: SelfFacts, *, as_json: bool) -> None:
    words = self_words(facts)
    if as_json:
        shared.print_json(self_shape(question, words))
    else:
        show_self(shared.out, words)


def verify_file(shared: Context, path: Path, *, as_json: bool) -> None:
    """Check a written answer again.

    Raises:
        typer.Exit: a quote or a sentence fails.
    """
    verified = verify_answer(path, shared.settings)
    if as_json:
        shared.print_json(verification_shape(verified))
    else:
        show_verification(shared.out, verified)
    if not verified.passed:
        raise typer.Exit(ExitCode.FAILURE)


def show_passages(shared: Context, query: str, limit: int, filters: Filters, *, as_json: bool) -> None:
    """Show the best passages.

    Raises:
        typer.Exit: there are none.
    """
    with Attache(shared.settings, notify=shared.notify) as attache:
        result = attache.search(query, limit, filters)
    if as_json:
        shared.print_json(search_shape(query, filters, result))
    elif result.hits:
        show_hits(shared.out, result)
    else:
        if result.corrected is not None:
            show_correction(shared.out, result.corrected)
        limits = describe_filters(filters)
        shared.out.print(Text(f"No passages found ({limits})." if limits else "No passages found."))
    if not result.hits:
        raise typer.Exit(ExitCode.NOT_FOUND)
