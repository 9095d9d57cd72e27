"""Words that a text breaks at the ends of its lines are whole again, and hyphens of their own stay."""

import pytest

from corpus.article import Draft
from corpus.broken_words import join_broken_words
from corpus.prepare import normalise


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("its army had never fired mis-\nsiles there", "its army had never fired missiles there"),
        ("said that the two gover\u2010\nnments met", "said that the two governments met"),
        ("the harbourmaster said: the harbour-\nmaster left", "the harbourmaster said: the harbourmaster left"),
        ("a rule over the long-\nterm talks in Orsk", "a rule over the long-term talks in Orsk"),
        ("he was the state-owned and the state-\nowned one", "he was the state-owned and the state-owned one"),
        ("they closed the whole North-\nSouth line", "they closed the whole North-South line"),
        ("prices of the years from 2019-\n2024 rose", "prices of the years from 2019-2024 rose"),
        ("they left with the NATO-\nled force again", "they left with the NATO-led force again"),
        ("der Regierungssprecher und sein Regierungs-\nsprecher", "der Regierungssprecher und sein Regierungssprecher"),
        ("the ministers met on a day-to-\nday basis", "the ministers met on a day-to-day basis"),
        ("it was told to the Assad-\nallied militia", "it was told to the Assad-allied militia"),
        ("alors, que fera le président, dit-\nil hier", "alors, que fera le président, dit-il hier"),
        ("the player said that he will re-\nsign soon", "the player said that he will re-sign soon"),
        ("of a state‐owned firm: the state‐\nowned firm", "of a state‐owned firm: the state‐owned firm"),
    ],
)
def test_a_broken_word_is_whole_again(broken: str, whole: str) -> None:
    assert join_broken_words(broken) == whole
    assert normalise(Draft(body=broken)).body == whole


@pytest.mark.parametrize(
    "text",
    [
        "they met for two-\nand three-day talks there",
        "es ging wieder um die Ein-\nund Ausfuhr von Öl",
        "Olm: We never said that you pl-\nLund: You did.",
        "Olm: We never said that you pl-\nMr. ARNE LUND: You did.",
        "the talks were pre-\nrather than post-war ones",
        "see https://salisherald.example/the-minister-\nresigned-on-friday",
        "Grain-\nbought in May",
        "she said this, and then --\nnothing came of it",
        "the results were these -\nnone had expected it",
    ],
)
def test_what_is_no_broken_word_stays_as_it_is(text: str) -> None:
    assert join_broken_words(text) == text
