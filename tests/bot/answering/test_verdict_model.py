"""How a yes/no question is decided: what is read, what the model makes of it, and which quotes bear it out."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.answering.answer import Stance, Verdict
from bot.answering.question.proposition import read_proposition
from bot.answering.reader.relations import Excerpt, ReaderOutput, Relation
from bot.answering.verdict.candidate_sentences import MIN_MATCH, candidate_sentences
from bot.answering.verdict.credits import Credits
from bot.answering.verdict.matcher import Matcher
from bot.answering.verdict.readings import (
    PASSAGES,
    SENTENCES,
    TOGETHER,
    TOGETHER_CHARACTERS,
    Readings,
    read_best,
    read_pairs,
)
from bot.answering.verdict.selection import RELATIONS_OF, choose_quotes_for
from bot.answering.verdict.verdict_model import DEFINITE, VerdictModel, measure_readings
from corpus.article import ArticleFacts, Passage
from index.search.retriever import Hit
from index.terms import Terms
from tests.fakes import FakeReader, reading

TERMS = Terms()
QUESTION = "Did Kurland sink the tanker Marisol?"
SUNK = "Kurland sank the tanker Marisol on 4 May 2021 with 40 sailors on board."
DENIED = "Kurland denied on Tuesday that it had sunk the tanker Marisol."
TITLE = "The tanker Marisol"
BESIDE = "The tanker Marisol was built in Kurland many years ago."


NO_SIDES = dict.fromkeys(("claimed", "denied", "both"), -5.0)


def hit(text: str, article: int = 1, *, day: str = "2021-05-05", language: str = "en") -> Hit:
    facts = ArticleFacts(
        article, "shared", None, None, TITLE, "Salis Herald", None, day, language, "", "2021-06-01",
        f"{article}.txt",
    )  # fmt: skip
    return Hit(Passage(article, article, 0, 0, len(text), text, ""), facts, 1.0, 0.5, 5.0, 0.5, 0.5)


def read(hits: list[Hit], reader: FakeReader, question: str = QUESTION) -> Readings:
    proposition = read_proposition(question)
    matcher = Matcher(proposition, dict.fromkeys(proposition.content_words, 3.0), TERMS)
    return read_best(reader, question, candidate_sentences(hits, proposition, matcher))


def told(verdict: Verdict, hits: list[Hit], reader: FakeReader, question: str = QUESTION) -> list[str]:
    chosen = choose_quotes_for(verdict, read(hits, reader, question).sentences, 4, TERMS)
    return [each.quote.text for each in chosen]


def probabilities(hits: list[Hit], reader: FakeReader, question: str = QUESTION) -> dict[Verdict, float]:
    measures = measure_readings(read(hits, reader, question), read_proposition(question), 0.2)
    return VerdictModel.load().probabilities(measures)


def test_the_quotes_that_bear_a_verdict_out_come_first_and_others_are_left_out() -> None:
    hits = [hit(BESIDE), hit(SUNK, 2), hit(DENIED, 3)]
    reader = FakeReader({SUNK: {"yes": 0.9}, DENIED: {"denied": 0.8}})
    assert told(Verdict.YES, hits, reader) == [SUNK, DENIED]
    assert told(Verdict.NO, hits, reader) == [DENIED, SUNK]
    assert told(Verdict.OPEN, hits, reader)
    assert told(Verdict.NOT_FOUND, hits, reader) == []


@pytest.mark.parametrize(("settling", "are_read"), [("Deck 3", 10), ("Deck 14", 15), ("none", 15)])
def test_later_sentences_are_read_only_where_none_of_the_first_settles_it(settling: str, are_read: int) -> None:
    decks = [f"Kurland sank the tanker Marisol: Deck {number}." for number in range(15)]
    reader = FakeReader({f"{settling}.": {"yes": 0.9}})
    assert len(read([hit(text, number) for number, text in enumerate(decks, start=1)], reader).sentences) == are_read


def test_no_quote_stands_for_a_verdict_that_none_bears_out() -> None:
    assert told(Verdict.YES, [hit(SUNK)], FakeReader({SUNK: {"no": 0.9}})) == []
    assert told(Verdict.NO, [hit(SUNK)], FakeReader({SUNK: {"yes": 0.9}})) == []


def test_two_sentences_together_bear_out_what_neither_says_alone() -> None:
    ship, sunk = "The tanker Marisol met a frigate of Kurland's.", "After an hour the frigate sank the tanker."
    after = "Its crew of 40 was rescued by fishermen on Monday."
    text = f"{ship} {sunk} {after}"
    both = f"{ship} {sunk}"
    reader = FakeReader({both: {"yes": 0.9}, text: {"yes": 0.9}})
    single = read([hit(text)], reader).sentences
    assert choose_quotes_for(Verdict.YES, single, 4, TERMS) == []
    pairs = read_pairs(reader, QUESTION, single, RELATIONS_OF[Verdict.YES])
    assert [each.quote.text for each in choose_quotes_for(Verdict.YES, [*single, *pairs], 4, TERMS)] == [both]
    assert all(text[each.quote.start : each.quote.end] == each.quote.text for each in pairs)


def test_a_sentence_does_not_say_what_only_the_title_above_it_says() -> None:
    """Under "Kurland denies it" a reader takes every sentence for a denial."""

    class Hasty(FakeReader):
        def read(self, question: str, excerpts: Sequence[Excerpt], **_options: bool) -> list[ReaderOutput]:
            alone = super().read(question, excerpts)
            return [
                reading(denied=0.9) if TITLE in each.heading else said
                for each, said in zip(excerpts, alone, strict=True)
            ]

    reader = Hasty({DENIED: {"denied": 0.9}, BESIDE: {"unknown": 0.95}})
    found = {each.quote.text: each.relation for each in read([hit(DENIED), hit(BESIDE, 2)], reader).sentences}
    assert found == {DENIED: Relation.DENIED, BESIDE: Relation.UNKNOWN}


def test_no_pair_goes_across_a_line_break() -> None:
    [first, *_] = read([hit(f"{SUNK}\n\n{DENIED}")], FakeReader({})).sentences
    assert read_pairs(FakeReader({}), QUESTION, [first], RELATIONS_OF[Verdict.DISPUTED]) == []


def test_a_dispute_needs_both_sides_or_a_quote_that_tells_both() -> None:
    one, other = hit(SUNK, 1, day="2021-05-09"), hit(DENIED, 2, day="2021-05-07")
    reader = FakeReader({SUNK: {"claimed": 0.9}, DENIED: {"denied": 0.8}})
    assert told(Verdict.DISPUTED, [one, other], reader) == [DENIED, SUNK]
    assert told(Verdict.DISPUTED, [one], reader) == []
    assert told(Verdict.DISPUTED, [other], FakeReader({DENIED: {"both": 0.8}})) == [DENIED]


@pytest.mark.parametrize(
    "question",
    [
        "Did Kurland sink the tanker Marisol in 2019?",
        "Did Kurland sink the tanker Marisol with 90 sailors on board?",
        "Did Kurland sink the tanker Marisol off Belmar?",
    ],
)
def test_a_quote_that_contradicts_a_date_number_or_name_never_says_yes(question: str) -> None:
    reader = FakeReader({SUNK: {"yes": 0.99}})
    [sentence] = read([hit(SUNK)], reader, question).sentences
    assert (sentence.is_vetoed, sentence.yes) == (True, 0.0)
    assert told(Verdict.YES, [hit(SUNK)], reader, question) == []
    assert probabilities([hit(SUNK)], reader, question)[Verdict.YES] < probabilities([hit(SUNK)], reader)[Verdict.YES]


def test_a_clear_sentence_is_the_likeliest_verdict_and_the_probabilities_add_up() -> None:
    for said, verdict in (({"yes": 0.97}, Verdict.YES), ({"no": 0.97}, Verdict.NO), ({}, Verdict.NOT_FOUND)):
        found = probabilities([hit(SUNK)], FakeReader({SUNK: said}))
        assert max(found, key=lambda each, found=found: found[each]) is verdict
        assert sum(found.values()) == pytest.approx(1)


def test_a_verdict_that_is_not_likely_enough_leaves_the_question_open() -> None:
    model = replace(VerdictModel.load(), shown_from=0.6, refused_from=0.25)
    measures = {"yes": -5.0, "no": -5.0, "yes_is_later": 0.0, "is_about_now": 0.0} | NO_SIDES
    sure = dict.fromkeys(DEFINITE, 0.0) | {Verdict.NO: 0.6, Verdict.OPEN: 0.3, Verdict.NOT_FOUND: 0.1}
    unsure = sure | {Verdict.NO: 0.55, Verdict.OPEN: 0.35}
    assert model.decide(sure, measures) is Verdict.NO
    assert model.decide(unsure, measures) is Verdict.OPEN
    assert model.decide(unsure | {Verdict.OPEN: 0.15, Verdict.NOT_FOUND: 0.3}, measures) is Verdict.NOT_FOUND


def test_a_dispute_of_which_both_sides_are_seen_is_shown_earlier_than_a_yes_or_no() -> None:
    model = replace(VerdictModel.load(), shown_from=0.7)
    measures = {"yes": -5.0, "no": -5.0, "yes_is_later": 0.0, "is_about_now": 0.0} | NO_SIDES
    rest = dict.fromkeys(DEFINITE, 0.0) | {Verdict.OPEN: 0.37, Verdict.NOT_FOUND: 0.0}
    shown = {verdict: model.decide(rest | {verdict: 0.63}, measures) for verdict in DEFINITE}
    assert shown == {Verdict.YES: Verdict.OPEN, Verdict.NO: Verdict.OPEN, Verdict.DISPUTED: Verdict.DISPUTED}


def test_a_no_does_not_stand_against_a_clear_yes_unless_that_is_older() -> None:
    model = replace(VerdictModel.load(), shown_from=0.6)
    sure = dict.fromkeys(DEFINITE, 0.0) | {Verdict.NO: 0.9, Verdict.OPEN: 0.1, Verdict.NOT_FOUND: 0.0}
    measures = {"yes": 3.0, "no": 3.0, "yes_is_later": 0.0, "is_about_now": 0.0} | NO_SIDES
    assert model.decide(sure, measures) is Verdict.OPEN
    assert model.decide(sure, measures | {"yes_is_later": -1.0}) is Verdict.NO


def test_what_was_so_before_a_later_no_is_not_still_so() -> None:
    model = replace(VerdictModel.load(), shown_from=0.6)
    sure = dict.fromkeys(DEFINITE, 0.0) | {Verdict.YES: 0.9, Verdict.OPEN: 0.1, Verdict.NOT_FOUND: 0.0}
    measures = {"yes": 3.0, "no": 3.0, "yes_is_later": -1.0, "is_about_now": 1.0} | NO_SIDES
    assert model.decide(sure, measures) is Verdict.OPEN
    assert model.decide(sure, measures | {"is_about_now": 0.0}) is Verdict.YES


def test_a_clear_claim_and_a_clear_denial_are_told_as_that() -> None:
    model = replace(VerdictModel.load(), shown_from=0.6)
    sure = dict.fromkeys(DEFINITE, 0.0) | {Verdict.NO: 0.9, Verdict.OPEN: 0.1, Verdict.NOT_FOUND: 0.0}
    measures = {"yes": -5.0, "no": 3.0, "yes_is_later": 0.0, "is_about_now": 0.0} | NO_SIDES
    assert model.decide(sure, measures | {"claimed": 3.0}) is Verdict.NO
    assert model.decide(sure, measures | {"claimed": 3.0, "denied": 3.0}) is Verdict.DISPUTED


FAR = "Forty sailors drowned in cold water during the night."


def test_what_says_it_in_other_words_is_read_after_what_shares_some() -> None:
    reader = FakeReader({})
    sentences = read([hit(FAR), hit(BESIDE, 2)], reader).sentences
    assert [each.quote.text for each in sentences] == [BESIDE, FAR]
    assert sentences[1].match < MIN_MATCH


def test_an_open_question_quotes_what_is_on_its_matter_and_first_what_stands_to_it() -> None:
    hits = [hit(FAR), hit(BESIDE, 2)]
    assert told(Verdict.OPEN, hits, FakeReader({})) == [BESIDE]
    assert told(Verdict.OPEN, hits, FakeReader({FAR: {"denied": 0.9}})) == [FAR, BESIDE]
    assert told(Verdict.OPEN, [hit(FAR)], FakeReader({})) == []


def test_in_a_sentence_of_claim_and_denial_the_stance_is_that_of_who_is_named() -> None:
    question = "Did Kurland sink the tanker Marisol?"
    proposition = read_proposition(question)
    matcher = Matcher(proposition, dict.fromkeys(proposition.content_words, 3.0), TERMS)
    claim = "Vestria's army said on Monday that Kurland had sunk the tanker Marisol."
    for text, stance in ((claim, Stance.ASSERTS), (DENIED, Stance.DENIES)):
        [sentence] = read([hit(text)], FakeReader({text: {"both": 0.9}}), question).sentences
        assert Credits(proposition, matcher.relevance).stance(sentence) is stance


def test_who_denies_is_on_the_other_side_of_what_is_denied() -> None:
    question = "Did Kurland deny sinking the tanker Marisol?"
    [sentence] = read([hit(DENIED)], FakeReader({DENIED: {"yes": 0.9}}), question).sentences
    assert sentence.stance(read_proposition(question)) is Stance.DENIES


def test_only_so_much_english_is_read_once_each() -> None:
    hits = [hit(f"{SUNK[:-1]} off pier {number}.", number) for number in range(1, 40)]
    german = hit("Kurland bestritt am Montag, den Tanker Marisol versenkt zu haben.", 99, language="de")
    reader = FakeReader({})
    found = read([german, *hits], reader)
    assert (len(found.sentences), len(found.passages)) == (SENTENCES, PASSAGES)
    # The last text is the best sentences together.
    assert len(reader.texts) == SENTENCES + PASSAGES + 1
    assert not any("bestritt" in text for text in reader.texts)


def test_what_nobody_stands_by_is_not_read() -> None:
    reader, parody = FakeReader({}), "A parody account posing as Kurland said that it had sunk the tanker Marisol."
    assert read([hit(parody)], reader).sentences == ()
    assert reader.texts == []


def test_what_settles_most_is_read_together_by_date_with_a_heading_for_each_article() -> None:
    reader = FakeReader({SUNK: {"claimed": 0.9}, DENIED: {"denied": 0.8}})
    readings = read([hit(DENIED, 1, day="2021-05-09"), hit(SUNK, 2, day="2021-05-07"), hit(SUNK, 3)], reader)
    assert reader.texts[-1] == (
        f"2021-05-07 Salis Herald: The tanker Marisol. {SUNK} 2021-05-09 Salis Herald: The tanker Marisol. {DENIED}"
    )
    assert readings.together is not None


def test_no_more_is_read_together_than_the_window_holds() -> None:
    texts = [f"{SUNK[:-1]}, witness number {number} of the harbour told the paper." for number in range(30)]
    reader = FakeReader({})
    read([hit(text, number) for number, text in enumerate(texts, 1)], reader)
    assert sum(text in reader.texts[-1] for text in texts) == TOGETHER
    reader = FakeReader({})
    read([hit(f"{text[:-1]} {'and again ' * 15}.", number) for number, text in enumerate(texts, 1)], reader)
    assert len(reader.texts[-1]) <= TOGETHER_CHARACTERS
