"""Composes the headline from fixed templates, speakers, cues, publishers and dates, and no other words."""

import re
from collections.abc import Sequence

from bot.answering.answer import Attribution, Evidence, Stance, Verdict
from bot.answering.attribution.attribution import CueClass
from bot.answering.question.proposition import Act, Proposition
from bot.answering.speaker import within_sentence
from corpus.dates import day_in_words

NOT_FOUND = "I found nothing in my articles that answers this."
_UNKNOWN_DATE = "date unknown"
# Cues that take "it" unchanged: "denied it", "confirms it".
_TAKES_IT = re.compile(
    r"(?:reject|dismiss|refut|disput|rebuff|confirm|acknowledg|admitt?|conced|accept|approv|endors|oppos|veto|ignor|refus)"
    r"(?:ed|es|s)|denie[ds]",
    re.IGNORECASE,
)
_WORDS = {Verdict.YES: "Yes", Verdict.NO: "No", Verdict.DISPUTED: "Disputed"}


def compose_headline(verdict: Verdict | None, evidence: Sequence[Evidence], proposition: Proposition | None) -> str:
    """Return one sentence with the verdict and its source.

    Args:
        verdict: the verdict.
        evidence: the quotes, decisive ones first; of a disputed question by date.
        proposition: of a yes/no question; its actor is named where a denial or admission names no speaker.
    """
    if verdict is Verdict.NOT_FOUND or not evidence:
        return NOT_FOUND
    if verdict is Verdict.OPEN or verdict is None:
        articles = len({each.quote.article_id for each in evidence})
        return "What one of my articles says:" if articles == 1 else f"What {articles} of my articles say:"
    if verdict is Verdict.DISPUTED:
        sides = (Stance.ASSERTS, Stance.DENIES)
        first = [next((each for each in evidence if each.stance is side), None) for side in sides]
        return f"{_WORDS[verdict]}: {'; '.join(_source(each, None) for each in first if each is not None)}."
    is_speech = proposition is not None and proposition.act in {Act.DENIES, Act.ADMITS}
    actor = proposition.actor if proposition is not None and is_speech else None
    return f"{_WORDS[verdict]}: {_source(evidence[0], actor)}."


def _source(evidence: Evidence, actor: str | None) -> str:
    citation, said = evidence.citation, evidence.attribution
    when = day_in_words(citation.published_at) if citation.published_at else _UNKNOWN_DATE
    # That the publisher is unknown is said once, below the quotes.
    claimed = f"says it is from {citation.publisher}" if citation.is_claimed else citation.publisher
    source = f"{claimed}, {when}" if claimed else when
    speaker = within_sentence(said.speaker) if said is not None and said.speaker else actor
    if speaker is None:
        what = "it" if evidence.stance is Stance.ASSERTS else "that it is not so"
        publisher = f"A text that {claimed}" if citation.is_claimed else claimed
        return f"{publisher or 'One article'} reports {what} ({when})"
    return f"{_statement(speaker, said, evidence.stance)} ({source})"


def _statement(speaker: str, said: Attribution | None, stance: Stance | None) -> str:
    verb = said.cue.rsplit(" ", 1)[-1] if said is not None else ""
    kind = said.kind if said is not None else None
    if _TAKES_IT.fullmatch(verb) and kind in {CueClass.DENIES, CueClass.CONFIRMS}:
        return f"{speaker} {verb.lower()} it"
    if stance is Stance.DENIES and kind in {CueClass.DENIES, None}:
        return f"denied by {speaker}"
    return f"according to {speaker}"
