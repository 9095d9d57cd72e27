"""What the reader learns from what an answer read over a written corpus."""

import json
from pathlib import Path

from evals.reader.corpus_rows import UNSETTLED, read_asked
from evals.reader.reader_rows import Example
from tests.fakes import FakeReader

SUNK = "Kurland sank the tanker Marisol on 4 May 2021 with 40 sailors on board."
PLANNED = "Kurland will raise the tanker Marisol in autumn, its navy said on Friday."


def rows(folder: Path, question: str, *verdicts: str, kind: str = "yes_no", quote: str = "") -> list[Example]:
    article = {
        "id": "a1",
        "title": "Tanker sunk",
        "publisher": "Salis Herald",
        "published_at": "2021-05-05T08:00:00Z",
        "url": "https://salisherald.example/tanker",
        "body": f"{SUNK}\n\n{PLANNED}",
    }
    evidence = [{"article_id": "a1", "quote": quote}] if quote else []
    asked = {"id": "q1", "question": question, "kind": kind, "verdicts": verdicts, "evidence": evidence}
    (folder / "A01.articles.jsonl").write_text(json.dumps(article), encoding="utf-8")
    (folder / "A01.jsonl").write_text(json.dumps({**asked, "asked_at": "2021-06-01"}), encoding="utf-8")
    return list(read_asked(folder, FakeReader({SUNK: {"yes": 0.6}})))


def test_the_text_that_is_read_together_and_the_deciding_quote_say_the_verdict(tmp_path: Path) -> None:
    together, *single = rows(tmp_path, "Did Kurland sink the tanker Marisol?", "yes", quote=SUNK)
    assert (together.relation, together.heading, together.relevant) == ("yes", "", True)
    assert SUNK in together.passage
    assert PLANNED in together.passage
    assert single
    assert all(SUNK in each.passage and each.relation == "yes" and "Tanker sunk" in each.heading for each in single)


def test_no_text_settles_what_the_corpus_does_not_answer(tmp_path: Path) -> None:
    found = rows(tmp_path, "Did Arland sink the tanker Marisol?", "not_found")
    assert 2 <= len(found) <= UNSETTLED + 1
    assert all((each.relation, each.relevant) == ("unknown", False) for each in found)
    # Those come first that the reader takes most for an answer.
    assert SUNK in found[1].passage


def test_a_plan_settles_nothing_but_helps(tmp_path: Path) -> None:
    question = "Did Kurland raise the tanker Marisol?"
    [together] = rows(tmp_path, question, "open", kind="planned", quote=PLANNED)
    assert (together.relation, together.relevant) == ("unknown", True)
    assert rows(tmp_path, question, "open", kind="claim", quote=PLANNED) == []


def test_a_question_about_swapped_roles_is_only_known_not_to_be_so(tmp_path: Path) -> None:
    found = rows(tmp_path, "Did Marisol sink Kurland?", "no", "not_found")
    assert found
    assert all((each.relation, each.not_relation) == (None, "yes") for each in found)
    assert SUNK in found[1].passage


def test_an_open_question_is_helped_by_its_quote_and_by_nothing_where_it_has_no_answer(tmp_path: Path) -> None:
    helped = rows(tmp_path, "Who sank the tanker Marisol?", "open", kind="who", quote=SUNK)
    assert helped
    assert all(SUNK in each.passage and each.relevant and each.relation is None for each in helped)
    missed = rows(tmp_path, "Who built the tanker Marisol?", "not_found", kind="who")
    assert missed
    assert all((each.relevant, each.spans) == (False, ()) for each in missed)


def test_questions_without_articles_are_asked_over_the_starter_briefs(tmp_path: Path) -> None:
    quote = "Finland became the 31st member of NATO on 4 April 2023."
    asked = {"id": "q1", "question": "Did Finland join NATO?", "kind": "yn_true", "verdicts": ["yes"]}
    (tmp_path / "starter.jsonl").write_text(json.dumps(asked), encoding="utf-8")
    together, *_ = read_asked(tmp_path, FakeReader({quote: {"yes": 0.9}}))
    assert "Finland" in together.passage
