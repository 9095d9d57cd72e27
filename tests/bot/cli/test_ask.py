"""`ask` and `search`: what they print, and how they end."""

import re
from pathlib import Path

import pytest

from tests.bot.cli.exit_codes import ABSENT, DENIAL, assert_sentence, assert_shape
from tests.bot.conftest import Attache

pytestmark = pytest.mark.usefixtures("loaded_model")


def test_ask_shows_quotes_with_their_sources(attache: Attache, starter_data: Path) -> None:
    ended = attache("ask", DENIAL, data=starter_data)
    assert ended.code == 0
    assert "Nozari" in ended.out
    assert "file://" in ended.out
    assert "written by this project, not a news report" in ended.out
    assert "Searched 32 articles from " in ended.out
    assert ended.err == ""


def test_ask_refuses_with_exit_code_3(attache: Attache, starter_data: Path) -> None:
    ended = attache("ask", ABSENT, data=starter_data)
    assert ended.code == 3
    assert "I found nothing" in ended.out
    assert "file://" not in ended.out


@pytest.mark.parametrize(
    ("question", "subject", "told"),
    [
        (
            "what are your sources?",
            "sources",
            "I only know the articles that I was given: 32 articles from 1 publisher.",
        ),
        ("how current are you?", "freshness", "I have 32 articles from 1 publisher, "),
        ("what's new?", "news", "- "),
        ("are you biased?", "trust", "I take no side and have no opinions."),
        ("who made you?", "maker", "I'm a program (version "),
        ("which languages do you speak?", "languages", "in Discord also in German"),
    ],
)
def test_ask_tells_what_is_asked_about_attache_itself(
    attache: Attache, starter_data: Path, question: str, subject: str, told: str
) -> None:
    ended = attache("ask", question, data=starter_data)
    assert (ended.code, ended.err) == (0, "")
    assert told in " ".join(ended.out.split())
    assert "I found nothing" not in ended.out
    assert "`/" not in ended.out
    assert assert_shape(attache("ask", "--json", question, data=starter_data), "about_attache")["subject"] == subject


def test_what_a_question_is_limited_to_says_nothing_about_attache(attache: Attache, starter_data: Path) -> None:
    plain = attache("ask", "how current are you?", data=starter_data)
    limited = attache("ask", "how current are you?", "--since", "2030", "--publisher", "Nobody", data=starter_data)
    assert "articles" in plain.out
    assert limited.out == plain.out


def test_ask_as_json(attache: Attache, starter_data: Path) -> None:
    ended = attache("ask", "--json", DENIAL, "--since", "2024-09", "--until", "2024", data=starter_data)
    answer = assert_shape(ended, "answer")
    assert answer["searched"]["filters"]["since"] == "2024-09-01"
    assert answer["searched"]["filters"]["until"] == "2024-12-31"
    assert {each["citation"]["published_at"][:7] for each in answer["evidence"]} == {"2024-09"}
    refused = attache("ask", "--json", ABSENT, data=starter_data)
    assert (refused.code, assert_shape(refused, "answer")["evidence"]) == (3, [])


def test_a_language_is_searched_alone_and_one_that_is_no_code_is_told_in_a_sentence(
    attache: Attache, starter_data: Path
) -> None:
    assert attache("search", "missiles", "--language", "EN", "--limit", 2, data=starter_data).code == 0
    none = attache("ask", DENIAL, "--language", "de", data=starter_data)
    assert none.code == 3
    assert "in the language de" in none.out
    for wrong in ("english", "d1", "", "日本"):
        assert_sentence(attache("search", "missiles", "--language", wrong, data=starter_data), 2)


def test_search_shows_passages_or_says_that_there_are_none(attache: Attache, starter_data: Path) -> None:
    ended = attache("search", "missiles", "--limit", 2, data=starter_data)
    assert ended.code == 0
    assert re.findall(r"^\d+\. ", ended.out, re.MULTILINE) == ["1. ", "2. "]
    none = attache("search", "missiles", "--publisher", "Nobody", data=starter_data)
    assert (none.code, none.out) == (3, "No passages found (only Nobody).\n")
    assert assert_shape(attache("search", "missiles", "--json", data=starter_data), "search")["hits"]


def test_a_misspelt_question_is_corrected_and_says_so(attache: Attache, starter_data: Path) -> None:
    misspelt, right = "did iran deny the missle reports?", "did iran deny the missile reports?"
    ended = attache("ask", misspelt, data=starter_data)
    assert (ended.code, ended.out.splitlines()[0]) == (0, f"Understood as: {right}")
    answer = assert_shape(attache("ask", "--json", misspelt, data=starter_data), "answer")
    assert (answer["question"], answer["original"]) == (right, misspelt)
    assert assert_shape(attache("ask", "--json", right, data=starter_data), "answer")["original"] is None
    assert "Understood" not in attache("ask", right, data=starter_data).out
    assert attache("search", "missle", data=starter_data).out.startswith("Understood as: missile\n")
    found = assert_shape(attache("search", "missle", "--json", data=starter_data), "search")
    assert (found["query"], found["original"]) == ("missile", "missle")
    nothing = attache("search", "missle", "--publisher", "Nobody", data=starter_data)
    assert nothing.out == "Understood as: missile\nNo passages found (only Nobody).\n"


@pytest.mark.parametrize("publisher", ["[nobody]", "[/bold]"])
def test_a_publisher_in_brackets_is_told_as_it_was_given(attache: Attache, starter_data: Path, publisher: str) -> None:
    none = attache("search", "missiles", "--publisher", publisher, data=starter_data)
    assert (none.code, none.out) == (3, f"No passages found (only {publisher}).\n")


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("question", ["", "   ", "?!", "\0\0", "🙂🙂", "x" * 10_000])
def test_what_is_no_question_gets_a_sentence(attache: Attache, starter_data: Path, command: str, question: str) -> None:
    assert_sentence(attache(command, question, data=starter_data), 2)
    failed = attache(command, "--json", question, data=starter_data)
    assert failed.code == 2
    assert assert_shape(failed, "error")["hint"]


@pytest.mark.parametrize(
    "question", ['" OR NEAR( *', "iran\0missiles?", "🙂 missiles", "'; DROP TABLE articles; --", "[/bold]x"]
)
def test_hostile_questions_are_answered_or_refused(attache: Attache, starter_data: Path, question: str) -> None:
    for command in ("ask", "search"):
        assert attache(command, "--", question, data=starter_data).code in {0, 3}


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", DENIAL, "--since", "someday"),
        ("ask", DENIAL, "--until", "2024-13-45"),
        ("ask",),
        ("ask", DENIAL, "--unknown"),
        ("search", "x", "--limit", "0"),
        ("unknown",),
    ],
)
def test_bad_usage_ends_with_exit_code_2(attache: Attache, starter_data: Path, arguments: tuple[str, ...]) -> None:
    ended = attache(*arguments, data=starter_data)
    assert ended.code == 2
    assert ended.err


def test_an_unknown_setting_ends_with_exit_code_2(attache: Attache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTACHE_QUOTE", "3")
    ended = attache("ask", DENIAL)
    assert_sentence(ended, 2)
    assert "ATTACHE_QUOTE" in ended.err


def test_a_publisher_that_is_no_text_is_found_nowhere(attache: Attache, starter_data: Path) -> None:
    assert attache("search", "missiles", "--publisher", "\udcff", data=starter_data).code == 3
