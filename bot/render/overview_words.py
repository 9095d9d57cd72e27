"""Coverage, timelines and pages about countries and people in English words, for the terminal, and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.answering.answer import Evidence
from bot.render.chart_rows import ChartWords
from bot.render.envelope import Shape, shape
from bot.render.formatters import (
    KIND_WORDS,
    UNKNOWN_PUBLISHER,
    country_name,
    long_date,
    plural,
    publisher_facts,
    shown_title,
    source_name,
    stated_date,
)
from bot.render.json_shapes import quote_shape
from bot.render.story_words import UNTITLED_STORY, story_line
from bot.service.about_page import AboutPage
from bot.service.coverage import Coverage, SilentPublisher, Voice, by_country, by_kind
from bot.service.timeline import Statement, StatementKind, Timeline

STATEMENT_WORDS = {
    StatementKind.REPORTED: "reported",
    StatementKind.CLAIMED: "claimed",
    StatementKind.DENIED: "denied",
    StatementKind.CONFIRMED: "confirmed",
    StatementKind.UNCONFIRMED: "left open",
    StatementKind.CHANGED: "changed later",
}
CHART_WORDS = ChartWords(
    legend={**{str(kind): word for kind, word in STATEMENT_WORDS.items()}, "copied": "copy", "new": "new to you"},
    state="State-controlled",
    silent="Nothing in these days",
    unknown="unknown",
)
MAX_SILENT = 12


def chart_day(day: date) -> str:
    """Return the day as a chart shows it: `9 Sep 2024`."""
    return f"{day.day} {day:%b %Y}"


def show_coverage(console: Console, coverage: Coverage) -> None:
    """Print who reports a story, and who does not."""
    console.print(Text(coverage.story.title or UNTITLED_STORY, style="bold"))
    console.print(Text(f"Story {coverage.story.id} · {story_line(coverage.story)}", style="dim"))
    first = f"First: {coverage.first}." if coverage.first else "Who was first, the dates don't tell."
    console.print(Text(first))
    free, states = ([each for each in coverage.voices if each.is_state is is_state] for is_state in (False, True))
    for heading, voices in (("Reported by", free), ("Reported by state-controlled publishers", states)):
        if voices:
            console.print(Text(f"\n{heading}", style="bold"))
            for each in voices:
                console.print(Padding(Text(voice_words(each)), (0, 0, 0, 2)))
    if coverage.silent:
        console.print(Text("\nPublished in these days, but not on it", style="bold"))
        for silent in coverage.silent[:MAX_SILENT]:
            console.print(
                Padding(Text(f"{publisher_with_facts(silent)}: {plural(silent.articles, 'article')}"), (0, 0, 0, 2))
            )
        if len(coverage.silent) > MAX_SILENT:
            console.print(Text(f"  and {len(coverage.silent) - MAX_SILENT} more", style="dim"))
    console.print(
        Text(f"\n{share_words('Reporting', coverage.voices)}\n{share_words('Silent', coverage.silent)}", style="dim")
    )


def coverage_shape(coverage: Coverage) -> Shape:
    """Return the coverage of a story."""
    voices = [
        {
            **{name: getattr(each, name) for name in ("name", "country", "kind", "is_state", "is_claim")},
            "articles": [{"id": a.id, "published_at": a.published_at, "title": a.title} for a in each.articles],
            "copies": [{"article_id": article_id, "of": name} for article_id, name in each.copies.items()],
        }
        for each in coverage.voices
    ]
    silent = [asdict(each) for each in coverage.silent]
    story = asdict(coverage.story)
    return shape("coverage", {"story": story, "first": coverage.first, "voices": voices, "silent": silent})


def show_timeline(console: Console, timeline: Timeline) -> None:
    """Print the statements of a timeline under their days."""
    shown: str | None = ""
    for each in timeline.statements:
        if each.day != shown:
            console.print(Text(f"\n{long_date(each.day)}", style="bold"))
            shown = each.day
        mark = "NEW · " if each.is_new else ""
        console.print(Padding(Text(f"{mark}{statement_line(each)}", style="cyan"), (0, 0, 0, 2)))
        console.print(Padding(Text(f"“{each.evidence.quote.text}”"), (0, 0, 0, 2)))
        if each.before:
            console.print(Padding(Text(f"until then: “{each.before}”", style="yellow"), (0, 0, 0, 4)))
        if each.events:
            told = ", ".join(f"{event_day(event.day)} (“{event.text}”)" for event in each.events)
            console.print(Padding(Text(f"tells of {told}", style="dim"), (0, 0, 0, 4)))


def statement_line(statement: Statement) -> str:
    """Return `A spokesman · denied · Reuters (agency) · article 7`."""
    evidence = statement.evidence
    speaker = evidence.attribution.speaker if evidence.attribution else None
    parts = (speaker, STATEMENT_WORDS[statement.kind], source_name(evidence.citation) or UNKNOWN_PUBLISHER)
    return " · ".join([*filter(None, parts), f"article {evidence.quote.article_id}"])


def timeline_shape(timeline: Timeline) -> Shape:
    """Return a timeline."""
    return shape(
        "timeline", {"question": timeline.answer.question, "statements": list(map(_statement, timeline.statements))}
    )


def show_about(console: Console, page: AboutPage) -> None:
    """Print what the articles tell of a country, group or person."""
    console.print(Text(about_name(page), style="bold"))
    console.print(Text(f"From the {plural(page.articles, 'article')} nearest to the name.", style="dim"))
    if page.stories:
        console.print(Text("\nStories", style="bold"))
        for each in page.stories:
            console.print(Padding(Text(f"{each.id}. {each.title or UNTITLED_STORY}"), (0, 0, 0, 2)))
            console.print(Padding(Text(story_line(each), style="dim"), (0, 0, 0, 5)))
    for heading, quotes in (("Who says what", page.statements), ("Denied", page.denials)):
        if quotes:
            console.print(Text(f"\n{heading}", style="bold"))
            for quote in quotes:
                _show_quote(console, quote)
    if page.publishers:
        named = ", ".join(f"{name} ({count})" for name, count in page.publishers)
        console.print(Text(f"\nPublishers: {named}", style="dim"))


def about_name(page: AboutPage, language: str = "en") -> str:
    """Return the country's name, or the name as it was asked for."""
    return country_name(page.code, language) or page.name


def about_shape(page: AboutPage) -> Shape:
    """Return a page about a country, group or person."""
    quotes = {name: list(map(quote_shape, getattr(page, name))) for name in ("statements", "denials")}
    stories = [asdict(each) for each in page.stories]
    publishers = [{"name": name, "articles": count} for name, count in page.publishers]
    facts = {name: getattr(page, name) for name in ("name", "code", "is_person", "articles")}
    return shape("about", {**facts, "stories": stories, **quotes, "publishers": publishers})


def voice_words(voice: Voice) -> str:
    """Return a publisher with how many articles it has, from when, and whom it copies."""
    name = f"says it is from {voice.name}" if voice.is_claim else publisher_with_facts(voice)
    days = [each.published_at[:10] for each in voice.articles if each.published_at]
    when = f", from {long_date(min(days))}" if days else ""
    copied = sorted(set(voice.copies.values()))
    note = (
        f"; {'copies' if voice.is_copy_only else f'{len(voice.copies)} copied from'} {', '.join(copied)}"
        if copied
        else ""
    )
    return f"{name}: {plural(len(voice.articles), 'article')}{when}{note}"


def publisher_with_facts(publisher: Voice | SilentPublisher) -> str:
    """Return `TASS (Russia, state-controlled agency)`."""
    facts = publisher_facts(publisher.country, publisher.kind, is_state=publisher.is_state)
    return f"{publisher.name} ({facts})" if facts else publisher.name


def share_words(what: str, publishers: Sequence[Voice | SilentPublisher]) -> str:
    """Return how many of the publishers are of each country and kind, states apart."""
    countries = ", ".join(
        f"{country_name(code) or 'country unknown'} {len(names)}" for code, names in by_country(publishers).items()
    )
    kinds = ", ".join(
        f"{KIND_WORDS.get(kind, 'other') if kind else 'kind unknown'} {count}"
        for kind, count in by_kind(publishers).items()
    )
    states = sum(each.is_state for each in publishers)
    told = " · ".join(filter(None, (countries, kinds, f"state-controlled {states}" if states else "")))
    return f"{what}: {told}." if told else f"{what}: nobody."


def event_day(day: str) -> str:
    """Return the day of an event in words, as far as it is known."""
    return long_date(day) if len(day) == 10 else day


def _show_quote(console: Console, evidence: Evidence) -> None:
    speaker = evidence.attribution.speaker if evidence.attribution else None
    console.print(Padding(Text(f"“{evidence.quote.text}”"), (0, 0, 0, 2)))
    citation = evidence.citation
    parts = (
        speaker,
        source_name(citation) or UNKNOWN_PUBLISHER,
        stated_date(citation),
        shown_title(citation.title, citation.origin),
    )
    console.print(Padding(Text(" · ".join(filter(None, parts)), style="cyan"), (0, 0, 0, 4)))


def _statement(statement: Statement) -> Shape:
    return {
        "day": statement.day,
        "kind": statement.kind,
        "is_new": statement.is_new,
        "before": statement.before or None,
        "events": [asdict(each) for each in statement.events],
        **quote_shape(statement.evidence),
    }
