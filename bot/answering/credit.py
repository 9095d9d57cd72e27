"""Credits a quote to the one who says it in the article."""

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

from threadpoolctl import ThreadpoolController

from bot.answering.answer import Attribution, Quote, Stance
from bot.answering.attribution.attribution import Attribution as Found
from bot.answering.attribution.attribution import CueClass
from bot.answering.attribution.finder import find_attributions
from corpus.article import Span
from index.search.retriever import Hit

# Whose cues fit a stance best, first choice first.
_FITTING: dict[Stance | None, tuple[CueClass, ...]] = {
    Stance.DENIES: (CueClass.DENIES, CueClass.SAYS, CueClass.CLAIMS),
    Stance.ASSERTS: (CueClass.CONFIRMS, CueClass.ACCUSES, CueClass.CLAIMS, CueClass.SAYS),
    Stance.UNCONFIRMED: (CueClass.UNCONFIRMED, CueClass.SAYS),
}
_NAME = re.compile(r"[A-Z]")
# "Salis (Herald) – The minister", "The minister later,".
_DATELINE = re.compile(r"^[A-Z][\w .,’'-]{0,40}\([A-Z][\w .]{1,30}\)\s*(?:[—–-]+\s*)?")
_TRAILING = re.compile(r"(?:[\s,;:]+(?:later|also|then|has|have|had|still|again)?)+$")
# An attribution counts for a quote that reports a deed only if what is said holds so much of the question.
_LEAST_CONTENT = 0.2
# Characters on either side of a quote in which its speaker is looked for, to the end of a sentence.
BEFORE = 160
BEHIND = 40
# Quoted texts whose attributions are kept, a few KB each: finding them costs more than all else of a quote, and news
# is asked about again in other words.
REMEMBERED_TEXTS = 1024
_SENTENCE_END = re.compile(r"[.!?][\"”’]?\s+(?=[A-Z“\"])")


def credit(
    quote: Quote, hit: Hit, stance: Stance | None, cue: Span | None, relevance: Callable[[str], float] | None = None
) -> Attribution | None:
    """Who says a quote, how and what; None where nobody but the publisher does.

    Args:
        quote: from the hit.
        hit: its passage; a speaker may be named anywhere in it.
        stance: how the quote stands toward the question.
        cue: where in the passage the words stand that decided its stance, None where none did.
        relevance: how much of the question a text speaks of, 0 to 1; who says anything else is left out.
    """
    passage = hit.passage
    start, text = _around(passage.text, quote.start - passage.start, quote.end - passage.start)
    mine = Span(quote.start - passage.start - start, quote.end - passage.start - start)
    found = [each for each in _attributions(text, hit.article.language) if _stands_in(each, mine)]
    best = _same_cue(found, None if cue is None else Span(cue.start - start, cue.end - start))
    if best is None:
        said = [each for each in found if relevance is None or relevance(_content(each, text)) >= _LEAST_CONTENT]
        best = _most_fitting(said, stance)
    if best is None:
        return None
    return Attribution(
        speaker=_speaker(best, text),
        cue=text[best.cue.start : best.cue.end],
        content=_content(best, text),
        kind=best.cue_class,
    )


@lru_cache(maxsize=REMEMBERED_TEXTS)
def _attributions(text: str, language: str | None) -> tuple[Found, ...]:
    """The attributions of a text, which depend on nothing else: whoever may read it gets the same."""
    # The tagger's products are small: sharing each out over several threads takes ten times as long as it saves.
    with _threads().limit(limits=1, user_api="blas"):
        return tuple(find_attributions(text, language))


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def _around(text: str, start: int, end: int) -> tuple[int, str]:
    """A quote with about a sentence on either side, where its speaker may stand; and where that begins in the text."""
    first = max((match.end() for match in _SENTENCE_END.finditer(text, 0, max(0, start - BEFORE))), default=0)
    behind = _SENTENCE_END.search(text, min(len(text), end + BEHIND))
    return first, text[first : behind.start() + 1 if behind else len(text)]


def _content(found: Found, text: str) -> str:
    return " … ".join(text[span.start : span.end] for span in found.content)


def _stands_in(found: Found, span: Span) -> bool:
    """Whether the cue, or most of what is said, stands in the quote."""
    if span.start <= found.cue.start and found.cue.end <= span.end:
        return True
    inside = sum(max(0, min(each.end, span.end) - max(each.start, span.start)) for each in found.content)
    return inside * 2 > span.end - span.start


def _same_cue(found: Iterable[Found], cue: Span | None) -> Found | None:
    if cue is None:
        return None
    return next((each for each in found if each.cue.start < cue.end and cue.start < each.cue.end), None)


def _most_fitting(found: Iterable[Found], stance: Stance | None) -> Found | None:
    """The attribution with the cue that fits best; among those the one that says most."""
    classes = _FITTING.get(stance, ())

    def fit(each: Found) -> tuple[int, int]:
        rank = classes.index(each.cue_class) if each.cue_class in classes else len(classes)
        return -rank, sum(span.end - span.start for span in each.content)

    return max(found, key=fit, default=None)


def _speaker(found: Found, text: str) -> str | None:
    """The source as the article words it where it has a name ("Kurlandish officials"), else whom it stands for."""
    source = text[found.source.start : found.source.end] if found.source is not None else ""
    source = _TRAILING.sub("", _DATELINE.sub("", source))
    return source if _NAME.search(source) else found.speaker or source or None
