"""Training rows for the reader: question, passage with its heading, and what each head should say."""

import gzip
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# In the order of the network's outputs; what each means is in the annotation guide.
RELATIONS = ("yes", "no", "claimed", "denied", "both", "unknown")
# Of the events of a region, those with this number or a later one are held out.
FIRST_HELD_OUT = 25
# The written events, part of a checkout.
EVENTS_FOLDER = Path(__file__).parents[1] / "data" / "reader"
# Longer public passages would be cut by the window.
MAX_PUBLIC_CHARACTERS = 1_400
_NLI = {"e": "yes", "c": "no", "n": "unknown"}
# How many rows of a public set for each row of the first: what yes/no questions learn from weighs most.
_PUBLIC_SHARES = {"nli": 1.0, "ynqa": 1.0, "qa": 0.25, "rel": 0.15}


@dataclass(frozen=True, slots=True)
class Example:
    """One training row; None for what a source does not annotate.

    Attributes:
        question: as a person asked it.
        heading: date, publisher and title of the article; empty where a source has none.
        passage: the text that is read.
        relation: one of `RELATIONS`.
        not_relation: a relation that the row is known not to have.
        spans: offsets into the passage of what answers; empty where nothing does.
        relevant: whether the passage helps to answer.
        group: rows of one group are told apart together, such as a minimal pair.
    """

    question: str
    heading: str
    passage: str
    relation: str | None = None
    not_relation: str | None = None
    spans: tuple[tuple[int, int], ...] | None = None
    relevant: bool | None = None
    split: str = "train"
    kind: str = ""


def read_annotated(rows: Iterable[dict[str, Any]], passages: dict[str, dict[str, Any]]) -> Iterator[Example]:
    """Yield annotated rows of news (`p, q, y, a, s, k`), with the passages by id."""
    for row in rows:
        passage = passages[row["p"]]
        text, answers = passage["passage"], [part for part in row["a"].split(" | ") if part]
        spans = tuple((text.find(part), text.find(part) + len(part)) for part in answers)
        yield Example(
            question=row["q"],
            heading=heading(passage.get("published_at"), passage.get("publisher"), passage.get("title")),
            passage=text,
            relation=row["y"] if row["k"] == "yn" else None,
            spans=spans,
            relevant=bool(answers),
            split=row.get("split", "train"),
            kind=row["k"],
        )


def heading(published_at: str | None, publisher: str | None, title: str | None) -> str:
    """Compose what stands before a passage: `2024-09-09 Reuters: Iran denies sending missiles`."""
    return f"{(published_at or '')[:10]} {publisher or ''}: {title or ''}".strip(" :")


def read_public(folder: Path, name: str) -> Iterator[Example]:
    """Yield the rows of one public set: `nli`, `ynqa`, `qa` or `rel`."""
    texts = {each["id"]: each for each in _lines(folder / "docs.jsonl.gz")}

    def text_of(row: dict[str, Any], inline: str, key: str) -> str:
        if inline in row:
            return str(row[inline])
        found = texts[row[key]]
        return str(found["t"])

    for row in _lines(folder / f"{name}.jsonl.gz"):
        if name == "nli":
            relation = _NLI.get(row["y"])
            yield Example(
                row["h"],
                "",
                text_of(row, "p", "pid"),
                relation=relation,
                not_relation="yes" if row["y"] == "ne" else None,
                kind=row["d"],
            )
        elif name == "ynqa":
            if row["y"] in ("yes", "no", "don't know"):
                relation = "unknown" if row["y"] == "don't know" else row["y"]
                yield Example(row["q"], "", text_of(row, "c", "cid"), relation=relation, kind=row["d"])
        elif name == "qa":
            text = text_of(row, "c", "cid")
            spans = tuple((start, start + len(answer)) for start, answer in row["a"])
            yield Example(row["q"], "", text, spans=spans, relevant=bool(spans), kind=row["d"])
        else:
            yield Example(row["q"], "", text_of(row, "t", "tid"), relevant=bool(row["y"]), kind=row["d"])


def read_annotated_file(folder: Path, more: Sequence[Path] = ()) -> Iterator[Example]:
    """Yield the annotated rows of news in a folder with `rows.jsonl` and passages, and those of further files."""
    passages = {each["id"]: each for path in sorted(folder.glob("passages*.jsonl.gz")) for each in _lines(path)}
    for path in (folder / "rows.jsonl", *more):
        yield from read_annotated(map(json.loads, path.read_text(encoding="utf-8").splitlines()), passages)


def sample_public(folder: Path, most: int) -> list[Example]:
    """Draw at most `most` short English rows of each public set, of some only a share, the same ones every time."""
    chance = random.Random(1)  # noqa: S311 - a sample, no secret
    found: list[Example] = []
    for name, share in _PUBLIC_SHARES.items():
        rows = [
            each
            for each in read_public(folder, name)
            if len(each.passage) < MAX_PUBLIC_CHARACTERS and not each.kind.startswith("xquad")
        ]
        found += chance.sample(rows, min(round(most * share), len(rows)))
    return found


def read_events(folder: Path) -> Iterator[Example]:
    """Yield the rows of written events (`evals/data/reader`); the last two events of each region are held out."""
    for path in sorted(folder.glob("*.jsonl")):
        lines = list(map(json.loads, path.read_text(encoding="utf-8").splitlines()))
        passages = {each["id"]: each for each in lines if each["t"] == "article"}
        rows = ({**each, "split": event_split(each["p"])} for each in lines if each["t"] == "row")
        yield from read_annotated(rows, passages)


def event_split(article_id: str) -> str:
    """Tell which split an event is in by the id of one of its articles, such as `africa-25-a1`."""
    return "dev" if int(article_id.split("-")[-2]) >= FIRST_HELD_OUT else "train"


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)
