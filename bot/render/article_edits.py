"""Renders the edits of an article as terminal text."""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.answering.changed_facts import Fact, FactChange, changed_facts
from bot.render.formatters import long_date, plural, shown_title
from corpus.article import Article
from corpus.history import Change, ChangeKind, Edit

_MAX_SENTENCE_LENGTH = 400
# A sentence with more changes is shown whole, as rewritten.
MAX_WORD_CHANGES = 4


def show_history(console: Console, article: Article, edits: list[Edit]) -> None:
    """Print the changes of each edit, newest first."""
    console.print(Text(shown_title(article.title, article.origin), style="bold"))
    if not edits:
        console.print(Text(f"Unchanged since it was first read ({article.fetched_at})."))
    for edit in edits:
        console.print()
        console.print(Text(edit_heading(edit), style="yellow"))
        for change in edit.changes:
            for fact in changed_facts(change, article.language):
                console.print(Padding(Text(fact_words(fact), style="bold"), (0, 0, 0, 2)))
            console.print(Padding(Text(change_words(change)), (0, 0, 0, 2)))
        if edit.left_out:
            console.print(Text(f"  and {plural(edit.left_out, 'more change')}", style="dim"))


def edit_heading(edit: Edit) -> str:
    """Return when an edit was seen, how much changed, and whether silently."""
    when = f"On {long_date(edit.seen_at)}, {edit.seen_at[11:16]} UTC"
    if not edit.changes:
        return f"{when}: no words changed."
    silent = " Its own date stayed the same: a silent edit." if edit.is_silent else ""
    partial = " Only the beginnings of these long texts were compared." if edit.is_partial else ""
    return f"{when}: {plural(len(edit.changes) + edit.left_out, 'change')}.{silent}{partial}"


def change_words(change: Change) -> str:
    """Return one change as a sentence, with the words that differ."""
    before, after = _cut(change.before), _cut(change.after)
    match change.kind:
        case ChangeKind.HEADLINE:
            return f"The headline changed: “{before}” → “{after}”"
        case ChangeKind.ADDED:
            return f"{plural(change.sentences, 'sentence')} added: “{after}”"
        case ChangeKind.REMOVED:
            return f"{plural(change.sentences, 'sentence')} removed: “{before}”"
        case ChangeKind.MOVED:
            return f"Moved: “{before}”"
        case ChangeKind.CHANGED:
            if not 0 < len(change.words) <= MAX_WORD_CHANGES:
                return f"“{before}” became “{after}”"
            words = ", ".join(_word_change(old, new) for old, new in change.words)
            return f"{words} in: “{after}”"


def fact_words(change: FactChange) -> str:
    """Return a changed fact as `Number: “ninety” → “sixty”`."""
    if change.fact is Fact.NEGATION:
        return f"Negated now: “{change.after}”" if change.after else f"Not negated any more: “{change.before}”"
    return f"{change.fact.value.capitalize()}: “{change.before}” → “{change.after}”"


def _word_change(before: str, after: str) -> str:
    if not before:
        return f"“{after}” was added"
    return f"“{before}” became “{after}”" if after else f"“{before}” was removed"


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_SENTENCE_LENGTH else text[: _MAX_SENTENCE_LENGTH - 1] + "…"
