"""Splits hits into sentences, and scores each against the proposition."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from bot.answering.question.aliases import Mention, mentions
from bot.answering.question.proposition import Proposition
from bot.answering.verdict.denial_cues import Cue
from bot.answering.verdict.matcher import Matcher
from corpus.article import Span
from corpus.sentences import split_sentences
from index.search.retriever import Hit
from index.terms import STOP_WORDS, words

# Weight of matches in the sentence before, and elsewhere in passage and title.
NEARBY = 0.85
WIDE = 0.6
# A pronoun may mean any of this many countries and groups named last before it.
LAST_NAMED = 2
_ADVERBIAL = re.compile(
    r"\s*(?:In|At|On|After|Before|During|Following|Despite|Amid|Since|From|Speaking|Asked|With|For|By|Under)\b[^,]*,\s"
)
_JOINED = re.compile(r"(?:['’]s?\s\w+|\s\w+)?\s*(?:,|and|,\s+and|or|nor)\s+(?:the\s+)?(?:both\s+)?", re.IGNORECASE)
_NAME = re.compile(r"[A-Z][\w’'-]+")
# A subject that refers to somebody named before, as an empty one does.
_STANDS_FOR = re.compile(
    r"""^[\W\d]*$ | ^\W*(?:the|his|her|their|its)\s+\w+(?:\s\w+)?\W*$
      | \b(?:he|she|they|it|we|who|which|and|also|has|have|had|was|were|been|being|by|of|in|on|for|after)\b
      | \b(?:spokes\w+|ministry|minister|officials?|government|president|premier|leader|statement|country|military|army
          |foreign|embassy|office|party|group|movement|company|authorities|police|agency|regime|adviser|aide)\b""",
    re.IGNORECASE | re.VERBOSE,
)


class EarlierText:
    """What stands before each sentence of a passage, the preceding passage included; read once, when first needed.

    Args:
        preceding: the text of the preceding passage, empty if unknown.
        text: the passage.
        spans: its sentences.
    """

    def __init__(self, preceding: str, text: str, spans: Sequence[Span]) -> None:
        self._preceding = preceding
        self._text = text
        self._spans = spans

    def last_named(self, sentence: int) -> frozenset[str]:
        """Return the countries and groups that were named last before a sentence, given by its place."""
        before = bisect_right(self._ends, len(self._preceding) + self._spans[sentence].start)
        return frozenset(each.id for each in self._mentions[max(0, before - LAST_NAMED) : before])

    def has_word(self, wanted: Iterable[str], sentence: int) -> bool:
        """Return whether one of the folded words stands before a sentence."""
        return any(self._first_sentence.get(word, sentence) < sentence for word in wanted)

    @cached_property
    def _mentions(self) -> list[Mention]:
        return mentions(self._preceding + self._text)

    @cached_property
    def _ends(self) -> list[int]:
        return [each.end for each in self._mentions]

    @cached_property
    def _first_sentence(self) -> dict[str, int]:
        """The first sentence with each word, -1 for the preceding passage."""
        first = dict.fromkeys(words(self._preceding), -1)
        for place, span in enumerate(self._spans):
            for word in words(self._text[span.start : span.end]):
                first.setdefault(word, place)
        return first


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a hit.

    `own` is the share of the proposition in it, `match` the share including its surroundings. `place` is its number in
    the passage, whose `earlier` tells what stands before it. `near_stems` and `near_ids` come from it, the sentence
    before and the title; the wide ones from the whole passage and the title.
    """

    hit: Hit
    span: Span
    before: Span | None
    text: str
    mentions: tuple[Mention, ...]
    own: float
    match: float
    place: int
    earlier: EarlierText
    near_stems: frozenset[str]
    near_ids: frozenset[str]
    wide_stems: frozenset[str]
    wide_ids: frozenset[str]

    @property
    def ids(self) -> frozenset[str]:
        """Return the countries and groups that it names."""
        return frozenset(each.id for each in self.mentions)

    def ids_in(self, span: Span) -> frozenset[str]:
        """Return those named within a part of it."""
        return frozenset(each.id for each in self.mentions if span.start <= each.start < span.end)

    def text_in(self, span: Span) -> str:
        """Return a part of its text."""
        return self.text[span.start : span.end]


def read_in_order(hits: Sequence[Hit], speaker: frozenset[str], matcher: Matcher) -> Iterator[Sentence]:
    """Yield the sentences of the hits, article by article.

    Args:
        hits: in any order.
        speaker: countries and groups whose sentences may refer to anything around them.
        matcher: compares with the proposition.
    """
    last: Hit | None = None
    before = _Words(frozenset(), frozenset())
    for hit in sorted(hits, key=lambda each: (each.passage.article_id, each.passage.ordinal)):
        follows = last is not None and _follows(last, hit)
        preceding = last.passage.text if follows and last is not None else ""
        sentences = list(_read_passage(hit, preceding, before if follows else None, speaker, matcher))
        yield from sentences
        if sentences:
            before = _Words(frozenset(matcher.stems(sentences[-1].text)), sentences[-1].ids)
        last = hit


@dataclass(frozen=True, slots=True)
class _Words:
    """The stems of a text, and the countries and groups in it."""

    stems: frozenset[str]
    ids: frozenset[str]

    def __or__(self, other: "_Words") -> "_Words":
        return _Words(self.stems | other.stems, self.ids | other.ids)


def _read_passage(
    hit: Hit, preceding: str, before: _Words | None, speaker: frozenset[str], matcher: Matcher
) -> Iterator[Sentence]:
    """Yield the sentences of one passage; `preceding` and `before` are the passage and the sentence right before it."""
    text, heading = hit.passage.text, hit.article.title or ""
    year = int(hit.article.published_at[:4]) if hit.article.published_at else None
    spans = split_sentences(text, 0, len(text), hit.article.language)
    named = [tuple(mentions(text[span.start : span.end], year)) for span in spans]
    own_words = [
        _Words(frozenset(matcher.stems(text[span.start : span.end])), frozenset(each.id for each in found))
        for span, found in zip(spans, named, strict=True)
    ]
    title = _Words(frozenset(matcher.stems(heading)), frozenset(each.id for each in mentions(heading, year)))
    around = title
    for each in own_words:
        around |= each
    wide = matcher.score(around.stems, around.ids)
    previous, previous_span = before or _Words(frozenset(), frozenset()), None
    earlier = EarlierText(preceding, text, spans)
    for place, (span, found, mine) in enumerate(zip(spans, named, own_words, strict=True)):
        own = matcher.score(mine.stems, mine.ids)
        with_before = mine | previous
        near = matcher.score(with_before.stems, with_before.ids)
        yield Sentence(
            hit=hit,
            span=span,
            before=previous_span,
            text=text[span.start : span.end],
            mentions=found,
            own=own,
            match=max(own, NEARBY * near, WIDE * wide if own or near or mine.ids & speaker else 0.0),
            place=place,
            earlier=earlier,
            near_stems=with_before.stems | title.stems,
            near_ids=with_before.ids | title.ids,
            wide_stems=around.stems,
            wide_ids=around.ids,
        )
        previous, previous_span = mine, span


def is_by_actor(cue: Cue, sentence: Sentence, proposition: Proposition) -> bool:
    """Return whether the subject of a cue is the question's actor; a pronoun means the last one named before."""
    subject, named = sentence.text_in(cue.subject), sentence.ids_in(cue.subject)
    if named and proposition.actor_ids:
        return bool(_agents(sentence, cue.subject) & proposition.actor_ids)
    if names_actor(subject, named, proposition):
        return True
    if named or _has_name(subject) or not _STANDS_FOR.search(subject):
        return False
    left = Span(0, cue.span.start)
    if sentence.ids_in(left):
        return names_actor(sentence.text_in(left), sentence.ids_in(left), proposition)
    if proposition.actor_ids:
        return bool(sentence.earlier.last_named(sentence.place) & proposition.actor_ids)
    own = proposition.actor_words
    return not own or sentence.earlier.has_word(own, sentence.place)


def names_actor(text: str, named: frozenset[str], proposition: Proposition) -> bool:
    """Return whether a text, naming the countries and groups `named`, names the actor; true without an actor."""
    if proposition.actor_ids:
        return bool(named & proposition.actor_ids)
    own = proposition.actor_words
    return not own or bool(own & frozenset(words(text)))


def _agents(sentence: Sentence, subject: Span) -> frozenset[str]:
    """Return who acts in a subject that names several: the first, and those joined to it by "and"."""
    start = subject.start
    if lead := _ADVERBIAL.match(sentence.text_in(subject)):
        start += lead.end()
    named = [each for each in sentence.mentions if start <= each.start < subject.end]
    if not named:
        return sentence.ids_in(subject)
    agents = {named[0].id}
    for one, other in pairwise(named):
        if not _JOINED.fullmatch(sentence.text[one.end : other.start]):
            break
        agents.add(other.id)
    return frozenset(agents)


def _has_name(subject: str) -> bool:
    """Return whether a subject has a capitalised word other than an ordinary first one."""
    found = _NAME.findall(subject)
    first = subject.strip(' ,“"').split(maxsplit=1)[:1]
    is_plain = bool(first) and (first[0].lower() in STOP_WORDS or bool(_STANDS_FOR.search(first[0])))
    return any(name != first[0] or not is_plain for name in found)


def _follows(one: Hit, other: Hit) -> bool:
    return (one.passage.article_id, one.passage.ordinal + 1) == (other.passage.article_id, other.passage.ordinal)
