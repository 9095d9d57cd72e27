"""However long a stored text is, reading it for an answer takes linear time, and what is quoted fits a page."""

import pytest

from bot.answering.answer import Verdict
from bot.answering.attribution.attribution import AttributionSpans, CueClass
from bot.answering.credit import _speaker
from bot.answering.question.proposition import read_proposition
from bot.answering.quotes import MAX_CHARACTERS, choose_quotes, rank_sentences
from bot.answering.reading_bounds import MAX_PASSAGE, MAX_TITLE, bound_hit
from bot.answering.speaker import speaker_name
from bot.answering.verdict.candidate_sentences import candidate_sentences
from bot.answering.verdict.matcher import Matcher
from bot.answering.verdict.readings import QuoteReading, read_best
from bot.answering.verdict.selection import choose_quotes_for
from corpus.article import ArticleFacts, Passage, Span
from index.search.retriever import Hit
from index.terms import Terms
from tests.fakes import FakeReader
from tests.limits import count_calls, processor_limit

QUESTION = "Did Kurland deny the tanker reports?"
TERMS = Terms()
TOLD = "Kurland denied the tanker reports on Monday, its spokesman said."
# None has a full stop before a capital letter.
UNITS = (
    "Kurland denied the tanker reports that ", "urged Kurland to deny the tanker reports, ", "was denied by it and ",
    "said that he could not deny ", "he never really denied it, ", "Kurland-", "x", "0,.", "“deny” ", ", ",
)  # fmt: skip


def hit(text: str, number: int = 1, title: str = "Kurland and the tanker") -> Hit:
    passage = Passage(number, number, 0, 500, 500 + len(text), text, "")
    facts = ArticleFacts(
        number, "shared", None, None, title, "Post", None, "2031-05-01", "en", "", "2031-05-02", f"{number}.txt"
    )  # fmt: skip
    return Hit(passage, facts, 1.0, 0.5, 5.0, 0.5, 0.5)


def read(hits: list[Hit]) -> tuple[QuoteReading, ...]:
    proposition = read_proposition(QUESTION)
    matcher = Matcher(proposition, dict.fromkeys(proposition.content_words, 3.0), TERMS)
    candidates = candidate_sentences(hits, proposition, matcher)
    return read_best(FakeReader({TOLD[:20]: {"yes": 0.9}}), QUESTION, candidates).sentences


@pytest.mark.parametrize("unit", [*UNITS, "He denied it. ", "Kurland denied it. "])
def test_the_sentences_of_hits_are_read_in_linear_time(unit: str) -> None:
    few, many = (count_calls(lambda size=size: read([hit(unit * (size // len(unit)))])) for size in (8_000, 32_000))
    assert many <= 4.6 * few


@pytest.mark.parametrize("unit", UNITS)
def test_of_a_long_passage_whole_sentences_are_read(unit: str) -> None:
    long = hit(TOLD + " " + unit * (60_000 // len(unit)), title="Kurland " * 1_000)
    bounded = bound_hit(long)
    assert MAX_PASSAGE // 2 < len(bounded.passage.text) <= MAX_PASSAGE
    assert long.passage.text.startswith(bounded.passage.text)
    assert bounded.passage.end - bounded.passage.start == len(bounded.passage.text)
    assert bounded.article.title is not None
    assert len(bounded.article.title) <= MAX_TITLE
    assert bound_hit(bounded) == bounded


def test_an_ordinary_hit_is_read_whole() -> None:
    short = hit(" ".join([TOLD] * 30))
    assert bound_hit(short) is short


@pytest.mark.parametrize("filler", ["o" * 60_000, "tanker-" * 5_000, "*" * 900])
def test_a_word_without_end_is_never_quoted_and_takes_no_verdict_its_quote(filler: str) -> None:
    hits = [bound_hit(each) for each in (hit(f"{TOLD[:-1]} in {filler}.", 1), hit(TOLD, 2))]
    chosen = [each.quote for each in choose_quotes_for(Verdict.YES, read(hits), 4, TERMS)]
    weights = dict.fromkeys(TERMS.stem(["kurland", "denied", "tanker"]), 3.0)
    quoted = [each.quote for each in choose_quotes(rank_sentences(hits, weights, TERMS), 4)]
    for quotes in (chosen, quoted):
        assert TOLD in {quote.text for quote in quotes}
        assert all(len(quote.text) <= MAX_CHARACTERS for quote in quotes)


def test_a_sentence_that_refers_back_takes_no_word_without_end_along() -> None:
    text = f"Kurland spoke of the tanker {'o' * 680} again. He denied the tanker reports of that week."
    chosen = choose_quotes_for(Verdict.OPEN, read([hit(text)]), 4, TERMS)
    assert chosen
    assert all(len(each.quote.text) <= MAX_CHARACTERS for each in chosen)


def test_a_quote_without_spaces_between_its_words_is_quotable() -> None:
    text = "库尔兰外交部发言人周一否认了有关油轮在港口附近沉没的报道。"
    [candidate] = rank_sentences([hit(text)], {"库尔兰": 1.0}, TERMS)
    assert [each.quote.text for each in choose_quotes([candidate], 1)] == [text]


@pytest.mark.parametrize("tail", [", " * 200, ",;:" * 400, " later, also" * 100, " has have had" * 50, " of the" * 100])
def test_what_trails_after_a_speaker_is_cut_in_linear_time(tail: str) -> None:
    """No text may be tried in every grouping of its commas: that would take longer than the sun shines."""
    text = f"Minister Olt{tail}x said that it rained."
    source = Span(0, text.index("x said") + 1)
    found = AttributionSpans(source, Span(source.end + 1, source.end + 5), (Span(len(text) - 10, len(text)),),
                             CueClass.SAYS, negated=False, speaker=None)  # fmt: skip
    with processor_limit(2):
        _speaker(found, text)
        speaker_name(text)


def test_what_trails_after_a_speaker_is_still_cut() -> None:
    text = "Minister Olt later, also, has"
    found = AttributionSpans(Span(0, len(text)), Span(0, 1), (), CueClass.SAYS, negated=False, speaker=None)
    assert _speaker(found, text) == "Minister Olt"
    assert speaker_name("Minister Olt on") == "Minister Olt"
