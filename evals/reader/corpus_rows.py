"""Training rows from written corpora: what an answer reads there for each question, and how that stands to it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.answering.answer import Verdict
from bot.answering.reader.relations import Excerpt, Reader, ReaderOutput, Relation
from bot.quality.rows import Row, read_rows
from evals.quality.judged_corpora import corpora, opened
from evals.reader.reader_rows import Example
from index.embedding.embedder import packaged_embedder

# Of a question that the corpus does not answer, how many of the texts that the reader finds to settle it most.
UNSETTLED = 5
# A shorter piece of a quote does not say what the quote says.
MIN_CHARACTERS = 40
_TOGETHER = {
    Verdict.YES: Relation.YES,
    Verdict.NO: Relation.NO,
    Verdict.DISPUTED: Relation.BOTH,
    Verdict.NOT_FOUND: Relation.UNKNOWN,
}
# Kinds of questions that are open because what they ask about is only planned: no text says that it is so.
_PLANNED = {"planned", "modality"}


# A question, the texts that were read with it, and what was said of each.
_Call = tuple[str, Sequence[Excerpt], Sequence[ReaderOutput]]


@dataclass(slots=True)
class _Recorder:
    """A reader that remembers what it has read."""

    reader: Reader
    calls: list[_Call] = field(default_factory=list)

    def check(self) -> str:
        return self.reader.check()

    def load(self) -> None:
        self.reader.load()

    def read(self, question: str, excerpts: Sequence[Excerpt], *, with_spans: bool = True) -> list[ReaderOutput]:
        said = self.reader.read(question, excerpts, with_spans=with_spans)
        self.calls.append((question, excerpts, said))
        return said


def read_asked(folder: Path, reader: Reader, on_done: Callable[[], None] = lambda: None) -> Iterator[Example]:
    """Ask the questions of every corpus in a folder, and yield what was read for them with what is right.

    - The sentences that are read as one text say what the verdict is; those of open questions are left out, unless
      they only tell a plan.
    - A text with the one quote that decides a question says yes or no as the verdict does.
    - No text settles a question that the corpus does not answer: yielded are those that `reader` takes most for it.
    - Where both "no" and "not found" are right, no text says yes: yielded are those that `reader` takes most for it.
    - Of other questions than yes/no, a text with the one quote helps to answer; none does where there is no answer.

    Args:
        folder: of corpora, such as `evals/data/corpora/reader`.
        reader: what answers read with; it chooses what is read together.
        on_done: called after each question.
    """
    recorder, embedder = _Recorder(reader), packaged_embedder()
    for path in corpora(folder):
        with opened(path, embedder, recorder) as attache:
            for row in read_rows(path):
                recorder.calls.clear()
                attache.investigate(row.question, now=row.asked_at)
                yield from _examples(row, recorder.calls)
                on_done()


def _examples(row: Row, calls: Sequence[_Call]) -> Iterator[Example]:
    if not calls or not calls[0][1]:
        return
    question, excerpts, said = calls[0]
    if len(calls) == 1:
        if len(row.verdicts) == 1:
            yield from _of_open(row, row.verdicts[0], calls[0])
        return
    # Of a yes/no question its first sentences are read, those that settle something once more, the others in the same
    # way, though often none; then its passages with what is read as one text, which has its headings within.
    (_, others, said_of_others), (_, (*passages, together), (*said_of_passages, _)) = calls[2], calls[4]
    if together.heading:
        # No sentence was short enough to be joined.
        return
    single = question, [*excerpts, *others, *passages], [*said, *said_of_others, *said_of_passages]
    if set(row.verdicts) == {Verdict.NO, Verdict.NOT_FOUND}:
        yield from _of_denied_or_absent(together, single)
    elif len(row.verdicts) == 1:
        yield from _of_verdict(row, row.verdicts[0], together, single)


def _of_verdict(row: Row, verdict: Verdict, together: Excerpt, single: _Call) -> Iterator[Example]:
    """Yield what a yes/no question with one right verdict has read."""
    question, excerpts, said = single
    relation = Relation.UNKNOWN if verdict is Verdict.OPEN and row.kind in _PLANNED else _TOGETHER.get(verdict)
    if relation is not None:
        is_relevant = verdict is not Verdict.NOT_FOUND
        yield Example(question, "", together.text, relation=relation, relevant=is_relevant, kind="joint")
    if verdict is Verdict.NOT_FOUND:
        pairs = zip(excerpts, said, strict=True)
        for excerpt, _ in sorted(pairs, key=lambda pair: pair[1].probability(Relation.UNKNOWN))[:UNSETTLED]:
            yield _example(question, excerpt, Relation.UNKNOWN)
    elif verdict in {Verdict.YES, Verdict.NO} and len(row.evidence) == 1:
        quote = row.evidence[0].quote
        for excerpt in excerpts:
            if _tells(excerpt, quote):
                yield _example(question, excerpt, _TOGETHER[verdict])


def _of_denied_or_absent(together: Excerpt, single: _Call) -> Iterator[Example]:
    """Yield what only says not "yes": "Did Russia arm Iran?" over "Iran armed Russia"."""
    question, excerpts, said = single
    yield Example(question, "", together.text, not_relation=Relation.YES, kind="joint")
    pairs = zip(excerpts, said, strict=True)
    for excerpt, _ in sorted(pairs, key=lambda pair: -pair[1].probability(Relation.YES))[:UNSETTLED]:
        yield Example(question, excerpt.heading, excerpt.text, not_relation=Relation.YES, kind="asked")


def _of_open(row: Row, verdict: Verdict, call: _Call) -> Iterator[Example]:
    """Yield what a question that is no yes/no question has read."""
    question, excerpts, said = call
    if verdict is Verdict.NOT_FOUND:
        pairs = zip(excerpts, said, strict=True)
        for excerpt, _ in sorted(pairs, key=lambda pair: -pair[1].relevance)[:UNSETTLED]:
            yield Example(question, excerpt.heading, excerpt.text, spans=(), relevant=False, kind="asked")
    elif len(row.evidence) == 1:
        for excerpt in excerpts:
            if _tells(excerpt, row.evidence[0].quote):
                yield Example(question, excerpt.heading, excerpt.text, relevant=True, kind="asked")


def _tells(excerpt: Excerpt, quote: str) -> bool:
    return quote in excerpt.text or (len(excerpt.text) >= MIN_CHARACTERS and excerpt.text in quote)


def _example(question: str, excerpt: Excerpt, relation: Relation) -> Example:
    is_relevant = relation is not Relation.UNKNOWN
    return Example(question, excerpt.heading, excerpt.text, relation=relation, relevant=is_relevant, kind="asked")
