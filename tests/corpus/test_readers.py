"""What files give: drafts for good ones, one plain sentence for each that is not, and never an exception."""

import codecs
import gzip
import json
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.article import Draft, Rejection, SourceItem
from corpus.decoding import decode
from corpus.errors import BadInput, UnreadableSource
from corpus.readers import find_files, read_path, unsupported_files
from corpus.readers.urls import canonical_url

LIMIT = 1_000_000
SENTENCE = "Envoys of the two states met in the town on Monday, and officials said that they would meet again."
ARTICLES = Path(__file__).parents[3] / "shared" / "articles"

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


def read(path: Path, max_bytes: int = LIMIT) -> list[Draft | str]:
    """Drafts, and the sentences of rejections, in the order of the file."""
    found: list[Draft | str] = []
    for item in read_path(path, max_bytes=max_bytes):
        if isinstance(item, Rejection):
            found.append(item.reason)
            continue
        try:
            found.append(item.parse())
        except UnreadableSource as error:
            found.append(error.message)
    return found


def one(path: Path) -> Draft:
    [draft] = read(path)
    assert isinstance(draft, Draft), draft
    return draft


# --- decoding


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Envoys met.", "utf-8-sig"),
        ("Envoys met – “again”.", "utf-16"),
        ("Envoys met – “again”.", "utf-16-le"),
        ("Envoys met.", "utf-32"),
        ("The £5m deal was off", "latin-1"),
        ("Le café était fermé à Noël, a déclaré le ministre français.", "latin-1"),
        ("Министр заявил, что переговоры продолжатся в среду.", "cp1251"),
    ],
)
def test_text_in_older_encodings_is_read(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_damage_costs_only_the_damaged_characters() -> None:
    assert decode("été ".encode() * 50 + b"\xff end\0") == "été " * 50 + "\ufffd end"


@pytest.mark.parametrize(
    "raw",
    [
        b"%PDF-1.7 text",
        b"\x89PNG\r\n",
        b"PK\x03\x04",
        b"\x1f\x8b\x08",
        b"\x7fELF",
        b"SQLite format 3\0",
        bytes(range(256)) * 9,
    ],
)
def test_what_is_no_text_is_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableSource, match="not text"):
        decode(raw)


# --- JSON Lines


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
        "This line is no valid JSON: Expecting property name enclosed in double quotes at character 2.",
        "The field “body” is no text.",
        "This line is no JSON object.",
        "The field “body” is missing or empty.",
        "This line is no JSON that can be read.",
    ]
    assert [item.origin for item in read_path(path, max_bytes=LIMIT)][1:3] == [f"{path}:2", f"{path}:4"]


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
    assert found[-1] == "The gzip file is damaged or cut off."
    assert sum(isinstance(reason, str) for reason in found) == 1
    assert read(write("b.jsonl.gz", b"no gzip")) == ["The gzip file is damaged or cut off."]


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


# --- Markdown


def test_front_matter_gives_the_fields(write: Write) -> None:
    front = "title: The pact\nurl: https://example.org\nsource: Example Post\n"
    front += "author: [Jane Doe, Max Roe]\ndate: 2024-09-09"
    draft = one(write("a.md", f"---\n{front}\n---\n# Other\n\n{SENTENCE}"))
    assert draft.title == "The pact"
    assert draft.url == "https://example.org/"
    assert draft.publisher == "Example Post"
    assert draft.author == "Jane Doe, Max Roe"
    assert draft.published_at == "2024-09-09"
    assert draft.body.strip() == f"# Other\n\n{SENTENCE}"


def test_the_first_heading_is_the_title_and_stays(write: Write) -> None:
    draft = one(write("a.markdown", f"# The **pact**\n\n{SENTENCE}"))
    assert draft.title == "The pact"
    assert draft.body.startswith("# The **pact**")


def test_a_date_that_is_none_is_a_warning(write: Write) -> None:
    draft = one(write("a.md", f"---\ndate: sometime in spring\n---\n{SENTENCE}"))
    assert draft.published_at is None
    assert draft.warnings == ("The date “sometime in spring” was left out: it states no day without doubt.",)


def test_front_matter_never_makes_objects(write: Write) -> None:
    [draft] = read(write("a.md", f"---\ntitle: !!python/object:os.system x\n---\n{SENTENCE}"))
    assert isinstance(draft, Draft)
    assert draft.title in (None, "x")


@pytest.mark.parametrize("date", ["2024-02-30", "soon", "0x" + "f" * 5000])
def test_a_date_that_is_none_is_left_out_with_a_warning(write: Write, date: str) -> None:
    [draft] = read(write("a.md", f"---\ndate: {date}\nid: 0x{'f' * 5000}\n---\n{SENTENCE}"))
    assert isinstance(draft, Draft)
    assert draft.published_at is None
    assert len(draft.warnings) == 1


@pytest.mark.parametrize("front", ["- a\n- b", "a: [", "a: " + "[" * 100_000])
def test_front_matter_that_can_not_be_used_is_refused(write: Write, front: str) -> None:
    [reason] = read(write("a.md", f"---\n{front}\n---\n{SENTENCE}"))
    assert isinstance(reason, str)
    assert reason.startswith("The front matter is")


def test_nested_aliases_in_front_matter_do_no_harm(write: Write) -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    draft = one(write("a.md", "---\n" + "\n".join(rows) + f"\ntitle: *a29\ndate: *a29\n---\n{SENTENCE}"))
    assert draft.title is None
    assert len(draft.warnings) == 1


# --- plain text


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


# --- web pages

PARAGRAPHS = "".join(f"<p>{SENTENCE} This was round {i} of the talks, which began in spring.</p>" for i in range(6))
META = (
    '<meta property="og:site_name" content="Example Post"><meta name="author" content="Jane Doe">'
    '<link rel="canonical" href="https://Example.org/a?utm_source=1">'
)


def page(head: str, body: str = PARAGRAPHS) -> str:
    return (
        f'<html lang="en-GB"><head><title>Envoys meet</title>{head}</head><body>'
        '<nav><a href="/">Home</a></nav>'
        f"<article><h1>Envoys meet</h1>{body}<table><tr><td>cell</td></tr></table></article>"
        "<footer>Copyright 2021 Example. Updated 3 May 2023.</footer></body></html>"
    )


def test_a_page_gives_its_article_and_what_its_markup_states(write: Write) -> None:
    draft = one(write("a.html", page(META)))
    assert draft.title == "Envoys meet"
    assert draft.publisher == "Example Post"
    assert draft.author == "Jane Doe"
    assert draft.url == "https://example.org/a"
    assert draft.language == "en"
    assert draft.body.count(SENTENCE) == 6
    assert "Copyright" not in draft.body
    assert "cell" not in draft.body
    assert draft.published_at is None


@pytest.mark.parametrize(
    "markup",
    [
        '<meta property="article:published_time" content="2024-09-09T10:00:00+02:00">',
        '<script type="application/ld+json">{"datePublished": "2024-09-09T08:00:00Z"}</script>',
        '<meta itemprop="datePublished" content="Mon, 09 Sep 2024 08:00:00 GMT">',
    ],
)
def test_the_date_is_the_one_that_the_markup_states(write: Write, markup: str) -> None:
    assert one(write("a.htm", page(markup))).published_at == "2024-09-09T08:00:00Z"


def test_a_page_is_read_in_the_encoding_that_it_states(write: Write) -> None:
    raw = page('<meta charset="iso-8859-2">', PARAGRAPHS.replace("spring", "łąka")).encode("iso-8859-2")
    assert "łąka" in one(write("a.html", raw)).body


@pytest.mark.parametrize(
    "content",
    [
        "<html><body><nav>Home</nav></body></html>",
        "<" * 50_000,
        "<html>",
        "<div>" * 50_000 + "hello",
        "<!-- -->",
    ],
)
def test_pages_without_an_article_are_refused(write: Write, content: str) -> None:
    [reason] = read(write("a.html", content))
    assert isinstance(reason, str)
    assert "page" in reason


# --- files and folders


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.jsonl", "a.jsonl.gz"])
def test_empty_files_are_refused_in_one_sentence(write: Write, name: str) -> None:
    assert read(write(name, gzip.compress(b"") if name.endswith("gz") else b"")) == ["It is empty."]


@pytest.mark.parametrize("blank", [b" \n", codecs.BOM_UTF8])
def test_files_without_a_word_are_refused(write: Write, blank: bytes) -> None:
    found = read(write("a.txt", blank))
    assert found == ["It is empty."]


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_binary_files_are_refused_whatever_they_are_called(write: Write, name: str) -> None:
    assert read(write(name, bytes(range(256)) * 20)) == ["This is binary data, not text."]


def test_a_file_over_the_limit_is_refused_with_the_setting(write: Write) -> None:
    [item] = read_path(write("a.txt", "x" * 2_000_000), max_bytes=LIMIT)
    assert isinstance(item, Rejection)
    assert item.reason == "It has 1.9 MB; the limit is 1.0 MB."
    assert "ATTACHE_MAX_ARTICLE_MB" in item.hint


def test_files_that_can_not_be_opened_are_rejections(tmp_path: Path, write: Write) -> None:
    assert read(tmp_path / "gone.txt") == ["It can't be read: no such file or directory."]
    assert read(write("a.xyz", "x")) == ["This kind of file can't be read."]
    os.mkfifo(tmp_path / "pipe.txt")
    assert read(tmp_path / "pipe.txt") == ["This is no regular file."]
    (tmp_path / "folder.txt").mkdir()
    assert read(tmp_path / "folder.txt") == ["This folder can't be opened."]


def test_folders_are_walked_in_order_once_and_without_what_is_hidden(tmp_path: Path, write: Write) -> None:
    for folder in ("b", "a", ".git"):
        (tmp_path / folder).mkdir()
    names = [
        "z.TXT",
        "b/2.md",
        "b/1.jsonl.gz",
        "a/x.html",
        ".git/c.txt",
        ".hidden.txt",
        "a/photo.jpg",
        "notes.gz",
    ]
    for name in names:
        write(name, "x")
    (tmp_path / "a" / "round").symlink_to(tmp_path)
    (tmp_path / "again.txt").symlink_to(tmp_path / "z.TXT")
    found = [path.name for path in find_files([tmp_path, tmp_path / "z.TXT"])]
    assert sorted(found) == sorted(["again.txt", "x.html", "1.jsonl.gz", "2.md"])
    assert found.index("1.jsonl.gz") < found.index("2.md")
    assert sorted(path.name for path in unsupported_files([tmp_path])) == ["notes.gz", "photo.jpg"]


def test_a_named_file_is_yielded_whatever_its_kind_and_a_missing_one_is_an_error(tmp_path: Path, write: Write) -> None:
    path = write("a.xyz", "x")
    assert list(find_files([path])) == [path]
    assert list(unsupported_files([path])) == []
    with pytest.raises(BadInput, match=r"nowhere\.txt"):
        list(find_files([tmp_path / "nowhere.txt"]))


# --- addresses


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("HTTPS://Example.ORG", "https://example.org/"),
        ("https://example.org:443/A?b=1&utm_medium=x&c=%20&gclid=2#d", "https://example.org/A?b=1&c=%20"),
        ("http://user:pw@example.org:8080/", "http://example.org:8080/"),
        ("https://[::1]:8443/a", "https://[::1]:8443/a"),
        ("ftp://example.org", None),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https://example.org:port/", None),
        ("https://exa mple.org", None),
        ("https://[", None),
        ("x" * 5000, None),
    ],
)
def test_an_address_has_one_spelling(text: str, url: str | None) -> None:
    assert canonical_url(text) == url
