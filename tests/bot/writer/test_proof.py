"""The proof of single sentences: one wrong word is enough to fail, and what the quotes say passes."""

import pytest

from bot.answering.answer import Attribution, Evidence
from bot.answering.reader.packaged import packaged_reader
from bot.writer.client import LONGEST_SENTENCE
from bot.writer.proof import Prover
from bot.writer.written import Checked, Draft, Fault
from tests.discord.made_answers import citation, evidence

EXPORTS = "Exports rose by 5 percent and imports fell by 12 percent."
RECOGNISED = "The United States recognised Kurland in 2019, and France did so in 2021."
TANKS = "Kurland may send 40 tanks to Ormland next spring, the ministry of defence announced."
COURT = "The court acquitted Anna Berg and convicted Paul Stein."
MINE = "The mine at Salis was closed on 3 March 2024 because of a fire, its owner Toll Minerals said."


def check(text: str, *quotes: str | Evidence, citations: tuple[int, ...] = ()) -> Checked:
    made = [
        each if isinstance(each, Evidence) else evidence(number, each, citation=citation("Courier"))
        for number, each in enumerate(quotes, start=1)
    ]
    [checked] = Prover(packaged_reader()).prove([Draft(text, citations or tuple(range(1, len(made) + 1)))], made)
    return checked


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        (EXPORTS, "Exports rose by 5 percent."),
        (EXPORTS, "Imports fell by 12 percent, while exports rose by 5 percent."),
        (RECOGNISED, "The United States recognised Kurland in 2019."),
        (TANKS, "Kurland may send 40 tanks to Ormland next spring, according to the ministry of defence."),
        (COURT, "The court convicted Paul Stein."),
        (MINE, "Toll Minerals, its owner, said that the mine at Salis was closed on 3 March 2024 because of a fire."),
        ("At least 40 people died in the flood.", "At least forty people died in the flood."),
        ("Iran denied the reports on Monday.", "Tehran denied the reports on Monday."),
        ("The treaty was signed in 2019 by Kurland and Ormland.", "Kurland and Ormland signed the treaty in 2019."),
        (
            "Salis recalled its envoy on Monday. Osten recalled its envoy on Tuesday.",
            "Osten recalled its envoy on Tuesday.",
        ),
        (
            "Kurland recognised Osten in 2019, and Ormland recognised Osten in 2021.",
            "Ormland recognised Osten in 2021.",
        ),
        ("Ada Renn met Paul Stein on Monday and later met Anna Berg.", "On Monday, Ada Renn met Paul Stein."),
    ],
)
def test_what_a_quote_says_passes_in_other_order_and_by_other_names(quote: str, text: str) -> None:
    assert check(text, quote).problems == ()


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        (TANKS, "The ministry of defence announced that Kurland will send 40 tanks to Ormland next spring."),
        ("Kurland may send 40 tanks to Ormland next spring.", "Kurland sent 40 tanks to Ormland."),
        ("Kurland plans to send 40 tanks to Ormland.", "Kurland has sent 40 tanks to Ormland."),
        ("Kurland threatened to close the border with Ormland.", "Kurland closed the border with Ormland."),
        ("Kurland will close the border with Ormland on Friday.", "Kurland closed the border with Ormland on Friday."),
        ("Some of the deputies voted for the law.", "The deputies voted for the law."),
        ("At least 40 people died in the flood.", "40 people died in the flood."),
        ("Kurland and Ormland signed a treaty in Vienna.", "Kurland and Ormland signed a secret treaty in Vienna."),
        ("Kurland kept its rate at 4.5 percent.", "Kurland kept its rate at 4.5 percent, its highest level ever."),
        ("Kurland's president met Ormland's minister.", "Ormland's president met Kurland's minister."),
        (COURT, "The court convicted Anna Berg and acquitted Paul Stein."),
        (
            "A handful of Kurland fishermen lives aboard the Osprey and depends on parcels.",
            "A handful of Osprey fishermen lives aboard the Kurland and depends on parcels.",
        ),
        # The article is of 5 March 2024.
        (
            "The Salis Herald reported on 2 March 2024 that Kurland had closed its border.",
            "The Salis Herald reported on 5 March 2024 that Kurland had closed its border.",
        ),
        (
            "Premier Ada Renn said on 17 March 2023 that the order was justified, although Kurland is not in it.",
            "The order was justified, although Kurland is not in it.",
        ),
        (
            "Kurland officials have repeatedly said since 2022 that Kurland does not support either side in the war.",
            "In not side since have the officials said repeatedly Kurland support war does.",
        ),
        (COURT, "The court convicted Anna Berg."),
        (EXPORTS, "Exports fell by 5 percent and imports rose by 12 percent."),
        (EXPORTS, "Exports rose by 12 percent."),
        ("If Ormland withdraws, Kurland will lift the sanctions.", "Kurland will lift the sanctions."),
        ("The UN urged Kurland to lift the sanctions.", "Kurland lifted the sanctions."),
        (RECOGNISED, "France recognised Kurland in 2019."),
        (RECOGNISED, "The United States recognised Kurland in 2021."),
        ("The minister resigned on Monday. The cabinet won a vote on Tuesday.", "The minister resigned on Tuesday."),
        ("Kurland lost the vote.", "Kurland won the vote."),
        (MINE, "The mine at Salis was closed on 3 March 2024 because of a strike, its owner Toll Minerals said."),
        (MINE, "The mine at Salis was closed on 3 March 2024 because of a fire."),
        (MINE, "Toll Minerals confirmed “a huge fire” at the mine at Salis."),
        (MINE, "The mine at Salis was not closed on 3 March 2024, its owner Toll Minerals said."),
    ],
)
def test_one_wrong_word_is_enough_to_fail(quote: str, text: str) -> None:
    assert not check(text, quote).is_proven


@pytest.mark.parametrize(
    ("text", "is_proven"),
    [
        ("The port authority of Salis closed both piers of the ferry had been inspected in vain.", False),
        ("The port authority of Salis closed both piers, and all lifeboats of the ferry had been inspected.", True),
        ("The port authority of Salis closed both piers; all lifeboats of the ferry had been inspected in vain.", True),
    ],
)
def test_the_beginning_of_one_quote_and_the_end_of_another_make_no_sentence(text: str, is_proven: bool) -> None:
    checked = check(
        text,
        "The port authority of Salis closed both piers on Monday.",
        "All lifeboats of the ferry had been inspected in vain.",
    )
    assert checked.is_proven == is_proven


def test_words_of_a_speaker_who_is_named_outside_of_the_quote_stay_theirs() -> None:
    quote = evidence(1, "We have sold no weapons to Ormland.", attribution=Attribution("Ada Lind", "said", ""))
    assert not check("Kurland has sold no weapons to Ormland.", quote).is_proven
    assert Fault.SPEAKER in {each.fault for each in check("No weapons were sold to Ormland.", quote).problems}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a" * (LONGEST_SENTENCE + 1),
        "The mine was closed. " * 30,
        "See https://evil.example for the mine at Salis.",
        "**The mine** at Salis was closed <b>today</b>.",
        "@everyone the mine at Salis was closed.",
        "I think that the mine at Salis was closed.",
        "The mine at Salis was closed",
        "\0\0\0.",
        "🙂" * 50 + ".",
        "\u202e.desolc saw enim ehT",
    ],
)
def test_hostile_and_broken_sentences_fail_without_an_error(text: str) -> None:
    assert not check(text, MINE).is_proven


@pytest.mark.parametrize("citations", [(), (0,), (2,), (1, 2), (-1,), (10**9,)])
def test_a_citation_must_exist(citations: tuple[int, ...]) -> None:
    made = [evidence(1, MINE)]
    text = "The mine at Salis was closed on 3 March 2024 because of a fire, its owner Toll Minerals said."
    [checked] = Prover(packaged_reader()).prove([Draft(text, citations)], made)
    assert {each.fault for each in checked.problems} == {Fault.CITATION}
