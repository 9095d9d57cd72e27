"""A cited quote as the proof reads it: its words, names, numbers, dates, and who says what in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.answering.answer import Evidence
from bot.answering.attribution.attribution import AttributionSpans, CueClass
from bot.answering.attribution.cues import Lexicon
from bot.answering.attribution.finder import cached_attributions
from bot.answering.question.aliases import entity_ids
from bot.answering.reader.relations import Excerpt, heading
from bot.writer.comparison import Word, content_words, stems
from bot.writer.orders import without_orders
from corpus.article import Span
from index.terms import Terms

_SAYS_WHAT = re.compile(r"(?<!\s)\s*+[,:]?\s*+(?:that\b|of\b|[“\"‘])")
_CLAUSE = re.compile(r"[;:]|,\s+(?:and|but|while|whereas)\b")


@dataclass(frozen=True, slots=True)
class Said:
    """Something that somebody says in a text: who, in which way, and the parts of the text that are theirs."""

    source: str
    kind: CueClass
    negated: bool
    cue: Span | None
    content: tuple[Span, ...]


@dataclass(frozen=True)
class Source:
    """One cited quote. `number` is its number in the answer, from 1."""

    number: int
    evidence: Evidence

    @cached_property
    def text(self) -> str:
        """The words of the quote, without what addresses a language model."""
        return without_orders(self.evidence.quote.text)

    @property
    def length(self) -> int:
        """Characters of the quote and of what is known of it."""
        citation, attribution = self.evidence.citation, self.evidence.attribution
        speaker = attribution.speaker if attribution else None
        return sum(len(each or "") for each in (self.evidence.quote.text, citation.title, citation.publisher, speaker))

    @cached_property
    def context(self) -> str:
        """The quote with what is known of it: title, publisher and speaker."""
        citation, attribution = self.evidence.citation, self.evidence.attribution
        speaker = attribution.speaker if attribution else None
        return ". ".join(filter(None, (self.text, citation.title, citation.publisher, speaker)))

    @cached_property
    def excerpt(self) -> Excerpt:
        """The quote as the reader reads it."""
        citation = self.evidence.citation
        return Excerpt(heading(citation.published_at, citation.publisher, citation.title), self.text)

    @cached_property
    def words(self) -> list[Word]:
        """The words of the quote that carry meaning."""
        return content_words(self.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all words of the quote and its context, compounds whole and in parts."""
        return frozenset(stems(self.context)) | frozenset(Terms().stems(self.context))

    @cached_property
    def ids(self) -> frozenset[str]:
        """The countries and groups in the quote and its context."""
        return entity_ids(self.context)

    @cached_property
    def year(self) -> int | None:
        """The year of its article."""
        published = self.evidence.citation.published_at
        return int(published[:4]) if published else None

    @cached_property
    def said(self) -> tuple[Said, ...]:
        """What somebody says in the quote; all of it if its speaker is named only outside."""
        found = said_in(self.text)
        attribution = self.evidence.attribution
        if attribution is not None and attribution.speaker and attribution.cue not in self.text:
            whole = Said(
                attribution.speaker, attribution.kind or CueClass.SAYS, False, None, (Span(0, len(self.text)),)
            )
            return (*found, whole)
        return found


def cited(citations: Sequence[int], evidence: Sequence[Evidence]) -> list[Source]:
    """Return the cited quotes; numbers that name none are left out."""
    return [Source(number, evidence[number - 1]) for number in citations if 1 <= number <= len(evidence)]


def said_in(text: str) -> tuple[Said, ...]:
    """Return what somebody says in a text, in order."""
    return tuple(_said(each, text) for each in cached_attributions(text) if _is_speech(each.cue, text))


def _is_speech(cue: Span, text: str) -> bool:
    """Return whether a cue is a word of saying, and not any verb: "the court convicted him" tells what a court did."""
    is_known = Lexicon.load().classify(text[cue.start : cue.end].lower().split()) is not None
    return is_known or _SAYS_WHAT.match(text, cue.end) is not None


def _said(found: AttributionSpans, text: str) -> Said:
    source = text[found.source.start : found.source.end] if found.source else ""
    speaker = found.speaker or ""
    who = source if speaker in source else f"{source} {speaker}".strip()
    content = found.content
    if found.cue_class is CueClass.UNCONFIRMED and not source:
        # "A was found, and B is believed to have left" leaves only B open.
        content = tuple(_last_clause(span, text) if span.end <= found.cue.start else span for span in content)
    return Said(who, found.cue_class, found.negated, found.cue, content)


def _last_clause(span: Span, text: str) -> Span:
    begin = max((match.end() for match in _CLAUSE.finditer(text, span.start, span.end)), default=span.start)
    return Span(begin, span.end)
