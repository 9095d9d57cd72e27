"""Which words of a text count, and that search cuts texts by the same rules."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from index.filters import Filters
from index.search.term_rarity import Vocabulary
from index.terms import STOP_WORDS, Terms, fold, matching_words, query_words, words
from tests.conftest import StoreArticle
from tests.words import lexical_search, live_words


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Türkiye", "turkiye"), ("São Tomé", "sao tome"), ("IRAN", "iran"), ("Łódź", "łodz"), ("Киев", "киев")],
)
def test_case_and_accents_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_every_character_is_folded_as_if_each_were_looked_up() -> None:
    latin = {chr(code) for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))}
    for character in map(chr, range(sys.maxunicode + 1)):
        composed = unicodedata.normalize("NFC", character)
        plain = "".join(unicodedata.normalize("NFD", each)[0] if each in latin else each for each in composed)
        assert fold(character) == plain.lower()


@given(
    st.text(alphabet="aAbé_1 ’'-ß²٣한", max_size=30), st.lists(st.text(alphabet="abé1ß²٣한", min_size=1, max_size=3))
)
def test_wanted_words_are_found_where_cutting_the_text_finds_them(text: str, texts: list[str]) -> None:
    wanted = {word for each in texts for word in words(each)}
    assert matching_words(wanted, text) == wanted & set(words(text))


def test_words_are_cut_at_everything_that_is_no_letter_or_digit() -> None:
    assert words("The F-16s, U.S.-made: Zelenskyy’s “coup_d'état” 2024!") == [
        *("the", "f", "16s", "u", "s", "made", "zelenskyy", "s", "coup", "d", "etat", "2024")
    ]


def test_query_words_are_those_that_mean_something_each_once() -> None:
    assert query_words("Did the Kremlin deny that the Kremlin burned?") == ["kremlin", "deny", "burned"]


def test_a_query_of_stop_words_keeps_them_all() -> None:
    assert query_words("Who is it?") == ["who", "is", "it"]
    assert {"who", "is", "it"} <= STOP_WORDS


def test_forms_of_a_word_share_a_stem() -> None:
    terms = Terms()
    assert len(set(terms.stems("denied denies deny"))) == 1
    assert terms.stem(["missiles", "missile"]) == ["missil", "missil"]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Türkiye hosted the talks.", "turkiye"),
        ("The envoy of Türkiye spoke.", "TÜRKIYE"),
        ("Zelenskyy’s office replied.", "Zelenskyy"),
        ("They flew F-16 jets.", "F-16"),
        ("Президент выступил в Киеве.", "Президент"),
        ("Зеленский выступил в Киеве.", "Зеленский"),
        ("Η Ελλάδα απάντησε.", "Ελλάδα"),
        ("대통령 담화", "대통령"),
        ("Sanctions were eased.", "sanctioned easing"),
        ("日本 は 抗議 した。", "抗議"),
        ("الرئيس قال ذلك", "الرئيس"),
        ("Gov’t of São Tomé", "sao tome"),
    ],
)
def test_full_text_search_finds_a_word_by_the_same_cut(
    db: Database, store: StoreArticle, text: str, query: str
) -> None:
    store(text)
    assert lexical_search(db, held=True)(query, 5, Filters())


def test_rarer_words_weigh_more_and_unknown_ones_most(db: Database, store: StoreArticle) -> None:
    for number in range(6):
        store(f"Talks about grain went on in town number {number}." + (" Piracy came up." if number == 0 else ""))
    weights = Vocabulary(live_words(db, held=True)).idf(["grain", "piracy", "zeppelin"])
    assert 0 < weights["grain"] < weights["piracy"] < weights["zeppelin"]
    assert Vocabulary(live_words(db, held=True)).idf(["talk"]) == {"talk": pytest.approx(weights["grain"])}
