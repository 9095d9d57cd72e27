"""A change of an article as a comparison: which words stayed, went and came."""

from dataclasses import dataclass

from bot.answering.changed_facts import changed_facts
from bot.render.article_edits import fact_words
from corpus.alignment import align
from corpus.history import Change, ChangeKind

# Words of a sentence to compare.
_MAX_WORDS = 400
_LABELS = {
    ChangeKind.HEADLINE: "Headline changed",
    ChangeKind.CHANGED: "Changed",
    ChangeKind.ADDED: "Added",
    ChangeKind.REMOVED: "Removed",
    ChangeKind.MOVED: "Moved",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words, and what became of it: `same`, `removed` or `added`."""

    what: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change with its label, its kind, the facts that it states otherwise in words, and the text in pieces."""

    label: str
    kind: str
    facts: tuple[str, ...]
    pieces: tuple[Piece, ...]


def shown_change(change: Change, language: str | None) -> ShownChange:
    """Return a change as a page shows it."""
    label = _LABELS[change.kind]
    if change.sentences > 1:
        label += f", {change.sentences} sentences"
    facts = tuple(fact_words(each) for each in changed_facts(change, language))
    if change.kind is ChangeKind.MOVED:
        return ShownChange(label, "moved", (), (Piece("same", change.after),))
    return ShownChange(label, str(change.kind), facts, tuple(_compare(change.before, change.after)))


def _compare(before: str, after: str) -> list[Piece]:
    old, new = before.split(), after.split()
    if max(len(old), len(new)) > _MAX_WORDS or not old or not new:
        return [Piece(what, text) for what, text in (("removed", before), ("added", after)) if text]
    pieces = []
    for is_equal, a, b, c, d in align(old, new):
        if is_equal:
            pieces.append(Piece("same", " ".join(old[a:b])))
        else:
            pieces += [Piece(w, " ".join(t)) for w, t in (("removed", old[a:b]), ("added", new[c:d])) if t]
    return pieces
