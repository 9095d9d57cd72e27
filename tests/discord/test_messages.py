"""What text of articles and users becomes in a Discord message."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.messages import escape


@pytest.mark.parametrize(
    ("given_text", "hidden"),
    [("@everyone", "@everyone"), ("<@123456789012345678>", "<@123456789012345678>"), ("a\u202eb", "\u202e")],
)
def test_what_would_ping_or_deceive_is_defused(given_text: str, hidden: str):
    assert hidden not in escape(given_text)


def test_formatting_is_shown_as_it_was_written():
    assert escape("**bold** _x_ `code`") == r"\*\*bold\*\* \_x\_ \`code\`"


@given(st.text())
def test_escaped_text_is_one_line_and_mentions_nobody(text: str):
    escaped = escape(text)
    assert "\n" not in escaped
    assert not re.search(r"@(everyone|here)", escaped)
    assert not re.search(r"(?<!\\)<[@#:t]", escaped)
