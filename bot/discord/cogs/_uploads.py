"""Files that admins attach: judged by name and size before they are fetched, kept in a folder that is passing."""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path, PurePosixPath

import discord

from bot.discord.i18n.phrases import Phrases
from bot.discord.views.escape import brief
from corpus.errors import BadInput, StorageFailure

# Kinds of files that the corpus reads; a compressed one could hold more than its size tells.
SUFFIXES = (".md", ".txt", ".html", ".jsonl")
LONGEST_NAME = 80


def check_upload(file: discord.Attachment, max_bytes: int, phrases: Phrases) -> None:
    """Judges a file by what Discord says of it.

    Raises:
        BadInput: its kind can't be read, or it is too large.
    """
    if PurePosixPath(file.filename).suffix.lower() not in SUFFIXES:
        raise BadInput(phrases.say("upload-wrong-kind", kinds=", ".join(SUFFIXES)))
    if file.size > max_bytes:
        raise BadInput(phrases.say("upload-too-large", limit=max_bytes // 2**20))
    if file.size == 0:
        raise BadInput(phrases.say("upload-empty"))


@asynccontextmanager
async def saved_upload(file: discord.Attachment) -> AsyncIterator[Path]:
    """The file on disk, in a folder of its own that goes away afterwards.

    Raises:
        discord.HTTPException: Discord does not hand it out.
        StorageFailure: the disk does not take it.
    """
    content = await file.read()
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="attache-upload-"))
            path = Path(folder) / safe_name(file.filename)
            await asyncio.to_thread(path.write_bytes, content)
        except OSError as error:
            raise StorageFailure(f"A file can't be kept ({error.strerror}).", "Check free disk space.") from error
        yield path


def safe_name(name: str) -> str:
    """A file's name for the disk: letters, digits, dots, dashes and underscores; the suffix stays."""
    plain = re.sub(r"[^\w.-]+", "_", PurePosixPath(name).name).lstrip(".-")
    stem, suffix = PurePosixPath(plain).stem, PurePosixPath(plain).suffix
    return (stem[:LONGEST_NAME] or "article") + suffix if suffix else f"article{PurePosixPath(name).suffix}"


def shown_name(name: str) -> str:
    """A file's name for people, on one line; not escaped."""
    return brief(name, LONGEST_NAME)
