"""A brief: what a period brought on watched questions and stories, disputes, and silent corrections, all quoted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlite_utils import Database

from bot.answering.answer import Answer, Evidence, SearchScope, Verdict
from bot.answering.answer_changes import ChangeKind
from bot.answering.independence import count_independent, sources_of
from bot.answering.question.kind import QuestionKind
from bot.answering.story_facts import visible
from bot.records.topics import TopicChange
from bot.service.brief_period import Period, new_articles
from bot.service.silent_edits import SilentEdit, silent_edits
from bot.service.story_news import Denial, StoryNews, top_stories
from bot.service.watched_answers import ShownChange, parse_change, show_changes
from bot.writer.written import Written
from corpus.articles import Articles
from corpus.copies import Copies
from corpus.publishers.directory import Publishers
from index.filters import Filters

MAX_TOPICS = 6
# Articles among which copies are looked for to count their sources.
_MAX_COUNTED = 2_000
_TITLE = "What is new in these reports, and who says it?"


@dataclass(frozen=True, slots=True)
class TopicNews:
    """What changed in the answer to a watched question.

    `before` and `after` are its verdicts where that changed, both empty otherwise. `changes` come in their order.
    """

    question: str
    before: str
    after: str
    changes: tuple[ShownChange, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """What a period brought, as far as it may be read.

    `since` and `until` are moments (ISO 8601, UTC), or days of publication (`YYYY-MM-DD`). `articles` and `independent`
    count what came in and its independent publishers. `opened` and `settled` are watched questions that became
    disputed, or are not any more; other changes of answers are in `topics`. `written` are proven sentences on the
    quotes, where there is a model.
    """

    since: str
    until: str
    articles: int
    independent: int
    topics: tuple[TopicNews, ...]
    stories: tuple[StoryNews, ...]
    opened: tuple[TopicNews, ...]
    settled: tuple[TopicNews, ...]
    denials: tuple[Denial, ...]
    edits: tuple[SilentEdit, ...]
    written: Written | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.topics or self.stories or self.opened or self.settled or self.denials or self.edits)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The quotes on stories: their leads, and what is denied in them."""
        leads = (each.quote for each in self.stories if each.quote is not None)
        return (*leads, *(each.evidence for each in self.denials))


def build_brief(db: Database, period: Period, filters: Filters, changes: Sequence[TopicChange]) -> Brief:
    """Return the brief of a period.

    Takes some tenths of a second for a day with a thousand articles.

    Args:
        db: the corpus.
        period: what it covers.
        filters: which articles may be read; their dates count for nothing.
        changes: of watched questions that may be told.
    """
    filters, publishers = visible(filters), Publishers(db)
    ids = new_articles(db, period, filters)
    stories, denials = top_stories(db, ids, filters, publishers) if ids else ([], [])
    topics = show_topics(db, changes, filters)
    opened = [each for each in topics if each.after == Verdict.DISPUTED]
    settled = [each for each in topics if each.before == Verdict.DISPUTED and each.after in {Verdict.YES, Verdict.NO}]
    since, until = (day.isoformat() for day in period.days) if period.days else (period.since.at, period.until.at)
    return Brief(
        since=since,
        until=until,
        articles=len(ids),
        independent=_independent(db, ids, publishers),
        topics=tuple(each for each in topics if each not in opened and each not in settled)[:MAX_TOPICS],
        stories=tuple(stories),
        opened=tuple(opened[:MAX_TOPICS]),
        settled=tuple(settled[:MAX_TOPICS]),
        denials=tuple(denials),
        edits=tuple(silent_edits(db, period, filters, publishers)),
    )


def brief_answer(brief: Brief, now: datetime, filters: Filters) -> Answer | None:
    """Return a brief's quotes in the form that the writer writes from; None without quotes."""
    evidence = brief.evidence
    if not evidence:
        return None
    days = [each.citation.published_at[:10] for each in evidence if each.citation.published_at]
    return Answer(
        question=_TITLE,
        kind=QuestionKind.TOPIC,
        verdict=Verdict.OPEN,
        evidence=evidence,
        as_of=max(days, default=None),
        asked_at=now,
        searched=SearchScope(brief.articles, min(days, default=None), max(days, default=None), filters),
        confidence=1.0,
        threshold=0.0,
        notes=(),
        timings_ms={},
    )


def show_topics(db: Database, changes: Sequence[TopicChange], filters: Filters) -> list[TopicNews]:
    """Return what changed by question, each change once however many members watch it.

    A question is left out whose quotes may not be read here, or whose verdict is what it was.
    """
    asked: dict[tuple[object, ...], list[TopicChange]] = {}
    for each in changes:
        key = each.question.casefold(), each.since, each.until, each.publishers
        asked.setdefault(key, []).append(each)
    found = (_topic(db, each, filters) for each in asked.values())
    return [each for each in found if each is not None]


def _topic(db: Database, changes: Sequence[TopicChange], filters: Filters) -> TopicNews | None:
    bounded = _bounded(changes[0], filters)
    if bounded is None:
        return None
    shown = show_changes(db, [parse_change(each.change) for each in changes], bounded)
    unique: dict[tuple[object, ...], ShownChange] = {}
    for each in shown:
        if each is not None:
            change = each.change
            unique.setdefault((change.kind, change.before, change.after, change.place), each)
    verdicts = [each for each in unique.values() if each.change.kind is ChangeKind.VERDICT]
    before, after = (verdicts[0].change.before, verdicts[-1].change.after) if verdicts else ("", "")
    if verdicts and before == after:
        before = after = ""
        verdicts = []
    # The verdict of the end, and what else is new.
    kept = [*verdicts[-1:], *(each for each in unique.values() if each.change.kind is not ChangeKind.VERDICT)]
    return TopicNews(changes[0].question, before, after, tuple(kept)) if kept else None


def _bounded(change: TopicChange, filters: Filters) -> Filters | None:
    """Return the filters within what a watch is limited to; None where it is limited to what may not be read here."""
    first, last = (date.fromisoformat(day[:10]) if day else None for day in (change.since, change.until))
    allowed = {each.casefold() for each in filters.publishers}
    wanted = [each for each in change.publishers if not allowed or each.casefold() in allowed]
    if change.publishers and not wanted:
        return None
    return replace(filters, since=first, until=last, publishers=tuple(wanted) or filters.publishers)


def _independent(db: Database, article_ids: Iterable[int], publishers: Publishers) -> int:
    articles = list(Articles(db).facts(list(article_ids)[-_MAX_COUNTED:]).values())
    pairs = Copies(db).pairs({each.id for each in articles}) if len(articles) > 1 else ()
    return count_independent(sources_of(articles, publishers), pairs).independent
