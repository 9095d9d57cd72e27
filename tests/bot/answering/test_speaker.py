"""Who is named as a speaker: a person, a body or an outlet, or somebody by what they are, or nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.speaker import LONGEST_LIST, MAX_LENGTH, owned_role_end, source_start, speaker_name, within_sentence
from tests.limits import processor_limit


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("Ferenk Olt", "Ferenk Olt"),
        ("Defence Minister Olt", "Defence Minister Olt"),
        ("The Salis Herald", "The Salis Herald"),
        ("Kurlandish officials", "Kurlandish officials"),
        ("officials", "officials"),
        ("A spokesman for the navy of Kurland", "A spokesman for the navy of Kurland"),
        ("Both ministers", "Both ministers"),
        ("Ministers from 12 states", "Ministers from 12 states"),
        # What comes after the name is cut off.
        ("Ferenk Olt, the defence minister,", "Ferenk Olt"),
        ("Ferenk Olt, who has been ill", "Ferenk Olt"),
        ("Ferenk Olt who has been ill", "Ferenk Olt"),
        ("Ferenk Olt – once a sailor", "Ferenk Olt"),
        ("Ferenk Olt (68)", "Ferenk Olt"),
        ("Minister Olt on Monday", "Minister Olt"),
        ("Minister Olt later also", "Minister Olt"),
        ("Minister Olt has", "Minister Olt"),
        # So is what leads up to it.
        ("according to Ferenk Olt", "Ferenk Olt"),
        ("But later Ferenk Olt", "Ferenk Olt"),
        ("“Olt”", "Olt"),
    ],
)
def test_a_name_is_shown_without_what_stands_around_it(phrase: str, name: str) -> None:
    assert speaker_name(phrase) == name


@pytest.mark.parametrize(
    "phrase",
    [
        None,
        "",
        "  ,;:",
        "the recent",
        "He",
        "he was quoted by the Kurlandish Labour News Agency",
        "He was quoted by the Iranian Labour News Agency",
        "They",
        "This",
        "which",
        "Reports",
        "the report on the tanker",
        "12",
        "weather",
        "Monday",
        "However",
        "x" * (MAX_LENGTH + 1),
    ],
)
def test_what_names_nobody_is_no_speaker(phrase: str | None) -> None:
    assert speaker_name(phrase) is None


@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from("the The Olt , who said on – ( minister from he A".split())).map(" ".join)
)
def test_a_name_stands_in_the_phrase_and_is_short(phrase: str) -> None:
    found = speaker_name(phrase)
    if found is not None:
        assert 0 < len(found) <= LONGEST_LIST
        assert found.lower() in phrase.lower()
        assert found == found.strip(" ,;:")


@pytest.mark.parametrize(
    "tail", [", " * 400, " later, also" * 200, " of the" * 400, " (" * 400, " on on" * 400, " and A" * 400, ", A" * 400]
)
def test_what_trails_after_a_name_is_cut_in_linear_time(tail: str) -> None:
    with processor_limit(2):
        speaker_name(f"Minister Olt{tail}x")


@pytest.mark.parametrize(
    ("name", "within"),
    [("The Salis Herald", "the Salis Herald"), ("A spokesman", "a spokesman"), ("Ana Ferro", "Ana Ferro")],
)
def test_a_determiner_is_small_within_a_sentence(name: str, within: str) -> None:
    assert within_sentence(name) == within


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Tessen's opposition called the treaty a surrender.", "Tessen's opposition"),
        ("Kurland’s defence ministry denied it.", "Kurland’s defence ministry"),
        ("Kurland's tanker sank.", "Kurland"),
        ("Kurland denied it.", "Kurland"),
    ],
)
def test_a_possessor_is_named_with_the_body_that_speaks(text: str, source: str) -> None:
    begin = text.split("'", maxsplit=1)[0].split("’", maxsplit=1)[0].split(" ", maxsplit=1)[0]
    assert text[: owned_role_end(text, len(begin))] == source


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("Ostravia, Kurland and Vestria", "Ostravia, Kurland and Vestria"),
        ("Ostravia, Kurland, and the Isles of Erem", "Ostravia, Kurland, and the Isles of Erem"),
        ("the leaders of Kurland, Vestria and Erem, known as the Three,", "the leaders of Kurland, Vestria and Erem"),
        ("President Luc Adane of Tessen and Prime Minister Oona Merrick of the Lower Belmar",) * 2,
        ("Neither Kurland nor Vestria", "Neither Kurland nor Vestria"),
        # A second comma may be an apposition, and another clause follows ", and" after one member.
        ("Ferenk Olt, the defence minister, said", "Ferenk Olt"),
        ("Ferenk Olt, a former minister and ally of Kurland", "Ferenk Olt"),
        ("Vestria, and Kurland", "Vestria"),
        ("Kurland and Vestria mediated the talks", "Kurland and Vestria"),
        ("The three governments", "The three governments"),
    ],
)
def test_all_of_several_speakers_are_named(phrase: str, name: str) -> None:
    assert speaker_name(phrase) == name


@pytest.mark.parametrize(
    ("sentence", "found", "whole"),
    [
        ("Ostravia, the Isles of Erem, Kurland and Vestria accused it.", "Kurland and Vestria", "Ostravia"),
        ("Kurland and Vestria said so.", "Vestria", "Kurland"),
        ("On Monday, Kurland, Vestria and Erem said so.", "Vestria and Erem", "Kurland"),
        ("Kurland's government said so.", "government", "Kurland's"),
        ("Yesterday Kurland's government said so.", "government", "Kurland's"),
        # What stands before belongs to something else.
        ("Unlike Kurland, Vestria and Erem said so.", "Vestria and Erem", "Vestria"),
        ("After talks with Kurland, Vestria said so.", "Vestria", "Vestria"),
        ("The talks were opened by Kurland, and Vestria said so.", "Vestria", "Vestria"),
        ("Kurland attacked and Vestria said so.", "Vestria", "Vestria"),
        ("Kurland, officials said so.", "officials", "officials"),
    ],
)
def test_a_source_found_in_part_is_completed(sentence: str, found: str, whole: str) -> None:
    start = sentence.index(found)
    assert sentence[source_start(sentence, start, start + len(found)) :].startswith(whole)
