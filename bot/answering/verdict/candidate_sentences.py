"""Splits hits into sentences, and scores each by how much of the proposition it covers."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from bot.answering.disowned import is_disowned
from bot.answering.question.aliases import mentions
from bot.answering.question.proposition import Act, Proposition
from bot.answering.quotes import is_quotable
from bot.answering.verdict.matcher import Matcher
from corpus.article import Span
from corpus.sentences import split_sentences
from index.search.retriever import Hit

# Weight of matches in the sentence before, and elsewhere in passage and title.
NEARBY = 0.85
WIDE = 0.6
# The match from which a sentence is on the question's matter, and may be quoted where the question is left open.
MIN_MATCH = 0.2


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a hit; `match` is the share of the proposition in it, its surroundings included."""

    hit: Hit
    span: Span
    before: Span | None
    match: float


def candidate_sentences(hits: Sequence[Hit], proposition: Proposition, matcher: Matcher) -> list[Sentence]:
    """Return the sentences that may be quoted: those that cover some of the proposition, best match first, then others.

    The others are in the order of the hits: one that says it in other words shares none with the question. Left out
    is what a sentence itself says that nobody stands by: parodies, forgeries.

    Args:
        hits: best first.
        proposition: of the question.
        matcher: compares with it.
    """
    # "Kurland denied it": what is denied may stand anywhere around.
    speaker = proposition.actor_ids if proposition.act in {Act.DENIES, Act.ADMITS} else frozenset[str]()
    rank = {hit.passage.id: at for at, hit in enumerate(hits)}
    found = [
        each
        for each in _in_order(hits, speaker, matcher)
        if is_quotable(each.hit, each.span) and not is_disowned(each.hit.passage.text[each.span.start : each.span.end])
    ]

    def place(each: Sentence) -> tuple[float, int, int]:
        if each.match >= MIN_MATCH:
            return -each.match, each.hit.passage.id, each.span.start
        return 0.0, rank[each.hit.passage.id], each.span.start

    return sorted(found, key=place)


@dataclass(frozen=True, slots=True)
class _Words:
    """The stems of a text, and the countries and groups in it."""

    stems: frozenset[str]
    ids: frozenset[str]

    def __or__(self, other: "_Words") -> "_Words":
        return _Words(self.stems | other.stems, self.ids | other.ids)


_NO_WORDS = _Words(frozenset(), frozenset())


def _in_order(hits: Sequence[Hit], speaker: frozenset[str], matcher: Matcher) -> Iterator[Sentence]:
    """Yield the sentences article by article.

    Args:
        hits: in any order.
        speaker: countries and groups whose sentences may refer to anything around them.
        matcher: compares with the proposition.
    """
    last: Hit | None = None
    before = _NO_WORDS
    for hit in sorted(hits, key=lambda each: (each.passage.article_id, each.passage.ordinal)):
        follows = last is not None and _follows(last, hit)
        before = yield from _of_passage(hit, before if follows else _NO_WORDS, speaker, matcher)
        last = hit


def _of_passage(
    hit: Hit, before: _Words, speaker: frozenset[str], matcher: Matcher
) -> Generator[Sentence, None, _Words]:
    """Yield the sentences of one passage, and return the words of the last one; `before` are those right before it."""
    text, title = hit.passage.text, hit.article.title or ""
    year = int(hit.article.published_at[:4]) if hit.article.published_at else None
    spans = split_sentences(text, 0, len(text), hit.article.language)
    own_words = [_words_of(text[span.start : span.end], year, matcher) for span in spans]
    around = _words_of(title, year, matcher)
    for each in own_words:
        around |= each
    wide = matcher.score(around.stems, around.ids)
    previous, previous_span = before, None
    for span, mine in zip(spans, own_words, strict=True):
        own = matcher.score(mine.stems, mine.ids)
        both = mine | previous
        near = matcher.score(both.stems, both.ids)
        match = max(own, NEARBY * near, WIDE * wide if own or near or mine.ids & speaker else 0.0)
        yield Sentence(hit, span, previous_span, match)
        previous, previous_span = mine, span
    return previous


def _words_of(text: str, year: int | None, matcher: Matcher) -> _Words:
    return _Words(frozenset(matcher.stems(text)), frozenset(each.id for each in mentions(text, year)))


def _follows(one: Hit, other: Hit) -> bool:
    return (one.passage.article_id, one.passage.ordinal + 1) == (other.passage.article_id, other.passage.ordinal)
