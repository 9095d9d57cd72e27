"""JSON that others wrote: what it holds is bounded, and a long one is read the same, with turns for other threads."""

import json
import sys

import pytest

from corpus.json_text import MAX_LISTS, MAX_TEXTS, TooManyValues, parse_json

VALUES = {"a": [1, -2.5e3, True, False, None, {}, []], "é\\": 'a "quoted" [text] {of} \n lines', "": {"b": ["\ud83d"]}}


@pytest.mark.parametrize(
    "text",
    ["[" + "[]," * MAX_LISTS + "[]]", '{"a": [' + "{}," * MAX_LISTS + "1]}", "[" + '"a",' * (MAX_TEXTS + 1) + "1]"],
)
def test_more_values_than_an_article_has_are_refused_unread(text: str) -> None:
    with pytest.raises(TooManyValues):
        parse_json(text)


@pytest.mark.parametrize("padding", [0, 600_000], ids=["short", "long"])
def test_what_it_holds_is_what_the_library_reads(padding: int) -> None:
    assert parse_json(json.dumps(VALUES) + " " * padding) == VALUES
    assert parse_json('["a\nb"]' + " " * padding, strict=False) == ["a\nb"]
    for wrong in ("", "[1,]", "{1: 2}", '["a\nb"]', "[" + "9" * 5_000 + "]"):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever the library says
            parse_json(wrong + " " * padding)
    with pytest.raises(RecursionError):
        parse_json("[" * 100_000 + " " * padding)


def test_a_long_one_is_read_value_by_value() -> None:
    text, steps = "[" + "1," * 300_000 + "1]", 0

    def count(_frame: object, event: str, _of: object) -> None:
        nonlocal steps
        steps += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        parse_json(text)
    finally:
        sys.setprofile(before)
    assert steps > 300_000
