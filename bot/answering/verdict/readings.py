"""What the reader says of the sentences and passages that match a question best."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.answering.answer import Quote, Stance
from bot.answering.question.proposition import Act, Proposition
from bot.answering.question.same_names import write_as_asked
from bot.answering.quotes import pairs_around, quote_sentence
from bot.answering.reader.relations import RELATIONS, Excerpt, Reader, ReaderOutput, Relation, excerpt_of, join_excerpts
from bot.answering.verdict.candidate_sentences import Sentence
from bot.answering.verdict.vetoes import Asked, read_asked
from corpus.article import ArticleFacts
from index.search.retriever import Hit

# How many of each are read, best match first. Later sentences alone settle hardly any question,
# so they are read only where none of the first does.
FIRST_SENTENCES, SENTENCES = 10, 20
PASSAGES = 2
# A text settles a question from this probability on.
SETTLED = 0.5
# How many sentences are read with their neighbours where none bears out a verdict on its own.
PAIRED = 4
# How many sentences are read as one text, and their characters with headings: what the reader's window holds.
TOGETHER = 8
TOGETHER_CHARACTERS = 1_500
# A text that settles something with less probability is not read again without its title.
LEAST_SETTLED = 0.1
# What is less probable does not pull a mean any further down.
_LEAST = 1e-4

_STANCES = {
    Relation.YES: Stance.ASSERTS,
    Relation.CLAIMED: Stance.ASSERTS,
    Relation.NO: Stance.DENIES,
    Relation.DENIED: Stance.DENIES,
    Relation.BOTH: Stance.DENIES,
    Relation.UNKNOWN: Stance.NEUTRAL,
}
_SAYS_SO = {Relation.YES, Relation.CLAIMED}
# What the reader says of a text, and whether that is vetoed.
_Said = tuple[ReaderOutput, bool]
_TURNED = {Stance.ASSERTS: Stance.DENIES, Stance.DENIES: Stance.ASSERTS}


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader says of one text of a hit.

    `match` is the share of the question in it. `is_vetoed` if its numbers, dates, names or quantifiers contradict a
    "yes", whatever the reader says.
    """

    hit: Hit
    match: float
    said: ReaderOutput
    is_vetoed: bool

    @property
    def yes(self) -> float:
        """Return the probability that it tells as a fact that it is so."""
        return self.support(Relation.YES)

    @property
    def no(self) -> float:
        """Return the probability that it tells as a fact that it is not so."""
        return self.said.probability(Relation.NO)

    def support(self, *relations: Relation) -> float:
        """Return the probability of any of these relations; a vetoed "yes" or claim has none."""
        return self.said.probability(*(each for each in relations if not (self.is_vetoed and each in _SAYS_SO)))

    @property
    def relation(self) -> Relation:
        """Return how it most probably stands to the question; a vetoed "yes" or claim settles nothing."""
        likely = max(RELATIONS, key=self.said.probability)
        return Relation.UNKNOWN if self.is_vetoed and likely in _SAYS_SO else likely


@dataclass(frozen=True, slots=True)
class QuoteReading(Reading):
    """The reading of a sentence, as it would be quoted."""

    quote: Quote

    def stance(self, proposition: Proposition) -> Stance:
        """Return the stance on what the question asks about; in "Did X deny Y?" on Y."""
        stance = _STANCES[self.relation]
        return _TURNED.get(stance, stance) if proposition.act is Act.DENIES else stance


@dataclass(frozen=True, slots=True)
class Readings:
    """All that was read for one question: sentences and whole passages, each best match first.

    `together` is what the sentences that settle most say as one text, by date; None if there are no sentences.
    """

    sentences: tuple[QuoteReading, ...]
    passages: tuple[Reading, ...]
    together: ReaderOutput | None = None


def read_best(reader: Reader, question: str, sentences: Iterable[Sentence]) -> Readings:
    """Read the English sentences that match best, and the passages that they stand in.

    Args:
        reader: reads them.
        question: as asked.
        sentences: best match first.
    """
    english = [each for each in sentences if (each.hit.article.language or "en").startswith("en")]
    best = english[:SENTENCES]
    passages: dict[int, Sentence] = {}
    for each in english:
        passages.setdefault(each.hit.passage.id, each)
    whole = [*passages.values()][:PASSAGES]
    quotes = [quote_sentence(each.hit, each.span, each.before) for each in best]
    texts = [(each.hit, quote.text) for each, quote in zip(best, quotes, strict=True)]
    said = _read_agreed(reader, question, texts[:FIRST_SENTENCES])
    said += _read_agreed(reader, question, [] if any(map(_settles, said)) else texts[FIRST_SENTENCES:])
    read = tuple(
        QuoteReading(each.hit, each.match, *found, quote)
        # Not all of the best need be read.
        for each, found, quote in zip(best, said, quotes, strict=False)
    )
    # The passages with it: a text that is read alone keeps only one core busy.
    joined = _join(question, read)
    passages_of = [(each.hit, each.hit.passage.text) for each in whole]
    excerpts = _excerpts(question, passages_of)
    outputs = reader.read(question, [*excerpts, joined] if joined else excerpts, with_spans=False)
    passages_read = tuple(
        Reading(each.hit, each.match, *found)
        for each, found in zip(whole, _with_vetoes(question, passages_of, outputs[: len(whole)]), strict=True)
    )
    return Readings(read, passages_read, outputs[-1] if joined else None)


def read_pairs(
    reader: Reader, question: str, readings: Sequence[QuoteReading], relations: Sequence[Relation]
) -> list[QuoteReading]:
    """Read the sentences that come nearest to some relations once more, each with the one before and the one after.

    What a passage says, but none of its sentences alone, often takes two: "The minister arrived. He was arrested".
    """
    nearest = sorted(readings, key=lambda each: -each.support(*relations))[:PAIRED]
    pairs = {quote: each for each in nearest for quote in pairs_around(each.hit, each.quote)}
    texts = [(each.hit, quote.text) for quote, each in pairs.items()]
    agreed = _read_agreed(reader, question, texts)
    return [
        QuoteReading(each.hit, each.match, *found, quote)
        for (quote, each), found in zip(pairs.items(), agreed, strict=True)
    ]


def _with_vetoes(question: str, texts: Sequence[tuple[Hit, str]], outputs: Sequence[ReaderOutput]) -> list[_Said]:
    """Return what was said of each text of a hit, and whether it is vetoed."""
    asked = read_asked(question)
    return [(output, _is_vetoed(hit, text, asked)) for (hit, text), output in zip(texts, outputs, strict=True)]


def _read_agreed(reader: Reader, question: str, texts: Sequence[tuple[Hit, str]]) -> list[_Said]:
    """Return what the reader says of texts both with their titles and without them, and whether it is vetoed.

    Under the title "Ministry denies it" every sentence seems to deny it, and without the title "It called the reports
    an invention" says nothing. Of each relation this is the geometric mean, so that only what both find probable is.
    """
    outputs = [*reader.read(question, _excerpts(question, texts), with_spans=False)]
    at = [place for place, said in enumerate(outputs) if said.probability(Relation.UNKNOWN) <= 1 - LEAST_SETTLED]
    untitled = [
        _excerpt(replace(hit.article, title=None), text, question) for hit, text in (texts[place] for place in at)
    ]
    alone = reader.read(question, untitled, with_spans=False)
    for place, other in zip(at, alone, strict=True):
        said = outputs[place]
        outputs[place] = replace(said, relations=_geometric_mean(said.relations, other.relations))
    return _with_vetoes(question, texts, outputs)


def _settles(said: _Said) -> bool:
    """Return whether a text settles the question, as far as it may."""
    output, is_vetoed = said
    likely = max(RELATIONS, key=output.probability)
    return output.probability(Relation.UNKNOWN) <= 1 - SETTLED and not (is_vetoed and likely in _SAYS_SO)


def _geometric_mean(some: Sequence[float], others: Sequence[float]) -> tuple[float, ...]:
    """Return the geometric means of two distributions, which add up to 1."""
    means = [math.sqrt(max(one, _LEAST) * max(other, _LEAST)) for one, other in zip(some, others, strict=True)]
    return tuple(each / sum(means) for each in means)


def _excerpts(question: str, texts: Sequence[tuple[Hit, str]]) -> list[Excerpt]:
    return [_excerpt(hit.article, text, question) for hit, text in texts]


def _excerpt(article: ArticleFacts, text: str, question: str) -> Excerpt:
    """Return a text of an article by the names of the question: what is found in it has other offsets then."""
    excerpt = excerpt_of(article, text)
    return Excerpt(write_as_asked(excerpt.heading, question), write_as_asked(excerpt.text, question))


def _join(question: str, readings: Sequence[QuoteReading]) -> Excerpt | None:
    """Return the sentences that settle most as one text: a report and its denial, a plan and what became of it."""
    chosen: dict[str, tuple[QuoteReading, Excerpt]] = {}
    room = TOGETHER_CHARACTERS
    for each in sorted(readings, key=lambda each: each.said.probability(Relation.UNKNOWN)):
        excerpt = _excerpt(each.hit.article, each.quote.text, question)
        length = len(excerpt.heading) + len(excerpt.text)
        if len(chosen) < TOGETHER and length <= room and excerpt.text not in chosen:
            chosen[excerpt.text] = each, excerpt
            room -= length

    def place(pair: tuple[QuoteReading, Excerpt]) -> tuple[str, int, int]:
        article = pair[0].hit.article
        return (article.published_at or "")[:10], article.id, pair[0].quote.end

    return join_excerpts(excerpt for _, excerpt in sorted(chosen.values(), key=place)) if chosen else None


def _is_vetoed(hit: Hit, text: str, asked: Asked) -> bool:
    return bool(asked.vetoes(text, f"{hit.article.title or ''}. {hit.passage.text}", hit.article.published_at))
