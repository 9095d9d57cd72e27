"""The sentence above the quotes: the verdict, who is counted for it, and no word that stands nowhere."""

import pytest

from bot.answering.answer import Attribution, Citation, Evidence, Quote, Stance, Verdict
from bot.answering.attribution.attribution import CueClass
from bot.answering.verdict.headline import NOT_FOUND, compose_headline


def evidence(
    stance: Stance | None, speaker: str | None = None, cue: str = "said", kind: CueClass | None = CueClass.SAYS,
    *, article: int = 1, publisher: str | None = "Salis Herald", day: str | None = "2031-05-01", claimed: bool = False,
) -> Evidence:  # fmt: skip
    citation = Citation(
        None, publisher, None, day, None, None, f"{article}.txt", "shared", False, is_claimed=claimed
    )  # fmt: skip
    attribution = Attribution(speaker, cue, "", kind) if cue else None
    return Evidence(Quote(article, article, 0, 4, "Text"), citation, 1.0, attribution, stance)


def reported(stance: Stance, **given: object) -> Evidence:
    return evidence(stance, None, "", None, **given)


@pytest.mark.parametrize(
    ("verdict", "first", "headline"),
    [
        (
            Verdict.YES,
            evidence(Stance.ASSERTS, "Ferenk Olt"),
            "Yes: according to Ferenk Olt (Salis Herald, 1 May 2031).",
        ),
        (
            Verdict.YES,
            evidence(Stance.ASSERTS, "Kurland", "confirmed", CueClass.CONFIRMS),
            "Yes: Kurland confirmed it (Salis Herald, 1 May 2031).",
        ),
        (
            Verdict.NO,
            evidence(Stance.DENIES, "Kurland", "has denied", CueClass.DENIES),
            "No: Kurland denied it (Salis Herald, 1 May 2031).",
        ),
        (
            Verdict.NO,
            evidence(Stance.DENIES, "Kurland", "called it an invention", CueClass.DENIES),
            "No: denied by Kurland (Salis Herald, 1 May 2031).",
        ),
        # What a publisher reports, it neither denies nor claims.
        (Verdict.NO, reported(Stance.DENIES), "No: according to Salis Herald (1 May 2031)."),
        (Verdict.YES, reported(Stance.ASSERTS, day=None), "Yes: according to Salis Herald (date unknown)."),
        (Verdict.YES, reported(Stance.ASSERTS, publisher=None), "Yes: according to one article (1 May 2031)."),
        (
            Verdict.YES,
            reported(Stance.ASSERTS, claimed=True),
            "Yes: according to a text that says it is from Salis Herald (1 May 2031).",
        ),
    ],
)
def test_a_verdict_names_who_says_it(verdict: Verdict, first: Evidence, headline: str) -> None:
    assert compose_headline(verdict, [first]) == headline


def test_a_denial_of_something_else_is_not_told_as_a_denial_of_it() -> None:
    said = evidence(Stance.ASSERTS, "Kurland", "denied", CueClass.SAYS)
    assert "denied it" not in compose_headline(Verdict.YES, [said])


def test_a_dispute_names_everybody_on_either_side_once() -> None:
    found = compose_headline(
        Verdict.DISPUTED,
        [
            evidence(Stance.ASSERTS, "Mali"),
            evidence(Stance.DENIES, "Kurland", "denied", CueClass.DENIES),
            evidence(Stance.ASSERTS, "Burkina Faso"),
            evidence(Stance.ASSERTS, "Mali"),
            evidence(Stance.UNCONFIRMED, "Ossia"),
            evidence(Stance.ASSERTS, "Niger"),
        ],
    )
    assert found == "Disputed: according to Mali, Burkina Faso and Niger; against it Kurland."


def test_in_a_dispute_the_publisher_speaks_where_nobody_is_named() -> None:
    found = compose_headline(
        Verdict.DISPUTED, [reported(Stance.ASSERTS), reported(Stance.DENIES, publisher="The Canal", claimed=True)]
    )
    assert found == "Disputed: according to Salis Herald; against it a text that says it is from The Canal."


@pytest.mark.parametrize("only", [Stance.ASSERTS, Stance.DENIES])
def test_a_dispute_of_which_one_side_is_missing_is_still_a_sentence(only: Stance) -> None:
    assert compose_headline(Verdict.DISPUTED, [evidence(only, "Kurland")])


@pytest.mark.parametrize("verdict", [Verdict.OPEN, None])
def test_without_a_verdict_the_articles_speak(verdict: Verdict | None) -> None:
    assert compose_headline(verdict, [evidence(None)]) == "What one of my articles says:"
    both = [evidence(None, article=1), evidence(None, article=2), evidence(None, article=2)]
    assert compose_headline(verdict, both) == "What 2 of my articles say:"


def test_a_list_is_counted_and_says_how_much_more_there_is() -> None:
    quotes = [evidence(None)]
    assert compose_headline(Verdict.OPEN, quotes, ["Mali", "Niger"]) == "I found 2 in one of my articles: Mali · Niger."
    many = [f"Port {letter}" for letter in "ABCDEFGHIJK"]
    found = compose_headline(Verdict.OPEN, quotes, many)
    assert found.startswith("I found 11 in one of my articles: Port A · Port B · ")
    assert found.endswith(" · and 3 more.")
    assert compose_headline(Verdict.OPEN, quotes, ["Mali"]) == "What one of my articles says:"


def test_nothing_found_is_said_in_the_same_words_everywhere() -> None:
    assert compose_headline(Verdict.NOT_FOUND, []) == NOT_FOUND
    assert compose_headline(Verdict.YES, []) == NOT_FOUND


def test_other_words_may_stand_for_the_verdict() -> None:
    words = {Verdict.YES: "True", Verdict.NO: "False", Verdict.DISPUTED: "Contested"}
    assert compose_headline(Verdict.YES, [reported(Stance.ASSERTS)], words=words).startswith("True: ")
