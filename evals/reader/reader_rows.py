"""Training rows for the reader: question, passage with its heading, and what each head should say."""

import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.answering.reader.relations import Excerpt, heading, join_excerpts
from corpus.sentences import split_sentences
from index.terms import STOP_WORDS, words

# Of the events of a region, those with this number or a later one are held out.
FIRST_HELD_OUT = 25
# The written events, part of a checkout.
EVENTS_FOLDER = Path(__file__).parents[1] / "data" / "reader"
# Written quotes with questions, part of a checkout; of each file every so many quotes one is held out.
QUOTES_FOLDER = EVENTS_FOLDER.with_name("quotes")
HELD_OUT_QUOTES = 12
# Written sets of sentences on one topic, each judged for every question; held out in the same way.
SETS_FOLDER = EVENTS_FOLDER.with_name("sentence_sets")
LETTERS = {"y": "yes", "n": "no", "c": "claimed", "d": "denied", "b": "both", "u": "unknown"}
# How many sentences that don't settle a question are read with it, those that share most words with it: all would
# outnumber the others by four to one.
UNSETTLED = 3
# Shares of pieces that don't settle a question which are left out of a text of several articles, and of such texts with
# pieces of another set.
LEFT_OUT = 0.25
FOREIGN = 0.3
# Questions, each with the one in which its two actors are exchanged.
ROLE_PAIRS = EVENTS_FOLDER.with_name("swapped_roles") / "pairs.jsonl"
# Longer public passages would be cut by the window.
MAX_PUBLIC_CHARACTERS = 1_400
# Shares of annotated rows that a pass cuts to a few sentences, and shows without a heading or with one that lacks the
# title: what the reader gets in answers.
CUT = 0.7
NO_HEADING = 0.1
NO_TITLE = 0.15
# The date and publisher of a heading.
_SOURCE = re.compile(r"\d{4}-\d\d-\d\d [^:]*(?=: )")
# Share of questions that a pass shows as people type them in a hurry.
TERSE = 0.1
# Passages among which the one that shares most words with a question is looked for.
OTHERS = 400
_NLI = {"e": "yes", "c": "no", "n": "unknown"}
# How many rows of a public set for each row of the first: what yes/no questions learn from weighs most.
_PUBLIC_SHARES = {"nli": 1.0, "ynqa": 1.0, "qa": 0.1, "rel": 0.05}


@dataclass(frozen=True, slots=True)
class Example:
    """One training row; None for what a source does not annotate.

    Attributes:
        question: as a person asked it.
        heading: date, publisher and title of the article; empty where a source has none.
        passage: the text that is read.
        relation: one of `bot.answering.reader.relations.RELATIONS`.
        not_relation: a relation that the row is known not to have.
        spans: offsets into the passage of what answers; empty where nothing does.
        relevant: whether the passage helps to answer.
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
    """Yield the rows of written events (`evals/data/reader`); the last events of each region are held out."""
    for path in sorted(folder.glob("*.jsonl")):
        lines = list(map(json.loads, path.read_text(encoding="utf-8").splitlines()))
        passages = {each["id"]: each for each in lines if each["t"] == "article"}
        rows = ({**each, "split": event_split(each["p"])} for each in lines if each["t"] == "row")
        yield from read_annotated(rows, passages)


def read_quotes(folder: Path) -> Iterator[Example]:
    """Yield the rows of written quotes (`evals/data/quotes`): plain questions, and near misses of each."""
    for path in sorted(folder.glob("*.jsonl")):
        for number, quote in enumerate(map(json.loads, path.read_text(encoding="utf-8").splitlines())):
            split = "train" if number % HELD_OUT_QUOTES else "dev"
            for question, relation, _ in quote["q"]:
                yield Example(
                    question, quote["h"], quote["t"], relation=relation, relevant=relation != "unknown", split=split,
                    kind="quote",
                )  # fmt: skip


def read_sentence_sets(folder: Path) -> Iterator[Example]:
    """Yield each question of written sets (`evals/data/sentence_sets`) with single sentences and whole articles."""
    for path in sorted(folder.glob("*.jsonl")):
        for number, each in enumerate(map(json.loads, path.read_text(encoding="utf-8").splitlines())):
            split = "train" if number % HELD_OUT_QUOTES else "dev"
            articles = _articles_of(each["p"])
            for question, letters, _ in each["q"]:
                asked = set(words(question)) - STOP_WORDS
                single = [(article[0], text, letters[at]) for article in articles for at, text in article[1]]
                settled = [row for row in single if row[2] != "u"]
                unsettled = sorted((row for row in single if row[2] == "u"), key=lambda row: -_shared(asked, row[1]))
                whole = [
                    (head, " ".join(text for _, text in parts), letter)
                    for head, parts in articles
                    if len(parts) > 1 and (letter := _together({letters[at] for at, _ in parts}))
                ]
                for head, text, letter in (*settled, *unsettled[:UNSETTLED], *whole):
                    yield Example(
                        question, head, text, relation=LETTERS[letter], relevant=letter != "u", split=split,
                        kind="set",
                    )  # fmt: skip


def read_joint_sets(folder: Path) -> Iterator[Example]:
    """Yield each question of written sets with the pieces of all its articles as one text, by date.

    Some of the pieces that don't settle it are left out, and now and then pieces of another set stand between them, as
    a search would find them.
    """
    chance = random.Random(1)  # noqa: S311 - no secret
    for path in sorted(folder.glob("*.jsonl")):
        sets = list(map(json.loads, path.read_text(encoding="utf-8").splitlines()))
        for number, each in enumerate(sets):
            split = "train" if number % HELD_OUT_QUOTES else "dev"
            other = _pieces_of(sets[(number + HELD_OUT_QUOTES) % len(sets)])
            for question, letters, verdict in each["q"]:
                pieces = [
                    piece
                    for piece, letter in zip(_pieces_of(each), letters, strict=True)
                    if letter != "u" or chance.random() >= LEFT_OUT
                ]
                if chance.random() < FOREIGN:
                    pieces += chance.sample(other, 2)
                # A sort by the date in front; pieces of one article stay in order.
                text = join_excerpts(sorted(pieces, key=lambda piece: piece.heading[:10])).text
                relation = _relation_of(verdict, letters)
                # A plan does not settle whether it was carried out, but helps to answer.
                yield Example(
                    question, "", text, relation=relation, relevant=verdict != "not_found", split=split, kind="joint"
                )


def _pieces_of(written: dict[str, Any]) -> list[Excerpt]:
    return [Excerpt(head, text) for head, parts in _articles_of(written["p"]) for _, text in parts]


def _relation_of(verdict: str, letters: str) -> str:
    """Return how all pieces together stand to a question."""
    if verdict == "open":
        return next((LETTERS[side] for side in "cd" if side in letters), "unknown")
    return {"disputed": "both", "not_found": "unknown"}.get(verdict, verdict)


def _articles_of(pieces: Sequence[tuple[str, str]]) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return the articles of a set: heading, and the sentences with their places; no heading goes on with the last."""
    articles: list[tuple[str, list[tuple[int, str]]]] = []
    for at, (head, text) in enumerate(pieces):
        if head:
            articles.append((head, []))
        articles[-1][1].append((at, text))
    return articles


def _shared(asked: set[str], text: str) -> int:
    return len(asked & set(words(text)))


def _together(letters: set[str]) -> str | None:
    """Return what sentences of one article say together; None where they contradict each other."""
    said = letters - {"u"}
    if len(said) < 2:
        return said.pop() if said else "u"
    return "b" if said <= {"c", "d", "b"} else None


def vary(examples: Sequence[Example], turn: int) -> list[Example]:
    """Return the examples as one pass over them sees them, some cut, without heading or title, or tersely asked.

    A text is cut around its answers, one without answers around the sentence with most words of the question, so that
    a short text gives nothing away.
    """
    chance = random.Random(turn)  # noqa: S311 - no secret
    varied = []
    for each in examples:
        example = _shorten_heading(each, chance.random())
        if chance.random() < TERSE:
            example = replace(example, question=example.question.lower().rstrip("?. "))
        varied.append(_cut(example, chance) if chance.random() < CUT else example)
    return varied


def _shorten_heading(example: Example, drawn: float) -> Example:
    """Return the example with its heading, with the date and publisher of it, or without, by a number from 0 to 1."""
    if drawn >= NO_HEADING + NO_TITLE:
        return example
    source = _SOURCE.match(example.heading) if drawn >= NO_HEADING else None
    return replace(example, heading=source[0] if source else "")


def _cut(example: Example, chance: random.Random) -> Example:
    if example.spans is None:
        return example
    text = example.passage
    sentences = split_sentences(text, 0, len(text), "en")
    if len(sentences) < 3:
        return example
    if example.spans:
        first, last = min(start for start, _ in example.spans), max(end for _, end in example.spans)
        inside = [at for at, each in enumerate(sentences) if each.start < last and each.end > first]
    else:
        asked = set(words(example.question)) - STOP_WORDS
        shared = [len(asked & set(words(text[each.start : each.end]))) for each in sentences]
        inside = [shared.index(max(shared))]
    if not inside:
        return example
    start = sentences[max(0, inside[0] - chance.randint(0, 1))].start
    end = sentences[min(len(sentences) - 1, inside[-1] + chance.randint(0, 1))].end
    return replace(
        example,
        passage=text[start:end],
        spans=tuple((max(a, start) - start, min(b, end) - start) for a, b in example.spans),
    )


def make_negatives(examples: Sequence[Example], most: int, seed: int = 1) -> list[Example]:
    """Return questions with texts that don't settle them, as a search finds many.

    Half are from the passage itself, without the sentences that answer; half from another passage, the one of many
    that has most words of the question.
    """
    chance = random.Random(seed)  # noqa: S311 - a sample, no secret
    chosen = chance.sample(list(examples), min(most, len(examples)))
    word_sets = [(each, set(words(f"{each.heading} {each.passage}"))) for each in chance.sample(chosen, len(chosen))]
    found = []
    for number, each in enumerate(chosen):
        asked = set(words(each.question)) - STOP_WORDS
        other = _without_answer(each, asked) if number % 2 else None
        if other is None:
            near = max(chance.sample(word_sets, min(OTHERS, len(word_sets))), key=lambda pair: len(asked & pair[1]))[0]
            if near.passage == each.passage or near.heading == each.heading:
                continue
            other = replace(each, passage=near.passage, heading=near.heading)
        relation = None if each.relation is None else "unknown"
        found.append(replace(other, relation=relation, not_relation=None, spans=(), relevant=False))
    return found


def _without_answer(example: Example, asked: set[str]) -> Example | None:
    """Return the row with the sentence, of those that don't answer, that has most words of the question."""
    text = example.passage
    sentences = split_sentences(text, 0, len(text), "en")
    others = [
        each
        for each in sentences
        if not any(each.start < end and start < each.end for start, end in example.spans or ())
    ]
    if not example.spans or not others:
        return None
    best = max(others, key=lambda each: len(asked & set(words(text[each.start : each.end]))))
    return replace(example, passage=text[best.start : best.end])


def read_role_pairs(path: Path = ROLE_PAIRS) -> list[dict[str, str]]:
    """Read the passages with a question and the one in which its two actors are exchanged."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def event_split(article_id: str) -> str:
    """Tell which split an event is in by the id of one of its articles, such as `africa-25-a1`."""
    return "dev" if int(article_id.split("-")[-2]) >= FIRST_HELD_OUT else "train"


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)
