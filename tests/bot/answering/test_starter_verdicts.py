"""What the real service says to yes/no questions over the starter briefs: outright mistakes would end all trust."""

from collections import Counter

import pytest

from bot.answering.answer import Verdict
from bot.quality.verdict_rows import DEFINITE
from bot.service.attache import Attache

# VerdictOutcome by reading the briefs. Not every one is answered right today; the shares below are what must hold.
QUESTIONS = {
    Verdict.YES: (
        "Did Iran deny the missile reports?",
        "Did Finland join NATO?",
        "Did Finland become a member of NATO in April 2023?",
        "Did Sweden join NATO?",
        "Did Hungary approve Sweden's accession?",
        "Did Russia end its participation in the grain deal?",
        "Did Russia leave the Black Sea grain initiative?",
        "Did Sheikh Hasina resign?",
        "Did China say the balloon was a civilian airship?",
        "Did the US shoot down the Chinese balloon?",
        "Did China deny that the balloon was a surveillance balloon?",
        "Did Venezuela hold a referendum on Essequibo?",
        "Did the ICC issue an arrest warrant for Putin?",
        "Did Israel reject the accusation of genocide?",
        "Did South Africa accuse Israel of genocide?",
        "Did the Houthis seize the Galaxy Leader?",
        "Did Israel deny that the Galaxy Leader was Israeli?",
        "Did Saudi Arabia and Iran restore diplomatic relations?",
        "Did the UAE deny arming the RSF?",
        "Did the RSF deny targeting civilians?",
        "Did Mali leave ECOWAS?",
        "Did Turkey approve Finland's accession to NATO?",
        "Did the Philippines ground the Sierra Madre on purpose?",
        "Did the US restrict exports of advanced chips to China?",
        "Was Maduro declared the winner of the election?",
        "Did France withdraw its troops from Niger?",
    ),
    Verdict.NO: (
        "Did Iran confirm sending missiles to Russia?",
        "Did Sweden join NATO in April 2023?",
        "Did Russia and Ukraine sign the grain agreement with each other?",
        "Did the court forbid the Venezuelan referendum?",
        "Does Venezuela accept the arbitral award of 1899?",
        "Does Russia recognise the ICC?",
        "Did the ICJ order a ceasefire in Gaza in January 2024?",
        "Did Argentina join BRICS?",
        "Did Putin travel to the Johannesburg summit?",
        "Did Russia accept the oil price cap?",
        "Did China accept the arbitral award of 2016?",
        "Did the IAEA blame Russia for shelling Zaporizhzhia?",
        "Did the Kremlin confirm the missile delivery?",
    ),
    Verdict.DISPUTED: (
        "Did Iran send missiles to Russia?",
        "Was the Chinese balloon a spy balloon?",
        "Did the UAE arm the RSF?",
        "Did China use water cannon against Philippine boats?",
    ),
    Verdict.NOT_FOUND: (
        "Did China send missiles to Russia?",
        "Did Sweden leave NATO?",
        "Did Norway join NATO in 2023?",
        "Did Sheikh Hasina flee to Pakistan?",
        "Did Brazil hold a referendum on Essequibo?",
        "Did the ICC issue an arrest warrant for Lukashenko?",
        "Did north korea send troops to ukraine?",
        "Did Saudi Arabia and Israel restore diplomatic relations?",
        "Did Egypt deny arming the RSF?",
        "Did Ghana leave ECOWAS?",
        "Did Israel deny striking the hospital?",
        "Did Hungary veto Finland's accession?",
        "Did Japan ban chip exports to China?",
        "Did Poland win the war against Belarus?",
        "Has Ukraine rejected the ICC warrant?",
        "Did Wagner fighters reach Moscow?",
        "Did Germany withdraw its troops from Niger?",
    ),
}
# Right answers that stand for what the verdict is about; each of them must stay right.
CERTAIN = (
    ("Did Iran deny the missile reports?", Verdict.YES),
    ("Did Iran send missiles to Russia?", Verdict.DISPUTED),
    ("Did the Kremlin confirm the missile delivery?", Verdict.NO),
    ("Did Iran confirm sending missiles to Russia?", Verdict.NO),
    ("Does Russia recognise the ICC?", Verdict.NO),
    ("Did the ICC issue an arrest warrant for Lukashenko?", Verdict.NOT_FOUND),
    ("Did Saudi Arabia and Israel restore diplomatic relations?", Verdict.NOT_FOUND),
    ("Did the Houthis seize the Galaxy Leader?", Verdict.YES),
)


@pytest.mark.parametrize(("question", "verdict"), CERTAIN)
def test_a_question_gets_the_verdict_that_the_briefs_give(
    starter_service: Attache, question: str, verdict: Verdict
) -> None:
    assert starter_service.ask(question).verdict is verdict


def test_most_verdicts_are_right_hardly_any_are_turned_round_and_other_events_are_not_found(
    starter_service: Attache,
) -> None:
    found = Counter(
        (gold, starter_service.ask(question).verdict) for gold, questions in QUESTIONS.items() for question in questions
    )
    total = found.total()
    right = sum(count for (gold, said), count in found.items() if gold is said)
    turned = found[Verdict.YES, Verdict.NO] + found[Verdict.NO, Verdict.YES]
    absent = len(QUESTIONS[Verdict.NOT_FOUND])
    definite = [gold is said for (gold, said), count in found.items() if said in DEFINITE for _ in range(count)]
    assert right / total >= 0.6
    assert sum(definite) / len(definite) >= 0.74
    assert turned / total <= 0.07
    assert found[Verdict.NOT_FOUND, Verdict.NOT_FOUND] / absent >= 0.55
    assert found[Verdict.NOT_FOUND, Verdict.YES] <= 1
