"""Which words of a text count, and that search cuts texts by the same rules."""

import hashlib
import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from index.filters import Filters
from index.generation.generations import MANIFEST_VERSION
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


def test_folding_twice_changes_nothing_more_and_neither_does_the_text_around() -> None:
    around = " ж x "
    for first in range(0, sys.maxunicode + 1, 1 << 12):
        characters = [chr(number) for number in range(first, first + (1 << 12))]
        once = [fold(character) for character in characters]
        assert fold(around.join(characters)) == around.join(once)
        assert fold(around.join(once)) == around.join(once)


def test_letters_outside_the_folded_scripts_stay_as_they_are() -> None:
    for character in "йїўґјћ漢仮한ไ한ब":
        assert fold(character) == character


def test_latin_letters_lose_their_accents_whatever_is_around_them() -> None:
    for character in map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))):
        assert fold(character) == unicodedata.normalize("NFD", character)[0].lower()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\u06a9\u0634\u062a\u06cc", "\u0643\u0634\u062a\u064a"),  # Persian and Arabic kaf and yeh
        ("\u0639\u0644\u0649", "\u0639\u0644\u064a"),  # alef maksura
        ("\u0645\u062f\u0631\u0633\u0629", "\u0645\u062f\u0631\u0633\u0647"),  # teh marbuta
        ("\u0623\u0631\u0636", "\u0627\u0631\u0636"),  # hamza on alef
        ("رئيس", "رییس"),  # yeh that carries a hamza, and Persian yeh
        ("مسؤول", "مسوول"),
        ("\u0643\u064e\u062a\u064e\u0628\u064e", "\u0643\u062a\u0628"),  # vowel marks
        ("\u0643\u0640\u0640\u062a\u0628", "\u0643\u062a\u0628"),  # stretched
        ("\ufedb\ufe98\ufe90", "\u0643\u062a\u0628"),  # presentation forms
        ("\u0661\u0662\u0663", "123"),
        ("\u06f1\u06f2\u06f3", "123"),
        ("\u0967\u0968\u0969", "123"),
        ("\uff21\uff4e\uff4e\uff11\uff12", "ann12"),
        ("\uff76\uff9e\uff7d", "ガス"),
        ("\U0001d401\U0001d428\U0001d41a\U0001d42d", "boat"),
        ("\u05e9\u05b8\u05dc\u05d5\u05b9\u05dd", "\u05e9\u05dc\u05d5\u05dd"),  # Hebrew points
        ("ΕΛΛΆΣ", "ελλας"),
        ("Королёв", "королев"),
        ("Пу\u0301тин", "путин"),
        ("ferry\u200bboat", "ferryboat"),
    ],
)
def test_spellings_that_people_exchange_are_folded_into_one(one: str, other: str) -> None:
    assert words(one) == words(other)
    assert len(words(one)) == 1


@pytest.mark.parametrize("typed", ["کتاب\u200cها", "کتابها", "کتاب ها", "كتاب\u200cها", "کتاب\u200bها"])
def test_a_persian_compound_is_found_however_its_parts_are_joined(typed: str) -> None:
    text = "کتاب\u200cها رسید."
    assert set(words(typed)) & set(words(text))
    assert matching_words(words(typed), text) == set(words(typed))


def test_a_joiner_within_an_indic_word_is_no_border() -> None:
    assert words("ശ്രീ\u200dമാൻ") == words("ശ്രീമാൻ")


@pytest.mark.parametrize("word", ["हिन्दी", "বাংলা", "தமிழ்", "ಕನ್ನಡ", "ที่นี่", "မြန်မာ", "ភាសា"])
def test_vowel_signs_do_not_cut_a_word(word: str) -> None:
    assert words(f"{word}, {word}.") == [word, word]


def test_indexes_are_built_again_when_words_become_others() -> None:
    sample = "Türkiye’s F-16 Ελλάς Королёв الوَزيرُ کشتی کتاب\u200cها ۱۲ हिन्दी ＡＢ शब्द 日本 한국 שָׁלוֹם رئیس مسؤول"
    sample += " 1,000 CO₂"
    digest = hashlib.sha256(" ".join(words(sample)).encode()).hexdigest()[:16]
    # Postings hold folded words. If this fails, raise MANIFEST_VERSION and write the new pair here.
    assert (MANIFEST_VERSION, digest) == (5, "9b68812abb4e3939")


@given(
    st.text(alphabet="aAbé_1 ’'-ß²٣한कि\u094dیكَ\u200c\u200d\u0301", max_size=30),
    st.lists(st.text(alphabet="abé1ß²٣한कि\u094dىک\u200c", min_size=1, max_size=3)),
)
def test_wanted_words_are_found_where_cutting_the_text_finds_them(text: str, texts: list[str]) -> None:
    wanted = {word for each in texts for word in words(each)}
    assert matching_words(wanted, text) == wanted & set(words(text))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,000", "1000"), ("1.000", "1000"), ("1 000", "1000"), ("1’000", "1000"), ("١٬٠٠٠", "1000"),
        ("1,250,000", "1250000"), ("12,50,000", "1250000"),
    ],
)  # fmt: skip
def test_a_number_in_groups_is_found_without_them(text: str, number: str) -> None:
    assert number in words(f"some {text} people")
    assert matching_words([number], f"some {text} people") == {number}


@pytest.mark.parametrize("text", ["3.1415", "1.2.1024", "09.09.2024", "1,2,3", "in 5 2022"])
def test_other_numbers_are_not_joined(text: str) -> None:
    assert words(text) == re.findall(r"\w+", text)


def test_raised_and_lowered_digits_are_digits() -> None:
    assert words("CO₂ per m²") == ["co2", "per", "m2"]


def test_words_are_cut_at_everything_that_is_no_letter_or_digit() -> None:
    assert words("The F-16s, U.S.-made: Zelenskyy’s “coup_d'état” 2024!") == [
        *("the", "f", "16s", "u", "s", "made", "zelenskyy", "s", "coup", "d", "etat", "2024")
    ]


@given(st.text(alphabet="aZ09 1234567890_-,.'’“”—…€°²½ª«\u00a0\u00ad\u2009\u202f\n"))
def test_words_of_english_and_its_signs_are_cut_as_beside_other_letters(text: str) -> None:
    beside = words(f"{text} ж")

    assert [word for word in beside if word != "ж"] == words(text)
    assert beside.count("ж") == 1


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
        ("وزير بندر درباره كشتي سخن گفت", "کشتی"),
        ("أعلن الوَزيرُ إغلاق الجسر", "الوزير"),
        ("پل در سال ۱۴۰۳ بسته شد", "1403"),
        ("मंत्री ने पुल बंद किया।", "मंत्री"),
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
