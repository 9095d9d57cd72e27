"""What one server feeds changes nothing that another server reads: not a byte of an answer, not a score."""

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.render.brief_words import brief_shape
from bot.render.json_shapes import answer_shape, search_shape
from bot.render.overview_words import about_shape, coverage_shape, timeline_shape
from bot.render.story_words import stories_shape, story_shape
from bot.service.about_page import about_page
from bot.service.attache import Attache
from bot.service.brief import build_brief
from bot.service.brief_period import period_of_days
from bot.service.coverage import read_coverage
from bot.service.ingest import ingest, reindex
from bot.service.lookups import (
    article_card,
    count_corpus,
    find_article,
    find_by_words,
    list_publishers,
    passages_of,
    publisher_names,
)
from bot.service.sessions import reading
from bot.service.stories import find_story, read_card, read_stories
from bot.service.timeline import build_timeline
from bot.service.watched_answers import first_look
from bot.settings import Settings
from corpus.article import SHARED_COLLECTION
from corpus.ingest import IngestOptions
from index.filters import Filters
from tests.conftest import MakeSettings
from tests.fakes import HashingEmbedder

NOW = datetime(2025, 6, 1, tzinfo=UTC)
FIRST, SECOND = (Filters(collections=(SHARED_COLLECTION, name)) for name in ("guild:1", "guild:2"))
QUESTIONS = (
    "Did Borduria deny sending rockets?",
    "Has the Arland dam burst?",
    "What did the ferry company say about the strike?",
    "Who met in Oxbarrow?",
)
OWN = (
    "Borduria denied on Monday that it had sent rockets to Arland. Its minister called the report an invention.",
    "The Arland dam burst on Tuesday, officials said. Two villages were evacuated before the water came.",
    "The ferry company said on Friday that it would not talk about the strike. Its crews stayed in port all week.",
)
# Far longer and far shorter than the first server's, about the same things and about others.
FOREIGN = (
    " ".join(f"Envoys spoke of rockets, dams and ferries in town {number}." for number in range(120)),
    "Borduria sent rockets.",
    "The dam holds. The dam holds, an engineer said.",
)


# Misspelt words of both servers, and names that only the second one's articles have.
MISSPELT = (
    "did bordruia deny sending rokcets?",
    "has the arlnad dam burst?",
    "what did the quarternmaster of vexolandra say?",
    "what did the ferrry company say?",
)
NAMES = ("Borduria", "Lena Quist", "Vexolandra")
# On the same events, by other papers, with names, denials and words that the first server's articles lack.
FOREIGN_NEWS = (
    "Borduria denied on Monday that it had sent rockets to Arland. Its minister called the report an invention.",
    "The Arland dam burst on Tuesday, officials said. Vexolandra, the quartermaster, denied that the dam burst.",
    "Lena Quist denied that the ferry company would talk about the strike. Bordruia and arlnad are coins there.",
)


def feed(settings: Settings, folder: Path, name: str, texts: tuple[str, ...], collection: str) -> None:
    path = folder / f"{name}.jsonl"
    lines = [
        {"title": f"{name} {place}", "publisher": name, "body": text, "published_at": f"2025-05-2{place % 9}"}
        for place, text in enumerate(texts)
    ]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    ingest(settings, HashingEmbedder(), [path], IngestOptions(collection=collection))


def everything_read(settings: Settings, filters: Filters) -> str:
    """All that a reader can be shown, as text, without the times that it took."""
    found: list[Any] = []
    with Attache(settings, embedder=HashingEmbedder()) as attache:
        for question in (*QUESTIONS, *MISSPELT):
            look, vector = first_look(attache, question, filters, NOW)
            found += [
                answer_shape(attache.ask(question, filters, now=NOW)),
                search_shape(question, filters, attache.search(question, 10, filters)),
                timeline_shape(build_timeline(attache, question, filters, NOW)),
                {"verdict": look.verdict, "marks": look.marks, "vector": vector.tolist()},
                {"story": find_story(attache, question, filters)},
            ]
        pages = [about_page(attache, name, filters, NOW) for name in NAMES]
        found += [page and about_shape(page) for page in pages]
    stories = read_stories(settings, filters)
    cards = [read_card(settings, filters, each.id) for each in stories]
    found += [stories_shape(stories), [card and story_shape(card) for card in cards]]
    coverages = [read_coverage(settings, filters, each.id) for each in stories]
    found += [coverage and coverage_shape(coverage) for coverage in coverages]
    with reading(settings.data_dir) as db:
        period = period_of_days(db, date(2025, 5, 1), date(2025, 5, 31))
        found.append(brief_shape(build_brief(db, period, filters, ())))
        articles = find_by_words(db, filters, (), 99)
        found += [
            asdict(count_corpus(db, filters)),
            list(map(asdict, list_publishers(db, filters))),
            publisher_names(db, filters.collections),
            list(map(asdict, articles)),
            [find_article(db, filters, words) for words in ("Own 1", "Foreign", "News 2", "dam")],
            [repr(article_card(db, filters, number)) for number in range(1, 20)],
            [repr(passages_of(db, filters, number)) for number in range(1, 20)],
        ]
    return json.dumps(list(map(_untimed, found)), sort_keys=True, default=str)


def _untimed(found: Any) -> Any:
    if isinstance(found, dict):
        return {name: _untimed(value) for name, value in found.items() if name != "timings_ms"}
    return list(map(_untimed, found)) if isinstance(found, list) else found


@pytest.mark.parametrize("is_rebuilt", [False, True])
def test_adding_to_one_server_changes_no_byte_of_another(
    settings: MakeSettings, tmp_path: Path, is_rebuilt: bool
) -> None:
    made = settings(tmp_path / "data")
    feed(made, tmp_path, "Own", OWN, "guild:1")
    before = everything_read(made, FIRST)
    feed(made, tmp_path, "Foreign", FOREIGN, "guild:2")
    feed(made, tmp_path, "News", FOREIGN_NEWS, "guild:2")
    if is_rebuilt:
        reindex(made, HashingEmbedder(), full=True)
    assert everything_read(made, FIRST) == before
    after = everything_read(made, SECOND)
    assert all(each in after for each in ("Foreign", "News", "Vexolandra", "denied that the dam burst"))
    # The corrector knows the second server's words for its own readers only.
    with Attache(made, embedder=HashingEmbedder()) as attache:
        assert attache.ask(MISSPELT[2], SECOND, now=NOW).original is not None
        assert attache.ask(MISSPELT[2], FIRST, now=NOW).original is None


def test_what_another_server_added_before_changes_no_byte_either(settings: MakeSettings, tmp_path: Path) -> None:
    """As if it were not there: only the numbers of articles and stories tell of what came before."""
    alone, shared = settings(tmp_path / "alone"), settings(tmp_path / "shared")
    for made in (alone, shared):
        feed(made, tmp_path, "Own", OWN[:2], "guild:1")
        if made is shared:
            feed(made, tmp_path, "Foreign", (*FOREIGN, *FOREIGN_NEWS), "guild:2")
        feed(made, tmp_path, "Later", (*OWN[2:], OWN[1].replace("villages", "hamlets")), "guild:1")

    def told(made: Settings) -> list[tuple[Any, ...]]:
        with Attache(made, embedder=HashingEmbedder()) as attache:
            answers = [attache.ask(each, FIRST, now=NOW) for each in (*QUESTIONS, *MISSPELT)]
            hits = [attache.search(each, 10, FIRST).hits for each in QUESTIONS]
        stories = [(each.title, each.articles, each.independent) for each in read_stories(made, FIRST)]
        shown = [
            (each.question, each.original, each.verdict, each.confidence, [one.quote.text for one in each.evidence])
            for each in answers
        ]
        return [*shown, *[tuple((each.passage.text, each.score) for each in found) for found in hits], tuple(stories)]

    assert told(shared) == told(alone)
