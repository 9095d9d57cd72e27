"""What Markdown gives: its text, and the fields of its front matter."""

import pytest

from corpus.article import Draft
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
    assert draft.body.startswith("# The **pact**")


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
