"""Follow-up questions become questions that stand on their own."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.question.follow_up import MAX_EARLIER, ResolvedQuestion, resolve_follow_up
from bot.answering.question.follow_up_acts import FollowUpAct
from bot.answering.question.kind import LONGEST_QUESTION, QuestionKind
from bot.service.attache import Attache
from bot.service.ingest import ingest
from bot.settings import Settings
from corpus.ingest import IngestOptions
from index.embedding.embedder import packaged_embedder
from tests.bot.answering.kind_of import kind_of

FOLLOW_UPS = Path(__file__).with_name("follow_ups.jsonl")
NEWS = Path(__file__).parents[2] / "pictures" / "news.jsonl"
EARLIER = "Did Kurland deny the tanker reports?"


@pytest.mark.parametrize(
    "question",
    [
        "Did Vestria join the Northern Pact?",
        "Is it true that Kurland sent tankers to Vestria?",
        "Did Ferenk meet his defence minister?",
        "Did Vestria say it would leave the salt deal?",
        "Who is the president of Kurland?",
        "What is the Salt Treaty?",
        "who leads kurland's navy since the coup",
        "Did the council impose sanctions on Vestria?",
    ],
)
def test_a_question_that_stands_on_its_own_is_left_as_it_is(question: str) -> None:
    assert resolve_follow_up(question, EARLIER) == ResolvedQuestion(question, filled_in=False)
    assert resolve_follow_up(question, "") == ResolvedQuestion(question, filled_in=False)


def test_a_correction_that_names_nothing_is_left_as_it_is() -> None:
    for question in ("No:,", "sorry, ,", "no - ,,"):
        assert resolve_follow_up(question, EARLIER).text


@pytest.mark.parametrize(
    ("question", "understood"),
    [
        # Question words alone.
        ("when?", "When did Kurland deny the tanker reports?"),
        ("where exactly?", "Where did Kurland deny the tanker reports?"),
        ("Why?", "Why did Kurland deny the tanker reports?"),
        ("When was that?", "When did Kurland deny the tanker reports?"),
        ("and when did this happen", "When did Kurland deny the tanker reports?"),
        ("no, not , Vestria", "Did Vestria deny the tanker reports?"),
        ("who else?", "Who else: did Kurland deny the tanker reports?"),
        ("How many people?", "How many people: did Kurland deny the tanker reports?"),
        # Pronouns and what leans on the earlier question.
        ("Did they confirm it?", "Did Kurland confirm the tanker reports?"),
        ("Why did they deny it?", "Why did Kurland deny the tanker reports?"),
        ("did Vestria confirm the reports?", "Did Vestria confirm the tanker reports?"),
        ("and what did Vestria say?", "What did Vestria say about the tanker reports?"),
        ("did Vestria do it?", "Did Vestria deny the tanker reports?"),
        ("And did the Vestrian army?", "Did the Vestrian army deny the tanker reports?"),
        ("And did Vestria respond?", "Did Vestria respond to the tanker reports?"),
        ("What did the Vestrian envoy say about it?", "What did the Vestrian envoy say about the tanker reports?"),
        ("who reported it first?", "Who reported it first: did Kurland deny the tanker reports?"),
        ("what happened next?", "What happened next: did Kurland deny the tanker reports?"),
        # Somebody or something else.
        ("what about Vestria?", "Did Vestria deny the tanker reports?"),
        ("and Vestria?", "Did Vestria deny the tanker reports?"),
        ("Vestria?", "Did Vestria deny the tanker reports?"),
        ("how about the foreign ministry?", "Did the foreign ministry deny the tanker reports?"),
        ("what about the drones?", "What about the drones: Kurland, the tanker reports?"),
        # Times, places, sources.
        ("and in 2031?", "Did Kurland deny the tanker reports in 2031?"),
        ("since March?", "Did Kurland deny the tanker reports since March?"),
        ("And now?", "Did Kurland deny the tanker reports now?"),
        ("and in Port Salis?", "Did Kurland deny the tanker reports in Port Salis?"),
        ("according to the Salis Herald?", "Did Kurland deny the tanker reports according to the Salis Herald?"),
        # Doubts.
        ("did it?", EARLIER),
        ("?", EARLIER),
        ("check again", EARLIER),
        # Corrections.
        ("no, I meant Kurmark", "Did Kurmark deny the tanker reports?"),
        ("no, Vestria", "Did Vestria deny the tanker reports?"),
        ("I mean Vestria, not Kurland", "Did Vestria deny the tanker reports?"),
        ("not Kurland but Vestria", "Did Vestria deny the tanker reports?"),
        ("sorry, I meant the drone reports", "Did Kurland deny the drone reports?"),
        ("no, I meant in 2031", "Did Kurland deny the tanker reports in 2031?"),
        ("no, did Vestria deny it?", "Did Vestria deny the tanker reports?"),
    ],
)
def test_what_is_left_out_comes_from_the_earlier_question(question: str, understood: str) -> None:
    assert resolve_follow_up(question, EARLIER) == ResolvedQuestion(understood, filled_in=True)


@pytest.mark.parametrize(
    ("earlier", "question", "understood"),
    [
        ("When did Vestria join the Pact in 2031?", "and Kurland?", "When did Kurland join the Pact in 2031?"),
        ("When did Vestria join the Pact in 2031?", "and in 2029?", "When did Vestria join the Pact in 2029?"),
        ("When did Vestria join the Pact?", "where?", "Where did Vestria join the Pact?"),
        ("Who denied the tanker reports?", "when?", "When: who denied the tanker reports?"),
        ("Who: did Kurland deny the tanker reports?", "when?", "When did Kurland deny the tanker reports?"),
        ("did kurland deny the drone strike", "and vestria?", "Did vestria deny the drone strike?"),
        ("Who is Ferenk Olt?", "Why did he resign?", "Why did Ferenk Olt resign?"),
        ("Did Ferenk Olt apologise for the parties?", "Did he resign?", "Did Ferenk Olt resign?"),
        ("Who leads Kurland?", "no, I meant Kurmark", "Who leads Kurmark?"),
        ("Did the drones hit Salis?", "what about the missiles?", "Did the missiles hit Salis?"),
        (
            "How many people were killed in Salis in March 2031?",
            "and in Port Erem?",
            "How many people were killed in Port Erem in March 2031?",
        ),
        (
            "Did Vestria shell Salis in March 2031?",
            "Who was killed there?",
            "Who was killed there: did Vestria shell Salis in March 2031?",
        ),
    ],
)
def test_the_shape_of_the_earlier_question_is_kept(earlier: str, question: str, understood: str) -> None:
    assert resolve_follow_up(question, earlier) == ResolvedQuestion(understood, filled_in=True)


ROWS = [json.loads(line) for line in FOLLOW_UPS.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def quoted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What the answer to each question of the rows quotes."""
    settings = Settings.load(None, data_dir=tmp_path_factory.mktemp("news"))
    ingest(settings, packaged_embedder(), [NEWS], IngestOptions())
    with Attache(settings, embedder=packaged_embedder()) as attache:
        questions = dict.fromkeys(row["question"] for row in ROWS)
        return {each: [found.quote.text for found in attache.ask(each).evidence] for each in questions}


def test_follow_ups_in_many_forms_are_understood(quoted: dict[str, list[str]]) -> None:
    """Each row says what is wanted, which words the completed question has, and whether that is known to be missed."""
    wrong = []
    for row in ROWS:
        found = resolve_follow_up(row["follow_up"], row["question"], quoted[row["question"]])
        text = " ".join((found.text, *found.readings)).lower()
        has_words = all(word in text for word in row["words"]) and not any(word in text for word in row["without"])
        if found.act != row["act"] or not has_words:
            wrong.append(row["follow_up"])
    # Which quotes an answer has, and so whom "he" is, differs a little between processors with and without bfloat16.
    assert set(wrong) <= {row["follow_up"] for row in ROWS if row["missed"]}


def test_a_pronoun_with_two_readings_asks_which() -> None:
    found = resolve_follow_up("what did they say?", "Did Vestria accuse Kurland of sinking the tanker?")
    assert found.act is FollowUpAct.CHOOSE
    assert [each.split()[2] for each in found.readings] == ["Vestria", "Kurland"]


def test_who_is_meant_may_stand_in_the_answer_only() -> None:
    quotes = ["No ship was near, ministry spokesman Edvard Lorne said in Port Salis."]
    found = resolve_follow_up("what else did he say?", "Did Kurland sink the tanker?", quotes)
    assert "Edvard Lorne" in found.text
    assert found.act is FollowUpAct.ASK


@pytest.mark.parametrize(
    ("question", "earlier", "understood"),
    [
        ("Who led it?", "Did the Corran summit take place?", "Who led the Corran summit?"),
        ("could you please tell me when?", EARLIER, "When did Kurland deny the tanker reports?"),
    ],
)
def test_it_is_what_took_place_and_courtesy_is_no_question(question: str, earlier: str, understood: str) -> None:
    assert resolve_follow_up(question, earlier).text == understood


@pytest.mark.parametrize(
    ("said", "act"),
    [
        ("that's wrong", FollowUpAct.SPEAKERS),
        ("that's not what i heard", FollowUpAct.SPEAKERS),
        ("das glaube ich dir nicht", FollowUpAct.SPEAKERS),
        ("tl;dr pls", FollowUpAct.SHORT),
        ("kurzfassung?", FollowUpAct.SHORT),
        ("any proof?", FollowUpAct.SOURCES),
        ("did they deny it?", FollowUpAct.ASK),
        ("and the opposition?", FollowUpAct.ASK),
        ("is the ceasefire confirmed", FollowUpAct.ASK),
        ("wow", FollowUpAct.ASK),
        ("is Iran lying?", FollowUpAct.ASK),
    ],
)
def test_doubts_and_wishes_are_told_from_questions(said: str, act: FollowUpAct) -> None:
    assert resolve_follow_up(said, EARLIER).act is act


def test_who_of_a_question_for_yes_or_no_asks_on_whose_word_the_answer_rests() -> None:
    for asked in ("who?", "and who", "wer?"):
        assert resolve_follow_up(asked, EARLIER).act is FollowUpAct.SPEAKERS
    assert resolve_follow_up("who?", "When did Kurland deny the reports?").act is FollowUpAct.ASK


def test_a_country_written_small_is_named_as_one() -> None:
    for asked, named in (
        ("what about germany", "Germany"),
        ("and the uk?", "the UK"),
        ("and south korea", "South Korea"),
    ):
        assert resolve_follow_up(asked, EARLIER).text == f"Did {named} deny the tanker reports?"


@pytest.mark.parametrize(
    ("asked", "understood"),
    [
        (("what about the harbour", "when?"), "When: the harbour, Kurland, the tanker reports?"),
        (("what about the harbour", "when?", "why?"), "Why: The harbour, Kurland, the tanker reports?"),
        (("what about the harbour", "what about the ferry?"), "What about the ferry: Kurland, the tanker reports?"),
        (("what about the tanker", "who?"), "Who: Kurland, the tanker reports?"),
    ],
)
def test_questions_about_something_else_are_not_put_into_each_other(asked: tuple[str, ...], understood: str) -> None:
    text = EARLIER
    for each in asked:
        text = resolve_follow_up(each, text).text
    assert text == understood


def test_a_question_word_in_front_makes_it_an_open_question() -> None:
    assert kind_of(resolve_follow_up("who else?", EARLIER).text) is QuestionKind.WHO
    assert kind_of(resolve_follow_up("and Vestria?", EARLIER).text) is QuestionKind.YES_NO


def test_a_long_conversation_keeps_its_subject_and_stays_short() -> None:
    earlier = EARLIER
    for place in range(200):
        earlier = resolve_follow_up(
            ("who?", f"and in Port{place}?", "what happened then?", "did it?")[place % 4], earlier
        ).text
    assert earlier.startswith("Did Kurland deny the tanker reports")
    assert len(earlier) <= 2 * MAX_EARLIER


_WORDS = st.sampled_from(
    """did Did was who what when why it they that Kurland Vestria the reports deny denied and no I meant in 2031 not
    about ? : ,""".split()
)
_TEXTS = st.text(max_size=1200) | st.lists(_WORDS, max_size=20).map(" ".join)


@given(_TEXTS, _TEXTS)
def test_any_two_texts_give_a_question_of_bounded_length(question: str, earlier: str) -> None:
    found = resolve_follow_up(question, earlier)
    assert len(found.text) <= LONGEST_QUESTION
    assert "\n" not in found.text
    if not found.filled_in:
        assert found.text == " ".join(question.split())[:LONGEST_QUESTION]


@given(_TEXTS, st.lists(_TEXTS, max_size=12))
def test_no_chain_of_questions_grows_without_bound(first: str, later: list[str]) -> None:
    understood = first[:LONGEST_QUESTION]
    for question in later:
        understood = resolve_follow_up(question, understood).text
        assert len(understood) <= LONGEST_QUESTION
