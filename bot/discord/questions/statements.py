"""Reads what a message claims: its text, embeds, forwarded messages and text files, statement by statement."""

import re
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import PurePosixPath

import discord
import structlog

from bot.answering.question.courtesy import PICTURES
from bot.answering.question.follow_up import resolve_follow_up
from bot.answering.question.follow_up_acts import FollowUpAct
from bot.answering.question.kind import LONGEST_QUESTION
from bot.answering.question.referents import persons_in
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
_NOT_TEXT = re.compile(r"<a?:\w+:\d+>|<[@#][!&]?\d+>|<t:-?\d+(?::\w)?>|https?://\S+")
_MASKED_LINK = re.compile(r"\[([^\[\]\n]+)\]\(<?https?://[^()\s]+>?\)")
# Below headlines: who published it and when.
_SMALL_PRINT = re.compile(r"\s*-#\s")
# Lists, the numbers of threads ("2/", "(3/7)"), headings and quotes, and marks within a line.
_MARKUP = re.compile(
    r"^\s*(?:[-*+•]\s+|\d{1,2}(?:[.)]|/n?)\s+|\(\d{1,2}/\d{1,2}\)\s*|#{1,3}\s+|>{1,3}\s+)|[*_~|`]{1,3}"
)
# Hashtags before the first sentence and after the last one; those within a sentence are its words.
_TAGS_BEFORE = re.compile(r"^(?:\s*#\w+\b[:,]?)+(?=\s+[\W\d]*[^\W\d_a-zß-ÿ])")
_TAGS_AFTER = re.compile(r"(?:(?<=[.!?…])(?:\s*#\w+)+|(?:\s+#\w+){2,})\s*$")
_TAG = re.compile(r"(?<!\w)#(?=[^\W\d_])")
_WORD = re.compile(r"[^\W_]+")
# A statement that begins like this goes on from the one before it. In "It was on Sunday" it is what happened, no thing.
_GOES_ON = re.compile(
    r"""(?:(?:and|but|so|then)\s+)?(?:(?P<person>he|his|she|her)|(?P<several>they|their|both)
    |it(?!['’]|\s+(?:is|was|has\s+been|had\s+been|will\s+be|would\s+be)\b))\b(?P<rest>.+)""",
    re.IGNORECASE | re.VERBOSE,
)


async def message_texts(message: discord.Message) -> list[str]:
    """Return the texts of a message, of what it forwards, of its embeds and of its text files, in that order."""
    texts: list[str] = []
    parts: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    for part in parts:
        texts += [part.content, *(text for embed in part.embeds for text in (embed.title, embed.description) if text)]
        texts += _shown_texts(part.components)
        texts += [text async for text in _file_texts(part.attachments)]
    return [text for text in texts if text.strip()]


def _shown_texts(components: Iterable[object]) -> Iterator[str]:
    """Yield the texts of a message that consists of components, as other bots write them."""
    for component in components:
        if isinstance(component, discord.TextDisplay):
            yield component.content
        elif isinstance(component, discord.Container | discord.SectionComponent):
            yield from _shown_texts(component.children)


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
            if _SMALL_PRINT.match(line):
                continue
            for sentence in _sentences(_without_tags(_MARKUP.sub("", _plain_text(line)))):
                found.setdefault(sentence.casefold(), sentence)
        left = max(0, left - len(text))
    return list(found.values())


def joined_text(texts: Iterable[str]) -> str:
    """Return the texts as one query of bounded length, without links, mentions and emoji."""
    text = cut_question(visible(_plain_text(" ".join(texts)[:MAX_TEXT])))
    return text if _WORD.search(text) else ""


def complete_statements(claims: Iterable[str]) -> list[str]:
    """Return statements in which "she" and "it" are replaced by what the ones before them name, where that is plain."""
    found: list[str] = []
    for claim in claims:
        found.append((_completed(claim, found[-1]) if found else None) or claim)
    return found


def _completed(claim: str, earlier: str) -> str | None:
    """Return a statement with what its pronoun stands for; None if it has none, or that is not plain."""
    goes_on = _GOES_ON.match(claim)
    resolved = resolve_follow_up(claim, earlier) if goes_on else None
    if goes_on is None or resolved is None or not resolved.filled_in or resolved.act is not FollowUpAct.ASK:
        return None
    # After a colon stands the whole earlier statement, for questions that say little by themselves.
    text = resolved.text.partition(f": {earlier.rstrip(' .!')}")[0].removesuffix("?")
    named = text.removesuffix(goes_on["rest"].rstrip(" .!"))
    if goes_on["person"]:
        is_plain = any(person in named for person in persons_in(earlier))
    elif goes_on["several"]:
        is_plain = " and " in named
    else:
        # A thing of the earlier statement, or a name in it.
        is_plain = named.startswith("The ") or named in earlier
    # Nothing was replaced where the whole statement still stands in it.
    return text if is_plain and claim.rstrip(" .!") not in text else None


def _plain_text(text: str) -> str:
    return PICTURES.sub(" ", _NOT_TEXT.sub(" ", _MASKED_LINK.sub(r"\1", text)))


def _without_tags(line: str) -> str:
    """Return a line without the hashtags around it, and with those in it as words."""
    return _TAG.sub("", _TAGS_AFTER.sub("", _TAGS_BEFORE.sub("", line)))


def _sentences(line: str) -> list[str]:
    line = visible(line)
    parts = (line[span.start : span.end].strip() for span in split_sentences(line, 0, len(line), None))
    return [truncate(part, LONGEST_QUESTION) for part in parts if _may_claim(part)]


def _may_claim(sentence: str) -> bool:
    return len(_WORD.findall(sentence)) >= _MIN_WORDS and not sentence.rstrip("\"”')").endswith("?")
