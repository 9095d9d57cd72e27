"""The reading of a sentence: its stance on the proposition, and the ground for it."""

from dataclasses import dataclass
from enum import StrEnum

from bot.answering.answer import Stance, Verdict
from bot.answering.verdict.denial_cues import Cue
from corpus.article import Span
from index.search.retriever import Hit


class Ground(StrEnum):
    """Why a sentence counts for or against.

    - `said`, `unsaid`: the actor denies or admits as the question asks, or does the opposite;
    - `implied`: the actor says so in other words, by a negation;
    - `done`, `reported`, `claimed`: the deed is told in the past, in another form, or as a claim;
    - `denied`: somebody denies it; `false`: it is called false or without evidence;
    - `refused`, `negated`, `other_actor`: the actor refused it, it did not happen, or somebody else did it;
    - `open`: nobody confirms it.
    """

    SAID = "said"
    UNSAID = "unsaid"
    IMPLIED = "implied"
    DONE = "done"
    REPORTED = "reported"
    CLAIMED = "claimed"
    DENIED = "denied"
    REFUSED = "refused"
    NEGATED = "negated"
    OTHER_ACTOR = "other_actor"
    FALSE = "false"
    OPEN = "open"
    NONE = "none"


_SUPPORTS = {
    Ground.SAID: Verdict.YES,
    Ground.IMPLIED: Verdict.YES,
    Ground.DONE: Verdict.YES,
    Ground.REPORTED: Verdict.YES,
    Ground.CLAIMED: Verdict.YES,
    Ground.UNSAID: Verdict.NO,
    Ground.DENIED: Verdict.NO,
    Ground.REFUSED: Verdict.NO,
    Ground.NEGATED: Verdict.NO,
    Ground.OTHER_ACTOR: Verdict.NO,
    Ground.FALSE: Verdict.NO,
}
# Of several cues in one sentence, the one with the highest rank decides.
RANK = {
    Ground.NONE: 0,
    Ground.REPORTED: 1,
    Ground.DONE: 1,
    Ground.CLAIMED: 2,
    Ground.OPEN: 3,
    Ground.IMPLIED: 3,
    Ground.FALSE: 4,
    Ground.OTHER_ACTOR: 4,
    Ground.NEGATED: 4,
    Ground.UNSAID: 5,
    Ground.REFUSED: 5,
    Ground.SAID: 6,
    Ground.DENIED: 6,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """The reading of one sentence of a hit.

    `match` is its share of the proposition including its surroundings, `own` without them. `is_pointed`: the cue is
    about the deed itself, or "it". `strength` orders the quotes: by match, then how explicit they are.
    """

    hit: Hit
    span: Span
    before: Span | None
    stance: Stance
    ground: Ground
    match: float
    own: float
    strength: float
    is_pointed: bool
    cue: Cue | None

    @property
    def cue_in_passage(self) -> Span | None:
        """Return the span of the cue in the passage."""
        if self.cue is None:
            return None
        return Span(self.span.start + self.cue.span.start, self.span.start + self.cue.span.end)

    @property
    def supports(self) -> Verdict | None:
        """Return the verdict that the sentence alone would give, or None."""
        return _SUPPORTS.get(self.ground)
