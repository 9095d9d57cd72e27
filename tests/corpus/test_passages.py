"""How articles are cut: whole sentences, each once and in order, never across a heading, verbatim to the character."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.article import Span
from corpus.normalize import clean_body
from corpus.outline import outline
from corpus.passages import MAX_CHARACTERS, MAX_WORDS, MAX_WORDS_WITH_REMAINDER, MIN_WORDS, cut_passages, text_hash
from corpus.sentences import split_sentences
from corpus.word_count import count_words

WORDS = (
    "envoys harbour office quay northern southern bridge storm ferry port council minister letter treaty river border"
    " convoy grain market winter report signed closed opened crossed warned refused carried repaired counted"
).split()
HEADINGS = ["## What comes next", "**The reaction**", "THE REACTION", "Key points:"]
ASIDES = ["Advertisement", "Photo: Jane Doe", "Read more: Envoys meet again", "| a | b | c |"]
HOSTILE = [
    "\n",
    "\n\n",
    " ",
    "References\n",
    "FAQ\n",
    "- ",
    "1. ",
    "| ",
    "## A\n",
    "**b**",
    "---\n",
    "https://a.example ",
    "Q1: x",
    "The envoys left the northern harbour on Monday without a word to anybody.",
    "Jane Doe is an expert in quays.",
    "?",
    "\u2028",
    "\x85",
    "😀",
    "👩‍🚀",
    "。",
    "؟",
    "A. B. C.",
    "U.S.",
    "“",
    "”",
    "\t",
    "x" * 400,
    "Also read:",
    "\ufffd",
    "\u0301",
]
LANGUAGES = st.sampled_from([None, "en", "de", "zh", "xx", "", "日本語"])


def sentence(words: int) -> str:
    """A sentence of that many words; other lengths begin elsewhere in the list."""
    return f"The {' '.join((WORDS * 2)[words % 7 :][: words - 1])}."


# Paragraphs of sentences of 10 to 25 words.
PARAGRAPH = st.lists(st.integers(10, 25).map(sentence), min_size=2, max_size=9).map(" ".join)


def numbered(count: int, words: int = 20) -> str:
    """Prose of `count` sentences that are all different, each of `words` words."""
    filler = " ".join(WORDS[: words - 3])
    return " ".join(f"Envoy number {i} {filler}." for i in range(count))


def prose_sentences(body: str, language: str | None = None) -> list[Span]:
    return [
        span
        for block in outline(body)
        if block.kind == "prose"
        for span in split_sentences(body, block.start, block.end, language)
    ]


def assert_tiled(body: str, language: str | None = None) -> None:
    """Every sentence of prose is in exactly one passage, in order, and nothing else is in any."""
    passages = cut_passages(body, language)
    sentences = iter(prose_sentences(body, language))
    for passage in passages:
        at = passage.start
        while at < passage.end:
            span = next(sentences)
            # Between two sentences only white space and the mark of a list item may stand.
            assert len(body[at : span.start].split()) <= (at > passage.start)
            assert passage.start <= span.start
            assert span.end <= passage.end
            at = span.end
        assert at == passage.end
    assert next(sentences, None) is None
    assert all(before.end <= after.start for before, after in pairwise(passages))
    others = [block for block in outline(body) if block.kind != "prose"]
    assert not any(p.start < block.end and block.start < p.end for p in passages for block in others)


@given(st.lists(st.one_of(PARAGRAPH, st.sampled_from(HEADINGS + ASIDES)), min_size=1, max_size=9))
def test_every_sentence_of_prose_is_in_exactly_one_passage_in_order(parts: list[str]) -> None:
    body = clean_body("\n\n".join(parts))
    assert_tiled(body)
    # No word of prose is lost, and none is there twice.
    written = [word for part in parts if part not in HEADINGS + ASIDES for word in part.split()]
    kept = [word for span in cut_passages(body) for word in body[span.start : span.end].split()]
    assert kept == written


@given(st.lists(PARAGRAPH, min_size=3, max_size=14))
def test_passages_of_normal_prose_have_about_60_to_140_words(paragraphs: list[str]) -> None:
    body = "\n\n".join(paragraphs)
    total = len(body.split())
    lengths = [len(body[span.start : span.end].split()) for span in cut_passages(body)]
    assert all(min(total, MIN_WORDS) <= length <= MAX_WORDS_WITH_REMAINDER for length in lengths)
    # Sentences have at most 25 words here, so a passage ends only where the next one would not fit.
    assert all(length > MAX_WORDS - 25 for length in lengths[:-2])


@given(st.one_of(st.text(max_size=300), st.lists(st.sampled_from(HOSTILE), max_size=40).map("".join)), LANGUAGES)
def test_hostile_text_is_cut_without_a_wrong_offset(text: str, language: str | None) -> None:
    assert_tiled(clean_body(text), language)


@pytest.mark.parametrize("heading", HEADINGS)
def test_no_passage_crosses_a_heading(heading: str) -> None:
    body = f"{numbered(2)}\n\n{heading}\n\n{numbered(2)}"
    first, second = cut_passages(body)
    assert body[first.start : first.end] == body[second.start : second.end] == numbered(2)


@pytest.mark.parametrize("aside", ASIDES)
def test_what_belongs_to_the_page_is_in_no_passage(aside: str) -> None:
    body = f"{numbered(2)}\n\n{aside}\n\n{numbered(2)}"
    assert [body[span.start : span.end] for span in cut_passages(body)] == [numbered(2), numbered(2)]


def test_a_short_article_is_one_passage() -> None:
    assert cut_passages("The envoys left.") == [Span(0, len("The envoys left."))]


def test_a_sentence_longer_than_a_passage_is_one_passage() -> None:
    long = f"The {'a of ' * 90}end."
    body = f"{numbered(6)} {long} {numbered(6)}"
    assert long in [body[span.start : span.end] for span in cut_passages(body)]
    assert_tiled(body)


@pytest.mark.parametrize("word", ["x" * 60_000, "x" * 1_900 + ".", "x" * 600 + ".", "x" * 90])
def test_passages_of_overlong_words_have_bounded_length(word: str) -> None:
    body = f"{word} " * (200_000 // len(word))
    assert_tiled(body.strip())
    lengths = [span.end - span.start for span in cut_passages(body.strip())]
    assert max(lengths) < 2 * MAX_CHARACTERS
    assert all(length <= MAX_CHARACTERS + len(lengths) for length in lengths[:-2])


@pytest.mark.parametrize(
    "sentence",
    [
        "北湖委员会在第{}次会议上讨论了修理浮桥的费用，并请秘书把结果写进年度记录。",
        "北湖の委員会は第{}回の会議で浮き橋の修理費について話し合った。",
        "คณะกรรมการทะเลสาบเหนือหารือเรื่องค่าซ่อมสะพานลอยในการประชุมครั้งที่ {} ",
    ],
)
def test_an_article_in_a_script_without_spaces_has_passages_of_the_usual_size(sentence: str) -> None:
    body = "\n\n".join("".join(sentence.format(f"{p}{i}") for i in range(4)).strip() for p in range(1, 9))
    assert_tiled(body)
    words = [count_words(body[span.start : span.end]) for span in cut_passages(body)]
    assert len(words) > 3
    assert all(MIN_WORDS <= count <= MAX_WORDS_WITH_REMAINDER for count in words)


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [(14, [140, 140]), (15, [140, 160]), (16, [140, 80, 100]), (18, [140, 140, 80]), (8, [160]), (9, [80, 100])],
)
def test_a_short_rest_joins_the_passage_before_or_halves_with_it(sentences: int, expected: list[int]) -> None:
    body = numbered(sentences)
    assert [len(body[span.start : span.end].split()) for span in cut_passages(body)] == expected


@pytest.mark.parametrize("body", ["", "\n\n", "## Only a heading", "Advertisement"])
def test_an_article_without_prose_has_no_passages(body: str) -> None:
    assert cut_passages(body) == []


def test_items_of_a_list_are_cut_without_their_marks_at_the_edges() -> None:
    body = f"- {numbered(1)}\n- {numbered(1, 15)}"
    [span] = cut_passages(body)
    assert span.start == 2
    assert_tiled(body)


def test_half_a_megabyte_without_a_full_stop_is_cut_in_time() -> None:
    body = "envoys and " * 50_000
    assert_tiled(body.strip())


def test_the_hash_of_a_text_is_its_sha256_whatever_is_in_it() -> None:
    assert text_hash("Envoys met – again.") == hashlib.sha256("Envoys met – again.".encode()).hexdigest()
    assert text_hash("\ud800") != text_hash("")
