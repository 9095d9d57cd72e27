"""Posts of Telegram: its exports as JSON and HTML, and saved pages of public channels."""

import json

import pytest

from corpus.article import Draft
from tests.corpus.conftest import Write
from tests.corpus.formats.read_file import read
from tests.documents import SENTENCE


def message(number: int, inside: str, *, kind: str = "default clearfix", title: str = "") -> str:
    date = f'<div class="pull_right date details" title="{title}">\n08:30\n</div>' if title else ""
    return f'<div class="message {kind}" id="message{number}">\n<div class="body">\n{date}{inside}</div>\n</div>\n'


def name(shown: str, more: str = "") -> str:
    return f'<div class="from_name">\n{shown} {more}\n</div>'


def text(shown: str) -> str:
    return f'<div class="text">\n{shown}\n</div>'


def export(*messages: str, chat: str = "Harbour Channel") -> str:
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8"/><title>Exported Data</title></head>'
        f'<body><div class="page_wrap"><div class="page_header"><div class="content"><div class="text bold">\n{chat}\n'
        f'</div></div></div><div class="page_body chat_page"><div class="history">{"".join(messages)}</div></div></div>'
        "</body></html>"
    )


NOTICE = '<div class="message service" id="message-1"><div class="body details">9 September 2024</div></div>'
PHOTO = '<div class="media_wrap clearfix"><a class="photo_wrap clearfix pull_left" href="photos/photo_1.jpg"></a></div>'
NO_PHOTO = (
    '<div class="media_wrap clearfix"><div class="media clearfix pull_left media_photo"><div class="body">'
    '<div class="title bold">Photo</div><div class="description">Not included, change data exporting settings.</div>'
    "</div></div></div>"
)
AT = "09.09.2024 00:30:00 UTC+03:00"


def drafts(found: list[Draft | str]) -> list[Draft]:
    assert all(isinstance(each, Draft) for each in found), found
    return [each for each in found if isinstance(each, Draft)]


def test_each_post_of_an_exported_channel_is_an_article(write: Write) -> None:
    shown = f"<strong>Talks in Velden</strong><br><br>{SENTENCE} He <s>confirmed</s> denied it."
    signed = '<div class="signature details">\nInes Olm\n</div>'
    posts = (
        NOTICE,
        message(2, name("Harbour Channel") + text(shown) + signed, title=AT),
        message(3, PHOTO + text("A caption: the mayor &amp; the mill."), kind="default clearfix joined", title=AT),
        message(4, NO_PHOTO, kind="default clearfix joined", title=AT),
    )
    first, second = drafts(read(write("messages.html", export(*posts))))
    assert first.body == f"Talks in Velden\n\n{SENTENCE} He denied it."
    assert (first.publisher, first.author, first.published_at) == (
        "Harbour Channel", "Ines Olm", "2024-09-09T00:30:00+03:00",
    )  # fmt: skip
    assert (second.body, second.author, second.url) == ("A caption: the mayor & the mill.", None, None)
    assert first.external_id != second.external_id


def test_a_forwarded_post_is_of_its_source_and_its_day(write: Write) -> None:
    at = '<span class="date details" title="07.09.2024 10:00:00"> 07.09.2024 10:00:00</span>'
    first = f'<div class="forwarded body">{name("Salt Desk", at)}{text(SENTENCE)}</div>'
    second = f'<div class="forwarded body">{text("The mill is open again.")}</div>'
    posts = (
        message(2, name("Harbour Channel") + first, title=AT),
        message(3, second, kind="default clearfix joined", title=AT),
        message(4, text("The ferry sails."), kind="default clearfix joined", title=AT),
    )
    found = drafts(read(write("messages.html", export(*posts))))
    assert [(each.publisher, each.published_at) for each in found] == [
        ("Salt Desk", "2024-09-07"),
        ("Salt Desk", "2024-09-09T00:30:00+03:00"),
        ("Harbour Channel", "2024-09-09T00:30:00+03:00"),
    ]


def test_in_a_group_the_sender_is_the_author(write: Write) -> None:
    posts = (
        message(2, name("Jo Tarn") + text("The ferry sails."), title="09.09.2024 08:30:00"),
        message(3, text("It is full."), kind="default clearfix joined", title="09.09.2024 08:31:00"),
    )
    found = drafts(read(write("messages2.html", export(*posts, chat="Ferry talk"))))
    assert [(each.author, each.publisher, each.published_at) for each in found] == [
        ("Jo Tarn", "Ferry talk", "2024-09-09")
    ] * 2


def test_an_export_without_text_is_refused(write: Write) -> None:
    assert read(write("messages.html", export(NOTICE))) == ["No post in this page has text."]


@pytest.mark.parametrize("forwarded", ["", "https://t.me/saltdesk/9", "https://t.me/saltdesk"])
def test_a_saved_page_of_a_channel_gives_posts_with_their_addresses(write: Write, forwarded: str) -> None:
    link = f'<a class="tgme_widget_message_forwarded_from_name" href="{forwarded}"><span>Salt Desk</span></a>'
    page = (
        '<html><body><div class="tgme_widget_message_wrap"><div class="tgme_widget_message js-widget_message"'
        ' data-post="harbour/12"><a class="tgme_widget_message_owner_name"><span>Harbour Channel</span></a>'
        f"{link if forwarded else ''}"
        '<a class="tgme_widget_message_reply"><div class="tgme_widget_message_text js-message_reply_text">Before</div>'
        "</a>"
        f'<div class="tgme_widget_message_text js-message_text">{SENTENCE}</div>'
        '<span><span class="tgme_widget_message_from_author">Ines Olm</span>'
        '<a class="tgme_widget_message_date"><time datetime="2024-09-09T05:30:00+00:00">08:30</time></a></span>'
        "</div></div></body></html>"
    )
    [draft] = drafts(read(write("s.html", page)))
    assert (draft.body, draft.author, draft.published_at) == (SENTENCE, "Ines Olm", "2024-09-09T05:30:00Z")
    assert draft.publisher == ("Salt Desk" if forwarded else "Harbour Channel")
    assert draft.url == (forwarded if forwarded.endswith("/9") else "https://t.me/harbour/12")


def chat(*messages: dict[str, object]) -> dict[str, object]:
    stated = ({"id": i, "type": "message", **each} for i, each in enumerate(messages, start=1))
    return {"name": "Harbour Channel", "type": "public_channel", "id": 7, "messages": list(stated)}


def test_messages_state_offset_signature_and_source(write: Write) -> None:
    messages = (
        {"date": "2024-09-09T00:30:00", "date_unixtime": "1725831000", "author": "Ines Olm", "from": "Harbour Channel",
         "text": ["He ", {"type": "strikethrough", "text": "confirmed"}, " denied it."]},
        {"date": "2024-09-09T00:30:00", "from": "Jo Tarn", "forwarded_from": "Salt Desk", "text": SENTENCE},
        {"date": "2024-09-09T00:30:00", "from": "Jo Tarn", "text": SENTENCE},
    )  # fmt: skip
    found = drafts(read(write("result.json", json.dumps(chat(*messages)))))
    assert [(each.published_at, each.author, each.publisher) for each in found] == [
        ("2024-09-09T00:30:00+03:00", "Ines Olm", "Harbour Channel"),
        ("2024-09-09", None, "Salt Desk"),
        ("2024-09-09", "Jo Tarn", "Harbour Channel"),
    ]
    assert found[0].body == "He denied it."


@pytest.mark.parametrize("seconds", ["1725868800000", "99999999999", "x"])
def test_a_message_with_impossible_seconds_costs_no_other_one(write: Write, seconds: str) -> None:
    odd = {"date": "2024-09-09T00:30:00", "date_unixtime": seconds, "text": SENTENCE}
    assert len(drafts(read(write("result.json", json.dumps(chat(odd, {"text": SENTENCE})))))) == 2


def test_the_chats_of_an_account_are_read(write: Write) -> None:
    account = {"about": "x", "chats": {"list": [chat({"text": SENTENCE}), {**chat({"text": "Salt."}), "name": "Salt"}]}}
    found = drafts(read(write("result.json", json.dumps(account))))
    assert [each.publisher for each in found] == ["Harbour Channel", "Salt"]


def test_posts_within_posts_are_read_once(write: Write) -> None:
    inner = message(3, text("Inner."), title=AT)
    found = drafts(read(write("messages.html", export(message(2, text(f"Outer. {inner}"), title=AT)))))
    assert len(found) == 1
