"""Renders answers, passages and reports as terminal text."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text

from bot.answering.answer import Answer, Evidence, SearchScope, Stance
from bot.answering.copy_groups import CollapsedHits
from bot.render.answer_words import headline_words, note_words
from bot.render.formatters import (
    UNKNOWN_PUBLISHER,
    age,
    describe_filters,
    language_name,
    list_copies,
    long_date,
    no_verdict_note,
    period,
    plural,
    publisher_words,
    shown_title,
    source_name,
    stated_date,
    unknown_publishers_note,
)
from bot.render.story_words import story_line
from bot.service.ingest import IngestResult
from corpus.article import Article, ArticleFacts, Rejection
from corpus.articles import Version
from index.filters import Filters
from index.maintenance import RefreshReport

# Thousands of bad records would push the summary off the screen; --json lists them all.
_MAX_LISTED = 20
# Spaces before what belongs to a quote.
_INDENT = 4


def show_answer(console: Console, answer: Answer) -> None:
    """Print an answer: headline, quotes with their sources, and what was searched."""
    if answer.original is not None:
        show_correction(console, answer.question)
    console.print(Text(headline_words(answer), style="bold"))
    for number, evidence in enumerate(answer.evidence, start=1):
        console.print()
        _show_evidence(console, number, evidence, answer)
    console.print()
    console.print(Text(searched_words(answer.searched), style="dim"))
    if answer.is_refusal:
        console.print(Text(_suggestion(answer.searched.filters), style="dim"))
    elif answer.as_of:
        newest = f"Newest evidence quoted: {long_date(answer.as_of)} ({age(answer.as_of, answer.asked_at)})."
        console.print(Text(newest, style="dim"))
    else:
        console.print(Text("The quoted articles state no date, so their age is unknown.", style="dim"))
    quoted = {each.quote.article_id: each.citation.publisher for each in answer.evidence}
    if unknown := unknown_publishers_note(list(quoted.values())):
        console.print(Text(unknown, style="dim"))
    if answer.independence.publishers > 1:
        sources = answer.independence
        console.print(Text(f"{sources.publishers} publishers, {sources.independent} independent.", style="dim"))
    if answer.story is not None:
        console.print(Text(f"Story {answer.story.id}: {story_line(answer.story)}.", style="dim"))
    for note in answer.notes:
        console.print(Text(note_words(note), style="yellow"))


def show_correction(console: Console, understood: str) -> None:
    """Print as what a misspelt question was understood."""
    console.print(Text(f"Understood as: {understood}", style="dim"))


def show_hits(console: Console, found: CollapsedHits) -> None:
    """Print passages, best first, with their scores; the first of each article lists its copies."""
    if found.corrected is not None:
        show_correction(console, found.corrected)
    named: set[int] = set()
    for rank, hit in enumerate(found.hits, start=1):
        head = Text(f"{rank}. {shown_title(hit.article.title, hit.article.origin)}", style="bold")
        console.print(head)
        cosine = "-" if hit.cosine is None else f"{hit.cosine:.3f}"
        bm25 = "-" if hit.bm25 is None else f"{hit.bm25:.2f}"
        source = " · ".join(filter(None, (publisher_words(hit.article), stated_date(hit.article))))
        facts = f"article {hit.article.id} · {source}"
        console.print(Text(f"   {facts} · score {hit.score:.4f}, cosine {cosine}, BM25 {bm25}", style="dim"))
        copies = found.copies.get(hit.article.id, ()) if hit.article.id not in named else ()
        if hit.article.id not in named and (story := found.stories.get(hit.article.id)):
            console.print(Text(f"   story {story.id}: {story_line(story)}", style="dim"))
        named.add(hit.article.id)
        if copies:
            console.print(Text(f"   also in: {list_copies(copies)}", style="dim"))
        console.print(Padding(Text(hit.passage.text), (0, 0, 1, 3)))
    found_articles = {hit.article.id: hit.article.publisher for hit in found.hits}
    if note := unknown_publishers_note(list(found_articles.values())):
        console.print(Text(note, style="dim"))


def show_article(
    console: Console, article: Article, versions: Sequence[Version], copies: Sequence[ArticleFacts]
) -> None:
    """Print a whole article with its copies and former texts."""
    console.print(Text(shown_title(article.title, article.origin), style="bold"))
    facts = f"{publisher_words(article) or UNKNOWN_PUBLISHER} · {stated_date(article)} · read {article.fetched_at}"
    facts += f" · {language}" if (language := language_name(article.language)) else ""
    facts += " · excerpt from its feed; the full text could not be read" if article.is_excerpt else ""
    console.print(Text(facts, style="dim"))
    console.print(Text(f"{article.url or article.origin}\n", style="dim"), soft_wrap=True)
    if copies:
        console.print(Text(f"{plural(len(copies), 'copy', 'copies')}:", style="dim"))
        for each in copies:
            where = each.url or f"no link; read from {each.origin}"
            line = f"  {publisher_words(each) or UNKNOWN_PUBLISHER}, {stated_date(each)}, article {each.id}"
            console.print(Text(f"{line}: {where}", style="dim"), soft_wrap=True)
        console.print()
    console.print(Text(article.body))
    for version in versions:
        console.print(Text(f"\nFormer text, from {version.fetched_at} to {version.replaced_at}:", style="yellow"))
        console.print(Text(f"{version.title or shown_title(article.title, article.origin)}\n\n{version.body}"))


def show_ingest(console: Console, report: IngestResult) -> None:
    """Print the outcome of an ingest, with its problems."""
    ingest = report.ingest
    _list_problems(console, "Rejected", ingest.rejected, "red")
    _list_problems(console, "Warnings", ingest.warnings, "yellow")
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, count in (
        ("added", ingest.added),
        ("updated", ingest.updated),
        ("unchanged", ingest.unchanged),
        ("rejected", len(ingest.rejected)),
        ("files of unsupported formats, skipped", ingest.unsupported_files),
    ):
        table.add_row(f"{count:,}", name)
    console.print(table)
    if note := no_verdict_note(ingest.languages):
        console.print(Text(note))
    show_refresh(console, report.index)


def show_refresh(console: Console, report: RefreshReport) -> None:
    """Print what the index update did."""
    state = "behind" if report.problem else "built" if report.built else "up to date"
    embedded = plural(report.embedded, "text")
    console.print(f"Index {state}: {plural(report.vectors, 'passage')} searchable, {embedded} newly embedded.")
    if report.problem:
        # Its hint may have square brackets, which would be markup.
        console.print(Text(report.problem, style="yellow"))


STANCE_WORDS = {Stance.ASSERTS: "says so", Stance.DENIES: "denies it"}
_STANCE_STYLES = {Stance.ASSERTS: "green", Stance.DENIES: "red"}


def _show_evidence(console: Console, number: int, evidence: Evidence, answer: Answer) -> None:
    citation = evidence.citation
    console.print(Padding(_quote(number, evidence), (0, 0, 0, 1)))
    if (stance := _speaker_and_stance(evidence)) is not None:
        console.print(Padding(stance, (0, 0, 0, 4)))
    when = stated_date(citation)
    if citation.published_at:
        when += f" ({age(citation.published_at, answer.asked_at)})"
    source = " · ".join(filter(None, (source_name(citation), when)))
    lines = [source, shown_title(citation.title, citation.origin)]
    console.print(Padding(Text("\n".join(lines), style="cyan"), (0, 0, 0, 4)))
    if citation.link:
        show_link(console, citation.url or citation.link, citation.link)
    else:
        console.print(Text(f"{' ' * _INDENT}no link; read from {citation.origin}", style="dim"), soft_wrap=True)


def show_link(console: Console, page: str, link: str) -> None:
    """Print an article's address, never broken by us: a broken one can't be opened.

    What is longer than a line starts at the window's edge, and the terminal continues it there. It is the article's
    address alone, and opens at the quote where the terminal knows links (OSC 8).

    Args:
        console: prints it.
        page: the article's address.
        link: the same, which opens at the quote.
    """
    if len(link) + _INDENT <= console.width or console.color_system is None:
        console.print(Text(" " * _INDENT + link, style="dim"), soft_wrap=True)
        return
    # Consoles clean what they print, but not the addresses of links.
    target = link if link.isascii() and link.isprintable() else None
    space = " " * _INDENT if len(page) + _INDENT <= console.width else ""
    console.print(Text(space), Text(page, style=Style(dim=True, link=target)), sep="", soft_wrap=True)


def _quote(number: int, evidence: Evidence) -> Text:
    """Return the quote, with the located answer in bold."""
    quote = evidence.quote
    text = Text(f"{number}. “{quote.text}”")
    if evidence.answer is not None:
        before = len(f"{number}. “") - quote.start
        text.stylize("bold", evidence.answer.start + before, evidence.answer.end + before)
    return text


def _speaker_and_stance(evidence: Evidence) -> Text | None:
    stance = evidence.stance or Stance.NEUTRAL
    word, style = STANCE_WORDS.get(stance, ""), _STANCE_STYLES.get(stance, "dim")
    speaker = evidence.attribution.speaker if evidence.attribution is not None else None
    text = ": ".join(part for part in (speaker, word) if part)
    return Text(text, style=style) if text else None


def searched_words(searched: SearchScope) -> str:
    """Return what was searched: how many articles, from when to when, under which filters."""
    filters = describe_filters(searched.filters)
    if filters and not searched.articles:
        return f"No articles match: {filters}."
    sentence = f"Searched {plural(searched.articles, 'article')} {period(searched.first_date, searched.last_date)}"
    return f"{sentence}, {filters}." if filters else f"{sentence}."


def _suggestion(filters: Filters) -> str:
    if filters:
        return "Try other words, or ask without the filters or the time."
    return "Try other words, or add articles on the topic with `attache ingest PATH`."


def _list_problems(console: Console, title: str, problems: list[Rejection], style: str) -> None:
    if not problems:
        return
    console.print(f"{title}:", style=style)
    for problem in problems[:_MAX_LISTED]:
        console.print(Text(f"  {problem.origin}: {problem.reason} {problem.hint}".rstrip()), soft_wrap=True)
    if len(problems) > _MAX_LISTED:
        console.print(f"  and {len(problems) - _MAX_LISTED:,} more; --json lists all.")


def figures_table(figures: dict[str, Any]) -> Table:
    """Format named figures, nested at most twice, as a table."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, value in figures.items():
        if name == "confusion":
            for gold, given in value.items():
                table.add_row(f"{gold} answered as", "   ".join(f"{each} {count}" for each, count in given.items()))
        elif isinstance(value, dict) and all(isinstance(each, dict) for each in value.values()):
            for stage, times in value.items():
                table.add_row(f"{name} {stage}", _join(times))
        elif isinstance(value, dict):
            table.add_row(name, _join(value))
        else:
            table.add_row(name, f"{value:.3f}" if isinstance(value, float) else str(value))
    return table


def _join(figures: dict[str, float]) -> str:
    return "   ".join(
        f"{name} {'–' if value is None else f'{value:,.2f}' if isinstance(value, float) else f'{value:,}'}"
        for name, value in figures.items()
    )
