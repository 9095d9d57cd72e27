"""What is read out of a question: who did what, when, according to whom, and what is asked for."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.question.aliases import entity_ids, mentions
from bot.answering.question.answer_type import AnswerType, expected_answer_type
from bot.answering.question.period import Period, read_period, read_recent
from bot.answering.question.proposition import Act, read_proposition
from bot.answering.question.understand import named_publishers, understand
from index.filters import Filters

TODAY = date(2024, 9, 9)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Tehran and the Kremlin", {"IR", "RU"}),
        ("Iranian officials told the U.S.", {"IR", "US"}),
        ("they told us nothing", set()),
        ("the US said", {"US"}),
        ("North Korean and South Korean envoys", {"KP", "KR"}),
        ("nkorean hackers", {"KP"}),
        ("Zelensky, Zelenskyy and Volodymyr Zelenskiy", {"UA"}),
        ("Türkiye; the Czech Republic; Ivory Coast; DR Congo", {"TR", "CZ", "CI", "CD"}),
        ("A turkey sandwich and a Pole", {"PL"}),
        ("a pole", set()),
        ("turkey denied it", {"TR"}),
        ("the Houthis, Hamas and Wagner", {"houthis", "hamas", "wagner"}),
        ("Kurland and Vestria", set()),
        ("", set()),
    ],
)
def test_countries_and_groups_are_known_under_all_their_names(text: str, codes: set[str]) -> None:
    assert entity_ids(text) == codes


def test_a_leader_speaks_for_the_office_of_the_year() -> None:
    assert entity_ids("Mark Rutte said", 2020) == {"NL"}
    assert entity_ids("Mark Rutte said", 2025) == {"NATO"}


@given(st.text(max_size=200))
def test_mentions_lie_in_the_text_in_order(text: str) -> None:
    found = mentions(text)
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("question", "actor", "act", "words"),
    [
        ("Did Kurland deny the tanker reports?", "Kurland", Act.DENIES, {"tanker"}),
        ("did kurland deny the tanker reports", "kurland", Act.DENIES, {"tanker"}),
        ("kremlin deny any hand in the mill fire?", "kremlin", Act.DENIES, {"mill", "fire"}),
        ("Has the Kurlandish navy ruled out a blockade?", "the Kurlandish navy", Act.DENIES, {"blockade"}),
        ("Did Olt refuse the medal?", "Olt", Act.DENIES, {"medal"}),
        ("Did Kurland own up to the mill fire?", "Kurland", Act.ADMITS, {"mill", "fire"}),
        ("Did the navy confirm that a tanker sank?", "the navy", Act.ADMITS, {"tanker", "sank"}),
        ("Did Vestria agree to a truce?", "Vestria", Act.AGREES, {"truce"}),
        ("olt ok with the canal toll?", "olt", Act.AGREES, {"canal", "toll"}),
        ("Did Kurland sink the tanker?", "Kurland", Act.OTHER, {"sink", "tanker"}),
        ("Was Kurland behind the mill fire?", "Kurland", Act.OTHER, {"mill", "fire"}),
        ("Was the tanker sunk by Kurlandish divers in May 2031?", "Kurlandish divers", Act.OTHER, {"tanker", "sunk"}),
        ("Is it true that Kurland sank the tanker?", "Kurland", Act.OTHER, {"sank", "tanker"}),
        ("Olt says Kurland sank the tanker, true?", "Kurland", Act.OTHER, {"sank", "tanker"}),
        ("Kurland sank the tanker", "Kurland", Act.OTHER, {"sank", "tanker"}),
        ("It was a bad year. Legal experts say Kurland sank the tanker.", "Kurland", Act.OTHER, {"sank", "tanker"}),
        ("Did Kurland say that the tanker sank?", "Kurland", Act.SAYS, {"tanker", "sank"}),
        # Rockets, plans and mines may be verbs, too, but not in this form behind "did" or "will".
        ("Did Kurland send rockets to Vestria?", "Kurland", Act.OTHER, {"send", "rockets", "vestria"}),
        ("Did the minister deny plans for a sale?", "the minister", Act.DENIES, {"plans", "sale"}),
        ("Did Kurlandish attack drones hit the mill?", "Kurlandish attack drones", Act.OTHER, {"hit", "mill"}),
        ("Won't Kurland close mines?", "Kurland", Act.OTHER, {"close", "mines"}),
    ],
)
def test_a_yes_no_question_puts_forward_who_does_what(question: str, actor: str, act: Act, words: set[str]) -> None:
    found = read_proposition(question)
    assert (found.actor, found.act) == (actor, act)
    assert words <= set(found.content_words)
    assert not {"did", "2031", "may", "true"} & set(found.content_words)


@pytest.mark.parametrize(
    ("question", "is_negated"),
    [
        ("Is it true that Kurland did not sink the tanker?", True),
        ("Kurland never sank the tanker.", True),
        ("Did Kurland not sink the tanker?", False),
        ("Hasn't Kurland sunk the tanker?", False),
        ("Kurland sank the tanker", False),
    ],
)
def test_a_claim_may_say_that_something_is_not_so(question: str, is_negated: bool) -> None:
    assert read_proposition(question).is_negated is is_negated


def test_the_doer_alone_may_be_asked_for() -> None:
    found = read_proposition("Was it Kurland that sank the tanker?")
    assert found.actor == "Kurland"


def test_now_is_noticed() -> None:
    assert read_proposition("Is Kurland still at war?").is_about_now
    assert not read_proposition("Was Kurland at war?").is_about_now


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("Did it sink in May 2031?", Period(date(2031, 5, 1), date(2031, 5, 31))),
        ("Did it sink on 9 May 2031?", Period(date(2031, 5, 9), date(2031, 5, 9))),
        ("Did it sink on May 9th, 2031?", Period(date(2031, 5, 9), date(2031, 5, 9))),
        ("Did it sink on 2031-05-09?", Period(date(2031, 5, 9), date(2031, 5, 9))),
        ("Did it sink in 2031?", Period(date(2031, 1, 1), date(2031, 12, 31))),
        ("Has it sunk since sept 2031?", Period(date(2031, 9, 1), None)),
        ("Had it sunk by 2031?", Period(None, date(2031, 12, 31))),
        ("Did 2000 soldiers land?", None),
        ("Did it cost $2000?", None),
        ("Did it sink on 31 February 2031?", None),
        ("Did it sink?", None),
    ],
)
def test_the_time_that_a_question_states(question: str, period: Period | None) -> None:
    assert read_period(question) == period


def test_what_was_published_before_cannot_report_it() -> None:
    period = Period(date(2031, 5, 9), date(2031, 5, 9))
    assert period.can_report("2031-05-09")
    assert period.can_report("2033-01-01T00:00:00Z")
    assert period.can_report(None)
    assert not period.can_report("2031-04-30")
    assert Period(None, date(2031, 5, 9)).can_report("1999-01-01")


# The kind of a question matters nothing here, and texts alone tell it well enough.
VECTOR = np.zeros(384, dtype=np.float32)
PUBLISHERS = ("Salis Herald", "The Canal", "portnews.com")


@pytest.mark.parametrize(
    ("question", "publishers"),
    [
        ("According to the Salis Herald, did Kurland deny it?", ("Salis Herald",)),
        ("Did the salis herald report the fire?", ("Salis Herald",)),
        ("Who lit the fire, according to The Canal?", ("The Canal",)),
        ("What did Port News report on the fire?", ("portnews.com",)),
        ("Was a Salis Herald journalist arrested?", ()),
        ("Was the canal closed?", ()),
        ("According to the Evening Post, did Kurland deny it?", ()),
    ],
)
def test_publishers_of_the_corpus_are_taken_from_plain_words(question: str, publishers: tuple[str, ...]) -> None:
    assert named_publishers(question, PUBLISHERS) == publishers


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Who lit the fire?", AnswerType.WHO),
        ("Which minister resigned?", AnswerType.WHO),
        ("By whom was it lit?", AnswerType.WHO),
        ("Where was it lit?", AnswerType.WHERE),
        ("In which country was it lit?", AnswerType.WHERE),
        ("When was it lit?", AnswerType.WHEN),
        ("What year was it lit?", AnswerType.WHEN),
        ("How many mills burnt?", AnswerType.HOW_MANY),
        ("How long did it burn?", AnswerType.HOW_MANY),
        ("How much did it cost?", AnswerType.HOW_MUCH),
        ("What percentage burnt?", AnswerType.HOW_MUCH),
        ("Why did it burn?", AnswerType.WHY),
        ("What burnt?", AnswerType.WHAT),
        ("How did it burn?", AnswerType.HOW),
    ],
)
def test_what_an_open_question_asks_for(question: str, wanted: AnswerType) -> None:
    assert expected_answer_type(question) is wanted


def test_given_filters_stand_above_those_in_words() -> None:
    question = "According to the Salis Herald, did Kurland deny it?"
    assert understand(question, VECTOR, Filters(), PUBLISHERS, TODAY).filters.publishers == ("Salis Herald",)
    given_filters = Filters(publishers=("The Canal",))
    assert understand(question, VECTOR, given_filters, PUBLISHERS, TODAY).filters == given_filters


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("Did the dam break this week?", 7),
        ("Who resigned last week?", 14),
        ("What burnt over the past three days?", 3),
        ("What burnt in the last 2 months?", 62),
        ("Which ship sank last night?", 1),
        ("Did the dam break yesterday?", 1),
        ("Is Kurland a member today?", None),
        ("Have prices risen this year?", None),
        ("What did the last month's report of 2021 say of the weakest bank?", 62),
        ("Did the dam break?", None),
    ],
)
def test_relative_words_ask_about_days_up_to_the_question(question: str, days: int | None) -> None:
    assert read_recent(question, TODAY) == (None if days is None else Period(TODAY - timedelta(days=days), TODAY))


@pytest.mark.parametrize(
    ("question", "since"),
    [
        ("Which dam broke this week?", date(2024, 8, 30)),
        ("Did the dam break this week?", date(2024, 8, 30)),
        # What was so this week may have been told long before, and what is to come, too.
        ("Is the dam closed this week?", None),
        ("Who will close the dam this week?", None),
        ("Which dam broke in May 2023, and not this week?", None),
    ],
)
def test_only_articles_of_the_time_asked_about_can_tell_what_happened_this_week(
    question: str, since: date | None
) -> None:
    assert understand(question, VECTOR, Filters(), PUBLISHERS, TODAY).filters.since == since
    given_filters = Filters(since=date(2020, 1, 1))
    assert understand(question, VECTOR, given_filters, PUBLISHERS, TODAY).filters == given_filters


@given(st.text(max_size=300))
def test_any_text_is_understood_somehow(text: str) -> None:
    found = understand(text, VECTOR, Filters(), PUBLISHERS, TODAY)
    assert (found.proposition is not None) == found.kind.asks_verdict == (found.answer_type is None)
