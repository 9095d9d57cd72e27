"""The exchange files: the same passages, vectors, questions and changes for every side."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

PASSAGES, VECTORS = "passages.jsonl", "vectors.npy"
TITLES = "title-vectors.npy"
QUESTIONS, ASKED = "questions.jsonl", "question-vectors.npy"


@dataclass(frozen=True)
class Passage:
    """A passage; `article` counts from 1, and `number` is its row in the vectors."""

    number: int
    article: int
    title: str
    text: str
    publisher: str
    day: str

    @property
    def shown(self) -> str:
        """The text to search: every side gets the title with the text."""
        return f"{self.title}\n{self.text}"


@dataclass(frozen=True)
class Question:
    """A question, the right articles, and filters that the first of those passes."""

    text: str
    articles: list[int]
    publisher: str
    since: str
    until: str


@dataclass(frozen=True)
class Filters:
    """Restricts a search; empty strings restrict nothing."""

    publisher: str = ""
    since: str = ""
    until: str = ""

    def passes(self, publisher: str, day: str) -> bool:
        """Return whether an article of this publisher and day (`YYYY-MM-DD`) passes."""
        return (not self.publisher or publisher == self.publisher) and (
            not self.since or self.since <= day <= self.until
        )


class Data:
    """A folder of exchange files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def passages(self) -> Iterator[Passage]:
        """Yield the passages in the order of their numbers."""
        with (self.folder / PASSAGES).open(encoding="utf-8") as file:
            for line in file:
                yield Passage(**json.loads(line))

    @cached_property
    def vectors(self) -> np.ndarray:
        """The passages' vectors `(passages, dimension)` float32 by number, mapped from the file."""
        return np.load(self.folder / VECTORS, mmap_mode="r")

    @cached_property
    def titles(self) -> np.ndarray:
        """The vectors of the titles `(articles, dimension)` float32; zeros where there is none."""
        return np.load(self.folder / TITLES)

    @cached_property
    def questions(self) -> list[Question]:
        """The questions, in the order of `asked`."""
        lines = (self.folder / QUESTIONS).read_text(encoding="utf-8").splitlines()
        return [Question(**json.loads(line)) for line in lines]

    @cached_property
    def asked(self) -> np.ndarray:
        """The questions' vectors `(questions, dimension)` float32."""
        return np.load(self.folder / ASKED)

    @cached_property
    def changed(self) -> list[int]:
        """One article in a hundred."""
        return list(range(50, len(self.titles) + 1, 100)) or [1]

    @cached_property
    def removed(self) -> list[int]:
        """Another one in a hundred."""
        return list(range(75, len(self.titles) + 1, 100)) or [2]


def write(folder: Path, passages: Iterator[Passage], questions: list[Question]) -> None:
    """Write the texts; the vectors are saved separately."""
    with (folder / PASSAGES).open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in passages)
    lines = "".join(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in questions)
    (folder / QUESTIONS).write_text(lines, encoding="utf-8")
