"""`stories`, `coverage`, `timeline` and `about`: what they print, and how they end."""

import json
import re
from pathlib import Path

import pytest

from tests.bot.cli.exit_codes import ABSENT, DENIAL, assert_sentence, assert_shape
from tests.bot.conftest import Attache

pytestmark = pytest.mark.usefixtures("loaded_model")
NOZARI = "Iranian commander denies that missiles were sent to Russia"


def test_stories_are_listed_shown_split_and_merged_for_good(attache: Attache, starter_copy: Path) -> None:
    listed = attache("stories", "list", "--since", 2022, data=starter_copy)
    assert listed.code == 0
    assert "2 articles, 1 independent publisher, since 16 September 2024" in listed.out
    (story,) = assert_shape(attache("stories", "list", "--json", data=starter_copy), "stories")["stories"]
    found = attache("stories", "show", "Nozari", "denied", "missiles", data=starter_copy)
    assert (found.code, NOZARI in found.out) == (0, True)
    shown = assert_shape(attache("stories", "show", story["id"], "--json", data=starter_copy), "story")
    first, second = (each["id"] for each in shown["articles"])
    split = attache("stories", "split", story["id"], second, data=starter_copy)
    (created,) = re.findall(r"story (\d+) now", split.out)
    assert str(first) not in attache("stories", "show", created, data=starter_copy).out
    assert attache("stories", "merge", created, story["id"], data=starter_copy).code == 0
    again = attache("stories", "show", created, data=starter_copy)
    assert f"Story {created} was merged into it." in again.out
    for wrong in (
        ("merge", story["id"], story["id"]),
        ("merge", 99999, story["id"]),
        ("split", story["id"], 99999),
        ("split", story["id"], first, second),
    ):
        assert_sentence(attache("stories", *wrong, data=starter_copy), 2)
    assert attache("stories", "show", 99999, data=starter_copy).code == 3
    assert_sentence(attache("stories", "show", "?!", data=starter_copy), 2)


def test_answers_and_hits_name_their_story(attache: Attache, starter_data: Path) -> None:
    assert "Story " in attache("ask", DENIAL, data=starter_data).out
    assert assert_shape(attache("ask", DENIAL, "--json", data=starter_data), "answer")["story"]["articles"] == 2
    hits = assert_shape(attache("search", "Nozari missiles", "--json", data=starter_data), "search")["hits"]
    assert hits[0]["story"]["title"] == NOZARI


def test_coverage_timeline_and_about_print_and_draw(attache: Attache, starter_data: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    for words in (("coverage", "Nozari", "missiles"), ("timeline", DENIAL)):
        picture = tmp_path / f"{words[0]}.png"
        ended = attache(*words, "--picture", picture, "--light", data=starter_data)
        assert ended.code == 0
        assert picture.read_bytes().startswith(b"\x89PNG")
        assert_shape(attache(*words, "--json", data=starter_data), words[0])
    told = attache("timeline", DENIAL, "--seen", "2024-01-01", data=starter_data).out
    assert "NEW · Iran's foreign minister Abbas Araghchi · denied" in told
    assert "tells of 11 September 2024 (“11 September 2024”)" in told
    page = attache("about", "Iran", data=starter_data)
    assert page.code == 0
    assert NOZARI in page.out
    assert assert_shape(attache("about", "Iran", "--json", data=starter_data), "about")["code"] == "IR"


def test_what_is_not_there_ends_with_3_and_what_is_no_question_with_a_sentence(
    attache: Attache, starter_data: Path
) -> None:
    assert attache("timeline", ABSENT, data=starter_data).code == 3
    assert attache("about", "Quellia", data=starter_data).code == 3
    assert attache("coverage", 99999, data=starter_data).code == 3
    for words in (("about", "Quellia"), ("coverage", 99999), ("stories", "show", 99999)):
        ended = attache(*words, "--json", data=starter_data)
        assert (ended.code, json.loads(ended.out)["kind"]) == (3, "error")
    assert_sentence(attache("timeline", "?!", data=starter_data), 2)
    assert_sentence(attache("timeline", DENIAL, "--seen", "no day", data=starter_data), 2)
    assert_sentence(attache("timeline", DENIAL, "--picture", "/no/such/folder/x.png", data=starter_data), 2)
