"""What lines of JSON give: a draft each, and a sentence for each that is none."""

import gzip
import json
import random

import pytest

from corpus.article import Draft, Rejection, SourceItem
from corpus.export.extra_fields import FORMAT_KEY, FORMAT_VERSION
from corpus.formats import read_path
from corpus.formats.jsonl import parse_record
from tests.corpus.conftest import Write
from tests.corpus.formats.read_file import LIMIT, one, read
from tests.documents import SENTENCE, web_page


def test_a_line_of_json_gives_a_draft(write: Write) -> None:
    record = {
        "id": 7,
        "url": "https://Example.org/a?utm_source=x&id=1#top",
        "title": "Envoys meet",
        "publisher": "Example Post",
        "author": "Jane Doe",
        "published_at": "2024-09-09",
        "language": "en",
        "body": SENTENCE,
        "other": [1],
    }
    assert one(write("a.jsonl", json.dumps(record))) == Draft(
        body=SENTENCE,
        title="Envoys meet",
        url="https://example.org/a?id=1",
        publisher="Example Post",
        author="Jane Doe",
        published_at="2024-09-09",
        language="en",
        external_id="7",
    )


def test_bad_lines_do_not_stop_the_good_ones(write: Write) -> None:
    lines = [
        '{"body": "One."}',
        "{broken",
        "",
        '{"body": 3}',
        "[1]",
        '{"title": "No text"}',
        "[" * 99_999,
        '{"text": "Two."}',
    ]
    path = write("a.jsonl", "\n".join(lines))
    found = read(path)
    assert [draft.body for draft in found if isinstance(draft, Draft)] == ["One.", "Two."]
    assert [reason for reason in found if isinstance(reason, str)] == [
        "This line isn't valid JSON: Expecting property name enclosed in double quotes at character 2.",
        "The field “body” isn't text.",
        "This line isn't a JSON object.",
        "The field “body” is missing or empty.",
        "This line is too deep, or has too many or too long values.",
    ]
    assert [item.origin for item in read_path(path, max_bytes=LIMIT)][1:3] == [f"{path}:2", f"{path}:4"]


def test_fields_may_be_lists_and_objects_and_what_is_neither_costs_no_article(write: Write) -> None:
    record = {"body": SENTENCE, "author": ["By Ines Olm", {"name": "Tor Lie"}], "publisher": {"name": "Herald"}}
    draft = one(write("a.jsonl", json.dumps(record | {"title": True, "published_at": ["2024-09-09"], "id": 7})))
    assert (draft.author, draft.publisher, draft.published_at) == ("Ines Olm, Tor Lie", "Herald", "2024-09-09")
    assert (draft.title, draft.external_id) == (None, "7")
    assert draft.warnings == ("The field “title” was left out: it has no text that can be used.",)


@pytest.mark.parametrize(
    ("name", "written"), [("a.jsonl", "{}"), ("a.json", "[{}]"), ("a.md", f"---\n{{}}\n---\n{SENTENCE}\n")]
)
def test_of_several_titles_the_first_is_taken_in_every_format(write: Write, name: str, written: str) -> None:
    record = {"title": ["The ferry", "The ferry reopens"], "author": ["Ines Olm", "Tor Lie"], "body": SENTENCE}
    draft = one(write(name, written.replace("{}", json.dumps(record))))
    assert (draft.title, draft.author) == ("The ferry", "Ines Olm, Tor Lie")


def test_the_raw_bytes_are_the_line_itself(write: Write) -> None:
    [item] = read_path(write("a.jsonl.gz", gzip.compress(b'{"body": "One."}\n')), max_bytes=LIMIT)
    assert isinstance(item, SourceItem)
    assert item.raw == b'{"body": "One."}'


def test_strange_values_become_storable_text_or_warnings(write: Write) -> None:
    draft = one(
        write("a.jsonl", r'{"body": "a\ud800b\u0000c", "n": NaN, "url": "ftp://a", "published_at": "on Monday"}')
    )
    assert draft.body == "a\ufffdbc"
    assert draft.url is None
    assert draft.published_at is None
    assert [warning.split(" was left out")[0] for warning in draft.warnings] == [
        "The address “ftp://a”",
        "The date “on Monday”",
    ]


def test_a_cut_off_gzip_file_gives_what_came_before_and_one_sentence(write: Write) -> None:
    noise = random.Random(1)
    lines = "\n".join(json.dumps({"body": noise.randbytes(60).hex()}) for _ in range(2000))
    whole = gzip.compress(lines.encode())
    found = read(write("a.jsonl.gz", whole[: len(whole) // 2]))
    assert 500 < sum(isinstance(draft, Draft) for draft in found) < 1500
    assert found[-1] == "The gzip file is damaged or truncated."
    assert sum(isinstance(reason, str) for reason in found) == 1
    assert read(write("b.jsonl.gz", b"no gzip")) == ["The gzip file is damaged or truncated."]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_a_line_over_the_limit_is_skipped_and_the_next_one_read(write: Write, name: str) -> None:
    raw = b'{"body": "' + b"x" * 2_000_000 + b'"}\n{"body": "Two."}'
    items = list(read_path(write(name, gzip.compress(raw) if name.endswith("gz") else raw), max_bytes=LIMIT))
    assert isinstance(items[0], Rejection)
    assert "limit" in items[0].reason
    assert "ATTACHE_MAX_ARTICLE_MB" in items[0].hint
    assert isinstance(items[1], SourceItem)
    assert items[1].parse().body == "Two."


@pytest.mark.parametrize("spare", [0, -1])
def test_the_limit_is_exact(write: Write, spare: int) -> None:
    line = b'{"body": "One."}'
    for ending in (b"", b"\n", b"\r\n"):
        assert isinstance(read(write("a.jsonl", line + ending), len(line) + spare)[0], str if spare else Draft)


def test_line_breaks_at_the_limit_do_not_shift_the_numbers_of_lines(write: Write) -> None:
    line = b'{"body": "One."}'
    path = write("a.jsonl", (line + b"\r\n") * 3)
    assert [item.origin for item in read_path(path, max_bytes=len(line))] == [f"{path}:{i}" for i in (1, 2, 3)]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<div><p>She <b>denied</b> it.</p><p>He &amp; I came.</p></div>", "She denied it.\n\nHe & I came."),
        ("&lt;p&gt;She came.&lt;/p&gt;", "She came."),
        ("She <em>came</em>\nat night.\n\nHe did not.", "She came\nat night.\n\nHe did not."),
        ("She came.\n\n<h2>Later</h2>\nHe did.\n\nThey met.", "She came.\n\nLater\n\nHe did.\n\nThey met."),
        ("She came.<br/>He did.", "She came.\n\nHe did."),
        ("She <s>confirmed</s><b>denied</b> it.", "She denied it."),
        ("If a <b and c> d, write to <news@herald.example> & <us>.",) * 2,
        ("<p>The tag &lt;p&gt; makes a paragraph.</p>", "The tag <p> makes a paragraph."),
    ],
)
def test_html_in_a_text_field_is_read_as_a_reader_sees_it(write: Write, body: str, text: str) -> None:
    assert one(write("a.jsonl", json.dumps({"body": body}))).body == text


def test_a_whole_page_in_a_text_field_is_read_without_its_menus(write: Write) -> None:
    body = one(write("a.jsonl", json.dumps({"body": web_page("Envoys meet").decode()}))).body
    assert SENTENCE in body
    assert "Home" not in body


def test_names_have_no_markup_and_a_link_is_no_publisher(write: Write) -> None:
    record = {"body": SENTENCE, "title": "AT&amp;T <i>wins</i>", "publisher": "https://herald.example/a"}
    draft = one(write("a.jsonl", json.dumps(record)))
    assert (draft.title, draft.publisher, draft.url) == ("AT&T wins", None, "https://herald.example/a")


FORMER = {
    "title": "Mill",
    "body": "The mill.",
    "publisher": "Harbour Herald",
    **dict.fromkeys(("sha256", "source_sha256", "origin"), "x"),
    **dict.fromkeys(("fetched_at", "replaced_at"), "2024-09-09T10:00:00Z"),
}
EXPORTED = {
    FORMAT_KEY: FORMAT_VERSION,
    "body": "The tag <p>x</p> & more.",
    **dict.fromkeys(("collection", "origin", "source_sha256"), "x"),
    "fetched_at": "2024-09-09T10:00:00Z",
    "versions": [FORMER],
}


def test_exported_texts_stay_as_they_are(write: Write) -> None:
    assert one(write("a.jsonl", json.dumps(EXPORTED))).body == EXPORTED["body"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"publisher": "\x01Harbour Herald"}, "“publisher” has line breaks or control characters."),
        ({"title": "Mill\u2028turns"}, "“title” has line breaks or control characters."),
        ({"id": "a\0b"}, "“id” has line breaks or control characters."),
        ({"fetched_at": "zzz"}, "“fetched_at” isn't a time."),
        ({"versions": [FORMER | {"author": "Olm\nQuist"}]}, "“author” has line breaks or control characters."),
        ({"versions": [FORMER | {"replaced_at": "later"}]}, "“replaced_at” isn't a time."),
    ],
)
def test_no_export_brings_names_and_times_that_are_never_stored(
    write: Write, changes: dict[str, object], reason: str
) -> None:
    assert read(write("a.jsonl", json.dumps(EXPORTED | changes))) == [f"The field {reason}"]


def test_markup_without_text_is_no_article(write: Write) -> None:
    assert read(write("a.jsonl", '{"body": "<p><img src=x></p>"}')) == ["The field “body” is missing or empty."]


@pytest.mark.parametrize("stated", [1725876000, 1725876000000, 1725876000.25])
def test_a_date_may_be_a_number_of_seconds_or_milliseconds(stated: float) -> None:
    draft = parse_record(json.dumps({"body": SENTENCE, "published_at": stated}).encode())
    assert draft.published_at == "2024-09-09T10:00:00Z"


def test_markdown_in_a_field_is_read_and_other_stars_stay(write: Write) -> None:
    text = "The **mill** of [Marn](https://marn.example/m) turns. ![a](b.png) He called him an a**hole and an i**ot."
    body = one(write("a.jsonl", json.dumps({"body": text}))).body
    assert body == "The mill of Marn turns.  He called him an a**hole and an i**ot."


def test_marks_of_weblogs_are_left_out(write: Write) -> None:
    text = "<p>The mill turns.</p>[caption id=1]<img src=a.jpg> The mill[/caption]<p>It rains.</p>[gallery ids=1]"
    assert one(write("a.jsonl", json.dumps({"body": text}))).body == "The mill turns.\n\nIt rains."


def test_an_author_is_named_without_by(write: Write) -> None:
    lines = [json.dumps({"body": SENTENCE, "author": each}) for each in ("By Ines Olm", "by: Ines Olm", "Ines Olm")]
    assert [draft.author for draft in read(write("a.jsonl", "\n".join(lines))) if isinstance(draft, Draft)] == [
        "Ines Olm"
    ] * 3
