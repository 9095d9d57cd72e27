"""The page of an answer: which quotes stand on it, its headline in both languages, its foot, its buttons."""

import re
from dataclasses import replace

import discord
import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answer import Stance, Verdict
from bot.answering.attribution.attribution import CueClass
from bot.answering.independence import Independence
from bot.answering.question.proposition import read_proposition
from bot.discord.i18n.phrases import phrases_in
from bot.discord.scope import Bounds
from bot.discord.transport.page import LONGEST_CONTENT, LONGEST_LAYOUT, Page
from bot.discord.views.answer_page import AnswerOptions, RefusalHelp, Suggestion, answer_page, shown_quotes
from bot.discord.views.buttons import PersistentButton
from bot.discord.views.claims import claims_page
from bot.discord.views.escape import shown_length
from bot.discord.views.headline_text import headline
from bot.render.answer_words import headline_words
from corpus.publishers.directory import Publishers
from tests.discord.made_answers import answer, citation, evidence, located, said, state_agency

ENGLISH, GERMAN = phrases_in("en"), phrases_in("de")
OPTIONS = AnswerOptions("t" * 16)
SIDES = (Stance.ASSERTS, Stance.DENIES)


def quoted(page: Page) -> list[str]:
    return [block for block in page.blocks if block.startswith("> ")]


def test_links_that_nobody_sees_take_no_room_from_the_quotes():
    made = answer(Verdict.OPEN, *(evidence(number) for number in range(3)))
    page = answer_page(made, OPTIONS, ENGLISH)
    assert len(quoted(page)) == 3
    assert all("](<https://" in block for block in quoted(page))
    assert sum(map(len, page.blocks)) > 1500


@pytest.mark.parametrize("length", [60, 300, 600])
def test_a_disputed_answer_shows_a_quote_of_each_side_and_the_first_one(length: int):
    stances = [Stance.NEUTRAL, Stance.DENIES, Stance.DENIES, Stance.DENIES, Stance.ASSERTS]
    quotes = [evidence(number, f"{number} {'word ' * (length // 5)}.", stance) for number, stance in enumerate(stances)]
    page = answer_page(answer(Verdict.DISPUTED, *quotes), OPTIONS, ENGLISH)
    assert [block[3] for block in quoted(page)] == ["0", "1", "4"]
    plain = [block for block in page.content().split("\n\n") if block.startswith("> ")]
    assert plain[0].startswith("> “0")
    assert [re.search(r"Paper (\d)", block)[1] for block in plain] == ["0", "1", "4"]


@given(st.lists(st.tuples(st.sampled_from(list(Stance)), st.integers(1, 3000)), min_size=1, max_size=6))
def test_whatever_its_length_the_first_quote_and_both_sides_are_named_within_the_limits(made: list[tuple[Stance, int]]):
    quotes = [evidence(number, "ab_ " * (length // 4 + 1), stance) for number, (stance, length) in enumerate(made)]
    page = answer_page(answer(Verdict.DISPUTED, *quotes), OPTIONS, GERMAN)
    assert page.layout().content_length() <= LONGEST_LAYOUT
    assert len(page.content()) <= LONGEST_CONTENT
    for shown in ("\n\n".join(page.blocks), page.content()):
        assert "Paper 0" in shown.split("\n\n", 1)[1]
        for side in SIDES:
            first = next((number for number, (stance, _) in enumerate(made) if stance is side), None)
            assert first is None or f"What Paper {first} reports" in shown


@pytest.mark.parametrize("asked", ["40", "more than 39"])
def test_of_equally_good_quotes_the_one_with_what_was_asked_is_shown(asked: str):
    text = "The ministry counted {} rockets in the depot of Borduria." + " It called every other number a rumour." * 5
    made = answer(
        Verdict.YES,
        *(evidence(number, text.format(count), Stance.ASSERTS) for number, count in enumerate((70, 12, 13, 40))),
        question=f"Did Arland send {asked} rockets to Borduria?",
    )
    shown = quoted(answer_page(made, OPTIONS, ENGLISH))
    assert "70 rockets" in shown[0]
    assert any("40 rockets" in block for block in shown)
    # An order that is stated stays.
    ranked = replace(made, evidence=tuple(replace(each, score=9.0 - place) for place, each in enumerate(made.evidence)))
    shown = quoted(answer_page(ranked, OPTIONS, ENGLISH))
    assert [block[3:40] for block in shown] == [f"{text.format(count)[:37]}" for count in (70, 12)][: len(shown)]


def test_the_piece_that_answers_is_bold():
    page = answer_page(
        answer(Verdict.OPEN, located(evidence(1, "Ada Quill won on Sunday."), "Ada Quill")), OPTIONS, ENGLISH
    )
    assert "> “**Ada Quill** won on Sunday.”" in quoted(page)[0]


DENIED = said("Arland's ministry", "has denied", CueClass.DENIES)


@pytest.mark.parametrize(
    ("verdict", "stance", "attribution", "english", "german"),
    [
        (
            Verdict.YES, Stance.ASSERTS, DENIED,
            "Yes: Arland's ministry denied it (TASS (state-controlled), 5 March 2024).",
            "Ja: Arland's ministry bestreitet es (TASS (staatlich kontrolliert), 5. März 2024).",
        ),
        (
            Verdict.NO, Stance.DENIES, said("Arland's ministry", "rejected", CueClass.DENIES),
            "No: denied by Arland's ministry (TASS (state-controlled), 5 March 2024).",
            "Nein: bestritten von Arland's ministry (TASS (staatlich kontrolliert), 5. März 2024).",
        ),
        (
            Verdict.YES, Stance.ASSERTS, None,
            "Yes: according to TASS (state-controlled) (5 March 2024).",
            "Ja: laut TASS (staatlich kontrolliert) (5. März 2024).",
        ),
        (
            Verdict.DISPUTED, Stance.ASSERTS, None,
            "Disputed: yes according to TASS (state-controlled); no according to Borduria's army.",
            "Umstritten: ja laut TASS (staatlich kontrolliert); nein laut Borduria's army.",
        ),
        (Verdict.OPEN, None, None, "What 2 of my articles say:", "Das steht in 2 meiner Artikel:"),
    ],
)  # fmt: skip
def test_the_headline_is_told_in_the_readers_language(verdict, stance, attribution, english: str, german: str):
    first = evidence(1, stance=stance, citation=state_agency(), attribution=attribution)
    second = evidence(2, stance=Stance.DENIES, attribution=said("Borduria's army"))
    made = answer(verdict, first, second)
    assert headline(made, ENGLISH) == english
    assert headline(made, GERMAN) == german


@pytest.mark.parametrize(
    ("quotes", "english", "german"),
    [(1, "What one of them says:", "Das steht in einem davon:"), (2, "What 2 of them say:", "Das steht in 2 davon:")],
)
def test_of_a_yes_no_question_that_stays_open_it_is_said(quotes: int, english: str, german: str):
    asked = "Did Arland send rockets to Borduria?"
    made = answer(Verdict.OPEN, *map(evidence, range(quotes)), proposition=read_proposition(asked), question=asked)
    assert headline(made, ENGLISH) == f"My articles don't settle this. {english}"
    assert headline(made, GERMAN) == f"Meine Artikel klären das nicht. {german}"
    assert headline_words(made) == headline(made, ENGLISH)
    claims = claims_page([asked], [asked], [made], 0, "t" * 16, ENGLISH)
    assert claims.blocks[1].endswith("? Not settled by my articles")
    assert len(claims.buttons) == 1


def test_a_note_and_suggestions_stand_below_the_quotes_and_as_many_of_those_as_were_chosen():
    made = answer(Verdict.OPEN, *map(evidence, range(5)))
    suggested = (Suggestion("when", "When did Arland send rockets?"), Suggestion("who", "Who is Ada?", "Ada *Brandt*"))
    for most, shown in ((1, 1), (5, 5), (None, 3)):
        options = replace(OPTIONS, most_quotes=most, note="Mention me.", suggestions=suggested)
        page = answer_page(made, options, ENGLISH)
        assert len(quoted(page)) == shown == len(shown_quotes(made, options, ENGLISH))
        assert page.blocks[-2].endswith("\n-# Mention me.")
        assert page.blocks[-1] == "-# Ask next:\n-# **1** · When did that happen?\n-# **2** · Who is Ada \\*Brandt\\*?"
    verbs = [button.custom_id.split(":")[1] for button in page.buttons]
    assert verbs[-5:] == ["up", "down", "remove", "next", "next"]


def test_the_button_of_a_single_next_question_says_it():
    options = replace(OPTIONS, suggestions=(Suggestion("who", "Who is Ada Brandt?", "Ada Brandt"),))
    page = answer_page(answer(Verdict.OPEN, evidence(1)), options, ENGLISH)
    assert [button.item.label for button in page.buttons][-1] == "Who is Ada Brandt?"
    assert "Ask next" not in page.content()


def test_filters_mark_publishers_that_a_state_controls():
    bounds, known = Bounds(publishers=("tass.com", "Harbour Herald")), Publishers(None)
    for made in (answer(Verdict.OPEN, evidence(1)), answer(Verdict.NOT_FOUND)):
        page = answer_page(made, replace(OPTIONS, bounds=bounds, publishers=known), ENGLISH)
        assert "only tass.com (state-controlled), Harbour Herald" in page.blocks[-1]


def test_a_claim_has_words_of_its_own():
    claim = answer(Verdict.NO, evidence(1, stance=Stance.DENIES, citation=citation(is_claimed=True)))
    told = headline(claim, ENGLISH, is_claim=True)
    assert told == "Contradicted: according to a text that says it is from The Example Courier (5 March 2024)."


@pytest.mark.parametrize("phrases", [ENGLISH, GERMAN])
def test_the_foot_is_one_line_and_short_enough_for_a_phone(phrases):
    made = answer(Verdict.OPEN, evidence(1), evidence(2), independence=Independence(2, 1))
    foot = answer_page(made, OPTIONS, phrases).blocks[-1]
    assert foot.startswith("-# ")
    assert "\n" not in foot
    assert shown_length(foot) <= 65
    bounds = Bounds(publishers=("Paper 1",))
    assert "\n" not in answer_page(made, replace(OPTIONS, bounds=bounds), phrases).blocks[-1]


def test_a_side_that_a_publisher_takes_itself_is_a_mark_before_its_name_which_stands_once():
    made = answer(Verdict.NO, evidence(1, stance=Stance.DENIES, citation=state_agency()))
    block = quoted(answer_page(made, OPTIONS, ENGLISH))[0]
    assert "\n-# ✗ TASS (Russia, state-controlled agency) · " in block
    assert block.split("[")[0].count("TASS") == 1
    named = answer(Verdict.NO, evidence(1, stance=Stance.DENIES, attribution=said("Borduria's army")))
    assert "\n-# ✗ denied by **Borduria's army**\n-# " in quoted(answer_page(named, OPTIONS, ENGLISH))[0]


def test_votes_stay_beside_each_other_where_a_row_of_buttons_breaks():
    made = answer(Verdict.NOT_FOUND)
    page = answer_page(made, replace(OPTIONS, refusal_help=RefusalHelp((citation(),))), ENGLISH)
    rows = [row.children for row in page.layout().walk_children() if isinstance(row, ui.ActionRow)]
    verbs = [[button.custom_id.split(":")[1] for button in row] for row in rows]
    assert verbs == [["find", "watch"], ["up", "down", "remove"]]


def test_a_short_next_question_takes_no_vote_away_from_the_others():
    options = replace(OPTIONS, suggestions=(Suggestion("also", "Why now?", "Why now?"),))
    page = answer_page(answer(Verdict.OPEN, evidence(1)), options, ENGLISH)
    rows = [row.children for row in page.layout().walk_children() if isinstance(row, ui.ActionRow)]
    verbs = [[button.custom_id.split(":")[1] for button in row] for row in rows]
    assert verbs == [["quotes", "sources", "more"], ["watch", "up", "down", "remove"], ["next"]]


def test_a_refusal_names_the_closest_articles_and_shows_no_quote():
    nearest = (citation(), state_agency(), citation("Harbour Herald", url=None, link=None))
    made = answer(Verdict.NOT_FOUND)
    page = answer_page(made, replace(OPTIONS, refusal_help=RefusalHelp(nearest)), ENGLISH)
    assert page.blocks[0] == "### I found nothing that answers this; closest articles:"
    assert not quoted(page)
    lines = "\n".join(page.blocks[1:-1]).split("\n")
    assert lines[0].startswith("[What The Example Courier reports on the rockets](<https://news.example/")
    assert lines[1] == "-# The Example Courier · <t:1709640000:D>"
    assert lines[3] == "-# TASS (Russia, state-controlled agency) · <t:1709640000:D>"
    assert lines[4] == "What Harbour Herald reports on the rockets"
    assert len(page.content()) <= LONGEST_CONTENT
    assert labels(page) == ["Search for this", "🔔 Watch", "👍", "👎", "🗑️"]
    assert page.colour == discord.Colour(0x80848E)


def test_a_refusal_offers_to_drop_the_filters_only_where_they_hide_an_answer():
    made, bounds = answer(Verdict.NOT_FOUND), Bounds(publishers=("Paper 1",))
    hidden = answer_page(made, replace(OPTIONS, bounds=bounds, refusal_help=RefusalHelp((), True)), ENGLISH)
    assert labels(hidden) == ["Without filters", "🔔 Watch", "👍", "👎", "🗑️"]
    assert "There is an answer without the filters." in hidden.blocks[1]
    assert labels(answer_page(made, replace(OPTIONS, bounds=bounds), ENGLISH)) == ["🔔 Watch", "👍", "👎", "🗑️"]


def labels(page: Page) -> list[str]:
    buttons = [button.item for button in page.buttons if isinstance(button, PersistentButton)]
    return [button.label or str(button.emoji) for button in buttons]


@pytest.mark.parametrize("phrases", [ENGLISH, GERMAN])
def test_no_button_stands_alone_in_its_row(phrases):
    made = answer(Verdict.OPEN, *(evidence(number) for number in range(4)))
    view = answer_page(made, replace(OPTIONS, private=True), phrases).layout()
    rows = [len(row.children) for row in view.walk_children() if isinstance(row, discord.ui.ActionRow)]
    assert sum(rows) == 8
    assert min(rows) > 1


def test_citations_stay_whole():
    """A link is shown in full, or not at all."""
    made = answer(Verdict.DISPUTED, *(evidence(number, "word " * 180, SIDES[number]) for number in range(2)))
    for shown in (answer_page(made, OPTIONS, ENGLISH).content(), "\n".join(answer_page(made, OPTIONS, ENGLISH).blocks)):
        assert shown.count("](<") == shown.count(">)")
