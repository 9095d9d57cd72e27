"""Where sentences begin and end: every offset right, no word lost, whatever the text and the stated language."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Span
from corpus.sentences import split_sentences

LANGUAGES = [None, "", "en", "EN-gb", "de", "fr", "ar", "hi", "zh", "ja", "xx", "日本語", "!", "\x00"]
PARTS = [
    "Dr. Roe said no.",
    "“Never,” he said.",
    "U.S. envoys met at 5 p.m. on Sept. 3.",
    " ",
    "\n",
    "\t",
    "?!",
    "...",
    "…",
    "。",
    "؟",
    "।",
    "😀",
    "👩‍🚀",
    "𝔘nit",
    "e\u0301",
    "\u2028",
    "\x85",
    "\u200d",
    "(",
    '"',
    "No. 7",
    "a",
    "4.5",
    "\ufffd",
]
# What may stand in a stored body: anything but lone surrogates, which cleaning removes.
TEXT = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    st.lists(st.sampled_from(PARTS), max_size=30).map("".join),
)


def sentences(text: str, language: str | None = None) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text, 0, len(text), language)]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("The envoy left. The talks went on.", ["The envoy left.", "The talks went on."]),
        ("Did it deny that? It did.", ["Did it deny that?", "It did."]),
        ("Dr. Roe spoke to Mr. Doe. He left.", ["Dr. Roe spoke to Mr. Doe.", "He left."]),
        (
            "Prices rose 4.5 percent in May. They fell in June.",
            ["Prices rose 4.5 percent in May.", "They fell in June."],
        ),
        ("  The envoy left.\n\nHe came back. ", ["The envoy left.", "He came back."]),
        ("A 😀 smile. A 𝔘 sign.", ["A 😀 smile.", "A 𝔘 sign."]),
        ("The envoy left and did not say", ["The envoy left and did not say"]),
    ],
)
def test_a_text_is_cut_where_its_sentences_end(text: str, cut: list[str]) -> None:
    assert sentences(text) == cut


def test_a_quotation_stays_with_the_words_that_name_its_speaker() -> None:
    text = "“We never sent them,” the minister said. “Not one.”"
    assert sentences(text)[0] == "“We never sent them,” the minister said."


def test_the_rules_of_the_stated_language_are_used() -> None:
    text = "Das Treffen war am 3. Oktober in Genf. Danach reisten alle ab."
    assert sentences(text, "de") == ["Das Treffen war am 3. Oktober in Genf.", "Danach reisten alle ab."]


@pytest.mark.parametrize("text", ["", " ", "\n\n\t"])
def test_there_is_no_sentence_in_nothing(text: str) -> None:
    assert split_sentences(text, 0, len(text)) == []


def test_only_the_given_slice_is_cut_and_offsets_refer_to_the_whole_text() -> None:
    text = "😀 One came. Two came. Three came. Four came."
    start, end = text.index("Two"), text.index(" Four")
    spans = split_sentences(text, start, end)
    assert [text[span.start : span.end] for span in spans] == ["Two came.", "Three came."]
    assert spans[0] == Span(start, start + len("Two came."))


@settings(max_examples=150)
@given(text=TEXT, language=st.sampled_from(LANGUAGES), data=st.data())
def test_sentences_are_trimmed_in_order_and_hold_every_character_that_shows(
    text: str, language: str | None, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    at = start
    for span in split_sentences(text, start, end, language):
        assert at <= span.start < span.end <= end
        assert not text[at : span.start].strip()
        sentence = text[span.start : span.end]
        assert sentence == sentence.strip()
        at = span.end
    assert not text[at:end].strip()
