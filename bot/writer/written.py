"""What the writer returns: proven sentences, what was dropped and why, and how it ended."""

from dataclasses import dataclass
from enum import StrEnum

from bot.answering.answer import Evidence
from bot.writer.reach import OneSided


class Fault(StrEnum):
    """Why a sentence is not shown."""

    CITATION = "citation"
    NAME = "name"
    NUMBER = "number"
    DATE = "date"
    QUOTED = "quoted"
    SPEAKER = "speaker"
    NEGATION = "negation"
    CAUSE = "cause"
    ROLES = "roles"
    UNSUPPORTED = "unsupported"
    FORM = "form"


class Outcome(StrEnum):
    """How the writing ended. Only after `WRITTEN` there are sentences to show."""

    WRITTEN = "written"
    DROPPED = "dropped"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    NONSENSE = "nonsense"
    LIMITED = "limited"
    BUDGET = "budget"
    UNREACHABLE = "unreachable"
    BROKEN = "broken"
    REJECTED = "rejected"
    RESTING = "resting"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Draft:
    """One sentence as the model wrote it, with the numbers of the quotes that it cites, from 1."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a sentence is not proven; `detail` is one plain sentence."""

    fault: Fault
    detail: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence after its proof.

    Attributes:
        draft: the sentence.
        problems: why it is not proven; empty if it is.
        support: how probable it is that its quotes say so, 0 to 1; a sentence that nothing speaks against needs none.
        coverage: the share of its words that its quotes hold, 0 to 1.
    """

    draft: Draft
    problems: tuple[Problem, ...]
    support: float
    coverage: float

    @property
    def is_proven(self) -> bool:
        """Whether it may be shown."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class Written:
    """An answer in sentences, with what did not become part of it.

    Attributes:
        model: that wrote it.
        outcome: how it ended.
        evidence: the quotes that the sentences cite by number, from 1.
        sentences: the proven ones, in order; empty unless the outcome is `WRITTEN`.
        dropped: the others, with their problems; a repaired one only as it was last.
        repaired: how many became proven only after the model was told what was wrong.
        asked: the further questions that were searched for, without those that found nothing.
        one_sided: how the quotes tell one side only; None if they don't.
        tokens: that the model read and wrote.
    """

    model: str
    outcome: Outcome
    evidence: tuple[Evidence, ...]
    sentences: tuple[Checked, ...] = ()
    dropped: tuple[Checked, ...] = ()
    repaired: int = 0
    asked: tuple[str, ...] = ()
    one_sided: OneSided | None = None
    tokens: int = 0
