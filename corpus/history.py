"""Diffs two versions of an article: sentences added, removed, moved and changed, and the words within them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from corpus.alignment import align
from corpus.article import Article
from corpus.articles import Version
from corpus.boilerplate import is_boilerplate
from corpus.sentences import split_sentences

# Changes to report per edit; with more it is another text.
MAX_CHANGES = 30
# Characters of each text to compare.
_MAX_CHARACTERS = 300_000
# Pairs of sentences to align; beyond that, texts are compared as sets of sentences.
_MAX_PAIRS = 250_000
# Two sentences that share at least this part of the longer one's words are one changed sentence.
_MIN_SHARED_WORDS = 0.5
# Removed and added sentences of one place to pair, and words of a sentence to compare.
_MAX_PAIRED = 30
_MAX_WORDS = 200

_NumberedSentence = tuple[int, str]


class ChangeKind(StrEnum):
    """The kind of a change."""

    HEADLINE = "headline"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """One change, in the article's own words.

    `before` is empty for added text, `after` for removed text. `sentences` counts those added or removed in one place.
    `words` are the runs of words that differ in a changed sentence or headline, each as (before, after).
    """

    kind: ChangeKind
    before: str
    after: str
    sentences: int = 1
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit: when it was seen (ISO 8601, UTC), and its changes in the order of the text.

    Without changes, only white space, boilerplate or metadata differ. `left_out` counts changes beyond MAX_CHANGES.
    `is_silent`: words changed while the article's stated date did not. `is_partial`: the texts are so long that only
    their beginnings were compared.
    """

    seen_at: str
    changes: tuple[Change, ...]
    left_out: int
    is_silent: bool
    is_partial: bool


def compute_edit(article: Article, versions: Sequence[Version], place: int) -> Edit:
    """Return one edit of an article; `place` counts back from the newest, 0, and `versions` are oldest first."""
    at = len(versions) - 1 - place
    before = versions[at]
    after = versions[at + 1] if at + 1 < len(versions) else article
    changes = _diff_sentences(_sentences(before.body, article.language), _sentences(after.body, article.language))
    old_title, new_title = _normalize_spaces(before.title or ""), _normalize_spaces(after.title or "")
    if old_title != new_title:
        words = _diff_words(old_title, new_title)
        changes.insert(0, Change(ChangeKind.HEADLINE, old_title, new_title, words=words))
    return Edit(
        seen_at=before.replaced_at,
        changes=tuple(changes[:MAX_CHANGES]),
        left_out=max(0, len(changes) - MAX_CHANGES),
        is_silent=bool(changes) and before.published_at is not None and before.published_at == after.published_at,
        is_partial=max(len(before.body), len(after.body)) > _MAX_CHARACTERS,
    )


def _sentences(body: str, language: str | None) -> list[str]:
    """Return the sentences without what is no change of words: extra white space and boilerplate."""
    text = body[:_MAX_CHARACTERS]
    found = (_normalize_spaces(text[span.start : span.end]) for span in split_sentences(text, 0, len(text), language))
    return [sentence for sentence in found if not is_boilerplate(sentence)]


def _normalize_spaces(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _diff_sentences(before: list[str], after: list[str]) -> list[Change]:
    first = 0
    while first < min(len(before), len(after)) and before[first] == after[first]:
        first += 1
    last = 0
    while last < min(len(before), len(after)) - first and before[-1 - last] == after[-1 - last]:
        last += 1
    old = list(enumerate(before[first : len(before) - last]))
    new = list(enumerate(after[first : len(after) - last]))
    only_old = Counter(text for _, text in old) - Counter(text for _, text in new)
    only_new = Counter(text for _, text in new) - Counter(text for _, text in old)
    changes: list[Change] = []
    for old_block, new_block in _differing_blocks(old, new):
        moved, removed = _split_moved(old_block, only_old)
        _, added = _split_moved(new_block, only_new)
        changes.extend(Change(ChangeKind.MOVED, text, text) for _, text in moved)
        changes.extend(_pair_changes(removed, added))
    return changes


def _differing_blocks(
    old: list[_NumberedSentence], new: list[_NumberedSentence]
) -> Iterator[tuple[list[_NumberedSentence], list[_NumberedSentence]]]:
    """Yield the blocks in which the texts differ: sentences before and after."""
    before, after = [text for _, text in old], [text for _, text in new]
    if len(old) * len(new) > _MAX_PAIRS:
        both = set(before) & set(after)
        yield [each for each in old if each[1] not in both], [each for each in new if each[1] not in both]
        return
    for is_equal, a, b, c, d in align(before, after):
        if not is_equal:
            yield old[a:b], new[c:d]


def _split_moved(
    sentences: list[_NumberedSentence], unmatched: Counter[str]
) -> tuple[list[_NumberedSentence], list[_NumberedSentence]]:
    """Split sentences into those that the other text has elsewhere and those that it lacks, counted in `unmatched`."""
    moved, own = [], []
    for each in sentences:
        if unmatched[each[1]] > 0:
            unmatched[each[1]] -= 1
            own.append(each)
        else:
            moved.append(each)
    return moved, own


def _pair_changes(removed: list[_NumberedSentence], added: list[_NumberedSentence]) -> Iterator[Change]:
    """Yield changed sentences as pairs of a removed and an added one, then runs of the rest."""
    partner = _partners([text for _, text in removed], [text for _, text in added])
    for mine, theirs in partner.items():
        before, after = removed[mine][1], added[theirs][1]
        yield Change(ChangeKind.CHANGED, before, after, words=_diff_words(before, after))
    for run in _runs([each for place, each in enumerate(removed) if place not in partner]):
        yield Change(ChangeKind.REMOVED, " ".join(run), "", len(run))
    paired = set(partner.values())
    for run in _runs([each for place, each in enumerate(added) if place not in paired]):
        yield Change(ChangeKind.ADDED, "", " ".join(run), len(run))


def _runs(sentences: list[_NumberedSentence]) -> Iterator[list[str]]:
    """Group consecutive sentences, so that no quotation skips a sentence between two others."""
    # The difference between number and index is the same for all sentences of a run.
    for _, run in groupby(enumerate(sentences), key=lambda each: each[1][0] - each[0]):
        yield [text for _, (_, text) in run]


def _partners(removed: list[str], added: list[str]) -> dict[int, int]:
    """Map each removed sentence to the added one it became, by index, if they share enough words."""
    partner: dict[int, int] = {}
    theirs = [Counter(sentence.split()) for sentence in added[:_MAX_PAIRED]]
    for place, sentence in enumerate(removed[:_MAX_PAIRED]):
        mine = Counter(sentence.split())
        free = [other for other in range(len(theirs)) if other not in partner.values()]
        shares = {other: (mine & theirs[other]).total() / max(1, mine.total(), theirs[other].total()) for other in free}
        best = max(shares, key=lambda other: shares[other], default=None)
        if best is not None and shares[best] >= _MIN_SHARED_WORDS:
            partner[place] = best
    return partner


def _diff_words(before: str, after: str) -> tuple[tuple[str, str], ...]:
    old, new = before.split(), after.split()
    if max(len(old), len(new)) > _MAX_WORDS:
        return ()
    runs = align(old, new)
    return tuple((" ".join(old[a:b]), " ".join(new[c:d])) for is_equal, a, b, c, d in runs if not is_equal)
