"""What publishers changed in their articles in a period without a new date and without saying so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from bot.answering.answer import Citation
from bot.answering.changed_facts import FactChange, changed_facts
from bot.answering.citation import cite
from bot.service.brief_period import LATE_DAYS, Period
from corpus.articles import Articles
from corpus.history import Change, ChangeKind, Edit, compute_edit
from corpus.publishers.directory import Publishers
from corpus.timestamps import utc_text
from index.filters import Filters, filter_articles

MAX_EDITS = 5
# Former versions that are looked at, the latest.
_MAX_VERSIONS = 2_000
# Articles whose texts are compared, the latest.
_MAX_COMPARED = 200
# More sentences that went in one place than these are mostly a page that was read differently.
_MAX_REMOVED = 3
# Set words by which publishers state a correction, in the languages of most articles. They only keep apart what is said
# openly: a silent correction is recognised by the facts that differ (`bot.answering.changed_facts`).
_STATED = re.compile(
    r"\b(?:correct(?:ion|ed|s)|clarif(?:ication|ied|ies)|amended|editors?['’]s? note|(?:earlier|previous) version"
    r"|korrektur|korrigiert|berichtig(?:t|ung)|anmerkung der redaktion|früheren (?:version|fassung)"
    r"|rectificati(?:f|on)|corrig[ée]e?s?|correcci[óo]n|corregido|fe de erratas)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SilentChange:
    """A change, and the facts that it states otherwise than before; none where a headline or sentence merely went."""

    change: Change
    facts: tuple[FactChange, ...]


@dataclass(frozen=True, slots=True)
class SilentEdit:
    """An article that its publisher changed, the first of what changed, and how many changes there are in all."""

    article_id: int
    citation: Citation
    changes: tuple[SilentChange, ...]
    count: int
    seen_at: str


def silent_edits(db: Database, period: Period, filters: Filters, publishers: Publishers) -> list[SilentEdit]:
    """Return the silent corrections of a period: changed facts first, then headlines, the latest; at most MAX_EDITS.

    An edit counts if a sentence states another number, date or name than before, or the opposite, or if the headline
    changed or a sentence went, while the article's date stayed; and if nothing that was added says so.
    """
    found_at = _edited(db, period)
    allowed = filter_articles(db, filters, set(found_at)) if found_at else set()
    latest = sorted(allowed, key=lambda each: found_at[each], reverse=True)[:_MAX_COMPARED]
    compared = (_compare(db, article_id, found_at[article_id], publishers) for article_id in latest)
    edits = [each for each in compared if each is not None]
    return sorted(edits, key=lambda each: (_weight(each.changes), each.seen_at), reverse=True)[:MAX_EDITS]


def _edited(db: Database, period: Period) -> dict[int, str]:
    """Return the articles that were changed in a period, with when the first of its changes was seen."""
    rows = db.execute(
        "SELECT id, article_id, replaced_at FROM versions WHERE id <= ? ORDER BY id DESC LIMIT ?",
        (period.until.version, _MAX_VERSIONS),
    ).fetchall()
    since = period.since.at
    # An import of another folder's articles brings versions that were replaced long ago.
    earliest = utc_text(datetime.fromisoformat(since) - timedelta(days=LATE_DAYS))
    found: dict[int, str] = {}
    for version_id, article_id, replaced_at in rows:
        # Numbers of removed versions are given again, and a clock may be late: either shows what is new.
        is_new = replaced_at > since or bool(period.since.article and version_id > period.since.version)
        if is_new and earliest < replaced_at and (period.days is None or replaced_at <= period.until.at):
            found[article_id] = replaced_at
    return found


def _compare(db: Database, article_id: int, replaced_at: str, publishers: Publishers) -> SilentEdit | None:
    """Return what changed in an article since its version that was replaced then; None if nothing did silently."""
    articles = Articles(db)
    article = articles.get(article_id)
    former = [each for each in articles.versions(article_id) if each.replaced_at >= replaced_at]
    if article is None or not former:
        return None
    edit = compute_edit(article, former[:1], 0)
    found = (SilentChange(each, changed_facts(each, article.language)) for each in edit.changes)
    kept = [each for each in found if _is_correction(each)]
    if not edit.is_silent or not kept or _states_it(edit):
        return None
    ranked = sorted(kept, key=lambda each: _weight([each]), reverse=True)
    return SilentEdit(article_id, cite(article, "", publishers), tuple(ranked), len(kept), former[-1].replaced_at)


def _is_correction(silent: SilentChange) -> bool:
    """Return whether a change is more than other words for the same, or text that is added as news grow."""
    kind = silent.change.kind
    is_short_cut = kind is ChangeKind.REMOVED and silent.change.sentences <= _MAX_REMOVED
    return bool(silent.facts) or kind is ChangeKind.HEADLINE or is_short_cut


def _states_it(edit: Edit) -> bool:
    return any(len(_STATED.findall(each.after)) > len(_STATED.findall(each.before)) for each in edit.changes)


def _weight(changes: Sequence[SilentChange]) -> int:
    """Return how much a reader has to know of changes: other facts most, then another headline."""
    return max(2 * bool(each.facts) + (each.change.kind is ChangeKind.HEADLINE) for each in changes)
