"""Sanitize people's text before storing it: valid Unicode, and no ids where they are not allowed."""

import re
import unicodedata

from corpus.normalize import normalize_unicode

# Mentions are <@id>, <@!id> or <@&id>; ids have 17 to 20 digits, the oldest one fewer
# (discord.com/developers/docs/reference). Other numbers of that length are rare.
_MENTION = re.compile(r"<@[!&]?\d+>")
_BARE_ID = re.compile(r"\d{15,}")
_SPACE = re.compile(r"\s+")
# Zero-width joiners are part of the spelling of Persian and many Indian languages, and of emoji.
_JOINERS = "\u200c\u200d"


def storable(text: str) -> str:
    """Return valid Unicode: lone surrogates, which JSON allows and SQLite refuses, become U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def redact_ids(text: str) -> str:
    """Replace mentions of people and roles, and anything like an id."""
    return _BARE_ID.sub("…", _MENTION.sub("@someone", storable(text)))


def normalise_question(question: str) -> str:
    """Normalise a question for counting: no ids or invisible characters, lower case, single spaces, no end mark."""
    visible = "".join(
        char
        for char in normalize_unicode("NFKC", storable(question))
        if char in _JOINERS or char.isspace() or not unicodedata.category(char).startswith("C")
    )
    return _SPACE.sub(" ", redact_ids(visible).lower()).strip(" ?!.…")
