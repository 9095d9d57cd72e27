"""Stories to choose from: by number, words of a headline or publisher, or the latest; only of what may be read."""

import json
from contextlib import closing
from pathlib import Path

from bot.answering.story_facts import StoryFacts
from bot.service.ingest import ingest
from bot.service.stories import suggest_stories
from bot.settings import Settings
from corpus.database import open_database
from corpus.ingest import IngestOptions
from corpus.publishers.directory import Publishers
from index.filters import Filters
from index.schema import migrations as index_migrations
from tests.fakes import HashingEmbedder

BODY = "The quarry of Stonefield sold {} blocks of granite to a mason on Monday, and will close for the whole winter."
SHARED, GUILD = Filters(collections=("shared",)), Filters(collections=("shared", "discord-7"))


def add(settings: Settings, folder: Path, title: str, body: str, collection: str = "shared", copies: int = 2) -> None:
    articles = [
        {"title": title, "publisher": f"Paper {each}", "published_at": f"2024-03-0{each + 1}", "body": body,
         "url": f"https://paper.example/{collection}/{title.split(maxsplit=1)[0]}/{each}"}
        for each in range(copies)
    ]  # fmt: skip
    path = folder / "articles.jsonl"
    path.write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
    ingest(settings, HashingEmbedder(), [path], IngestOptions(collection=collection))


def test_stories_are_offered_by_words_or_number_and_only_those_that_may_be_read(tmp_path: Path) -> None:
    settings = Settings.load(None, data_dir=tmp_path / "data")
    add(settings, tmp_path, "Granite sells well", BODY.format("four"))
    tender = "Three companies want to mend the Velden bridge by June, a memo says. The council keeps their names."
    add(settings, tmp_path, "Secret tender of a bridge", tender, "discord-7")
    add(
        settings,
        tmp_path,
        "Lone wolf",
        "A wolf came to the valley of Marn at night and left before dawn.",
        "discord-7",
        1,
    )
    with closing(open_database(settings.data_dir, (index_migrations,))) as db:

        def offered(text: str, filters: Filters = SHARED, own: str | None = None) -> list[StoryFacts]:
            return suggest_stories(db, filters, Publishers(db), text, 25, own=own)

        def titles(text: str, filters: Filters = SHARED, own: str | None = None) -> list[str | None]:
            return [each.title for each in offered(text, filters, own)]

        assert titles("") == ["Granite sells well"]
        assert titles("granite SELLS") == titles("paper 1") == ["Granite sells well"]
        assert offered("")[0].last_day == "2024-03-02"
        assert set(titles("", GUILD)) == {"Granite sells well", "Secret tender of a bridge"}
        secret = offered("tender", GUILD)[0].id
        for text in ("tender", str(secret), f"no. {secret}", "9" * 18, "9" * 40, "x" * 6000, "%", "!", "'"):
            assert titles(text) == [], text
        assert titles(f"#{secret}", GUILD)[0] == "Secret tender of a bridge"
        # What an admin may move, single articles too, and where it may go.
        assert set(titles("", GUILD, "discord-7")) == {"Secret tender of a bridge", "Lone wolf"}
        assert len(titles("", GUILD, "")) == 3
