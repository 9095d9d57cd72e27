"""What a brief tells: top stories, denials, silent corrections and watched answers; each once, and of nobody else's."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.answering.answer_changes import AnswerChange, ChangeKind
from bot.answering.cited_places import QuotedPlace
from bot.records.brief_outbox import Mark
from bot.records.topics import TopicChange
from bot.service.brief import Brief, build_brief
from bot.service.brief_period import Period, corpus_mark, period_of_days, recent_period
from bot.service.ingest import ingest
from bot.service.sessions import reading
from bot.service.stories import merge_stories
from bot.service.watched_answers import change_text
from bot.settings import Settings
from corpus.ingest import IngestOptions
from corpus.passages import text_hash
from corpus.timestamps import utc_text
from index.filters import Filters
from tests.conftest import MakeSettings
from tests.fakes import HashingEmbedder

SHARED = Filters(collections=("shared",))
DAM = "The Keldor dam above Marnfeld broke on Sunday night. Rescue teams pulled eleven people out of the water."
# No copy.
FLOOD = (
    "On Sunday night the Keldor dam above Marnfeld broke. Eleven people were pulled out of the water by rescue teams,"
    " and the Keldor flooded Marnfeld."
)
DENIAL = "Minister Ilse Brandt denied on Monday that the dam had been neglected."
DENIED = f"The dam above Marnfeld broke on Sunday. Rescue teams came to Marnfeld. {DENIAL}"
Add = Callable[..., None]


@pytest.fixture
def folder(settings: MakeSettings) -> Settings:
    return settings()


@pytest.fixture
def add(folder: Settings, tmp_path: Path) -> Add:
    """Takes articles in."""

    def add_all(*articles: dict[str, Any], collection: str = "shared") -> None:
        path = tmp_path / "articles.jsonl"
        path.write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
        ingest(folder, HashingEmbedder(), [path], IngestOptions(collection=collection))

    return add_all


def paper(number: int, publisher: str, body: str = DAM, **fields: str) -> dict[str, str]:
    url = f"https://{publisher.split(maxsplit=1)[0].lower()}.example/{number}"
    return {"title": "Keldor dam breaks", "publisher": publisher, "url": url, "body": body, **fields}


def mark(folder: Settings) -> Mark:
    """How far the corpus has come by now."""
    with reading(folder.data_dir) as db:
        return corpus_mark(db, utc_text(datetime.now(UTC)))


def since(folder: Settings, begun: Mark, filters: Filters = SHARED, changes: tuple[TopicChange, ...] = ()) -> Brief:
    with reading(folder.data_dir) as db:
        return build_brief(db, Period(begun, corpus_mark(db, utc_text(datetime.now(UTC)))), filters, changes)


def test_stories_come_by_independent_publishers_with_a_quote_that_stands_in_an_article(folder: Settings, add: Add):
    add(paper(1, "Salis Herald"), paper(2, "Quarry Post", FLOOD))
    # As an admin may, since the words of tests have no meaning.
    merge_stories(folder, 2, 1)
    bread = "Bread costs more in Salis, bakers of Salis said. Loaf {0} costs more."
    add(*(paper(number, "Port Gazette", bread.format(number), title="Bread costs more") for number in range(4)))
    with reading(folder.data_dir) as db:
        found = build_brief(db, recent_period(db, datetime.now(UTC) + timedelta(seconds=2), 24), SHARED, ())
    top = found.stories[0]
    assert (top.story.title, top.articles, top.independent) == ("Keldor dam breaks", 2, 2)
    assert (found.articles, found.independent) == (6, 3)
    quote = found.stories[0].quote
    assert quote is not None
    assert DAM.startswith(quote.quote.text)


def test_what_was_told_is_not_told_again_and_what_came_late_is(folder: Settings, add: Add):
    add(paper(1, "Salis Herald"))
    begun = mark(folder)
    assert since(folder, begun).is_empty
    add(paper(1, "Salis Herald"), paper(2, "Quarry Post"))
    found = since(folder, begun)
    assert [(each.story.articles, each.articles) for each in found.stories] == [(2, 1)]
    assert since(folder, mark(folder)).is_empty
    # What only now comes in of last year is no news.
    add(paper(3, "Port Gazette", published_at="2019-03-01"))
    assert since(folder, mark(folder)).articles == 0


def test_nothing_of_another_collection_is_told_nor_counted(folder: Settings, add: Add):
    add(paper(9, "Quarry Post", "Granite sells well in Stonefield, masons said."))
    begun = mark(folder)
    add(paper(1, "Secret Paper", DENIED, title="Secret dam"), collection="discord-7")
    assert since(folder, begun).is_empty
    add(paper(2, "Salis Herald"))
    found = since(folder, begun)
    assert (found.articles, found.independent) == (1, 1)
    assert "Secret" not in repr(found)
    assert "Brandt" not in repr(found)
    assert "Secret dam" in repr(since(folder, begun, Filters(collections=("discord-7",))))


def test_a_denial_is_told_once_by_its_speaker(folder: Settings, add: Add):
    add(paper(1, "Salis Herald"))
    begun = mark(folder)
    add(paper(2, "Quarry Post", DENIED))
    [denial] = since(folder, begun).denials
    assert denial.evidence.attribution is not None
    assert "Ilse Brandt" in (denial.evidence.attribution.speaker or "")
    assert denial.evidence.quote.text == DENIAL
    begun = mark(folder)
    add(paper(3, "Port Gazette", f"{DENIED} She said so in Marnfeld."))
    found = since(folder, begun)
    assert [each.articles for each in found.stories] == [1]
    assert found.denials == ()


def test_satire_is_no_news(folder: Settings, add: Add):
    begun = Mark("2020-01-01T00:00:00Z")
    add(paper(1, "Daily Satire", title="Satire: Keldor dam breaks"))
    assert since(folder, begun).stories == ()


@pytest.mark.parametrize(
    ("after", "is_told"),
    [
        ({"body": DAM.replace("eleven", "seven")}, True),
        ({"title": "Keldor dam leaks"}, True),
        # Other words for the same are no correction.
        ({"body": DAM.replace("pulled eleven people out of", "saved eleven people from")}, False),
        # A new date says that it is another edition.
        ({"body": DAM.replace("eleven", "seven"), "published_at": "2024-03-04"}, False),
        # The publisher says so.
        ({"body": DAM.replace("eleven", "seven") + " Correction: an earlier version gave a wrong number."}, False),
        # News grow.
        ({"body": f"{DAM} More people are missing, the town of Marnfeld said."}, False),
    ],
)
def test_a_correction_is_told_if_the_publisher_did_not_say_so(
    folder: Settings, add: Add, after: dict[str, str], is_told: bool
):
    add(paper(1, "Salis Herald", published_at="2024-03-03"))
    begun = mark(folder)
    add(paper(1, "Salis Herald", **{"published_at": "2024-03-03", **after}))  # type: ignore[arg-type]
    found = since(folder, begun)
    assert len(found.edits) == int(is_told)
    if is_told:
        changed = found.edits[0].changes[0]
        assert changed.change.before != changed.change.after
        assert [(each.before, each.after) for each in changed.facts] == (
            [("eleven", "seven")] if "body" in after else []
        )
    assert since(folder, mark(folder)).edits == ()
    assert since(folder, begun, Filters(collections=("discord-7",))).edits == ()


def test_days_of_publication_can_be_asked_for(folder: Settings, add: Add):
    add(paper(1, "Salis Herald", published_at="2022-06-07"), paper(2, "Quarry Post", published_at="2022-06-09"))
    with reading(folder.data_dir) as db:
        found = build_brief(db, period_of_days(db, date(2022, 6, 7), date(2022, 6, 8)), SHARED, ())
    assert (found.since, found.until, found.articles) == ("2022-06-07", "2022-06-08", 1)


def change(number: int, watch: int, before: str, after: str, **fields: Any) -> TopicChange:
    made = AnswerChange(ChangeKind.VERDICT, before, after)
    given = {"question": "Did it break?", "since": None, "until": None, "publishers": (), **fields}
    return TopicChange(number, watch, 1, found_at="2024-03-03T00:00:00Z", change=change_text(made), **given)


def test_a_changed_answer_is_told_once_however_many_watch_it(folder: Settings, add: Add):
    add(paper(1, "Salis Herald"))
    begun = mark(folder)
    changes = (
        change(1, 1, "yes", "disputed"), change(2, 2, "yes", "disputed"), change(3, 1, "disputed", "no"),
        change(4, 3, "disputed", "no", question="Was it bombed?"),
        change(5, 4, "no", "yes", question="Is it mended?"), change(6, 4, "yes", "no", question="Is it mended?"),
        change(7, 5, "open", "disputed", question="Who broke it?"),
    )  # fmt: skip
    found = since(folder, begun, changes=changes)
    assert [(each.question, each.before, each.after) for each in found.topics] == [("Did it break?", "yes", "no")]
    assert [each.question for each in found.settled] == ["Was it bombed?"]
    assert [each.question for each in found.opened] == ["Who broke it?"]


def test_a_changed_answer_whose_quote_may_not_be_read_is_not_told(folder: Settings, add: Add):
    add(paper(1, "Secret Paper"), collection="discord-7")
    begun = mark(folder)
    quoted = DAM.split(". ", maxsplit=1)[0] + "."
    place = QuotedPlace(1, 1, 0, len(quoted), text_hash(quoted))
    made = AnswerChange(ChangeKind.SPEAKER, place=place, speaker="somebody", cue="said")
    told = TopicChange(1, 1, 1, "Did it break?", None, None, (), "2024-03-03T00:00:00Z", change_text(made))
    assert since(folder, begun, changes=(told,)).is_empty
    assert not since(folder, begun, Filters(collections=("discord-7",)), (told,)).is_empty
    # A channel that quotes only one publisher hears of no other.
    elsewhere = Filters(collections=("discord-7",), publishers=("Salis Herald",))
    limited = TopicChange(1, 1, 1, "?", None, None, ("Secret Paper",), "2024-03-03T00:00:00Z", change_text(made))
    assert since(folder, begun, elsewhere, (limited,)).is_empty
