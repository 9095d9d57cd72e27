"""The edits of an article in words at a terminal, newest first."""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.render.formatters import long_date, plural
from corpus.article import Article
from corpus.history import Change, ChangeKind, Edit

# Characters of a sentence or a run of them.
_LONGEST = 400
# Runs of changed words that are named; a sentence with more was written anew.
MOST_WORD_RUNS = 4


def show_history(console: Console, article: Article, edits: list[Edit]) -> None:
    """What changed in each edit."""
    console.print(Text(article.title or "(untitled)", style="bold"))
    if not edits:
        console.print(Text(f"No change was seen since it was first read ({article.fetched_at})."))
    for edit in edits:
        console.print()
        console.print(Text(_head(edit), style="yellow"))
        for change in edit.changes:
            console.print(Padding(Text(_sentence(change)), (0, 0, 0, 2)))
        if edit.left_out:
            console.print(Text(f"  and {plural(edit.left_out, 'more change')}", style="dim"))


def _head(edit: Edit) -> str:
    when = f"On {long_date(edit.seen_at)}, {edit.seen_at[11:16]} UTC"
    if not edit.changes:
        return f"{when}: no change of words."
    silent = " Its own date stayed the same: a silent edit." if edit.is_silent else ""
    partial = " Only the beginnings of these long texts were compared." if edit.is_partial else ""
    return f"{when}: {plural(len(edit.changes) + edit.left_out, 'change')}.{silent}{partial}"


def _sentence(change: Change) -> str:
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
            return f"{_words(change)}: “{after}”" if _words(change) else f"“{before}” became “{after}”"


def _words(change: Change) -> str:
    if not 0 < len(change.words) <= MOST_WORD_RUNS:
        return ""
    told = ", ".join(_run(before, after) for before, after in change.words)
    return f"{told} in"


def _run(before: str, after: str) -> str:
    if not before:
        return f"“{after}” was added"
    return f"“{before}” became “{after}”" if after else f"“{before}” was removed"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
