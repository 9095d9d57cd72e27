"""Who says the quotes of a yes/no question, and which of them tell what somebody says of it."""

from collections.abc import Callable

from bot.answering.answer import Attribution, Quote, Stance
from bot.answering.attribution.attribution import CueClass
from bot.answering.credit import credit
from bot.answering.question.proposition import Act, Proposition
from bot.answering.reader.relations import Relation
from bot.answering.verdict.readings import QuoteReading

# What somebody has to do in a quote that is to show that he denies or admits it.
_ACTS = {Act.DENIES: CueClass.DENIES, Act.ADMITS: CueClass.CONFIRMS}


class Credits:
    """Attributes quotes, each once.

    Args:
        proposition: of the question.
        relevance: how much of it a text is about.
    """

    def __init__(self, proposition: Proposition, relevance: Callable[[str], float]) -> None:
        self._proposition = proposition
        self._relevance = relevance
        self._known: dict[Quote, Attribution | None] = {}

    def of(self, reading: QuoteReading) -> Attribution | None:
        """Return who says a quote, None if only the publisher does."""
        quote = reading.quote
        if quote not in self._known:
            self._known[quote] = credit(quote, reading.hit, reading.stance(self._proposition), self._relevance)
        return self._known[quote]

    def stance(self, reading: QuoteReading) -> Stance:
        """Return a quote's stance; in one that tells a claim and its denial, that of the speaker who is named."""
        said = self.of(reading) if reading.relation is Relation.BOTH else None
        if said is not None and said.speaker is not None and said.kind is not CueClass.DENIES:
            return Stance.ASSERTS
        return reading.stance(self._proposition)

    def is_said(self, reading: QuoteReading) -> bool:
        """Return whether a named speaker denies or admits in a quote what the question asks of, if it asks for that."""
        wanted = _ACTS.get(self._proposition.act)
        said = self.of(reading) if wanted is not None else None
        return said is not None and said.kind is wanted and said.speaker is not None
