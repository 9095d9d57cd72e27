"""What letters and mailboxes give: heads parsed before they are decoded, letters cut where mailboxes cut them."""

from pathlib import Path

import pytest

from corpus.article import Draft
from corpus.formats.mail import parse_message
from tests.corpus.conftest import Write
from tests.corpus.formats.read_file import one, read
from tests.documents import SENTENCE, letter

START = b"From jane@herald.example Mon Sep  9 08:00:00 2024\n"


def head(
    sender: str | bytes = "Herald <news@herald.example>", subject: str | bytes = "News", charset: str = "utf-8"
) -> Draft:
    """The draft of a letter with these headers, as they stand."""
    lines = [
        b"From: " + (sender if isinstance(sender, bytes) else sender.encode()),
        b"Subject: " + (subject if isinstance(subject, bytes) else subject.encode()),
        f"Content-Type: text/plain; charset={charset}".encode(),
    ]
    return parse_message(b"\n".join(lines) + f"\n\n{SENTENCE}\n".encode())


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ("=?utf-8?Q?Herald=2C_The_Harbour?= <n@herald.example>", "Herald, The Harbour"),
        ('"=?utf-8?B?SGVyYWxkLCBUaGU=?=" <n@herald.example>', "Herald, The"),
        ('"Herald, The" <n@herald.example>', "Herald, The"),
        ("Herald, The Harbour <n@herald.example>", "Herald, The Harbour"),
        ("Herald <n@herald.example>, Post <p@post.example>", "Herald"),
        ("=?utf-8?Q?Herald=3B_News_=3Cdaily=3E?= <n@herald.example>", "Herald; News <daily>"),
        ("n@herald.example (Harbour Herald)", "Harbour Herald"),
        ("n@herald.example", "herald.example"),
        ("n@herald.example <n@herald.example>", "herald.example"),
        # Parts of one letter in two encoded words.
        ("=?utf-8?Q?=D0?= =?utf-8?Q?=9F=D0=B0=D1=80=D0=BE=D0=BC?= <n@herald.example>", "Паром"),
        ("=?gb2312?B?1tDOxA==?= <n@herald.example>", "中文"),
        ("=?utf-8*en?Q?A=2CB?= <n@herald.example>", "A,B"),
        ("Портовый вестник <n@herald.example>", "Портовый вестник"),
    ],
)
def test_a_sender_is_parsed_before_it_is_decoded(sender: str, name: str) -> None:
    assert head(sender=sender).publisher == name


def test_headers_that_are_not_encoded_are_read_in_utf_8_or_the_charset_of_the_letter() -> None:
    # The letter х has a byte that is a line break in Latin-1.
    assert head(subject="Паром ходит, =?utf-8?Q?=D0=B4=D0=B0?=").title == "Паром ходит, да"
    assert head(subject="Паром ходит".encode("cp1251"), charset="windows-1251").title == "Паром ходит"


def test_a_text_with_escape_codes_is_read_in_its_charset() -> None:
    raw = b"From: a@b.example\nSubject: x\nContent-Type: text/plain; charset=iso-2022-jp\n\n"
    assert parse_message(raw + "港湾局は否定した。".encode("iso2022_jp")).body.strip() == "港湾局は否定した。"


def bodies(path: Path) -> list[str]:
    return [draft.body.strip() if isinstance(draft, Draft) else draft for draft in read(path)]


@pytest.mark.parametrize(
    "line",
    [
        "From Velden to Marn the boat takes an hour, and the first one of 2024",
        "From the council came a letter on the 3rd of September 2024",
        # The line of a quoted letter, but no header follows.
        "From jane@herald.example Mon Sep  9 08:00:00 2024",
    ],
)
def test_a_line_that_begins_with_from_does_not_cut_a_letter(write: Write, line: str) -> None:
    raw = START + letter(f"One.\n\n{line}\nleft.") + b"\n" + START + letter("Two.", **{"Message-ID": "<2@h>"})
    assert bodies(write("a.mbox", raw)) == [f"One.\n\n{line}\nleft.", "Two."]


@pytest.mark.parametrize(
    "line",
    [
        "From 1809@xxx Mon Sep 09 08:00:00 +0000 2024",
        "From - Mon Sep 09 08:00:00 2024",
        "From jane at herald.example  Mon Sep  9 08:00:00 2024",
        "From jane@herald.example Mon Sep  9 08:00 CEST 2024",
        "From jane@herald.example Mon, 9 Sep 2024 08:00:00 +0200",
        "From jane@herald.example Mon Sep  9 08:00:00 2024\r",
    ],
)
def test_the_lines_between_letters_of_many_programs_are_known(write: Write, line: str) -> None:
    raw = f"{line}\n".encode() + letter("One.") + f"\n{line}\n".encode() + letter("Two.")
    assert bodies(write("a.mbox", raw)) == ["One.", "Two."]


def test_a_mailbox_without_blank_lines_between_its_letters_is_cut(write: Write) -> None:
    raw = START + letter("One.") + START + letter("Two.") + START + letter("Three.")
    assert bodies(write("a.mbox", raw)) == ["One.", "Two.", "Three."]


@pytest.mark.parametrize("next_line", ["Lind: no comment.", "he said no.", ""])
def test_a_line_like_that_between_letters_cuts_none_where_no_header_follows(write: Write, next_line: str) -> None:
    text = f"One.\n{START.decode().strip()}\n{next_line}"
    assert len(bodies(write("a.mbox", START + letter(text)))) == 1


def test_one_level_of_quoting_is_undone(write: Write) -> None:
    assert bodies(write("a.mbox", START + letter("One.\n\n>From here.\n>>From there.\n> From me."))) == [
        "One.\n\nFrom here.\n>From there.\n> From me."
    ]


def test_a_stated_length_tells_the_letter_from_a_letter_that_it_quotes(write: Write) -> None:
    quoted = START.decode() + "Subject: Old\n\nOld text."
    inside = f"One.\n\n{quoted}\n".encode()
    one = b"Subject: New\nContent-Length: %d\n\n" % len(inside) + inside
    assert bodies(write("a.mbox", START + one + b"\n" + START + letter("Two."))) == [f"One.\n\n{quoted}", "Two."]
    # A wrong length counts for nothing.
    wrong = one.replace(b"Content-Length: ", b"Content-Length: 9")
    assert len(bodies(write("b.mbox", START + wrong + b"\n" + START + letter("Two.")))) == 3


def test_a_letter_is_of_the_day_that_its_sender_had(write: Write) -> None:
    for stated, offset in (
        ("Mon, 09 Sep 2024 08:00:00 +0900", "+09:00"),
        ("Mon, 09 Sep 2024 08:00:00 -0700", "-07:00"),
    ):
        text = f"From: Herald <news@herald.example>\nDate: {stated}\n\n{SENTENCE}\n"
        [draft] = read(write("a.eml", text))
        assert isinstance(draft, Draft)
        assert draft.published_at == f"2024-09-09T08:00:00{offset}"


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"From jo@marn.example Mon Sep  9 08:00:00 2024\n"])
def test_what_programs_write_before_a_saved_email_is_skipped(write: Write, before: bytes) -> None:
    raw = before + b"From: Marn News <news@marn.example>\nSubject: The mill\n\nThe mill turns."
    assert one(write("a.eml", raw)).title == "The mill"


def test_lines_that_flow_are_joined(write: Write) -> None:
    head = "From: a@marn.example\nContent-Type: text/plain; format=flowed\n\n"
    assert (
        one(write("a.eml", head + "The mill \nturns. \n\n It rains.\n")).body.strip() == "The mill turns. \nIt rains."
    )


@pytest.mark.parametrize("charset", ["utf-7", "hz-gb-2312"])
def test_headers_in_ascii_are_read_as_they_stand_whatever_the_charset_of_the_letter(charset: str) -> None:
    raw = "From: Salt ~{ & Mill <n@herald.example>\nDate: Mon, 9 Sep 2024 00:30:00 +0800\nSubject: A +2 B\n"
    draft = parse_message(f"{raw}Content-Type: text/plain; charset={charset}\n\nThe mill is open.\n".encode())
    assert (draft.publisher, draft.title) == ("Salt ~{ & Mill", "A +2 B")
    assert draft.published_at == "2024-09-09T00:30:00+08:00"
