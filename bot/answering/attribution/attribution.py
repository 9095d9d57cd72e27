"""An attribution as spans of a text, and the classes of its cue."""

from dataclasses import dataclass
from enum import StrEnum

from corpus.article import Span


class CueClass(StrEnum):
    """What a source does with the content, judged by the cue's words alone."""

    SAYS = "says"
    CLAIMS = "claims"
    CONFIRMS = "confirms"
    DENIES = "denies"
    ACCUSES = "accuses"
    WARNS = "warns"
    PROMISES = "promises"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class AttributionSpans:
    """Who says it, how, and what, as character offsets into the searched text.

    `source` is None where the text names nobody ("it was reported that"). `content` has at least one span; several, in
    order and disjoint, where the cue interrupts it. `negated` means that the cue's act did not take place ("did not
    deny", "has yet to confirm", "declined to say"). `speaker` is the source's name; for "he", "who" or "the minister"
    it is the last matching name before it in the same text, or None.
    """

    source: Span | None
    cue: Span
    content: tuple[Span, ...]
    cue_class: CueClass
    negated: bool
    speaker: str | None
