"""`attache publishers` and `attache footers`, and what they change in answers."""

import json
import re
from pathlib import Path

import pytest

from bot.render.envelope import VERSION
from corpus.database import open_database
from corpus.ingest import IngestOptions, ingest_paths
from corpus.publishers.footers import MIN_ARTICLES
from tests.bot.conftest import Attache
from tests.corpus.test_footers import FOOTER, report


def rows(ended: object, name: str) -> list[dict[str, object]]:
    return ended.json[name]


def test_the_packaged_publishers_are_listed_without_a_corpus(attache: Attache, tmp_path: Path) -> None:
    found = rows(attache("publishers", "list", "--kind", "agency", "--json"), "publishers")
    assert {"TASS", "Reuters"} <= {each["name"] for each in found}
    assert {each["kind"] for each in found} == {"agency"}
    assert "Anadolu Agency" in attache("publishers", "list").out
    assert not (tmp_path / "data").exists()


def test_a_publisher_is_shown_changed_added_and_reset(attache: Attache) -> None:
    shown = attache("publishers", "show", "itar-tass").out
    assert all(word in shown for word in ("TASS", "Russia", "agency", "federal state unitary enterprise"))
    changed = attache("publishers", "set", "tass", "--no-state-controlled", "--source", "a decision of ours", "--json")
    assert changed.json["publisher"]["state_controlled"] is False
    assert changed.json["publisher"]["country"] == "RU"
    assert re.search(r"edited +yes", attache("publishers", "show", "TASS").out)
    assert attache("publishers", "reset", "TASS", "--json").json["publisher"]["state_controlled"] is True
    added = (
        "set",
        "Harbour Herald",
        "--kind",
        "newspaper",
        "--country",
        "lv",
        "--domain",
        "https://www.Herald.example/x",
    )
    assert attache("publishers", *added, "--json").json["publisher"]["domains"] == ["herald.example"]
    assert "(edited)" in attache("publishers", "list", "--kind", "newspaper").out
    assert "no longer in the table" in attache("publishers", "reset", "herald.example").out
    assert attache("publishers", "show", "Harbour Herald").code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("set", "TASS"),
        ("set", "TASS", "--country", "zz"),
        ("set", "TASS", "--country", "Russia"),
        ("set", "TASS", "--domain", "not a domain"),
        ("set", "Nobody at all", "--country", "LV"),
        ("set", "Our desk", "--kind", "own-brief"),
        ("set", " ", "--kind", "other"),
        ("reset", "TASS"),
        ("show", "Nobody at all"),
    ],
)
def test_what_can_not_be_done_is_told_in_a_sentence(attache: Attache, arguments: tuple[str, ...]) -> None:
    ended = attache("publishers", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert len(ended.err.strip().splitlines()) == 2


@pytest.mark.usefixtures("loaded_model")
def test_learnt_footers_are_listed_cleaned_from_earlier_articles_and_forgotten(
    attache: Attache, tmp_path: Path
) -> None:
    assert "No footers" in attache("footers", "list").out
    file = tmp_path / "news.jsonl"
    bodies = [report(number, FOOTER) for number in range(MIN_ARTICLES)]
    lines = [{"url": f"https://tass.com/{number}", "body": body} for number, body in enumerate(bodies)]
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    db = open_database(tmp_path / "data")
    ingest_paths(db, [file], IngestOptions())
    db.close()
    [line] = rows(attache("footers", "list", "--publisher", "tass", "--json"), "footers")
    assert (line["text"], line["publisher"], line["collection"]) == (FOOTER, "tass", "shared")
    assert rows(attache("footers", "list", "--publisher", "BBC", "--json"), "footers") == []
    assert FOOTER in attache("publishers", "show", "TASS").out.replace("\n", " ")
    assert attache("footers", "clean", "--json").json == {
        "kind": "clean", "version": VERSION, "learnt": 0, "articles": MIN_ARTICLES,
    }  # fmt: skip
    assert FOOTER not in attache("article", 1).out
    assert attache("footers", "forget", line["id"]).code == 0
    assert "forgotten" in attache("footers", "list").out
    assert attache("footers", "forget", 999).code == 2


@pytest.mark.usefixtures("loaded_model")
def test_an_answer_says_what_the_publishers_of_its_quotes_are(attache: Attache, tmp_path: Path) -> None:
    body = (
        "Kurlandia denied on Thursday that its forces had shelled Port Velm. Foreign ministry spokeswoman Irina Voss"
        " said that no shell was fired at Port Velm by Kurlandian troops."
    )
    record = {"url": "https://tass.com/world/1", "title": "Kurlandia denies shelling Port Velm", "body": body}
    second = "Kurlandia has denied that it shelled Port Velm."
    other = {"title": "Port Velm", "publisher": "Harbour Herald", "body": second}
    file = tmp_path / "news.jsonl"
    file.write_text(f"{json.dumps(record)}\n{json.dumps(other)}", encoding="utf-8")
    attache("ingest", file)
    question = "Did Kurlandia deny that it shelled Port Velm?"
    found = rows(attache("ask", question, "--json"), "evidence")
    told = {
        each["citation"]["publisher"]: tuple(each["citation"][key] for key in ("country", "kind", "state_controlled"))
        for each in found
    }
    assert told == {"TASS": ("RU", "agency", True), "Harbour Herald": (None, None, None)}
    attache("publishers", "set", "Harbour Herald", "--kind", "newspaper")
    shown = attache("ask", question).out
    assert "TASS (Russia, state-controlled agency) · " in shown
    assert "Harbour Herald (newspaper) · " in shown
