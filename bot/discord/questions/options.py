"""Reads the options of `/ask` and `/search`."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

from sqlite_utils import Database

from bot.answering.question.kind import check_question
from bot.discord.scope import NO_BOUNDS, Bounds, Scope
from bot.discord.views.escape import marked_name
from bot.discord.workers.corpus_reader import CorpusReader
from bot.service.lookups import publisher_names
from corpus.errors import BadInput
from corpus.publishers.directory import Publishers


async def parse_options(
    text: str, since: str | None, until: str | None, publisher: str | None
) -> tuple[Bounds, BadInput | None]:
    """Return the bounds of a command, or with empty ones what is wrong with an option: only the asker sees that."""
    try:
        check_question(text)
        # In a thread: a date that no rule covers takes up to a tenth of a second.
        return await asyncio.to_thread(Bounds.parse, since, until, publisher, datetime.now(UTC)), None
    except BadInput as error:
        return NO_BOUNDS, error


async def as_stored(bounds: Bounds, scope: Scope, reader: CorpusReader) -> Bounds:
    """Return bounds with publishers named as their articles name them: `tass.com` and `ITAR-TASS` are TASS.

    Raises:
        BadInput: a publisher is not quoted in this channel.
        AttacheError: the articles can't be read now.
    """
    if not bounds.publishers:
        return bounds

    def read(db: Database) -> tuple[tuple[str, ...], list[str]]:
        stored = {name.casefold() for name in publisher_names(db, scope.collections)}
        known = Publishers(db)

        def name_of(typed: str) -> str:
            found = None if typed.casefold() in stored else known.find_by_name(typed)
            return found.name if found and found.name.casefold() in stored else typed

        allowed = [marked_name(each, known, scope.phrases) for each in scope.channel.publishers]
        return tuple(map(name_of, bounds.publishers)), allowed

    names, allowed = await reader.run(read)
    named = replace(bounds, publishers=names)
    scope.check_publishers(named, allowed)
    return named
