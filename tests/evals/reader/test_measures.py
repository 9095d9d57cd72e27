"""What is measured of read passages and sentences: vetoed ones hardly, the latest state apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.reader.measures import VETOED, is_vetoed, measure_verdict, support
from evals.reader.read_hits import ReadHit, ReadSentence
from evals.reader.vetoes import read_asked
from tests.evals.reader.made_hits import read_sentence, reading

ASKED = read_asked("Did Kurland sink the tanker?")
SUNK = "Kurland sank the tanker on Monday."


def measured(*sentences: ReadSentence, asked: str = "Did Kurland sink the tanker?") -> dict[str, float]:
    """Measure sentences, each the only one of its passage."""
    return measure_verdict([ReadHit(each.hit, each.reading) for each in sentences], sentences, read_asked(asked))


def test_support_is_what_the_reader_says() -> None:
    found = support(reading(yes=0.5, no=0.1, claimed=0.2, denied=0.05, both=0.05), is_vetoed=False)
    assert (found.yes, found.no, found.claimed, found.denied, found.both) == (0.5, 0.1, 0.2, 0.05, 0.05)
    assert found.settles == pytest.approx(0.9)


def test_a_veto_takes_nearly_all_support_but_that_for_no() -> None:
    found = support(reading(yes=0.5, no=0.1, claimed=0.2, denied=0.05, both=0.1), is_vetoed=True)
    assert found.yes == pytest.approx(0.5 * VETOED)
    assert found.claimed == pytest.approx(0.2 * VETOED)
    assert found.both == pytest.approx(0.1 * VETOED)
    assert found.denied == pytest.approx(0.05 * VETOED)
    assert found.no == 0.1


def test_a_sentence_is_vetoed_by_what_the_question_names() -> None:
    sentence = read_sentence("300 sailors of Kurland drowned.", title=None)
    assert not is_vetoed(sentence, read_asked("Did 300 sailors of Kurland drown?"))
    assert is_vetoed(sentence, read_asked("Did 500 sailors of Kurland drown?"))
    assert is_vetoed(sentence, read_asked("Did 300 sailors of Vestria drown?"))


def test_names_count_where_the_title_or_passage_has_them_and_numbers_only_where_the_quote_has_them() -> None:
    named = read_sentence("It sank on Monday.", before="The tanker Marisol left Salis with 300 men.", title="Kurland")
    assert not is_vetoed(named, read_asked("Did the Marisol of Kurland sink?"))
    # Together with the sentence before, which is quoted, too.
    assert not is_vetoed(named, read_asked("Did the Marisol sink with 300 men?"))
    later = read_sentence("The tanker sank on Monday.", after="It had 300 men on board.")
    assert is_vetoed(later, read_asked("Did the tanker sink with 300 men?"))


@pytest.mark.parametrize(
    ("told", "of_swapped", "vetoed"),
    [
        ({"yes": 0.9}, None, False),
        ({"yes": 0.9}, {"no": 0.9}, False),
        ({"yes": 0.9}, {"yes": 0.9}, True),
        ({"claimed": 0.9}, {"yes": 0.5, "claimed": 0.45}, True),
    ],
)
def test_what_would_say_the_same_of_exchanged_actors_does_not_tell_who_did_it(
    told: dict[str, float], of_swapped: dict[str, float] | None, vetoed: bool
) -> None:
    swapped = reading(**of_swapped) if of_swapped else None
    assert is_vetoed(read_sentence(SUNK, swapped=swapped, **told), ASKED) is vetoed


def test_the_best_text_speaks_for_each_side() -> None:
    found = measured(
        read_sentence(SUNK, 1, yes=0.9), read_sentence(SUNK, 2, yes=0.7), read_sentence(SUNK, 3, yes=0.2, denied=0.6)
    )
    assert (found["sentence_yes"], found["sentence_denied"], found["passage_yes"]) == (0.9, 0.6, 0.9)
    assert found["sentence_settles"] == pytest.approx(0.9)


def test_a_veto_lowers_what_a_sentence_measures_and_is_told() -> None:
    said = [read_sentence(SUNK, 1, yes=0.8), read_sentence("Kurland sank 3 tankers.", 2, denied=0.9)]
    found = measured(*said, asked="Did Kurland sink 3 tankers?")
    assert (found["sentence_denied"], found["vetoed"]) == (0.9, 0.5)
    assert found["sentence_yes"] == pytest.approx(0.8 * VETOED)
    # A whole passage may hold what its sentence lacks.
    assert found["passage_yes"] == 0.8


@pytest.mark.parametrize(
    ("told", "latest", "turned"),
    [
        ([("2031-05-01", {"yes": 0.9})], 0.9, 0.0),
        ([("2031-05-01", {"yes": 0.9}), ("2031-05-09", {"no": 0.8})], -0.8, 1.0),
        ([("2031-05-09", {"yes": 0.9}), ("2031-05-01", {"no": 0.8})], 0.9, 1.0),
        ([("2031-05-01", {"yes": 0.9}), ("2031-05-09", {"yes": 0.8})], 0.8, 0.0),
        # What is only said, hardly told, or undated, is no later state.
        ([("2031-05-01", {"yes": 0.9}), ("2031-05-09", {"denied": 0.9})], 0.9, 0.0),
        ([("2031-05-01", {"yes": 0.9}), ("2031-05-09", {"no": 0.3})], 0.9, 0.0),
        ([("2031-05-01", {"yes": 0.9}), (None, {"no": 0.9})], 0.9, 0.0),
        ([(None, {"no": 0.9})], 0.0, 0.0),
        # The hours of a day are one day.
        ([("2031-05-01T09:00:00Z", {"yes": 0.9}), ("2031-05-01T08:00:00Z", {"no": 0.8})], 0.9, 0.0),
    ],
)
def test_the_latest_article_tells_the_state_and_whether_it_turned(
    told: list[tuple[str | None, dict[str, float]]], latest: float, turned: float
) -> None:
    found = measured(
        *(read_sentence(SUNK, number, published_at=day, **said) for number, (day, said) in enumerate(told, start=1))
    )
    assert found["latest"] == pytest.approx(latest)
    assert found["turned"] == turned


def test_nothing_read_measures_nothing() -> None:
    found = measure_verdict([], [], ASKED)
    assert set(found.values()) == {0.0}
    assert found.keys() == measured(read_sentence(SUNK, yes=0.9)).keys()


CHANCES = st.fixed_dictionaries(
    {}, optional={name: st.floats(0, 0.2) for name in ("yes", "no", "claimed", "denied", "both")}
)


@given(st.lists(st.tuples(st.integers(1, 4), CHANCES, st.sampled_from([None, "2031-05-01", "2031-05-09"])), max_size=6))
def test_measures_are_shares_whatever_was_read(given_sentences: list[tuple[int, dict[str, float], str | None]]) -> None:
    found = measured(
        *(read_sentence(SUNK, article, published_at=day, **said) for article, said, day in given_sentences)
    )
    assert all(-1 <= value <= 1 for value in found.values())
