"""An attribution as the finder gives it, and the classes that its cue can have."""

from dataclasses import dataclass
from enum import StrEnum

from corpus.article import Span


class CueClass(StrEnum):
    """What a source does with the content, as far as the cue's words tell."""

    SAYS = "says"
    CLAIMS = "claims"
    CONFIRMS = "confirms"
    DENIES = "denies"
    ACCUSES = "accuses"
    WARNS = "warns"
    PROMISES = "promises"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says it, how, and what; every span counts in characters of the text that was searched.

    `source` is None where the text names nobody ("it was reported that"). `content` has one span, or several where the
    cue stands in the middle of it; they are in order, don't overlap, and there is at least one. `negated` is whether
    the cue's act is said not to have taken place ("did not deny", "has yet to confirm", "declined to say"). `speaker`
    is the source's name as the text gives it: for "he", "who" or "the minister" the last fitting name before it in the
    same text, and None where there is none; it is never guessed.
    """

    source: Span | None
    cue: Span
    content: tuple[Span, ...]
    cue_class: CueClass
    negated: bool
    speaker: str | None
