"""`attache brief` and `attache briefs`: what is new, shown and sent by the operator."""

import email
import json
import sqlite3
from contextlib import closing
from email.policy import default
from pathlib import Path

import pytest

from bot.records.records import RECORDS_NAME
from tests.bot.cli.exit_codes import assert_sentence, assert_shape
from tests.bot.conftest import Attache
from tests.model_server import ModelServer, sentences

ARTICLE = {
    "title": "Velden bridge opens",
    "publisher": "Valley Times",
    "url": "https://valley.example/1",
    "published_at": "2024-04-10",
    "body": (
        "The Velden bridge opened on Tuesday. Cars cross the river again."
        " Minister Oskar Brandt denied that it had ever been closed."
    ),
}


@pytest.fixture
def data(attache: Attache, tmp_path: Path, loaded_model: None) -> Path:
    """A data folder with a shared article, and one of a server."""
    folder = tmp_path / "data"
    for name, collection, title in (
        ("a", "shared", "Velden bridge opens"),
        ("b", "discord-7", "Secret \x1b[31mtunnel"),
    ):
        path = tmp_path / f"{name}.jsonl"
        row = {**ARTICLE, "title": title, "url": f"https://valley.example/{name}"}
        path.write_text(json.dumps(row), encoding="utf-8")
        assert attache("ingest", path, "--collection", collection, data=folder).code == 0
    return folder


def test_a_brief_is_printed_of_days_or_of_what_came_in(attache: Attache, data: Path):
    shown = attache("brief", "--since", "2024-04-09", "--until", "2024-04-11", data=data)
    assert shown.code == 0
    assert "Brief from 9 April 2024 to 11 April 2024" in shown.out
    assert "“The Velden bridge opened on Tuesday." in shown.out
    assert "denied or rejected by Minister Oskar Brandt" in shown.out.replace("\n", " ").replace("  ", " ")
    assert "tunnel" not in shown.out
    # It came in now, but is old.
    assert "Nothing new came in." in attache("brief", data=data).out
    own = attache("brief", "--since", "2024-04-09", "--collection", "discord-7", "--json", data=data)
    found = assert_shape(own, "brief")
    assert [each["title"] for each in found["stories"]] == ["Secret [31mtunnel"]
    assert found["disputes"]["denials"][0]["attribution"]["speaker"] == "Minister Oskar Brandt"
    assert_sentence(attache("brief", "--days", "2", "--since", "2024", data=data), 2)
    assert_sentence(attache("brief", "--since", "2024-04-11", "--until", "2024-04-09", data=data), 2)


def test_a_brief_becomes_an_email_file(attache: Attache, data: Path, tmp_path: Path):
    path = tmp_path / "brief.eml"
    assert attache("brief", "--since", "2024-04-09", "--until", "2024-04-11", "--eml", path, data=data).code == 0
    got = email.message_from_bytes(path.read_bytes(), policy=default)
    assert "Velden bridge opens" in got["Subject"]
    assert_sentence(attache("brief", "--eml", tmp_path / "no" / "such.eml", data=data), 2)


def test_rules_are_added_listed_run_and_removed(attache: Attache, data: Path, tmp_path: Path):
    assert "No brief is sent." in attache("briefs", "list", data=data).out
    assert_sentence(attache("briefs", "add", "--mail", "a@b.example", data=data), 2)
    assert_sentence(attache("briefs", "add", data=data), 2)
    feed = tmp_path / "briefs.xml"
    added = attache(
        "briefs", "add", "--feed", feed, "--at", "6:30", "--zone", "Europe/Berlin", "--weekly", "Monday", data=data
    )
    assert f"on Mondays at 06:30 (Europe/Berlin) by feed to {feed} · shared" in added.out.replace("\n", " ")
    [rule] = assert_shape(attache("briefs", "list", "--json", data=data), "briefs")["briefs"]
    assert (rule["way"], rule["time"], rule["collections"]) == ("feed", "06:30", ["shared"])
    assert "Nothing is due." in attache("briefs", "send", data=data).out
    assert_shape(attache("briefs", "send", "--json", data=data), "briefs_sent")
    with closing(sqlite3.connect(data / RECORDS_NAME)) as records, records:
        records.execute("UPDATE brief_rules SET last_day = '2024-01-01', says_empty = 1")
    assert f"Brief {rule['id']}: sent" in attache("briefs", "send", data=data).out
    assert feed.is_file()
    feed.write_text("my notes", encoding="utf-8")
    with closing(sqlite3.connect(data / RECORDS_NAME)) as records, records:
        records.execute("UPDATE brief_rules SET last_day = '2024-01-01'")
    failed = attache("briefs", "send", "--json", data=data)
    assert failed.code == 1
    assert "no Atom feed" in json.loads(failed.out)["sent"][0]["problem"]
    assert "no Atom feed" in attache("briefs", "list", data=data).out
    assert_sentence(attache("briefs", "remove", "99", data=data), 2)
    assert "sent no more" in attache("briefs", "remove", rule["id"], data=data).out
    assert "No brief is sent." in attache("briefs", "list", data=data).out


def test_a_brief_comes_in_proven_sentences_where_a_model_is_set(
    attache: Attache, data: Path, monkeypatch: pytest.MonkeyPatch
):
    assert_sentence(attache("brief", "--since", "2024-04-09", "--write", data=data), 2)
    proven = "Minister Oskar Brandt denied that the Velden bridge had ever been closed."
    with ModelServer(sentences((proven, [2]), ("The bridge fell into 400 pieces.", [1]))) as model:
        monkeypatch.setenv("ATTACHE_WRITER", "openai:tiny-model")
        monkeypatch.setenv("ATTACHE_WRITER_URL", f"{model.url}/v1")
        shown = attache("brief", "--since", "2024-04-09", "--write", data=data)
    said = " ".join(shown.out.split())
    assert "In sentences of tiny-model, each proven by the quotes it names." in said
    assert "Brandt denied" in said.split("In sentences of")[0]
    assert "400 pieces" not in said
