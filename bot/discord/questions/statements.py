"""Reads what a message claims: its text, embeds, forwarded messages and text files, statement by statement."""

import re
from collections.abc import AsyncIterator, Iterable
from pathlib import PurePosixPath

import discord
import structlog

from bot.answering.question.kind import LONGEST_QUESTION
from bot.discord.questions.addressee import cut_question
from bot.discord.transport.retry import REQUEST_ERRORS
from bot.discord.views.escape import truncate, visible
from corpus.charset import decode
from corpus.sentences import split_sentences

log = structlog.get_logger(__name__)

# Statements of one message that are checked, so that it takes no more than a few questions' time.
MAX_CLAIMS = 8
# Bytes of an attached text, and characters of all texts together.
MAX_FILE_BYTES = 100_000
MAX_TEXT = 20_000
# Shorter sentences claim nothing that could be checked: "Wow.", "Read this!".
_MIN_WORDS = 4
_NOT_TEXT = re.compile(r"<a?:\w+:\d+>|<[@#][!&]?\d+>|https?://\S+")
# Lists, headings and quotes of Discord's markdown, and marks within a line.
_MARKUP = re.compile(r"^\s*(?:[-*+•]\s+|\d{1,2}[.)]\s+|#{1,3}\s+|>{1,3}\s+)|[*_~|`]{1,3}")
_WORD = re.compile(r"[^\W_]+")


async def message_texts(message: discord.Message) -> list[str]:
    """Return the texts of a message, of what it forwards, of its embeds and of its text files, in that order."""
    texts: list[str] = []
    parts: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    for part in parts:
        texts += [part.content, *(text for embed in part.embeds for text in (embed.title, embed.description) if text)]
        texts += [text async for text in _file_texts(part.attachments)]
    return [text for text in texts if text.strip()]


async def _file_texts(files: Iterable[discord.Attachment]) -> AsyncIterator[str]:
    for file in files:
        if PurePosixPath(file.filename).suffix.lower() == ".txt" and file.size <= MAX_FILE_BYTES:
            try:
                yield decode(await file.read())
            except REQUEST_ERRORS as error:
                log.info("an attached text can't be read", failure=type(error).__name__)


def statements(texts: Iterable[str]) -> list[str]:
    """Return what the texts state, each once, without questions, links, mentions and exclamations."""
    found: dict[str, str] = {}
    left = MAX_TEXT
    for text in texts:
        for line in text[:left].splitlines():
            for sentence in _sentences(_MARKUP.sub("", _NOT_TEXT.sub(" ", line))):
                found.setdefault(sentence.casefold(), sentence)
        left = max(0, left - len(text))
    return list(found.values())


def joined_text(texts: Iterable[str]) -> str:
    """Return the texts as one query of bounded length, without links, mentions and emoji."""
    text = cut_question(visible(_NOT_TEXT.sub(" ", " ".join(texts)[:MAX_TEXT])))
    return text if _WORD.search(text) else ""


def _sentences(line: str) -> list[str]:
    line = visible(line)
    parts = (line[span.start : span.end].strip() for span in split_sentences(line, 0, len(line), None))
    return [truncate(part, LONGEST_QUESTION) for part in parts if _may_claim(part)]


def _may_claim(sentence: str) -> bool:
    return len(_WORD.findall(sentence)) >= _MIN_WORDS and not sentence.rstrip("\"”')").endswith("?")
