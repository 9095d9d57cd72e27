"""Confirms a verdict by its quotes: one that they contradict, or don't tell, is not shown."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.answering.answer import Quote, Stance, Verdict
from bot.answering.question.proposition import Act, Proposition
from bot.answering.quotes import is_quotable, quote_sentence
from bot.answering.reader.relations import Excerpt, Reader, ReaderOutput, Relation, heading
from bot.answering.verdict.readings import Ground, Reading
from bot.answering.verdict.selection import Chosen
from bot.answering.verdict.vetoes import Asked, read_asked
from index.search.retriever import Hit

# A quote supports a verdict of the rules from this probability on (docs/decisions/0022-verdicts-are-confirmed.md).
SUPPORTS = 0.5
# Where no quote seems to tell of what is asked, with at least this probability each, nothing was found.
OFF_TOPIC = 0.5
# From these on, a sentence decides where the rules don't. The reader sees a "no" more easily than there is one.
DECIDES = {Verdict.YES: 0.7, Verdict.NO: 0.8}
# From this on it decides against what the rules found.
OVERRULES = 0.9
# How many of the sentences that match best are read then, and how well they must match.
READ = 5
MIN_READ_MATCH = 0.5
# Whether somebody said it is read from who speaks and with which verb, by which the rules are right more often.
_SPEECH = frozenset({Act.DENIES, Act.ADMITS})
# The relations that speak for a verdict, and those that speak for it half.
_FOR = {
    Verdict.YES: ((Relation.YES,), (Relation.CLAIMED, Relation.BOTH)),
    Verdict.NO: ((Relation.NO,), (Relation.DENIED, Relation.BOTH)),
    Verdict.DISPUTED: ((Relation.CLAIMED, Relation.DENIED, Relation.BOTH), ()),
}
# A quote of a disputed question changes sides from this probability on, however the rules read it.
OTHER_SIDE = 0.7
# What the reader says of a quote on each side, and how one is marked that changes to it.
_SIDES = {
    Stance.ASSERTS: ((Relation.YES, Relation.CLAIMED), Ground.CLAIMED),
    Stance.DENIES: ((Relation.NO, Relation.DENIED), Ground.DENIED),
}
# How a sentence is marked that the reader takes to decide.
_MARKS = {Verdict.YES: (Stance.ASSERTS, Ground.REPORTED), Verdict.NO: (Stance.DENIES, Ground.NEGATED)}


class QuoteReader:
    """Reads quotes with one question, each once.

    Args:
        reader: reads them.
        question: as asked.
    """

    def __init__(self, reader: Reader, question: str) -> None:
        self._reader = reader
        self._question = question
        self._read: dict[Quote, ReaderOutput] = {}
        self.asked = read_asked(question)

    def read(self, quotes: Sequence[tuple[Hit, Quote]]) -> list[ReaderOutput]:
        """Return what the reader says of quotes of these hits, in order."""
        new = [(hit, quote) for hit, quote in quotes if quote not in self._read]
        outputs = self._reader.read(self._question, [_excerpt(hit, quote) for hit, quote in new])
        self._read |= {quote: said for (_, quote), said in zip(new, outputs, strict=True)}
        return [self._read[quote] for _, quote in quotes]


def confirm(
    verdict: Verdict, chosen: Sequence[Chosen], proposition: Proposition, reader: QuoteReader
) -> tuple[Verdict, list[Chosen]]:
    """Return the verdict that the quotes bear out, and the quotes, those that support it first.

    A disputed question needs quotes of both sides, or one that tells both, a "yes" a quote that agrees with its
    numbers, dates, names and quantifiers, and each verdict on a deed a quote of which the reader says the same. Else
    the question is open, or, where the quotes tell nothing of it, not found. Quotes in other languages than English are
    not read.

    Args:
        verdict: of the rules.
        chosen: its quotes.
        proposition: of the question.
        reader: reads the quotes with it.
    """
    standing = list(chosen)
    if verdict is Verdict.YES:
        standing = [each for each in chosen if not _is_vetoed(each.reading.hit, each.quote, reader.asked)]
        if not standing:
            return Verdict.NOT_FOUND, []
    is_read = proposition.act not in _SPEECH
    english = [each for each in standing if is_read and _is_english(each.reading.hit)]
    outputs = reader.read([(each.reading.hit, each.quote) for each in english])
    if verdict is Verdict.DISPUTED:
        chosen = _on_their_sides(chosen, {each.quote: said for each, said in zip(english, outputs, strict=True)})
        if not _has_both_sides(chosen, outputs):
            return Verdict.OPEN, list(chosen)
    if not outputs:
        return verdict, _first(standing, chosen)
    supporting = [each for each, said in zip(english, outputs, strict=True) if _confirms(verdict, said) >= SUPPORTS]
    if supporting:
        return verdict, list(chosen) if verdict is Verdict.DISPUTED else _first(supporting, chosen)
    if all(said.probability(Relation.UNKNOWN) >= OFF_TOPIC for said in outputs):
        return Verdict.NOT_FOUND, []
    return Verdict.OPEN, list(chosen)


def decide(
    readings: Sequence[Reading], ruled: Verdict, proposition: Proposition, reader: QuoteReader
) -> tuple[Verdict, list[Reading]] | None:
    """Return the yes or no that the reader finds where no verdict is confirmed, and the sentences that tell it.

    None if no sentence decides, or if some say yes and some no.

    Args:
        readings: every sentence on the topic, best match first.
        ruled: what the rules found.
        proposition: of the question.
        reader: reads those that match best with it.
    """
    if proposition.act in _SPEECH:
        return None
    best = [
        each
        for each in readings
        if each.match >= MIN_READ_MATCH and _is_english(each.hit) and is_quotable(each.hit, each.span)
    ][:READ]
    quotes = [quote_sentence(each.hit, each.span, each.before) for each in best]
    outputs = reader.read([(each.hit, quote) for each, quote in zip(best, quotes, strict=True)])
    found: dict[Verdict, list[Reading]] = {verdict: [] for verdict in DECIDES}
    for each, quote, said in zip(best, quotes, outputs, strict=True):
        for verdict, least in DECIDES.items():
            support = _support(verdict, said)
            if support >= least and not (verdict is Verdict.YES and _is_vetoed(each.hit, quote, reader.asked)):
                stance, ground = _MARKS[verdict]
                found[verdict].append(replace(each, stance=stance, ground=ground, strength=support, cue=None))
    told = [(verdict, sentences) for verdict, sentences in found.items() if sentences]
    if len(told) != 1:
        return None
    [(verdict, sentences)] = told
    is_against = ruled in DECIDES and ruled is not verdict
    return (verdict, sentences) if not is_against or max(each.strength for each in sentences) >= OVERRULES else None


def _on_their_sides(chosen: Sequence[Chosen], outputs: Mapping[Quote, ReaderOutput]) -> list[Chosen]:
    """Return the quotes of a disputed question, each on the side on which the reader plainly sees it.

    They stay as they are where that would leave a side without a quote.
    """
    placed = [_on_its_side(each, outputs.get(each.quote)) for each in chosen]
    before, after = ({each.reading.stance for each in some} & _SIDES.keys() for some in (chosen, placed))
    return placed if after == before else list(chosen)


def _on_its_side(chosen: Chosen, said: ReaderOutput | None) -> Chosen:
    stance = chosen.reading.stance
    if said is None or stance not in _SIDES:
        return chosen
    other = Stance.DENIES if stance is Stance.ASSERTS else Stance.ASSERTS
    relations, ground = _SIDES[other]
    if said.probability(*relations) < OTHER_SIDE:
        return chosen
    return replace(chosen, reading=replace(chosen.reading, stance=other, ground=ground, cue=None))


def _has_both_sides(chosen: Sequence[Chosen], outputs: Sequence[ReaderOutput]) -> bool:
    """Return whether quotes take both sides, or take one where a quote tells of both."""
    sides = {each.reading.stance for each in chosen} & {Stance.ASSERTS, Stance.DENIES}
    return len(sides) == 2 or (bool(sides) and any(said.probability(Relation.BOTH) >= SUPPORTS for said in outputs))


def _is_vetoed(hit: Hit, quote: Quote, asked: Asked) -> bool:
    context = f"{hit.article.title or ''}. {hit.passage.text}"
    return bool(asked.vetoes(quote.text, context, hit.article.published_at))


def _is_english(hit: Hit) -> bool:
    return (hit.article.language or "en").startswith("en")


def _excerpt(hit: Hit, quote: Quote) -> Excerpt:
    article = hit.article
    return Excerpt(heading(article.published_at, article.publisher, article.title), quote.text)


def _confirms(verdict: Verdict, said: ReaderOutput) -> float:
    """Return how far a text supports a verdict of the rules."""
    # They tell a refusal by the actor, which the reader calls a denial, from the denial of a claim.
    refused = 0.5 * said.probability(Relation.DENIED) if verdict is Verdict.NO else 0.0
    return _support(verdict, said) + refused


def _support(verdict: Verdict, said: ReaderOutput) -> float:
    whole, half = _FOR[verdict]
    return said.probability(*whole) + 0.5 * said.probability(*half)


def _first(first: Sequence[Chosen], chosen: Sequence[Chosen]) -> list[Chosen]:
    """Return the quotes, some of them first, else in their order."""
    return [*first, *(each for each in chosen if each not in first)]
