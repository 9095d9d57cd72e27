"""Lets the packaged reader read each text with each question once a process: many tests ask over the same articles."""

from collections.abc import Sequence

import pytest

from bot.answering.reader.packaged import PackagedReader, packaged_reader
from bot.answering.reader.relations import Excerpt, ReaderOutput

_Asked = tuple[str, Excerpt, bool]


def remember_readings(patch: pytest.MonkeyPatch) -> None:
    """Return from then on what the process's reader said of the same text before; other readers read as ever."""
    known: dict[_Asked, ReaderOutput] = {}
    read = PackagedReader.read

    def read_new(
        self: PackagedReader, question: str, excerpts: Sequence[Excerpt], *, with_spans: bool = True
    ) -> list[ReaderOutput]:
        if self is not packaged_reader():
            return read(self, question, excerpts, with_spans=with_spans)
        asked: list[_Asked] = [(question, each, with_spans) for each in excerpts]
        new = [each for each in dict.fromkeys(asked) if each not in known]
        said = read(self, question, [excerpt for _, excerpt, _ in new], with_spans=with_spans)
        known.update(zip(new, said, strict=True))
        return [known[each] for each in asked]

    patch.setattr(PackagedReader, "read", read_new)
