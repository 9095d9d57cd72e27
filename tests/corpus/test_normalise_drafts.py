"""What is made of a draft before it is stored."""

from dataclasses import replace

import pytest
from sqlite_utils import Database

from corpus.article import Draft
from corpus.errors import UnreadableSource
from corpus.prepare import normalise
from tests.corpus.conftest import Write
from tests.corpus.made_up_towns import articles, feed, text_about


def test_lines_of_the_page_are_not_stored(db: Database, write: Write) -> None:
    furniture = ["Advertisement", "Share Tweet Email", "Photo: Jane Doe"]
    lines = ["Belmar waits", text_about("Belmar"), *furniture, "Nobody minded."]
    feed(db, write("a.txt", "\n\n".join(lines)))
    kept = [line for line in articles(db)[0].body.split("\n") if line]
    assert kept == ["Belmar waits", text_about("Belmar"), "Nobody minded."]


def test_names_and_titles_are_cleaned_to_one_line() -> None:
    draft = normalise(Draft(body="He came.", title=" Envoys\nmeet &amp; talk ", publisher="\u200b", author="Jane\tDoe"))
    assert (draft.title, draft.publisher, draft.author) == ("Envoys meet & talk", None, "Jane Doe")
    assert normalise(replace(draft, publisher=""), "Example Press").publisher == "Example Press"


@pytest.mark.parametrize("body", ["", " \n", "\u200b", "Advertisement\nREAD MORE", "---"])
def test_a_draft_of_which_nothing_is_left_is_refused(body: str) -> None:
    with pytest.raises(UnreadableSource, match="no text"):
        normalise(Draft(body=body))


def test_paragraphs_stay_apart() -> None:
    assert normalise(Draft(body="One.\n\nAdvertisement\n\nTwo.")).body == "One.\n\nTwo."


def test_a_text_in_the_place_of_a_title_is_cut() -> None:
    draft = normalise(Draft(body="He came.", title="The ferry of Velden sails. " * 99, author="Jane Doe " * 99))
    assert draft.title is not None
    assert draft.author is not None
    assert draft.title.endswith((" sails.…", " The…", " ferry…", " of…", " Velden…"))
    assert len(draft.title) <= 500
    assert len(draft.author) <= 300
    assert "title has more than 500 characters" in draft.warnings[0]
