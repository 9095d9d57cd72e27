"""What is asked about the bot itself, and what that costs."""

import pytest

from bot.answering.question.about_bot import BotSubject, bot_subject
from index.embedding.embedder import packaged_embedder


class NoEmbedder:
    """Fails at whatever is embedded."""

    def encode(self, _texts: list[str]) -> None:
        pytest.fail("a question that is plain by its words was embedded")


@pytest.mark.parametrize(
    "asked",
    ["Did Iran deny the missile reports?", "who won the election in Norvia", "how many people died in the flood", "?"],
)
def test_a_question_that_is_plain_by_its_words_costs_no_embedding(asked: str) -> None:
    assert bot_subject(asked, NoEmbedder()) is None  # type: ignore[arg-type]


def test_a_message_that_may_be_about_an_answer_has_to_be_plainer() -> None:
    said, packaged = "can i rely on this bot then", packaged_embedder()
    assert bot_subject(said, packaged) is BotSubject.TRUST
    assert bot_subject("where did you get this from", packaged, is_follow_up=True) is None


@pytest.mark.parametrize(
    ("said", "subject"), [("so what's going on today", BotSubject.NEWS), ("ok so who made you?", BotSubject.MAKER)]
)
def test_a_message_is_read_without_its_opener(said: str, subject: BotSubject) -> None:
    assert bot_subject(said, packaged_embedder()) is subject
