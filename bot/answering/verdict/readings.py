"""What a sentence was found to say of what a question puts forward, and why it counts."""

from dataclasses import dataclass
from enum import StrEnum

from bot.answering.answer import Stance, Verdict
from bot.answering.verdict.denial_cues import Cue
from corpus.article import Span
from index.search.retriever import Hit


class Ground(StrEnum):
    """Why a sentence counts for or against.

    - `said`, `unsaid`: the one asked about denies or admits what the question says that he does, or the contrary;
    - `implied`: he says so in other words, by negating it himself;
    - `done`, `reported`, `claimed`: it is told in the past, or otherwise, or by somebody;
    - `denied`: somebody denies it; `false`: it is called false, or no evidence was found;
    - `refused`, `negated`, `other_actor`: it was refused by the one who would have done it, did not happen, or somebody
      else did it;
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
# Where several cues stand in one sentence, the one with the higher rank tells how it stands.
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
    """A sentence of a hit as it was read.

    `match` is the share of the proposition that it speaks of, with what surrounds it; `own` that in itself alone.
    `is_pointed`: what it denies is the deed itself, or "it". `strength` orders what is shown: better matches first,
    among like ones those that say it outright.
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
        """Where the cue stands in the passage."""
        if self.cue is None:
            return None
        return Span(self.span.start + self.cue.span.start, self.span.start + self.cue.span.end)

    @property
    def supports(self) -> Verdict | None:
        """Which answer the sentence alone would give; None where it gives none."""
        return _SUPPORTS.get(self.ground)
