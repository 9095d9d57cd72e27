"""What somebody typed, without marks of code, quotes and spoilers, links, and commands written as text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# A block of code with its language, which stands alone on the first line.
_FENCE = re.compile(r"```(?:[a-z0-9+#-]{1,20}\n)?(.*?)```", re.IGNORECASE | re.DOTALL)
_INLINE = re.compile(r"`{1,2}([^`\n]+)`{1,2}")
_SPOILER = re.compile(r"\|\|(.+?)\|\|", re.DOTALL)
_LINE_MARKS = re.compile(r"^[ \t]*(?:>{1,3}[ \t]+|#{1,3}[ \t]+|-#[ \t]+)", re.MULTILINE)
_LINK = re.compile(r"<?https?://[^\s<>]+>?")
_MENTION = re.compile(r"<@[!&]?\d+>|<#\d+>|@(?:everyone|here)\b")
# A command that was written, rather than picked: "!ask question: Did Iran deny it?" asks as "/ask" would.
_COMMAND = re.compile(r"[/!](?P<name>[\w-]{2,32})(?P<rest>(?:\s.*)?)", re.DOTALL)
_OPTION = re.compile(r"(?<!\s)\s*+(?:question|query|frage)\s*:\s*", re.IGNORECASE)
ASKING = frozenset(("ask", "frag", "frage", "question", "q"))
HELPING = frozenset(("help", "hilfe", "commands", "befehle", "start", "about", "info"))


@dataclass(frozen=True, slots=True)
class Typed:
    """A message as typed: `text` to be answered, `command` if it names one as text, `is_link` if it is links alone."""

    text: str
    command: str = ""
    is_link: bool = False


def read_typed(content: str, known: Iterable[str] = ()) -> Typed:
    """Read what a message asks.

    Args:
        content: the message, without mentions of the bot.
        known: names of commands. "/ask" as text asks what follows it; another name is only returned as `command`.
    """
    text = _FENCE.sub(lambda match: f" {match[1]} ", content)
    for mark in (_INLINE, _SPOILER):
        text = mark.sub(lambda match: match[1], text)
    text = _LINE_MARKS.sub("", text)
    bare = _MENTION.sub(" ", _LINK.sub(" ", text)).strip()
    if not re.search(r"\w", bare):
        return Typed("" if _LINK.search(text) else text.strip(), is_link=bool(_LINK.search(text)))
    if command := _COMMAND.fullmatch(bare):
        name, rest = command["name"].lower(), _OPTION.sub("", command["rest"], count=1).strip()
        if name in ASKING and rest:
            return Typed(rest)
        if name in ASKING | HELPING or name in set(known):
            return Typed(bare, command=name)
    return Typed(bare)
