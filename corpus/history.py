"""What changed between two texts of an article: sentences that came, went and moved, and words within them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from corpus.article import Article
from corpus.articles import Version
from corpus.boilerplate import is_boilerplate
from corpus.sentences import split_sentences

# Changes of one edit that are told; behind these it is another text.
MOST_CHANGES = 30
# Characters of each text that are compared, and pairs of sentences up to which they are aligned in order: difflib is
# quadratic. Beyond that, the sentences that only one text has are what changed.
_LONGEST = 300_000
_MOST_PAIRS = 250_000
# Two sentences with at least this share of the longer one's words in common are one that changed.
_SAME = 0.5
# Removed and added sentences of one place that are paired; words of a sentence that are compared.
_MOST_PAIRED = 30
_MOST_WORDS = 200

# A sentence with its place.
_Placed = tuple[int, str]


class ChangeKind(StrEnum):
    """What was done."""

    HEADLINE = "headline"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """One change, in the articles' own words.

    `before` is empty for what was added, `after` for what was removed; `sentences` is how many were added or removed in
    one place. `words` are the words of a changed sentence or headline, each run as it was and as it became.
    """

    kind: ChangeKind
    before: str
    after: str
    sentences: int = 1
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit: when it was seen (ISO 8601, UTC), and what changed, in the order of the text.

    No change means that no words changed: only spaces, boilerplate or what stands beside the text. `left_out` counts
    changes beyond those told. `is_silent`: words changed while the date that the article states stayed the same.
    `is_partial`: the texts are so long that only their beginnings were compared.
    """

    seen_at: str
    changes: tuple[Change, ...]
    left_out: int
    is_silent: bool
    is_partial: bool


def edit_of(article: Article, versions: Sequence[Version], place: int) -> Edit:
    """One edit of an article; `place` counts back from the newest, 0, and `versions` are oldest first."""
    at = len(versions) - 1 - place
    before = versions[at]
    after = versions[at + 1] if at + 1 < len(versions) else article
    changes = [
        *_headline(before.title, after.title),
        *_changes(_sentences(before.body, article.language), _sentences(after.body, article.language)),
    ]
    return Edit(
        seen_at=before.replaced_at,
        changes=tuple(changes[:MOST_CHANGES]),
        left_out=max(0, len(changes) - MOST_CHANGES),
        is_silent=bool(changes) and before.published_at is not None and before.published_at == after.published_at,
        is_partial=max(len(before.body), len(after.body)) > _LONGEST,
    )


def _headline(before: str | None, after: str | None) -> Iterator[Change]:
    one, other = _spaced(before or ""), _spaced(after or "")
    if one != other:
        yield Change(ChangeKind.HEADLINE, one, other, words=_words(one, other))


def _sentences(body: str, language: str | None) -> list[str]:
    """The sentences with single spaces, without boilerplate: neither is a change of words."""
    text = body[:_LONGEST]
    found = (_spaced(text[span.start : span.end]) for span in split_sentences(text, 0, len(text), language))
    return [sentence for sentence in found if not is_boilerplate(sentence)]


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _changes(before: list[str], after: list[str]) -> list[Change]:
    first = 0
    while first < min(len(before), len(after)) and before[first] == after[first]:
        first += 1
    last = 0
    while last < min(len(before), len(after)) - first and before[-1 - last] == after[-1 - last]:
        last += 1
    old = list(enumerate(before[first : len(before) - last]))
    new = list(enumerate(after[first : len(after) - last]))
    lost = Counter(text for _, text in old) - Counter(text for _, text in new)
    gained = Counter(text for _, text in new) - Counter(text for _, text in old)
    changes: list[Change] = []
    for gone, come in _blocks(old, new):
        moved, removed = _told_apart(gone, lost)
        _, added = _told_apart(come, gained)
        changes.extend(Change(ChangeKind.MOVED, text, text) for _, text in moved)
        changes.extend(_compared(removed, added))
    return changes


def _blocks(old: list[_Placed], new: list[_Placed]) -> Iterator[tuple[list[_Placed], list[_Placed]]]:
    """The places where the texts differ: sentences before and after."""
    before, after = [text for _, text in old], [text for _, text in new]
    if len(old) * len(new) > _MOST_PAIRS:
        both = set(before) & set(after)
        yield [each for each in old if each[1] not in both], [each for each in new if each[1] not in both]
        return
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield old[a:b], new[c:d]


def _told_apart(sentences: list[_Placed], only_here: Counter[str]) -> tuple[list[_Placed], list[_Placed]]:
    """Those that the other text has too, in another place, and those that it has not."""
    moved, own = [], []
    for each in sentences:
        if only_here[each[1]] > 0:
            only_here[each[1]] -= 1
            own.append(each)
        else:
            moved.append(each)
    return moved, own


def _compared(removed: list[_Placed], added: list[_Placed]) -> Iterator[Change]:
    """Sentences of one place: each removed one with the added one that it became, and runs of the rest."""
    partner = _partners([text for _, text in removed], [text for _, text in added])
    for mine, theirs in partner.items():
        before, after = removed[mine][1], added[theirs][1]
        yield Change(ChangeKind.CHANGED, before, after, words=_words(before, after))
    for run in _runs([each for place, each in enumerate(removed) if place not in partner]):
        yield Change(ChangeKind.REMOVED, " ".join(run), "", len(run))
    taken = set(partner.values())
    for run in _runs([each for place, each in enumerate(added) if place not in taken]):
        yield Change(ChangeKind.ADDED, "", " ".join(run), len(run))


def _runs(sentences: list[_Placed]) -> Iterator[list[str]]:
    """Sentences that follow each other; what stood between two others is never left out of one quotation."""
    run: list[str] = []
    last = -1
    for place, text in sentences:
        if run and place != last + 1:
            yield run
            run = []
        run.append(text)
        last = place
    if run:
        yield run


def _partners(removed: list[str], added: list[str]) -> dict[int, int]:
    """Which added sentence each removed one became, by place; none where too few words stayed."""
    partner: dict[int, int] = {}
    theirs = [Counter(sentence.split()) for sentence in added[:_MOST_PAIRED]]
    for place, sentence in enumerate(removed[:_MOST_PAIRED]):
        mine = Counter(sentence.split())
        free = [other for other in range(len(theirs)) if other not in partner.values()]
        shares = {other: (mine & theirs[other]).total() / max(1, mine.total(), theirs[other].total()) for other in free}
        best = max(shares, key=lambda other: shares[other], default=None)
        if best is not None and shares[best] >= _SAME:
            partner[place] = best
    return partner


def _words(before: str, after: str) -> tuple[tuple[str, str], ...]:
    old, new = before.split(), after.split()
    if max(len(old), len(new)) > _MOST_WORDS:
        return ()
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return tuple((" ".join(old[a:b]), " ".join(new[c:d])) for tag, a, b, c, d in codes if tag != "equal")
