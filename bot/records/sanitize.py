"""Making people's text fit to be stored: valid Unicode, and no ids where none may stand."""

import re
import unicodedata

# Discord writes a mention as <@id>, <@!id> or <@&id>; ids have 17 to 20 digits, the first of
# 2015 one fewer (discord.com/developers/docs/reference). No other number that long is worth keeping.
_MENTION = re.compile(r"<@[!&]?\d+>")
_BARE_ID = re.compile(r"\d{15,}")
_SPACE = re.compile(r"\s+")
# Zero-width joiners belong to the spelling of Persian and many Indian languages, and to emoji.
_JOINERS = "\u200c\u200d"


def storable(text: str) -> str:
    """The text as valid Unicode: halves of surrogate pairs, which JSON may carry and SQLite refuses, become U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def without_ids(text: str) -> str:
    """The text with mentions of people and roles, and anything like an id, replaced."""
    return _BARE_ID.sub("…", _MENTION.sub("@someone", storable(text)))


def normalised(question: str) -> str:
    """One spelling for the same question: no ids, no invisible characters, lower case, single spaces, no end mark."""
    visible = "".join(
        char
        for char in unicodedata.normalize("NFKC", storable(question))
        if char in _JOINERS or char.isspace() or not unicodedata.category(char).startswith("C")
    )
    return _SPACE.sub(" ", without_ids(visible).lower()).strip(" ?!.…")
