"""Letters within letters: forwarded, attached, quoted; and pages that a browser saved as a letter."""

from email.message import EmailMessage
from email.parser import BytesParser

import pytest

from corpus.formats.forwarded import forwarded, without_quotations
from corpus.formats.mail import parse_message
from tests.corpus.conftest import Write
from tests.corpus.formats.read_file import one
from tests.documents import SENTENCE, letter, web_page
from tests.limits import processor_limit

FORWARDER = {"From": "Ann <ann@example.org>", "Subject": "Fwd: Envoys", "Date": "Wed, 11 Sep 2024 10:00:00 +0000"}
HEADS = [
    (
        "---------- Forwarded message ---------\nFrom: Harbour Herald <news@herald.example>\n"
        "Date: Mon, Sep 9, 2024 at 8:00 AM\nSubject: Envoys meet\nTo: <ann@example.org>\n"
    ),
    (
        "-----Original Message-----\nFrom: Harbour Herald <news@herald.example>\n"
        "Sent: Monday, September 9, 2024 8:00 AM\nTo: Ann <ann@example.org>\nSubject: Envoys meet\n"
    ),
    (
        "Begin forwarded message:\n\n*From: *Harbour Herald <news@herald.example>\n*Subject: **Envoys meet*\n"
        "*Date: *9 September 2024 at 08:00:00 CEST\n*To: *ann@example.org\n"
    ),
    (
        "Von: Harbour Herald <news@herald.example>\nGesendet: Montag, 9. September 2024 08:00\nAn: Ann\n"
        "Betreff: Envoys meet\n"
    ),
    (
        "-------- Пересылаемое сообщение --------\nОт: Harbour Herald <news@herald.example>\n"
        "Дата: 9 сентября 2024 г. 08:00\nКому: Ann\nТема: Envoys meet\n"
    ),
]


@pytest.mark.parametrize("head", HEADS)
def test_a_forwarded_letter_is_its_senders_of_its_day(head: str) -> None:
    draft = parse_message(letter(f"FYI\n\n{head}\n{SENTENCE}", **FORWARDER))
    assert (draft.title, draft.publisher) == ("Envoys meet", "Harbour Herald")
    assert (draft.published_at or "")[:10] == "2024-09-09"
    assert draft.body.strip() == SENTENCE


def test_an_attached_letter_is_read_instead_of_a_note() -> None:
    outer = EmailMessage()
    for name, value in FORWARDER.items():
        outer[name] = value
    outer.set_content("See below.")
    outer.add_attachment(BytesParser(EmailMessage).parsebytes(letter(SENTENCE)))
    draft = parse_message(bytes(outer))
    assert (draft.publisher, draft.published_at) == ("Harbour Herald", "2024-09-09T08:00:00Z")
    assert draft.body.strip() == SENTENCE


def test_a_letter_that_forwards_below_a_text_of_its_own_is_its_writers() -> None:
    draft = parse_message(letter(f"{SENTENCE} {SENTENCE}\n\n{SENTENCE} {SENTENCE}\n\n{HEADS[0]}\nOld.", **FORWARDER))
    assert (draft.publisher, draft.title) == ("Ann", "Fwd: Envoys")


@pytest.mark.parametrize(
    "introduction",
    ["On Mon, 9 Sep 2024, Lind <l@h.example> wrote:", "On Monday, September 9,\nLind <l@h.example>\nwrote:",
     "Am 09.09.24 um 08:00 schrieb Lind:", "09.09.2024 08:00, Линд пишет:"],
)  # fmt: skip
def test_a_reply_does_not_take_over_what_it_quotes(introduction: str) -> None:
    assert without_quotations(f"I agree.\n\n{introduction}\n> We deny it.\n>\n> Lind\n\nMore.").split() == [
        "I",
        "agree.",
        "More.",
    ]


def test_quotations_without_an_introduction_and_letters_of_nothing_else_stay() -> None:
    assert without_quotations("One.\n> Two.") == "One.\n> Two."
    assert "Two." in without_quotations("Lind wrote:\n> Two.")


@pytest.mark.parametrize(
    "line", ["From: x\n", "> ", "a wrote:\n> b\n", "x\n\na wrote:\n> b\n\n", "To: a,\n b\n", "--- a\n"]
)
def test_letters_are_searched_in_time_that_grows_with_them(line: str) -> None:
    with processor_limit(5.0):
        forwarded(line * 100_000)
        without_quotations(line * 100_000)


def test_a_letter_of_attachments_says_what_to_save() -> None:
    message = EmailMessage()
    message["From"] = "Harbour Herald <news@herald.example>"
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="a.pdf")
    with pytest.raises(Exception, match="no text") as caught:
        parse_message(bytes(message))
    assert "attached" in caught.value.hint  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["a.mhtml", "a.mht", "a.txt"])
def test_a_page_saved_as_one_file_is_dated_by_itself(write: Write, name: str) -> None:
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://herald.example/news/envoys\r\n"
        "Subject: Envoys\r\nDate: Mon, 16 Sep 2024 08:00:00 -0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n'
    )
    draft = one(write(name, head.encode() + web_page("Envoys meet") + b"\r\n--b--\r\n"))
    assert (draft.title, draft.fetched_from) == ("Envoys meet", None)
    assert "2024-09-16" not in (draft.published_at or "")
    assert SENTENCE in draft.body
