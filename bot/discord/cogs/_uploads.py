"""Files that admins attach: checked by size before the download and by kind after it, kept in a temporary folder."""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path, PurePosixPath

import discord

from bot.discord.errors import Refused
from bot.discord.i18n.phrases import Phrases
from bot.service.uploads import UNKNOWN_KIND, unread_kind, upload_suffix, upload_suffixes
from corpus.errors import StorageFailure

LONGEST_NAME = 80
# File systems take names of 255 bytes, and a letter may have four.
_LONGEST_STEM_BYTES = 200


def check_upload(file: discord.Attachment, max_bytes: int, phrases: Phrases) -> None:
    """Check a file's size as Discord states it.

    Raises:
        Refused: the file is empty or too large.
    """
    if file.size > max_bytes:
        raise Refused(phrases.say("upload-too-large", limit=max_bytes // 2**20))
    if file.size == 0:
        raise Refused(phrases.say("upload-empty"))


def check_kind(path: Path, phrases: Phrases) -> None:
    """Check that a saved file can be read, by its name or by what it holds.

    Raises:
        Refused: it can't; the text says what to do with files of its kind.
    """
    kind = unread_kind(path)
    if kind is None:
        return
    kinds = ", ".join(upload_suffixes())
    what = phrases.say("upload-kinds", kinds=kinds) if kind == UNKNOWN_KIND else phrases.say(f"upload-kind-{kind}")
    raise Refused(f"{phrases.say('upload-wrong-kind')} {what}")


@asynccontextmanager
async def saved_upload(file: discord.Attachment, downloads: asyncio.Semaphore) -> AsyncIterator[Path]:
    """Download a file into a temporary folder, which is deleted after the block.

    Args:
        file: the file, of which no copy stays in memory while the block waits.
        downloads: bounds how many files are downloaded at the same time.

    Raises:
        discord.HTTPException: the download failed.
        StorageFailure: the file can't be written.
    """
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="attache-upload-"))
            path = Path(folder) / safe_name(file.filename)
            async with downloads:
                await asyncio.to_thread(path.write_bytes, await file.read())
        except OSError as error:
            raise StorageFailure(f"A file can't be stored ({error.strerror}).", "Check free disk space.") from error
        yield path


def safe_name(name: str) -> str:
    """Return a file name of letters, digits, dots, dashes and underscores, with the suffix that selects its reader."""
    suffix = upload_suffix(name)
    stem = re.sub(r"[^\w.-]+", "_", PurePosixPath(name).name[: -len(suffix) or None]).lstrip(".-")
    stem = stem[:LONGEST_NAME].encode("utf-8", "ignore")[:_LONGEST_STEM_BYTES].decode("utf-8", "ignore")
    return (stem or "article") + suffix
