"""Words that say no, admit or leave open: which they are, whose they are, and what they are about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.verdict.denial_cues import CueKind, find_cues


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("Kurland denied that it sank the tanker.", [CueKind.DENIES]),
        ("Kurland rejected the claim.", [CueKind.DENIES]),
        ("Kurland rejected Vestria's offer of talks.", [CueKind.REFUSES]),
        ("The navy dismissed the reports as baseless.", [CueKind.DENIES]),
        ("The visa was denied.", [CueKind.REFUSES]),
        ("Kurland denied the envoys a visa.", [CueKind.REFUSES]),
        ("Kurland refused to take responsibility.", [CueKind.DENIES]),
        ("Kurland did not deny it.", []),
        ("Kurland has never denied it.", []),
        ("Kurland has yet to confirm it.", [CueKind.UNCONFIRMED]),
        ("Kurland neither confirmed nor denied it.", [CueKind.UNCONFIRMED]),
        ("Kurland declined to comment.", [CueKind.UNCONFIRMED]),
        ("The report could not be independently verified.", [CueKind.UNCONFIRMED]),
        ("Olt ruled out a truce.", [CueKind.REFUSES]),
        ("Olt turned the offer down.", [CueKind.REFUSES]),
        ("Olt admitted it.", [CueKind.ADMITS]),
        ("Olt did not admit it.", [CueKind.UNCONFIRMED]),
        ("Olt agreed to a truce.", [CueKind.AGREES]),
        ("Olt never agreed to a truce.", [CueKind.REFUSES]),
        ("There is no evidence that the tanker sank.", [CueKind.IS_FALSE]),
        ("Olt accused Vestria of sinking it.", [CueKind.ACCUSES]),
        ("The disputed Salis region lies in the south.", []),
        ("Olt could reject it.", []),
        ("Olt is expected to reject it.", []),
        ("Olt refused to deny it.", []),
        ("If Olt denied it, nobody heard.", []),
        ("Vestria urged Kurland to accept it.", []),
        ("The tanker sank.", []),
    ],
)
def test_what_a_cue_does(sentence: str, kinds: list[CueKind]) -> None:
    assert [each.kind for each in find_cues(sentence)][: max(1, len(kinds))] == kinds


@pytest.mark.parametrize(
    ("sentence", "subject", "about"),
    [
        ("Vestria said that Kurland denied the claim.", "Kurland", "the claim."),
        ("The appeal was rejected by a Kurlandish court.", "a Kurlandish court", "The appeal was"),
        ("Vestria blamed the navy, but Kurland denied it.", "Kurland", "it."),
        ("It was the navy, a claim that Kurland has denied.", "Kurland has", "."),
    ],
)
def test_whose_a_cue_is_and_what_it_is_about(sentence: str, subject: str, about: str) -> None:
    cue = next(each for each in find_cues(sentence) if each.kind in {CueKind.DENIES, CueKind.REFUSES})
    assert sentence[cue.subject.start : cue.subject.end].strip(" .") == subject
    assert sentence[cue.about.start : cue.about.end].strip() == about


@given(st.text(max_size=300))
def test_every_part_lies_in_the_sentence(sentence: str) -> None:
    for cue in find_cues(sentence):
        for span in (cue.span, cue.subject, cue.about):
            assert 0 <= span.start <= span.end <= len(sentence)
