"""`ask --write` and `verify`: sentences below the quotes, why there are none, and answers that somebody changed."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.answering.reader.packaged import packaged_reader
from tests.bot.cli.exit_codes import ABSENT, DENIAL, assert_sentence, assert_shape
from tests.bot.conftest import Attache
from tests.model_server import ModelServer, sentences

pytestmark = pytest.mark.usefixtures("loaded_model")

PROVEN = "Brigadier General Fazlollah Nozari denied that Iran had sent missiles to Russia."
INVENTED = "Nozari admitted that Iran had sent 400 missiles to Syria."
# The number of the quote of Nozari.
CITED = 2
DRAFT = sentences((PROVEN, [CITED]), (INVENTED, [CITED]))


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    packaged_reader().load()
    with ModelServer(DRAFT) as server:
        monkeypatch.setenv("ATTACHE_WRITER", "openai:tiny-model")
        monkeypatch.setenv("ATTACHE_WRITER_URL", f"{server.url}/v1")
        monkeypatch.setenv("ATTACHE_WRITER_KEY", "a-secret-key")
        yield server


@pytest.mark.usefixtures("model")
def test_proven_sentences_stand_below_the_quotes_and_invented_ones_nowhere(
    attache: Attache, starter_data: Path
) -> None:
    ended = attache("ask", "--write", DENIAL, data=starter_data)
    assert ended.code == 0
    quotes, _, written = ended.out.partition("In sentences of tiny-model")
    assert "file://" in quotes
    assert f"{PROVEN}²" in written
    assert "1 sentence of it left out" in written
    assert "Syria" not in ended.out
    assert ended.err == ""


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (429, "its server wants fewer requests"),
        ("refusal", "it refused"),
        ("letters", "it wrote no sentences"),
        (sentences((INVENTED, [1])), "most of what it wrote could not be proven"),
    ],
)
def test_when_the_model_fails_the_answer_stays_and_a_line_says_why(
    attache: Attache, starter_data: Path, model: ModelServer, script: str | int, why: str
) -> None:
    model.script = [script]
    ended = attache("ask", "--write", DENIAL, data=starter_data)
    assert ended.code == 0
    assert "Nozari" in ended.out
    assert why in ended.out
    assert ended.err == ""


def test_a_refusal_asks_no_model(attache: Attache, starter_data: Path, model: ModelServer) -> None:
    assert attache("ask", "--write", ABSENT, data=starter_data).code == 3
    assert model.requests == []


def test_without_a_model_a_sentence_says_what_to_set(attache: Attache, starter_data: Path) -> None:
    ended = attache("ask", "--write", DENIAL, data=starter_data)
    assert_sentence(ended, 2)
    assert "ATTACHE_WRITER=ollama:" in ended.err


@pytest.mark.usefixtures("model")
def test_a_written_answer_can_be_proven_again_and_a_changed_one_can_not(
    attache: Attache, starter_data: Path, tmp_path: Path
) -> None:
    content = assert_shape(attache("ask", "--write", "--json", DENIAL, data=starter_data), "answer")
    written = content["written"]
    assert (written["model"], written["outcome"]) == ("tiny-model", "written")
    assert [each["text"] for each in written["sentences"]] == [PROVEN]
    assert written["dropped"][0]["problems"][0]["detail"].endswith(".")
    assert "a-secret-key" not in json.dumps(content)
    path = tmp_path / "answer.json"

    def verified() -> tuple[int, bool]:
        path.write_text(json.dumps(content), encoding="utf-8")
        ended = attache("verify", "--json", path, data=starter_data)
        return ended.code, assert_shape(ended, "verification")["passed"]

    assert verified() == (0, True)
    written["sentences"][0]["text"] = PROVEN.replace("denied", "confirmed")
    assert verified() == (1, False)
    written["sentences"][0]["text"] = PROVEN
    # As earlier versions wrote of a quote that takes no side.
    written["evidence"][0]["stance"] = "unconfirmed"
    assert verified() == (0, True)
    quote = written["evidence"][CITED - 1]["quote"]
    quote["text"] = quote["text"].replace("missiles", "carpets")
    assert verified() == (1, False)
    for part, field, wrong in (("quote", "article_id", 10**30), ("citation", "published_at", "yesterday")):
        changed = json.loads(json.dumps(content))
        changed["written"]["evidence"][0][part][field] = wrong
        path.write_text(json.dumps(changed), encoding="utf-8")
        assert_sentence(attache("verify", path, data=starter_data), 2)


@pytest.fixture
def written_answer(attache: Attache, starter_data: Path, model: ModelServer) -> dict[str, Any]:
    """An answer that `verify` passes, whose sentence cites one quote."""
    assert model.script
    return assert_shape(attache("ask", "--write", "--json", DENIAL, data=starter_data), "answer")


def cut(evidence: dict[str, Any]) -> None:
    """Only the words behind "denied that", at their place."""
    quote = evidence["quote"]
    begin = quote["text"].index("Iran")
    quote.update(text=quote["text"][begin:], start=quote["start"] + begin)


ALTERED: dict[str, Callable[[dict[str, Any]], object]] = {
    "words": lambda each: each["quote"].update(text=each["quote"]["text"].replace("missiles", "carpets")),
    "start": lambda each: each["quote"].update(start=each["quote"]["start"] - 1),
    "end": lambda each: each["quote"].update(end=each["quote"]["end"] + 1),
    "counted from the end": lambda each: each["quote"].update(start=each["quote"]["start"] - 10**9),
    "half a sentence": cut,
    "other article": lambda each: each["quote"].update(article_id=each["quote"]["article_id"] + 1),
    "no article": lambda each: each["quote"].update(article_id=10**15),
    "title": lambda each: each["citation"].update(title="Iran admits it to Syldavia"),
    "date": lambda each: each["citation"].update(published_at="1999-01-01"),
    "speaker": lambda each: each.update(
        attribution={"speaker": "Iran", "cue": "said", "content": each["quote"]["text"], "kind": "says"}
    ),
}


@pytest.mark.parametrize("change", ALTERED.values(), ids=ALTERED)
def test_a_quote_or_its_place_or_speaker_that_somebody_altered_is_found(
    attache: Attache, starter_data: Path, tmp_path: Path, written_answer: dict[str, Any], change: Callable[..., object]
) -> None:
    path = tmp_path / "answer.json"
    change(written_answer["written"]["evidence"][CITED - 1])
    path.write_text(json.dumps(written_answer), encoding="utf-8")
    found = assert_shape(attache("verify", "--json", path, data=starter_data), "verification")
    assert not found["passed"]
    assert [each["number"] for each in found["quotes"] if each["problem"]] == [CITED]


def test_what_would_take_for_ever_to_prove_is_refused_at_once(
    attache: Attache, starter_data: Path, tmp_path: Path, written_answer: dict[str, Any]
) -> None:
    path, written = tmp_path / "answer.json", written_answer["written"]
    sentence, quote = written["sentences"][0], written["evidence"][CITED - 1]["quote"]
    text = quote["text"]
    for changed in (
        {"sentences": [sentence] * 50_000},
        {"sentences": [{**sentence, "citations": [CITED] * 500_000}]},
        {"sentences": [{**sentence, "text": "Iran denied it, " * 200_000}]},
    ):
        path.write_text(json.dumps({**written_answer, "written": {**written, **changed}}), encoding="utf-8")
        assert attache("verify", path, data=starter_data).code in (1, 2)
    quote["text"] = f"{text} " * (4_000_000 // len(text))
    path.write_text(json.dumps(written_answer), encoding="utf-8")
    assert attache("verify", path, data=starter_data).code == 1


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"kind": "answer"}', '{"kind": "answer", "written": {}}', "\0"])
def test_what_is_no_written_answer_gets_a_sentence(
    attache: Attache, starter_data: Path, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "answer.json"
    path.write_text(content, encoding="utf-8")
    assert_sentence(attache("verify", path, data=starter_data), 2)
    os.mkfifo(tmp_path / "pipe")
    for other in ("missing.json", "pipe", ""):
        assert_sentence(attache("verify", tmp_path / other, data=starter_data), 2)
    assert_sentence(attache("verify", "/dev/zero", data=starter_data), 2)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WRITER", "gpt"),
        ("WRITER", "ollama:"),
        ("WRITER", "telepathy:model"),
        ("WRITER_URL", "ftp://127.0.0.1"),
        ("WRITER_URL", "http://user:password@host"),
        ("WRITER_TIMEOUT_S", "0"),
        ("WRITER_KEY_FILE", "missing-file"),
    ],
)
def test_settings_that_make_no_sense_are_told_without_secrets(
    attache: Attache, starter_data: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("ATTACHE_WRITER", "openai:tiny-model")
    monkeypatch.setenv(f"ATTACHE_{name}", value)
    ended = attache("ask", "--write", DENIAL, data=starter_data)
    assert_sentence(ended, 2)
    assert "password" not in ended.err.replace("user or password", "")
