"""Composes the headline from fixed templates, speakers, cues, publishers and dates, and no other words."""

import re
from collections.abc import Mapping, Sequence

from bot.answering.answer import Attribution, Evidence, Stance, Verdict
from bot.answering.attribution.attribution import CueClass
from corpus.dates import day_in_words

NOT_FOUND = "I found nothing in my articles that answers this."
_UNKNOWN_DATE = "date unknown"
# Cues that take "it" unchanged: "denied it", "confirms it".
_TAKES_IT = re.compile(
    r"(?:reject|dismiss|refut|disput|rebuff|confirm|acknowledg|admitt?|conced|accept|approv|endors|oppos|veto|ignor|refus)"
    r"(?:ed|es|s)|denie[ds]",
    re.IGNORECASE,
)
_MOST_ITEMS = 8
VERDICT_WORDS: Mapping[Verdict, str] = {Verdict.YES: "Yes", Verdict.NO: "No", Verdict.DISPUTED: "Disputed"}


def compose_headline(
    verdict: Verdict | None,
    evidence: Sequence[Evidence],
    items: Sequence[str] = (),
    words: Mapping[Verdict, str] = VERDICT_WORDS,
) -> str:
    """Return one sentence with the verdict and its source.

    Args:
        verdict: the verdict.
        evidence: the quotes, decisive ones first; of a disputed question by date.
        items: what was found for a question that asks for a list.
        words: the word for each verdict.
    """
    if verdict is Verdict.NOT_FOUND or not evidence:
        return NOT_FOUND
    if verdict is Verdict.OPEN or verdict is None:
        articles = len({each.quote.article_id for each in evidence})
        where = "one of my articles" if articles == 1 else f"{articles} of my articles"
        if len(items) > 1:
            return f"I found {len(items)} in {where}: {_shortened(items)}."
        return f"What {where} {'says' if articles == 1 else 'say'}:"
    if verdict is Verdict.DISPUTED:
        sides = filter(None, (_side(evidence, side) for side in (Stance.ASSERTS, Stance.DENIES)))
        return f"{words[verdict]}: {'; '.join(sides)}."
    return f"{words[verdict]}: {_source(evidence[0])}."


def _shortened(items: Sequence[str]) -> str:
    """Return the items that fit a headline, and how many more there are."""
    shown = list(items[:_MOST_ITEMS])
    rest = len(items) - len(shown)
    return " · ".join(shown) + (f" · and {rest} more" if rest else "")


def _side(evidence: Sequence[Evidence], side: Stance) -> str:
    """Name everybody who is quoted for one side, each once; empty if nobody is."""
    speakers = [_speaker_or_source(each) for each in evidence if each.stance is side]
    names = list(dict.fromkeys(speakers))
    if not names:
        return ""
    joined = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"according to {joined}" if side is Stance.ASSERTS else f"against it {joined}"


def _speaker_or_source(evidence: Evidence) -> str:
    said, citation = evidence.attribution, evidence.citation
    speaker = said.speaker if said is not None else None
    if speaker is not None:
        return speaker
    name = f"a text that says it is from {citation.publisher}" if citation.is_claimed else citation.publisher
    return name or "an article"


def _source(evidence: Evidence) -> str:
    citation, said = evidence.citation, evidence.attribution
    when = day_in_words(citation.published_at) if citation.published_at else _UNKNOWN_DATE
    # That the publisher is unknown is said once, below the quotes.
    claimed = f"says it is from {citation.publisher}" if citation.is_claimed else citation.publisher
    source = f"{claimed}, {when}" if claimed else when
    speaker = said.speaker if said is not None else None
    if speaker is None:
        publisher = f"a text that {claimed}" if citation.is_claimed else claimed
        return f"according to {publisher or 'one article'} ({when})"
    return f"{_statement(speaker, said, evidence.stance)} ({source})"


def _statement(speaker: str, said: Attribution | None, stance: Stance | None) -> str:
    verb = said.cue.rsplit(" ", 1)[-1] if said is not None else ""
    kind = said.kind if said is not None else None
    if _TAKES_IT.fullmatch(verb) and kind in {CueClass.DENIES, CueClass.CONFIRMS}:
        return f"{speaker} {verb.lower()} it"
    if stance is Stance.DENIES and kind in {CueClass.DENIES, None}:
        return f"denied by {speaker}"
    return f"according to {speaker}"
