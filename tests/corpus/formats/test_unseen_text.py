"""What a page shows to nobody is not its text, nor is another's post that it embeds."""

from unittest.mock import Mock

import pytest

from corpus.formats import unseen_text
from corpus.formats.html_text import extract_text, parse_html
from tests.corpus.conftest import Write
from tests.corpus.formats.read_file import one
from tests.documents import SENTENCE, letter

TEXT = "".join(f"<p>{SENTENCE} This was round {number} of the talks.</p>" for number in range(4))
UNSEEN = "The mayor of Velden resigned on Sunday night, says nobody."


def body(write: Write, inner: str) -> str:
    page = f"<html><body><article><h1>Envoys meet</h1>{TEXT}{inner}{TEXT}</article></body></html>"
    return one(write("a.html", page)).body


@pytest.mark.parametrize(
    "inner",
    [
        f"<p hidden>{UNSEEN}</p>",
        f"<div hidden=''><p>{UNSEEN}</p></div>",
        f"<p style='color: red; display : none'>{UNSEEN}</p>",
        f"<p style='DISPLAY: NONE'>{UNSEEN}</p>",
        f"<blockquote class='twitter-tweet'><p>{UNSEEN}</p>&mdash; Jo (@jo)</blockquote>",
        f"<blockquote class='instagram-media'><p>{UNSEEN}</p></blockquote>",
    ],
)
def test_what_is_not_shown_and_what_others_posted_is_left_out(write: Write, inner: str) -> None:
    found = body(write, inner)
    assert "resigned" not in found
    assert found.count(SENTENCE) >= 4


@pytest.mark.parametrize(
    "inner",
    [
        f"<div hidden='until-found'><p>{UNSEEN}</p></div>",
        f"<p style='display: block'>{UNSEEN}</p>",
        f"<blockquote><p>{UNSEEN}</p></blockquote>",
        f"<p class='sr-only'>{UNSEEN}</p>",
    ],
)
def test_what_can_be_seen_stays(write: Write, inner: str) -> None:
    assert "resigned" in body(write, inner)


def test_words_for_screen_readers_are_not_in_the_sentence(write: Write) -> None:
    link = "<a href='/r'>town hall<span class='visually-hidden'> (opens in a new window)</span></a>"
    found = body(write, f"<p>The report of the envoys lies in the {link} of Velden, said the clerk.</p>")
    assert "lies in the town hall of Velden, said the clerk." in found


def test_a_page_that_a_script_will_show_is_read(write: Write) -> None:
    page = f"<html><body><div style='display:none'><article><h1>Envoys</h1>{TEXT}</article></div></body></html>"
    assert SENTENCE in one(write("a.html", page)).body


def test_the_preview_line_of_a_newsletter_is_left_out(write: Write) -> None:
    markup = f"<html><body><div style='display:none;max-height:0'>{UNSEEN}</div>{TEXT}</body></html>"
    found = one(write("a.eml", letter("Read this online.", markup))).body
    assert "resigned" not in found
    assert SENTENCE in found


def test_very_many_hidden_elements_cost_no_more_than_their_text() -> None:
    deep = "<div hidden>" * 150 + UNSEEN + "</div>" * 150
    assert "resigned" not in extract_text(f"<body>{TEXT * 9}{deep}</body>")[1]
    assert SENTENCE in extract_text(f"<body>{TEXT}{f'<p hidden>{UNSEEN}</p>' * 2_000}</body>")[1]


@pytest.mark.parametrize(
    ("markup", "at_most"),
    [
        (f"{'<div hidden>' * 90}{TEXT}{'</div>' * 90}" + f"<p hidden>{UNSEEN}</p>", 22),
        (f"<div hidden>{UNSEEN}</div>" * 3_000 + TEXT, 501),
    ],
)
def test_the_text_of_hidden_elements_is_counted_a_bounded_number_of_times(
    monkeypatch: pytest.MonkeyPatch, markup: str, at_most: int
) -> None:
    counted = Mock(side_effect=sum)
    monkeypatch.setattr(unseen_text, "sum", counted, raising=False)
    unseen_text.drop_unseen(parse_html(f"<html><body>{markup}</body></html>"))
    assert 1 < counted.call_count <= at_most
