"""What is a question, and of which kind."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.question.kind import (
    LONGEST_QUESTION,
    QuestionKind,
    check_question,
    question_kind,
    split_sentences_of,
)
from bot.answering.question.kind_model import BUCKETS, KindModel, features, features_with_form
from corpus.errors import BadInput
from tests.bot.answering.kind_of import kind_of

# Written for this test: the classifier has seen none of them.
QUESTIONS = {
    QuestionKind.YES_NO: (
        "Did Kurland withdraw its envoys from Vestria?",
        "has the Ostrava bridge been closed since the storm",
        "Is Tobe Lund still chancellor of Belmar?",
        "were any sailors hurt when the Marisol sank?",
        "Could it be that Norvia sold the radar sets after all?",
        "so is the Ilm strait open again?",
    ),
    QuestionKind.CLAIM: (
        "Kurland has closed all its embassies in Vestria.",
        "Ferenk Olt was arrested in Salis last night",
        "Belmar won the chess olympiad of 2031.",
    ),
    QuestionKind.WHO: (
        "Who signed the Brannic truce for Vestria?",
        "who's in charge of the Ossian navy",
        "Which general commands the Quen rebels?",
    ),
    QuestionKind.WHAT: ("What does the treaty of Orsk forbid?", "what was in the letter from Ana Ferro"),
    QuestionKind.WHEN: (
        "When did the paper mill at Oster burn?",
        "what day was the truce signed",
        "Since when is the Ilm strait closed?",
    ),
    QuestionKind.WHERE: (
        "Where was Bram Tell kidnapped?",
        "in which town do the envoys meet",
        "Where is the Dunlow customs house?",
    ),
    QuestionKind.HOW_MANY: (
        "How many sailors were on the Marisol?",
        "number of villages evacuated below the Arland dam?",
    ),
    QuestionKind.HOW_MUCH: (
        "How much did Kurland pay for the lighthouse?",
        "what does the canal toll cost",
        "How much grain did Belmar export in 2030?",
    ),
    QuestionKind.WHY: ("Why did Tobe Lund resign?", "what was the reason for the strike at the ferry company?"),
    QuestionKind.HOW: ("How did the rebels get hold of the radar sets?", "how was the tanker raised from the sea bed"),
    QuestionKind.LIST: (
        "Which countries recognised the Free Harbour Front?",
        "List the ministers who left Ana Ferro's cabinet.",
        "name all parties to the Orsk accord",
    ),
    QuestionKind.COMPARE: (
        "What is the difference between the Orsk accord and the treaty of Salis?",
        "Compare the navies of Kurland and Vestria.",
    ),
    QuestionKind.TOPIC: ("Brannic hills conflict", "anything new about the canal toll?"),
    QuestionKind.SMALL_TALK: ("good evening, bot", "thanks, that was useful"),
    QuestionKind.OTHER_LANGUAGE: ("Hat Kurland die Berichte dementiert?", "¿Quién firmó la tregua de Brannic?"),
}


def test_nine_of_ten_new_questions_are_told_apart() -> None:
    found = [(kind, kind_of(question), question) for kind, asked in QUESTIONS.items() for question in asked]
    assert len(found) == 40
    wrong = [each for each in found if each[0] is not each[1]]
    assert len(wrong) <= 4, wrong
    assert sum(one.asks_verdict != other.asks_verdict for one, other, _ in found) <= 1, wrong


@pytest.mark.parametrize(
    "question",
    [
        "Did Iran deny the missile reports?",
        "did iran deny the missile reports",
        "Has Sweden joined NATO?",
        "Isn't the grain deal over?",
        "Weren’t the balloons Chinese?",
        "And did Kyiv confirm it?",
        "So is the strait closed?",
        "Can Russia veto it?",
        "Iran supplied missiles to Russia.",
        "Iran denied that it sent missiles",
        "What a summer! Did Hasina resign?",
    ],
)
def test_questions_for_a_verdict(question: str) -> None:
    assert kind_of(question).asks_verdict


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who denied the missile reports?", QuestionKind.WHO),
        ("who's behind the coup", QuestionKind.WHO),
        ("Which countries joined BRICS?", QuestionKind.LIST),
        ("When did Sweden join NATO?", QuestionKind.WHEN),
        ("How many people were killed?", QuestionKind.HOW_MANY),
        ("In which city did they meet?", QuestionKind.WHERE),
        ("By whom was the dam destroyed?", QuestionKind.WHO),
        ("The balloon was shot down by what?", QuestionKind.WHAT),
        ("Iran sent missiles to Russia. When did the EU react?", QuestionKind.WHEN),
        ("Okay, so who resigned?", QuestionKind.WHO),
        ("How much did it cost?", QuestionKind.HOW_MUCH),
        ("Why did it burn?", QuestionKind.WHY),
        ("How did it burn?", QuestionKind.HOW),
    ],
)
def test_questions_for_a_piece(question: str, kind: QuestionKind) -> None:
    assert kind_of(question) is kind
    assert not kind.asks_verdict


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("  Did\tIran\n deny  it? ", "Did Iran deny it?"),
        ("Did\0 Iran deny it?", "Did Iran deny it?"),
        ("Hat der Iran dementiert?", "Hat der Iran dementiert?"),
        ("иран опроверг?", "иран опроверг?"),
        ("7", "7"),
    ],
)
def test_a_question_is_taken_on_one_clean_line(typed: str, asked: str) -> None:
    assert check_question(typed) == asked


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("\0\0", "empty"),
        ("?!", "no words"),
        ("🙂🙂", "no words"),
        ("___", "no words"),
        ("why " * 2500, "10,0|9,999"),
    ],
)
def test_what_is_no_question_is_refused_with_what_to_do(typed: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence) as raised:
        check_question(typed)
    assert raised.value.hint


def test_the_longest_question_may_be_asked() -> None:
    assert check_question("x" * LONGEST_QUESTION)
    with pytest.raises(BadInput):
        check_question("x" * (LONGEST_QUESTION + 1))


VECTOR = np.zeros(384, dtype=np.float32)
TYPED = st.text(max_size=200) | st.lists(
    st.sampled_from(["who", "Did", "?", ".", "it", "'", "’s", "and", ":", "7", "٣", "ǅ", "\u0301", "中", "🙂"])
).map(" ".join)


@given(TYPED)
def test_any_text_is_of_some_kind_or_refused(text: str) -> None:
    try:
        question = check_question(text)
    except BadInput:
        return
    assert "\n" not in question
    assert isinstance(question_kind(question, VECTOR), QuestionKind)


@given(TYPED | st.text(alphabet=st.characters(), max_size=2_000))
def test_the_model_tells_the_kind_of_any_text_at_all(text: str) -> None:
    chances = KindModel.load().probabilities(text, VECTOR)
    assert set(chances) == {kind.value for kind in QuestionKind}
    assert sum(chances.values()) == pytest.approx(1.0)
    assert all(0 <= row < BUCKETS for row in features_with_form(text))
    assert set(features(text)) <= set(features_with_form(text))


@pytest.mark.parametrize(
    "question", ["kurland left the truce?", "marisol raised yet?", "envoys freed today?", "any sailors saved?"]
)
def test_what_is_said_in_few_words_and_asked_is_for_a_verdict(question: str) -> None:
    assert kind_of(question) is QuestionKind.YES_NO


@pytest.mark.parametrize("question", ["kurland truce", "arrest of the envoy", "any news from salis?", "kurland war?"])
def test_a_subject_in_few_words_is_a_topic(question: str) -> None:
    assert kind_of(question) is QuestionKind.TOPIC


def test_of_a_long_question_both_ends_are_read() -> None:
    story = " ".join(f"word{number}" for number in range(400))
    assert kind_of(f"{story}. How many sailors were on the Marisol?"[-1000:]) is QuestionKind.HOW_MANY
    assert len(features(story * 20)) < 2_000


@pytest.mark.parametrize(
    "question",
    [
        "Did Col. Olt resign?",
        "Was Lt. Col. Tobe Lund arrested?",
        "did gen. ferro flee to kurland?",
        "Has Prof. Quist taken office?",
        "Where would post No. 4 be rebuilt?",
        "Did Kurland Shipping Inc. pay?",
        "Was Olt's Jan. 6 trial held in the U.S. capital?",
    ],
)
def test_no_sentence_ends_at_an_abbreviation(question: str) -> None:
    assert split_sentences_of(question) == [question]


@pytest.mark.parametrize(
    "sentences",
    [
        ["I was in Salis.", "Did Olt resign?", "thanks."],
        ["Olt left.", "did Brandt?"],
        ["Kurland invaded in 2022.", "did it win the war?"],
        ["I was in Kyiv.", "can you tell me whether it fell?"],
        ["Did Olt resign in May??", "did Brandt flee to Kurland?"],
        ["Kurland denied it...", "is it true?"],
        ["really?!", "when was that?"],
    ],
)
def test_a_message_is_split_where_its_sentences_end(sentences: list[str]) -> None:
    assert split_sentences_of(" ".join(sentences)) == sentences
