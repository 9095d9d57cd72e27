"""What somebody typed is read without Discord's marks, links, and commands written as text."""

import pytest

from bot.discord.questions.typed_text import Typed, read_typed


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("/ask Did it sink?", "Did it sink?"),
        ("!ask question: who signed", "who signed"),
        ("```\nWho won?\n```", "Who won?"),
        ("```text\nWho won?\n```", "Who won?"),
        ("`did it sink`", "did it sink"),
        ("||Who won?||", "Who won?"),
        ("> It sank.\nis this true?", "It sank.\nis this true?"),
        ("look <https://a.example/b> did it sink?", "look   did it sink?"),
        ("@everyone who won", "who won"),
        ("🔥", "🔥"),
        ("1/2 of the votes?", "1/2 of the votes?"),
    ],
)
def test_the_text_is_what_was_asked(content: str, text: str):
    assert read_typed(content) == Typed(text)


@pytest.mark.parametrize("content", ["https://a.example/did-iran-deny-it", "<https://a.example/> https://b.example"])
def test_links_alone_are_no_question(content: str):
    assert read_typed(content) == Typed("", is_link=True)


@pytest.mark.parametrize(("content", "command"), [("/corpus list", "corpus"), ("!help", "help"), ("/ask", "ask")])
def test_a_command_that_was_written_is_told_by_name(content: str, command: str):
    assert read_typed(content, {"corpus"}).command == command


def test_an_unknown_command_is_text():
    assert read_typed("/shrug who won", {"corpus"}) == Typed("/shrug who won")
