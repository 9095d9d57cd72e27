"""JSON files as news services, search engines and Telegram write them."""

import json

import pytest

from corpus.article import Draft
from tests.corpus.conftest import Write
from tests.corpus.formats.read_file import one, read
from tests.documents import SENTENCE

RECORD = {"title": "Envoys meet", "publisher": "Harbour Herald", "published_at": "2024-09-09", "body": SENTENCE}


@pytest.mark.parametrize(
    "held",
    [
        [RECORD],
        RECORD,
        {"status": "ok", "articles": [RECORD]},
        {"response": {"results": [RECORD]}},
        {"took": 3, "hits": {"hits": [{"_id": "1", "_source": RECORD}]}},
        [{"headline": "Envoys meet", "source": {"id": None, "name": "Harbour Herald"}, "publishedAt": "2024-09-09",
          "content": SENTENCE}],
    ],
)  # fmt: skip
def test_articles_are_found_where_programs_put_them(write: Write, held: object) -> None:
    draft = one(write("a.json", json.dumps(held, indent=1)))
    assert (draft.title, draft.publisher, draft.published_at) == ("Envoys meet", "Harbour Herald", "2024-09-09")
    assert draft.body.strip() == SENTENCE


def test_a_text_in_a_list_is_read_whole_as_paragraphs(write: Write) -> None:
    paragraphs = [f"The mill turns on day {number}." for number in range(100)]
    assert one(write("a.json", json.dumps([RECORD | {"body": paragraphs}]))).body == "\n\n".join(paragraphs)
    nested = json.dumps([RECORD | {"body": [SENTENCE, [SENTENCE]]}])
    assert read(write("b.json", nested)) == ["The field “body” is missing or empty."]


def test_each_message_of_a_channel_of_telegram_is_an_article(write: Write) -> None:
    channel = {
        "name": "Harbour Channel",
        "type": "public_channel",
        "id": 7,
        "messages": [
            {"id": 1, "type": "service", "text": "", "date": "2024-09-08T10:00:00"},
            {"id": 2, "type": "message", "date": "2024-09-09T08:00:00", "date_unixtime": "1725868800",
             "text": [{"type": "bold", "text": "Talks"}, f"\n\n{SENTENCE}"]},
            {"id": 3, "type": "message", "date": "2024-09-10T08:00:00", "text": "", "photo": "a.jpg"},
            {"id": 4, "type": "message", "date": "2024-09-10T09:00:00", "text": SENTENCE},
        ],
    }  # fmt: skip
    first, second = read(write("result.json", json.dumps(channel)))
    assert isinstance(first, Draft)
    assert isinstance(second, Draft)
    assert (first.body, first.publisher, first.published_at) == (
        f"Talks\n\n{SENTENCE}", "Harbour Channel", "2024-09-09T08:00:00Z",
    )  # fmt: skip
    assert first.external_id != second.external_id


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"a": 1}', "I can't tell where the articles are in this JSON."),
        ("[1, 2]", "I can't tell where the articles are in this JSON."),
        ('{"body": "x"}\n{"body": "y"}', "This file holds several JSON texts."),
        ('{"body": ', "This isn't valid JSON: Expecting value at character 10."),
        ("[" * 100_000, "This JSON is too deep, or has too many or too long values."),
        ("", "The file is empty."),
    ],
)
def test_other_json_is_refused(write: Write, text: str, says: str) -> None:
    assert read(write("a.json", text)) == [says]
