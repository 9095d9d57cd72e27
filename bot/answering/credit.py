"""Attributes a quote to its speaker in the article."""

import re
from collections.abc import Callable, Iterable

from bot.answering.answer import Attribution, Quote, Stance
from bot.answering.attribution.attribution import AttributionSpans, CueClass
from bot.answering.attribution.finder import cached_attributions
from bot.answering.attribution.speakers import ROLES
from bot.answering.disowned import is_disowned
from bot.answering.speaker import owned_role_end, source_start, speaker_name
from corpus.article import Passage, Span
from index.search.retriever import Hit

# The cue classes that fit a stance, best first.
_FITTING_CLASSES: dict[Stance | None, tuple[CueClass, ...]] = {
    Stance.DENIES: (CueClass.DENIES, CueClass.SAYS, CueClass.CLAIMS),
    Stance.ASSERTS: (CueClass.CONFIRMS, CueClass.ACCUSES, CueClass.CLAIMS, CueClass.SAYS),
}
_NAME = re.compile(r"[A-Z]")
# "Salis (Herald) – The minister".
_DATELINE = re.compile(r"^[A-Z][\w .,’'-]{0,40}\([A-Z][\w .]{1,30}\)\s*(?:[—–-]+\s*)?")
# Minimum relevance of an attribution's content.
_MIN_RELEVANCE = 0.2
# The tagger may begin a source at the end of a possessive: "'s defence ministry" of "Kurland's defence ministry".
_MIDDLE = re.compile(r"['’]s\b")
_BEGUN = re.compile(r"[^\W_]+(?:[.’'-][^\W_]+)*$")
# Characters of a possessor: searching for its first one takes quadratic time.
LONGEST_NAME = 60
# Characters around a quote in which its speaker is looked for, extended to whole sentences.
CHARS_BEFORE = 160
CHARS_AFTER = 40
# "Kurland was ordered to withdraw": somebody else orders.
_ADDRESSED = re.compile(
    r"""\s(?:(?:has|have|had)\s)?(?:is|was|are|were|been|being|be)\s(?:\w{1,20}\s)?
    (?:accused|advised|asked|blamed|charged|condemned|critici[sz]ed|informed|instructed|invited|notified|ordered
    |reminded|told|urged|warned)$""",
    re.VERBOSE,
)
_SENTENCE_END = re.compile(r"[.!?][\"”’]?\s+(?=[A-Z“\"])")


def credit(
    quote: Quote, hit: Hit, stance: Stance | None, relevance: Callable[[str], float] | None = None
) -> Attribution | None:
    """Return who says a quote, how and what; None if only the publisher does, or if the words are not the speaker's.

    Args:
        quote: from the hit.
        hit: its passage; the speaker is looked for around the quote in it.
        stance: the quote's stance.
        relevance: how much of the question a text is about, 0 to 1; attributions of anything else are ignored.
    """
    text, quoted, found = _found(quote, hit.passage, hit.article.language)
    relevant = [each for each in found if relevance is None or relevance(_content(each, text)) >= _MIN_RELEVANCE]
    # "Kurland denied the claim": who takes the quote's side is named, though the words for it stand elsewhere.
    best = _best_fit(relevant, stance) or _best_fit((each for each in found if _takes_side(each, stance)), stance)
    if best is None or is_disowned(text[quoted.start : best.cue.start]):
        return None
    return _attribution(best, text)


def possible_credits(quote: Quote, passage: Passage, language: str | None) -> list[Attribution]:
    """Return every attribution that `credit` may give a quote of a passage, whatever the question."""
    text, _, found = _found(quote, passage, language)
    return [_attribution(each, text) for each in found]


def _found(quote: Quote, passage: Passage, language: str | None) -> tuple[str, Span, list[AttributionSpans]]:
    """Return the text around a quote, where it stands there, and the attributions that may be its own."""
    window_start, text = _window(passage.text, quote.start - passage.start, quote.end - passage.start)
    offset = passage.start + window_start
    quoted = Span(quote.start - offset, quote.end - offset)
    every = cached_attributions(text, language)
    return text, quoted, [each for each in every if _belongs_to(each, quoted) and not _is_addressed(each, text)]


def _attribution(found: AttributionSpans, text: str) -> Attribution:
    return Attribution(
        speaker=_speaker(found, text),
        cue=text[found.cue.start : found.cue.end],
        content=_content(found, text),
        kind=found.cue_class,
    )


def _window(text: str, start: int, end: int) -> tuple[int, str]:
    """Return a quote with about a sentence on either side, and where that begins in the text."""
    first = max((match.end() for match in _SENTENCE_END.finditer(text, 0, max(0, start - CHARS_BEFORE))), default=0)
    last = _SENTENCE_END.search(text, min(len(text), end + CHARS_AFTER))
    return first, text[first : last.start() + 1 if last else len(text)]


def _content(found: AttributionSpans, text: str) -> str:
    return " … ".join(text[span.start : span.end] for span in found.content)


def _belongs_to(found: AttributionSpans, quoted: Span) -> bool:
    """Return whether the quote contains the cue, or consists mostly of the content."""
    if quoted.start <= found.cue.start and found.cue.end <= quoted.end:
        return True
    inside = sum(max(0, min(each.end, quoted.end) - max(each.start, quoted.start)) for each in found.content)
    return inside * 2 > quoted.end - quoted.start


def _takes_side(found: AttributionSpans, stance: Stance | None) -> bool:
    return stance in _FITTING_CLASSES and found.cue_class is _FITTING_CLASSES[stance][0]


def _best_fit(found: Iterable[AttributionSpans], stance: Stance | None) -> AttributionSpans | None:
    """Return the attribution whose cue fits the stance best; among equals, the one with the longest content."""
    classes = _FITTING_CLASSES.get(stance, ())

    def fit(each: AttributionSpans) -> tuple[int, int]:
        rank = classes.index(each.cue_class) if each.cue_class in classes else len(classes)
        return -rank, sum(span.end - span.start for span in each.content)

    return max(found, key=fit, default=None)


def _whole_start(text: str, source: Span) -> int:
    sentence = max((each.end() for each in _SENTENCE_END.finditer(text, 0, source.start)), default=0)
    if (dateline := _DATELINE.match(text[sentence : source.start])) is not None:
        sentence += dateline.end()
    return sentence + source_start(text[sentence:], source.start - sentence, source.end - sentence)


def _is_addressed(found: AttributionSpans, text: str) -> bool:
    """Return whether the source is whom somebody else speaks to or of: "Kurland was ordered to withdraw"."""
    return found.source is not None and _ADDRESSED.match(text, found.source.end, found.cue.end) is not None


def _speaker(found: AttributionSpans, text: str) -> str | None:
    """Return the source as written if it names somebody ("Kurlandish officials"), else whom a pronoun in it means."""
    source = ""
    if found.source is not None:
        begun = None
        if _MIDDLE.match(text, found.source.start):
            begun = _BEGUN.search(text, max(0, found.source.start - LONGEST_NAME), found.source.start)
        start, end = begun.start() if begun else _whole_start(text, found.source), found.source.end
        # Nor does it end with a possessor: "Tessen's opposition called it a surrender".
        source = text[start : owned_role_end(text, end)]
    named = speaker_name(_DATELINE.sub("", source))
    # "The minister" means a person named before; "the coast guard" speaks for itself.
    is_clear = named is not None and (_NAME.search(named) or named.split()[-1].lower() not in ROLES)
    return named if is_clear else speaker_name(found.speaker) or named
