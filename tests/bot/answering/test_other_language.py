"""Questions in other languages: what they share with the articles is quoted, without a verdict, and that is said."""

import json
from pathlib import Path

import pytest

from bot.answering.answer import NoteKind, Verdict
from bot.answering.question.other_language import is_german
from bot.service.attache import Attache
from bot.service.ingest import ingest
from bot.settings import Settings
from corpus.ingest import IngestOptions
from index.embedding.embedder import packaged_embedder
from tests.fakes import FakeReader

ENGLISH = Path(__file__).parents[2] / "pictures" / "news.jsonl"
GERMAN = {
    "Kurland bestreitet den Untergang der Marisol": """
Das Verteidigungsministerium von Kurland bestritt am Dienstag, dass eines seiner Boote den
Getreidefrachter Marisol versenkt habe. Kein Schiff der Marine sei in der Nacht zum Montag in der
Nähe gewesen, sagte Sprecher Edvard Lorne.""",
    "Belmar und Tessen unterzeichnen Vertrag über den Damm": """
Belmar und Tessen haben am Freitag einen Vertrag über das Wasser der oberen Drava unterzeichnet. Der
Vertrag tritt am 1. Juli in Kraft, wenn beide Parlamente zugestimmt haben.""",
    "Bäcker streiken in Orsk": """
In Orsk haben am Mittwoch die Bäcker die Arbeit niedergelegt. Sie fordern acht Prozent mehr Lohn.""",
}


def service(folder: Path, articles: Path) -> Attache:
    settings = Settings.load(None, data_dir=folder / "data")
    ingest(settings, packaged_embedder(), [articles], IngestOptions())
    return Attache(settings, embedder=packaged_embedder(), reader=FakeReader({"": {"yes": 0.99}}))


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Attache:
    return service(tmp_path_factory.mktemp("english"), ENGLISH)


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> Attache:
    folder = tmp_path_factory.mktemp("german")
    rows = [
        {"title": title, "body": " ".join(body.split()), "publisher": "Hafenblatt", "published_at": "2025-05-06"}
        for title, body in GERMAN.items()
    ]
    (folder / "news.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return service(folder, folder / "news.jsonl")


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("Hat Kurland die Marisol versenkt?", "Marisol versenkt habe"),
        ("Wann tritt der Vertrag über den Damm in Kraft?", "1. Juli"),
        ("Warum streiken die Bäcker in Orsk?", "die Bäcker die Arbeit niedergelegt"),
    ],
)
def test_a_german_question_is_answered_with_german_quotes(german: Attache, question: str, quoted: str):
    answer = german.ask(question)
    assert answer.verdict is Verdict.OPEN
    assert quoted in answer.evidence[0].quote.text
    assert [note.kind for note in answer.notes] == [NoteKind.READ_BY_WORDS]


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("Hat Kurland die Marisol versenkt?", "Marisol"),
        ("Qui a gagné les élections en Norvia ?", "Norvia"),
        ("Welche Schiffe verließen Port Salis 2025?", "Port Salis"),
    ],
)
def test_english_articles_are_found_by_names_and_it_is_said(english: Attache, question: str, quoted: str):
    answer = english.ask(question)
    assert answer.verdict is Verdict.OPEN
    assert quoted in answer.evidence[0].quote.text
    # Nobody has read whether it answers: nothing is marked as the answer.
    assert [each.answer for each in answer.evidence] == [None] * len(answer.evidence)
    assert [note.kind for note in answer.notes] == [NoteKind.ARTICLES_IN_OTHER_LANGUAGE]


@pytest.mark.parametrize(
    "question", ["Was ist die Hauptstadt von Peru?", "Wer gewann die Weltmeisterschaft im Schach?"]
)
def test_what_shares_no_name_is_refused_and_it_is_said(english: Attache, german: Attache, question: str):
    for attache in (english, german):
        answer = attache.ask(question)
        assert answer.is_refusal
        assert [note.kind for note in answer.notes] == [NoteKind.READ_BY_WORDS]


def test_german_is_told_by_its_function_words():
    assert is_german("Hat Kurland die Marisol versenkt?")
    assert not is_german("Qui a gagné les élections ?")


def test_as_many_quotes_as_asked_for_are_shown(english: Attache) -> None:
    question = "Wer hat die Marisol in Kurland versenkt?"
    assert len(english.ask(question).evidence) > 1
    assert len(english.ask(question, quotes=1).evidence) == 1
