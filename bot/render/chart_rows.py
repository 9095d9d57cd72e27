"""Turns a story's coverage and a question's timeline into rows of a chart."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.render.time_chart import MAX_ROWS, Chart, ChartRow, Mark
from bot.service.coverage import Coverage, Voice
from bot.service.timeline import Timeline

# Silent publishers drawn, those with the most articles of the days.
_MAX_SILENT = 4


@dataclass(frozen=True, slots=True)
class ChartWords:
    """The words of a chart in the reader's language: legend by kind of mark, headings, and an unknown publisher."""

    legend: Mapping[str, str]
    state: str
    silent: str
    unknown: str


def timeline_chart(timeline: Timeline, words: ChartWords) -> Chart | None:
    """Return the chart of a timeline, a row for each publisher in the order of their first statement; None undated."""
    rows: dict[tuple[bool, str], list[Mark]] = {}
    for each in timeline.statements:
        if each.day:
            citation = each.evidence.citation
            name = citation.publisher if citation.publisher and not citation.is_claimed else words.unknown
            rows.setdefault((bool(citation.state_controlled), name), []).append(Mark(each.day, each.kind, each.is_new))
    ordered = sorted(rows, key=lambda key: key[0])
    shown = [ChartRow(name, tuple(rows[is_state, name]), words.state if is_state else "") for is_state, name in ordered]
    return Chart(timeline.answer.question, tuple(shown[:MAX_ROWS]), dict(words.legend)) if shown else None


def coverage_chart(coverage: Coverage, words: ChartWords) -> Chart | None:
    """Return the chart of a story's coverage: who reports it, states apart, then who is silent; None undated."""
    voices = sorted(coverage.voices, key=lambda each: each.is_state)
    reporting = [row for each in voices if (row := _voice_row(each, words)).marks]
    if not reporting:
        return None
    silent = [ChartRow(each.name, (), words.silent) for each in coverage.silent[:_MAX_SILENT]]
    room = MAX_ROWS - len(silent)
    return Chart(coverage.story.title or "", (*reporting[:room], *silent), dict(words.legend))


def _voice_row(voice: Voice, words: ChartWords) -> ChartRow:
    marks = [
        Mark(each.published_at[:10], "copied" if each.id in voice.copies else "reported")
        for each in voice.articles
        if each.published_at
    ]
    return ChartRow(voice.name, tuple(marks), words.state if voice.is_state else "")
