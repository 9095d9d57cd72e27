"""What plain text gives: what it states at its edges, and nothing that is guessed."""

from pathlib import Path

import pytest

from tests.corpus.conftest import Write
from tests.corpus.formats.read_file import one
from tests.documents import SENTENCE

ARTICLES = Path(__file__).parents[4] / "shared" / "articles"


def test_stated_metadata_is_taken_from_the_edges_and_cut(write: Write) -> None:
    head = "Envoys meet by the lake\nBy Jane Doe and Max Roe\nPublished: 9 September 2024\nSource: Example Post"
    draft = one(write("a.txt", f"{head}\n\n{SENTENCE}\n\nThey parted.\nhttps://example.org/x?fbclid=1\n"))
    assert draft.title == "Envoys meet by the lake"
    assert draft.author == "Jane Doe and Max Roe"
    assert draft.published_at == "2024-09-09"
    assert draft.publisher == "Example Post"
    assert draft.url == "https://example.org/x"
    assert draft.body.split() == f"Envoys meet by the lake {SENTENCE} They parted.".split()


def test_a_dateline_names_the_agency_but_no_date(write: Write) -> None:
    draft = one(write("a.txt", f"GENEVA, Sept 9 (Reuters) - {SENTENCE}"))
    assert draft.publisher == "Reuters"
    assert draft.published_at is None
    assert draft.title is None


@pytest.mark.parametrize(
    "text",
    [
        f"Synopsis:\n{SENTENCE}\nOutlook\n{SENTENCE}",
        f"{SENTENCE}\n{SENTENCE}",
        f"{SENTENCE}\nReferences:\n- Example Post. https://example.org\nJane Doe is an expert in lakes.",
        f"Source: a man who knows the talks said that they had failed.\n{SENTENCE}",
        f"By Monday, both sides had left.\n{SENTENCE}",
    ],
)
def test_nothing_is_guessed_from_text_that_states_nothing(write: Write, text: str) -> None:
    draft = one(write("a.txt", text))
    assert (draft.title, draft.publisher, draft.published_at, draft.author) == (None, None, None, None)
    assert draft.body == text


def test_the_articles_that_came_with_the_brief_state_nothing() -> None:
    if not ARTICLES.is_dir():
        pytest.skip("../shared/articles is not here")
    for path in ARTICLES.glob("*.txt"):
        draft = one(path)
        assert (draft.title, draft.publisher, draft.published_at, draft.author) == (None, None, None, None)
        assert draft.body == path.read_text(encoding="utf-8")


def test_an_article_copied_from_a_press_database_is_taken_apart(write: Write) -> None:
    head = "Envoys meet\n\nHarbour Herald\n\nSeptember 9, 2024 Monday\n\nCopyright 2024 Herald Press\n"
    head += "\nSection: NEWS; Pg. 3\n\nLength: 120 words\n\nByline: Jo Tarn\n\nBody\n\n\n"
    draft = one(write("a.txt", f"{head}{SENTENCE}\n\n{SENTENCE}\n\nLoad-Date: September 10, 2024\n\nEnd of Document\n"))
    assert (draft.title, draft.publisher, draft.published_at, draft.author) == (
        "Envoys meet", "Harbour Herald", "2024-09-09", "Jo Tarn",
    )  # fmt: skip
    assert draft.body == f"{SENTENCE}\n\n{SENTENCE}"


def test_a_text_with_a_line_body_is_no_copy_from_a_database(write: Write) -> None:
    draft = one(write("a.txt", f"On health\n\nMind\n\nBody\n\n{SENTENCE}"))
    assert draft.body.startswith("On health")
