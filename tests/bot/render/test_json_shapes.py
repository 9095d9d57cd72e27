"""JSON shapes and the text of the same answers at a terminal."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from rich.console import Console

from bot.answering.refusal import RefusalModel
from bot.render.envelope import VERSION, error_shape
from bot.render.json_shapes import answer_shape, search_shape
from bot.render.terminal import describe_filters, show_answer, show_hits
from bot.service.attache import Attache
from corpus.errors import BadInput
from index.filters import Filters
from tests.conftest import MakeSettings
from tests.fakes import HashingEmbedder

NOW = datetime(2024, 6, 1, 12, 0, tzinfo=UTC)
QUESTION = "Is the Velden bridge unsafe?"
NOTHING = Filters(publishers=("[bold]Nobody[/bold]",), since=date(2024, 9, 9))


@pytest.fixture
def service(settings: MakeSettings, made_up_data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Attache]:
    """The made-up corpus; whatever evidence there is, is enough."""
    monkeypatch.setattr(RefusalModel, "confidence", lambda _, measures: 1.0 if measures else 0.0)
    with Attache(settings(made_up_data), embedder=HashingEmbedder()) as attache:
        yield attache


def shown(show: object, *arguments: object) -> str:
    out = io.StringIO()
    show(Console(file=out, width=100, highlight=False), *arguments)
    return out.getvalue()


def test_an_answer_is_json_with_kind_and_version(service: Attache) -> None:
    answer = service.ask(QUESTION, now=NOW)
    found = json.loads(json.dumps(answer_shape(answer)))
    assert (found["kind"], found["version"]) == ("answer", VERSION)
    assert (found["question"], found["question_kind"]) == (QUESTION, "yes_no")
    assert found["asked_at"] == "2024-06-01T12:00:00+00:00"
    assert [each["quote"]["text"] for each in found["evidence"]] == [each.quote.text for each in answer.evidence]
    assert found["evidence"][0]["citation"]["publisher"] == "Valley Times"


def test_a_judged_answer_is_json_with_what_was_put_forward_and_how_quotes_stand(service: Attache) -> None:
    found = json.loads(json.dumps(answer_shape(service.ask("Is the Velden bridge unsafe in 2024?", now=NOW))))
    assert found["proposition"]["act"] == "other"
    assert found["period"] == {"first": "2024-01-01", "last": "2024-12-31"}
    assert found["wanted"] is None
    assert 0 < found["probability"] < 1
    for each in found["evidence"]:
        assert (each["stance"] is None) == (found["verdict"] == "open")
    opened = json.loads(json.dumps(answer_shape(service.ask("Who called the Velden bridge unsafe?", now=NOW))))
    assert (opened["verdict"], opened["wanted"], opened["proposition"]) == ("open", "who", None)
    assert all(each["stance"] is None for each in opened["evidence"])


def test_a_refusal_is_json_without_evidence(service: Attache) -> None:
    found = json.loads(json.dumps(answer_shape(service.ask(QUESTION, NOTHING, now=NOW))))
    assert (found["verdict"], found["evidence"], found["as_of"]) == ("not_found", [], None)
    assert found["searched"]["filters"] == {
        "publishers": ["[bold]Nobody[/bold]"], "collections": [], "since": "2024-09-09", "until": None,
        "languages": [],
    }  # fmt: skip


def test_hits_are_json_with_their_rank_and_slice(service: Attache) -> None:
    result = service.search(QUESTION)
    found = json.loads(json.dumps(search_shape(QUESTION, Filters(), result)))
    assert (found["kind"], found["version"], found["query"]) == ("search", VERSION, QUESTION)
    assert [each["rank"] for each in found["hits"]] == list(range(1, len(result.hits) + 1))
    first = found["hits"][0]
    assert first["external_id"] == "bridge"
    assert first["end"] - first["start"] == len(first["text"])


def test_a_failure_is_json_with_the_sentence_and_what_to_do() -> None:
    assert error_shape(BadInput("It is empty.", "Ask something.")) == {
        "kind": "error",
        "version": VERSION,
        "message": "It is empty.",
        "hint": "Ask something.",
    }


def test_an_answer_at_a_terminal_names_publisher_date_title_and_link(service: Attache) -> None:
    text = shown(show_answer, service.ask(QUESTION, now=NOW))
    assert "denied on Tuesday that the Velden bridge is unsafe" in " ".join(text.split())
    assert "Valley Times · 10 April 2024 (52 days ago)" in text
    assert "Minister denies that the bridge is unsafe" in text
    assert "https://example.org/bridge#:~:text=" in text
    assert "Searched 5 articles from 1 March 2024 to 20 May 2024." in text


def test_a_link_is_never_broken_over_two_lines(service: Attache) -> None:
    [*links] = [line for line in shown(show_answer, service.ask(QUESTION, now=NOW)).splitlines() if "https:" in line]
    answer = service.ask(QUESTION, now=NOW)
    assert [line.strip() for line in links] == [each.citation.link for each in answer.evidence if each.citation.url]


def test_a_refusal_at_a_terminal_shows_no_source_and_says_what_to_try(service: Attache) -> None:
    text = shown(show_answer, service.ask(QUESTION, NOTHING, now=NOW))
    assert "I found nothing in my articles" in text
    assert "http" not in text
    assert "No articles match: only [bold]Nobody[/bold], since 9 September 2024." in text
    assert "without the filters" in text


def test_an_article_without_a_date_says_so(service: Attache) -> None:
    filters = Filters(publishers=("Harbour Herald",))
    text = shown(show_answer, service.ask("Of what was the old lighthouse built?", filters, now=NOW))
    assert "Harbour Herald · date unknown" in text
    assert "no link; read from " in text


def test_passages_at_a_terminal_come_with_their_scores(service: Attache) -> None:
    text = shown(show_hits, service.search(QUESTION))
    assert text.startswith("1. Minister denies that the bridge is unsafe")
    assert "cosine 0." in text
    assert "BM25" in text


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (Filters(), ""),
        (Filters(publishers=("A", "B")), "only A or B"),
        (Filters(collections=("x",), until=date(2024, 1, 2)), "in x, until 2 January 2024"),
        (Filters(languages=("de", "fr")), "in the language de or fr"),
    ],
)
def test_filters_are_told_in_words(filters: Filters, words: str) -> None:
    assert describe_filters(filters) == words
