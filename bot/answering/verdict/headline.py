"""Decides what a headline says: the verdict and on whose word, in parts that every language puts into words."""

from dataclasses import dataclass

from bot.answering.answer import Answer, Citation, Evidence, Stance, Verdict
from bot.answering.attribution.attribution import CueClass
from bot.answering.question.proposition import Act
from bot.answering.speaker import within_sentence

_JUDGED = frozenset((Verdict.YES, Verdict.NO, Verdict.DISPUTED))
_SIDES = (Stance.ASSERTS, Stance.DENIES)


@dataclass(frozen=True, slots=True)
class HeadlineSource:
    """Who says it, and how.

    `speaker` is written as within a sentence, None where the article itself reports it. `verb` is the last word of a
    cue that denies or confirms, in lower case, else empty. `denies` if the source doesn't say that it is so,
    `is_denial` if it denies it.
    """

    speaker: str | None
    verb: str
    denies: bool
    is_denial: bool
    citation: Citation


@dataclass(frozen=True, slots=True)
class Headline:
    """The parts of a headline.

    `verdict` is None for quotes without a verdict; `is_unsettled` if they leave a yes/no question open. `sides` are the
    sources of the verdict, the decisive one first; of a disputed one first those in favour, then those against.
    `articles` counts those quoted.
    """

    verdict: Verdict | None
    sides: tuple[tuple[HeadlineSource, ...], ...]
    articles: int
    is_unsettled: bool = False


def headline_of(answer: Answer) -> Headline:
    """Return what the headline of an answer says; of a refusal only that it is one."""
    if answer.is_refusal or not answer.evidence:
        return Headline(Verdict.NOT_FOUND, (), 0)
    articles = len({each.quote.article_id for each in answer.evidence})
    if answer.verdict not in _JUDGED:
        return Headline(None, (), articles, is_unsettled=answer.proposition is not None)
    if answer.verdict is Verdict.DISPUTED:
        sides = (tuple(_source(each, None) for each in answer.evidence if each.stance is side) for side in _SIDES)
        return Headline(answer.verdict, tuple(filter(None, sides)), articles)
    proposition = answer.proposition
    is_speech = proposition is not None and proposition.act in {Act.DENIES, Act.ADMITS}
    actor = proposition.actor if proposition is not None and is_speech else None
    return Headline(answer.verdict, ((_source(answer.evidence[0], actor),),), articles)


def _source(evidence: Evidence, actor: str | None) -> HeadlineSource:
    """Return a quote's source; `actor` is named where a denial or admission names no speaker."""
    said = evidence.attribution
    kind = said.kind if said is not None else None
    takes_it = said is not None and kind in {CueClass.DENIES, CueClass.CONFIRMS}
    return HeadlineSource(
        speaker=within_sentence(said.speaker) if said is not None and said.speaker else actor or None,
        verb=said.cue.rsplit(" ", 1)[-1].lower() if said is not None and takes_it else "",
        denies=evidence.stance is not Stance.ASSERTS,
        is_denial=evidence.stance is Stance.DENIES and kind in {CueClass.DENIES, None},
        citation=evidence.citation,
    )
