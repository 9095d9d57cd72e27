"""What a quote must not contradict if it is to support a "yes": names, numbers, dates, quantifiers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.verdict.vetoes import Veto, read_asked

DAY = "2031-05-10"


def vetoes(question: str, sentence: str, context: str = "", published_at: str | None = DAY) -> list[Veto]:
    return read_asked(question).vetoes(sentence, f"{context} {sentence}", published_at)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Did Iran sell the radar sets?", "Tehran sold the radar sets on Monday."),
        ("Did Iran sell the radar sets?", "Iranian officials sold the radar sets."),
        ("Did the Kremlin buy the radar sets?", "Russia bought the radar sets."),
        ("Did the US sell the radar sets to Turkey?", "American dealers sold the radar sets to Ankara."),
        ("Did Kurland sink the tanker?", "Kurland sank the tanker off Port Salis."),
        ("did kurland sink the tanker", "Vestria sank the tanker."),
        ("Did Kurland's navy sink the tanker?", "The navy of Kurland sank the tanker."),
        ("Did Ferenk Olt resign?", "Defence minister Ferenk Olt resigned."),
        ("Did Ferenk Olt resign?", "Olt resigned on Monday."),
        ("Did Minister Olt resign on Monday?", "Olt resigned that day."),
        ("Did President Ana Ferro resign in May?", "Ana Ferro resigned in May."),
        ("Is it true that Mr Olt resigned?", "Olt resigned."),
    ],
)
def test_a_name_may_be_told_otherwise(question: str, sentence: str) -> None:
    assert vetoes(question, sentence) == []


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Did Iran sell the radar sets?", "Norvia sold the radar sets on Monday."),
        ("Did Iran sell the radar sets to Turkey?", "Iran sold the radar sets on Monday."),
        ("Did Iran sell the radar sets?", "Iraq sold the radar sets."),
        ("Did Kurland sink the tanker?", "Vestria sank the tanker."),
        ("Did Kurland sink the tanker Marisol?", "Kurland sank the tanker Ilse."),
        ("Did Ferenk Olt resign?", "Ana Ferro resigned."),
        ("Did Ferenk Olt resign?", "The minister resigned."),
        ("Did Anton Rell light the lamp?", "Lena Quist lit the lamp."),
    ],
)
def test_a_text_without_a_name_of_the_question_supports_no_yes(question: str, sentence: str) -> None:
    assert vetoes(question, sentence) == [Veto.NAME]


def test_a_name_may_stand_elsewhere_in_the_passage_or_title() -> None:
    assert vetoes("Did Olt resign?", "He resigned on Monday.", context="Ferenk Olt met the press.") == []


@pytest.mark.parametrize(
    ("question", "sentence", "vetoed"),
    [
        ("Did 300 sailors drown?", "300 sailors drowned.", False),
        ("Did 300 sailors drown?", "Three hundred sailors drowned.", False),
        ("Did 300 sailors drown?", "500 sailors drowned.", True),
        ("Did 300 sailors drown?", "Sailors drowned.", True),
        ("Did exactly 300 sailors drown?", "301 sailors drowned.", True),
        ("Did more than 300 sailors drown?", "500 sailors drowned.", False),
        ("Did more than 300 sailors drown?", "More than 300 sailors drowned.", False),
        ("Did more than 300 sailors drown?", "300 sailors drowned.", True),
        ("Did more than 300 sailors drown?", "200 sailors drowned.", True),
        ("Did fewer than 300 sailors drown?", "200 sailors drowned.", False),
        ("Did fewer than 300 sailors drown?", "Fewer than 300 sailors drowned.", False),
        ("Did fewer than 300 sailors drown?", "400 sailors drowned.", True),
        ("Did at least 300 sailors drown?", "At least 300 sailors drowned.", False),
        ("Did at least 300 sailors drown?", "Up to 300 sailors drowned.", True),
        ("Did at least 300 sailors drown?", "Fewer than 400 sailors drowned.", True),
        ("Did at most 300 sailors drown?", "300 sailors drowned.", False),
        ("Did at most 300 sailors drown?", "At least 300 sailors drowned.", True),
        ("Did more than 300 sailors drown?", "Fewer than 400 sailors drowned.", True),
        ("Did fewer than 300 sailors drown?", "More than 200 sailors drowned.", True),
        ("Did 12 of 300 sailors drown?", "Twelve of the 300 sailors drowned.", False),
        ("Did 12 of 300 sailors drown?", "Twelve sailors drowned.", True),
        ("Did it cost 5 million crowns?", "It cost 5,000,000 crowns.", False),
        ("Did it cost 5 million crowns?", "It cost 5 billion crowns.", True),
        # "one" is mostly a pronoun, and days of dates are no numbers to compare.
        ("Did one of the sailors drown?", "A sailor drowned.", False),
        ("Did sailors drown on 9 May 2031?", "Sailors drowned on 9 May 2031.", False),
        ("Did sailors drown on 2031-05-09?", "Sailors drowned on 9 May.", False),
        ("Did 9 sailors drown?", "Sailors drowned on 9 May.", True),
        # The order of a score or range.
        ("Was it passed by 41 votes to 58?", "It was passed by 58 votes to 41.", True),
        ("Was it passed by 58 votes to 41?", "It was passed by 58 votes to 41.", False),
        ("Was it passed by 58 to 41?", "It was passed by 58 votes to 41.", False),
        ("Did rates rise from 3 to 5 percent?", "Rates fell from 5 to 3 percent.", True),
        ("Did rates rise from 3% to 5%?", "Rates fell from 5% to 3%.", True),
        ("Did Ostrava win 3-1?", "Ostrava won 1–3.", True),
        # A defeat is told from either side.
        ("Did Ostrava beat Velden 3-1?", "Velden lost 1–3 to Ostrava.", False),
        ("Was it rejected by 41 votes to 58?", "It was rejected by 58 votes to 41.", False),
        ("Did 3 ships and 5 boats sink?", "Five boats and 3 ships sank.", False),
    ],
)
def test_a_number_is_compared_by_its_value(question: str, sentence: str, vetoed: bool) -> None:
    assert vetoes(question, sentence) == [Veto.NUMBER] * vetoed


@pytest.mark.parametrize(
    ("question", "sentence", "published_at", "vetoed"),
    [
        ("Did the tanker sink in 2031?", "The tanker sank in May 2031.", DAY, False),
        ("Did the tanker sink in 2031?", "The tanker sank in 2030.", DAY, True),
        ("Did the tanker sink in May?", "The tanker sank on 9 May.", DAY, False),
        ("Did the tanker sink in May?", "The tanker sank on 9 June 2031.", DAY, True),
        ("Did the tanker sink on 9 May?", "The tanker sank on May 10.", DAY, True),
        ("Did the tanker sink on 9 May 2031?", "The tanker sank on 9 May.", DAY, False),
        ("Did the tanker sink on 9 May 2031?", "The tanker sank on 9 May 2030.", DAY, True),
        # One date that fits is enough: others may be of something else.
        ("Did the tanker sink in 2031?", "Built in 1999, the tanker sank in 2031.", DAY, False),
        # Nobody reports what is still to come.
        ("Did the tanker sink in 2032?", "The tanker sank.", DAY, True),
        ("Did the tanker sink in 2031?", "The tanker sank.", DAY, False),
        ("Did the tanker sink in 2030?", "The tanker sank.", DAY, False),
        # What lies further back is told with its year, and an article without a date tells no year.
        ("Did the tanker sink in 2029?", "The tanker sank.", DAY, True),
        ("Did the tanker sink in 2031?", "The tanker sank.", None, True),
        ("Did the tanker sink?", "The tanker sank in 2030.", DAY, False),
    ],
)
def test_a_date_in_a_sentence_is_compared_with_the_date_asked_for(
    question: str, sentence: str, published_at: str | None, vetoed: bool
) -> None:
    assert vetoes(question, sentence, published_at=published_at) == [Veto.DATE] * vetoed


@pytest.mark.parametrize(
    ("question", "context"),
    [
        ("Did the tanker sink in 2029?", "The storms of 2029 were bad."),
        ("Did the tanker sink in 2029?", "It was bought in 2028-2029, in the season of 2029/30."),
        ("Did the tanker sink in 2028?", "That was three years ago."),
        ("Did the tanker sink against the 2015 treaty?", ""),
    ],
)
def test_a_year_may_be_told_elsewhere_or_be_no_time(question: str, context: str) -> None:
    assert vetoes(question, "The tanker sank against the treaty.", context=context) == []


def test_a_year_after_the_article_is_no_time_of_what_it_tells() -> None:
    assert vetoes("Did the tanker sink in 2032?", "The tanker sank.", context="They vote in 2032.") == [Veto.DATE]


def test_a_day_without_a_year_is_of_about_the_article_s_year() -> None:
    assert vetoes("Did the tanker sink in May 2029?", "The tanker sank on 9 May.") == [Veto.DATE]
    assert vetoes("Did the tanker sink in May 2029?", "The tanker sank on 9 May.", published_at=None) == []


@pytest.mark.parametrize(
    ("question", "sentence", "vetoed"),
    [
        ("Were all hostages freed?", "All hostages were freed.", False),
        ("Were all hostages freed?", "Every one of the many hostages was freed.", False),
        ("Were all hostages freed?", "The hostages were freed.", False),
        ("Were all hostages freed?", "Most hostages were freed.", True),
        ("Were all hostages freed?", "Some of the hostages were freed.", True),
        ("Were all hostages freed?", "Almost all hostages were freed.", True),
        ("Were all hostages freed?", "Not all hostages were freed.", True),
        ("Were all hostages freed?", "All but two hostages were freed.", True),
        ("Was the whole harbour closed?", "Part of the harbour was closed.", True),
        ("Was the whole harbour closed?", "The entire harbour was closed.", False),
        ("Were most hostages freed?", "Most hostages were freed.", False),
        ("Were hostages freed?", "Some hostages were freed.", False),
    ],
)
def test_most_is_not_all(question: str, sentence: str, vetoed: bool) -> None:
    assert vetoes(question, sentence) == [Veto.QUANTIFIER] * vetoed


def test_everything_that_contradicts_is_told() -> None:
    question = "Were all 40 sailors of Kurland rescued in 2031?"
    found = vetoes(question, "In 2030, some 30 sailors of Vestria were rescued.")
    assert found == [Veto.NAME, Veto.NUMBER, Veto.DATE, Veto.QUANTIFIER]


TEXTS = st.text(max_size=120) | st.lists(
    st.sampled_from("Did Kurland all 300 Iran of 2031 in May most Olt 9 , ? sink at least more than".split()),
    max_size=12,
).map(" ".join)


@given(TEXTS, TEXTS, st.sampled_from([None, "2031-05-10", "1999-01-01T00:00:00Z"]))
def test_any_question_can_be_compared_with_any_text(question: str, text: str, published_at: str | None) -> None:
    assert set(read_asked(question).vetoes(text, text, published_at)) <= set(Veto)


@given(TEXTS)
def test_a_text_that_repeats_the_question_contradicts_no_name_of_it(text: str) -> None:
    assert Veto.NAME not in read_asked(text).vetoes(text, text, None)
