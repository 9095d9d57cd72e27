"""What Markdown gives: its text, and the fields of its front matter."""

import tracemalloc

import pytest

from corpus.article import Draft
from corpus.formats import markdown_text
from corpus.formats.markdown import MAX_FRONT_MATTER
from corpus.normalize import clean_line
from corpus.passages import cut_passages
from tests.corpus.conftest import Write
from tests.corpus.formats.read_file import one, read
from tests.documents import SENTENCE


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
    assert draft.body.startswith("# The pact\n")


def test_front_matter_never_makes_objects(write: Write) -> None:
    [draft] = read(write("a.md", f"---\ntitle: !!python/object:os.system x\n---\n{SENTENCE}"))
    assert isinstance(draft, Draft)
    assert draft.title == "x"


@pytest.mark.parametrize("date", ["2024-02-30", "sometime in spring", "0x" + "f" * 5000])
def test_a_date_that_is_none_is_left_out_with_a_warning(write: Write, date: str) -> None:
    [draft] = read(write("a.md", f"---\ndate: {date}\nid: 0x{'f' * 5000}\n---\n{SENTENCE}"))
    assert isinstance(draft, Draft)
    assert draft.published_at is None
    [warning] = draft.warnings
    assert warning.startswith(f"The date “{date[:9]}")
    assert warning.endswith("” was left out: it doesn't name one clear day.")


def test_front_matter_that_is_too_long_is_refused_before_it_is_parsed(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yaml.load", lambda *_given, **_named: pytest.fail("it was parsed"))
    [reason] = read(write("a.md", f"---\na: {'b ' * MAX_FRONT_MATTER}\n---\n{SENTENCE}"))
    assert reason.startswith("The front matter has more than 100,000 characters.")


@pytest.mark.parametrize("front", ["- a\n- b", "a: [", "a: " + "[" * 50_000])
def test_front_matter_that_can_not_be_used_is_refused(write: Write, front: str) -> None:
    [reason] = read(write("a.md", f"---\n{front}\n---\n{SENTENCE}"))
    assert isinstance(reason, str)
    assert reason.startswith("The front matter is")


def test_nested_aliases_in_front_matter_do_no_harm(write: Write) -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    draft = one(write("a.md", "---\n" + "\n".join(rows) + f"\ntitle: *a29\ndate: *a29\n---\n{SENTENCE}"))
    assert draft.title == "x"
    assert len(draft.warnings) == 1


def test_a_clipping_states_its_address_and_author_and_no_publisher(write: Write) -> None:
    front = 'source: "https://herald.example/a?utm_source=x"\nauthor:\n  - "[[Ines Olm]]"\n  - "[[people/max|Max Roe]]"'
    draft = one(write("a.md", f"---\n{front}\n---\n{SENTENCE}"))
    assert (draft.url, draft.author, draft.publisher) == ("https://herald.example/a", "Ines Olm, Max Roe", None)
    assert not draft.warnings


@pytest.mark.parametrize(
    ("front", "url", "publisher", "author"),
    [
        ('source: "[Harbour Herald](https://herald.example/a)"', "https://herald.example/a", "Harbour Herald", None),
        ("source: <https://herald.example/a>", "https://herald.example/a", None, None),
        ("source: www.herald.example/a", "https://www.herald.example/a", None, None),
        ("url: https://a.example/b\nsource: https://herald.example/a", "https://a.example/b", None, None),
        ('publisher: "[[Harbour Herald]]"\nauthors: [[Ines Olm]]', None, "Harbour Herald", "Ines Olm"),
        ('publisher: https://herald.example\nauthor: "[Ines Olm](https://a.example)"', None, None, "Ines Olm"),
    ],
)
def test_links_in_front_matter_are_told_from_names(
    write: Write, front: str, url: str | None, publisher: str | None, author: str | None
) -> None:
    draft = one(write("a.md", f"---\n{front}\n---\n{SENTENCE}"))
    assert (draft.url, draft.publisher, draft.author) == (url, publisher, author)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("The **mayor** _denied_ `it`.", "The mayor denied it."),
        (
            'She [said](https://a.example "Profile") so, [as told][1].\n\n[1]: https://b.example',
            "She said so, as told.",
        ),
        ("![The quay](https://a.example/q.jpg)\n\nShe came.", "She came."),
        ("> We came\n> at night,\n\nshe said.", "We came\nat night,\n\nshe said."),
        ("> [!quote] The mayor\n> We came.", "The mayor\nWe came."),
        ("See [[notes/Marn|the isle]] and [[Velden]].", "See the isle and Velden."),
        ("We came. ^block-1\n\nShe left.", "We came.\n\nShe left."),
        ("It was ==certain== %%check this%%here.", "It was certain here."),
        ("He ~~confirmed~~ denied it.", "He  denied it."),
        ("He <s>confirmed</s><b>denied</b> it.", "He denied it."),
        ("AT&amp;T paid 5 \\* 6, [sic].", "AT&T paid 5 * 6, [sic]."),
        ("It measures 2*3*4 metres.", "It measures 2*3*4 metres."),
        ("<div><p>She came.</p></div>\n\n<!-- more -->", "She came."),
        ("    An indented *paragraph*.", "An indented paragraph."),
        ("- one *a*\n- two\n\n1. three", "- one a\n- two\n\n1. three"),
        ("The talks\n=========\nShe came.", "# The talks\n\nShe came."),
        ("**The talks**\n\nShe came.", "## The talks\n\nShe came."),
        ("| a | **b** |\n|---|---|\n| c | d |", "| a | b |\n|---|---|\n| c | d |"),
        ("She came. {{< figure src=x >}}", "She came."),
    ],
)
def test_the_text_is_what_a_reader_sees(write: Write, source: str, text: str) -> None:
    assert one(write("a.md", source)).body.strip() == text


def test_footnotes_leave_the_text_and_are_never_quoted(write: Write) -> None:
    source = f"{SENTENCE}[^1] {SENTENCE}^[A note.]\n\n[^1]: Survey of the *sea bed*,\n    by the harbour.\n\n{SENTENCE}"
    body = one(write("a.md", source)).body
    assert body == f"{SENTENCE} {SENTENCE}\n\n{SENTENCE}\n\n## Footnotes\n\n- Survey of the sea bed, by the harbour."
    assert all("Survey" not in body[span.start : span.end] for span in cut_passages(body, "en"))


@pytest.mark.parametrize("bound", ["MAX_CHARACTERS", "MAX_LINES"])
def test_a_long_text_keeps_its_marks_and_says_so(write: Write, monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    monkeypatch.setattr(markdown_text, bound, 20)
    draft = one(write("a.md", "*a*\n" * 22))
    assert draft.body.startswith("*a*\n*a*")
    assert "Markdown marks were left" in draft.warnings[0]


def test_pandoc_marks_and_single_tildes_are_read(write: Write) -> None:
    draft = one(write("a.md", "The tank holds 10^9^ litres of H~2~O, and ~no~ the mill turns; ~40 boats came."))
    assert clean_line(draft.body) == "The tank holds 10^9 litres of H2O, and the mill turns; ~40 boats came."


def test_a_key_in_toml_of_thousands_of_parts_takes_no_memory(write: Write) -> None:
    source = f"+++\n{'a.' * 20_000}b = 1\n+++\n{SENTENCE}"
    tracemalloc.start()
    try:
        assert SENTENCE in one(write("a.md", source)).body
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


def test_headers_in_toml_are_read(write: Write) -> None:
    draft = one(write("a.md", '+++\ntitle = "The mill"\ndate = 2024-09-09\n+++\nThe mill turns.'))
    assert (draft.title, draft.published_at, draft.body) == ("The mill", "2024-09-09", "The mill turns.")


def test_a_source_without_a_scheme_is_an_address(write: Write) -> None:
    draft = one(write("a.md", "---\nsource: marn.example/mill\nauthor: By Ines Olm\n---\nThe mill turns."))
    assert (draft.url, draft.publisher, draft.author) == ("https://marn.example/mill", None, "Ines Olm")


def test_lines_above_the_text_state_fields_without_rules_around_them(write: Write) -> None:
    head = "Title: The pact\nDate: 2024-09-09\nSlug: the-pact\nSource: https://herald.example/pact\nAuthor: Ines Olm\n"
    draft = one(write("a.md", f"{head}\n{SENTENCE}\n"))
    assert (draft.title, draft.author, draft.published_at) == ("The pact", "Ines Olm", "2024-09-09")
    assert (draft.url, draft.publisher) == ("https://herald.example/pact", None)
    assert draft.body.strip() == SENTENCE


@pytest.mark.parametrize(
    "head", ["Mayor: We stay.\nClerk: We go.\n", "Date: unknown.\n", "Note: it is late.\nDate: 1\n"]
)
def test_a_conversation_is_no_list_of_fields(write: Write, head: str) -> None:
    assert one(write("a.md", f"{head}\n{SENTENCE}\n")).body.startswith(head.strip())
