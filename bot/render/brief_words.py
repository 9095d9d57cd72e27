"""A brief in English words: as lines of text for the terminal and e-mail, and as JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from rich.console import Console
from rich.text import Text

from bot.answering.answer import Evidence, Stance
from bot.answering.answer_changes import AnswerChange, ChangeKind
from bot.records.brief_outbox import BriefRule
from bot.render.article_edits import change_words, fact_words
from bot.render.envelope import Shape, shape
from bot.render.formatters import UNKNOWN_PUBLISHER, long_date, plural, shown_title, source_name, stated_date
from bot.render.json_shapes import written_shape
from bot.render.sentence_printer import ONE_SIDED, superscript
from bot.render.story_words import UNTITLED_STORY, story_line
from bot.service.brief import Brief, TopicNews
from bot.service.silent_edits import SilentEdit
from bot.service.story_news import StoryNews
from bot.writer.written import Written

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Changes of one answer, and of one article, that are shown.
_MAX_CHANGES = 3
_VERDICTS = {"yes": "yes", "no": "no", "disputed": "disputed", "not_found": "no article answers it"}


def brief_title(brief: Brief) -> str:
    """Return `Brief from 29 November 2026 to 30 November 2026`."""
    first, last = long_date(brief.since), long_date(brief.until)
    return f"Brief of {last}" if first == last else f"Brief from {first} to {last}"


def brief_lines(brief: Brief) -> Iterator[tuple[str, str]]:
    """Yield the lines of a brief, each with what it is: title, note, heading, item, quote, source or link."""
    yield "title", brief_title(brief)
    counted = f"{plural(brief.articles, 'new article')} of {plural(brief.independent, 'independent publisher')}."
    if brief.is_empty:
        yield "note", f"{counted} Nothing to tell of them." if brief.articles else "Nothing new came in."
        return
    yield "note", counted
    if brief.written is not None and brief.written.sentences:
        yield from _sentences(brief.written)
    numbers = {each.quote: number for number, each in enumerate(brief.evidence, start=1)}
    for heading, topics in (("What changed in watched answers", brief.topics),):
        yield from _topics(heading, topics)
    if brief.stories:
        yield "heading", "Top stories"
    for each in brief.stories:
        yield from _story(each, numbers.get(each.quote.quote) if each.quote else None)
    yield from _topics("Disputes opened", brief.opened)
    yield from _topics("Disputes settled", brief.settled)
    if brief.denials:
        yield "heading", "Denied or rejected"
    for denial in brief.denials:
        yield "item", denial.story.title or UNTITLED_STORY
        yield from _quote(denial.evidence, numbers.get(denial.evidence.quote))
    if brief.edits:
        yield "heading", "Changed by publishers without a new date"
    for edit in brief.edits:
        yield from _edit(edit)


def show_brief(console: Console, brief: Brief) -> None:
    """Print a brief."""
    styles = {"title": "bold", "note": "dim", "heading": "bold yellow", "source": "cyan", "link": "dim cyan"}
    indents = {"quote": "  ", "source": "    ", "link": "    "}
    for kind, line in brief_lines(brief):
        if kind in {"heading", "item"}:
            console.print()
        console.print(Text(indents.get(kind, "") + line, style=styles.get(kind, "")))


def brief_text(brief: Brief) -> str:
    """Return a brief as plain text."""
    lines: list[str] = []
    for kind, line in brief_lines(brief):
        lines += [""] if kind in {"heading", "item"} and lines else []
        lines.append(f"== {line} ==" if kind == "heading" else f"  {line}" if kind in {"quote", "link"} else line)
    return "\n".join(lines) + "\n"


def brief_shape(brief: Brief) -> Shape:
    """Return a brief as JSON."""
    return shape(
        "brief",
        {
            "since": brief.since,
            "until": brief.until,
            "articles": brief.articles,
            "independent_publishers": brief.independent,
            "topics": [_topic_shape(each) for each in brief.topics],
            "stories": [
                {
                    **asdict(each.story),
                    "new_articles": each.articles,
                    "new_independent": each.independent,
                    "quote": each.quote and _quote_shape(each.quote),
                }
                for each in brief.stories
            ],
            "disputes": {
                "opened": [_topic_shape(each) for each in brief.opened],
                "settled": [_topic_shape(each) for each in brief.settled],
                "denials": [{"story": each.story.id, **_quote_shape(each.evidence)} for each in brief.denials],
            },
            "silent_edits": [
                {
                    "article_id": each.article_id,
                    "seen_at": each.seen_at,
                    "citation": asdict(each.citation),
                    "changes": [
                        {
                            "kind": silent.change.kind,
                            "before": silent.change.before,
                            "after": silent.change.after,
                            "facts": [asdict(fact) for fact in silent.facts],
                        }
                        for silent in each.changes
                    ],
                }
                for each in brief.edits
            ],
            "written": brief.written and written_shape(brief.written),
        },
    )


def rules_shape(rules: Sequence[BriefRule]) -> Shape:
    """Return the operator's briefs."""
    names = ("id", "way", "target", "weekday", "zone", "says_empty", "last_day", "failures", "problem")
    return shape(
        "briefs",
        {
            "briefs": [
                {
                    **{name: getattr(each, name) for name in names},
                    "time": clock(each.minute),
                    "collections": list(each.collections),
                }
                for each in rules
            ]
        },
    )


def show_rules(console: Console, rules: Sequence[BriefRule]) -> None:
    """Print the operator's briefs with their numbers, and what keeps them from arriving."""
    if not rules:
        console.print("No brief is sent. `attache briefs add` has one sent.")
    for each in rules:
        console.print(Text(f"{each.id}  {rule_words(each)}"))
        if each.problem:
            tries = plural(each.failures, "try", "tries")
            console.print(Text(f"   not sent after {tries}: {each.problem}", style="yellow"))


def rule_words(rule: BriefRule) -> str:
    """Return when a brief goes where."""
    day = "every day" if rule.weekday is None else f"on {WEEKDAYS[rule.weekday]}s"
    empty = " · also with nothing to tell" if rule.says_empty else ""
    told = ", ".join(rule.collections)
    return f"{day} at {clock(rule.minute)} ({rule.zone}) by {rule.way} to {rule.target} · {told}{empty}"


def clock(minute: int) -> str:
    """Return `07:05` of minutes after midnight."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _sentences(written: Written) -> Iterator[tuple[str, str]]:
    text = " ".join(f"{each.draft.text}{superscript(each.draft.citations)}" for each in written.sentences)
    yield "item", text
    yield "note", f"In sentences of {written.model}, each proven by the quotes it names."
    if written.one_sided is not None:
        yield "note", ONE_SIDED[written.one_sided]


def _topics(heading: str, topics: Sequence[TopicNews]) -> Iterator[tuple[str, str]]:
    if topics:
        yield "heading", heading
    for each in topics:
        changed = f" {_verdict(each.before)} → {_verdict(each.after)}" if each.before or each.after else ""
        yield "item", f"{each.question}{changed}"
        for shown in each.changes[:_MAX_CHANGES]:
            if shown.change.kind is not ChangeKind.VERDICT:
                yield "note", _change(shown.change)
            if shown.evidence is not None:
                yield from _quote(shown.evidence, None)
        if len(each.changes) > _MAX_CHANGES:
            yield "note", f"and {plural(len(each.changes) - _MAX_CHANGES, 'more change')}"


def _story(news: StoryNews, number: int | None) -> Iterator[tuple[str, str]]:
    yield "item", news.story.title or UNTITLED_STORY
    new = f"{plural(news.articles, 'new article')}, {plural(news.independent, 'independent publisher')}"
    whole = f"; in all {story_line(news.story)}" if news.story.articles > news.articles else ""
    yield "note", f"{new}{whole} · story {news.story.id}"
    if news.quote is not None:
        yield from _quote(news.quote, number)


def _edit(edit: SilentEdit) -> Iterator[tuple[str, str]]:
    citation = edit.citation
    yield "item", shown_title(citation.title, citation.origin)
    yield "source", f"{source_name(citation) or UNKNOWN_PUBLISHER} · dated {stated_date(citation)}"
    for change in edit.changes[:_MAX_CHANGES]:
        for fact in change.facts:
            yield "note", fact_words(fact)
        yield "quote", change_words(change.change)
    if edit.count > _MAX_CHANGES:
        yield "note", f"and {plural(edit.count - _MAX_CHANGES, 'more change')} · `attache article {edit.article_id}`"
    if citation.url:
        yield "link", citation.url


def _quote(evidence: Evidence, number: int | None) -> Iterator[tuple[str, str]]:
    mark = f"{superscript((number,))} " if number else ""
    yield "quote", f"{mark}“{evidence.quote.text}”"
    speaker = evidence.attribution.speaker if evidence.attribution else None
    if speaker and evidence.stance is Stance.DENIES:
        speaker = f"denied or rejected by {speaker}"
    citation = evidence.citation
    title = shown_title(citation.title, citation.origin)
    parts = (speaker, source_name(citation) or UNKNOWN_PUBLISHER, stated_date(citation), title)
    yield "source", " · ".join(filter(None, parts))
    if citation.url and citation.link:
        yield "link", citation.link


def _change(change: AnswerChange) -> str:
    match change.kind:
        case ChangeKind.NUMBER:
            return f"New number: {change.after}"
        case ChangeKind.DENIAL:
            return "New denial"
        case _:
            return "Somebody new is quoted"


def _verdict(verdict: str) -> str:
    return _VERDICTS.get(verdict, "there are quotes on it")


def _topic_shape(topic: TopicNews) -> Shape:
    return {
        "question": topic.question,
        "before": topic.before or None,
        "after": topic.after or None,
        "changes": [
            {
                "kind": each.change.kind,
                "number": each.change.after if each.change.kind is ChangeKind.NUMBER else None,
                **(_quote_shape(each.evidence) if each.evidence else {}),
            }
            for each in topic.changes
        ],
    }


def _quote_shape(evidence: Evidence) -> Shape:
    quote = evidence.quote
    return {
        "quote": {"text": quote.text, "article_id": quote.article_id, "start": quote.start, "end": quote.end},
        "citation": asdict(evidence.citation),
        "attribution": asdict(evidence.attribution) if evidence.attribution else None,
        "stance": evidence.stance,
    }
