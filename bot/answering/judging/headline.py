"""The headline: fixed templates around speakers, cues, publishers and dates, with no word from anywhere else."""

import re
from collections.abc import Sequence

from bot.answering.answer import Evidence, Stance, Verdict
from corpus.dates import day_in_words

NOT_FOUND = "The corpus does not know: nothing in it answers this question."
_UNKNOWN_PUBLISHER = "publisher unknown"
_UNKNOWN_DATE = "date unknown"
# Cues that can stand before "it" as they are: "denied it", "confirms it".
_TAKES_IT = re.compile(
    r"(?:den|reject|dismiss|refut|disput|rebuff|confirm|acknowledg|admit|conced|accept|approv|endors|oppos|veto|ignor|refus)"
    r"\w*(?:ed|es|s)",
    re.IGNORECASE,
)
_LONGEST_SPEAKER = 90


def compose_headline(verdict: Verdict, evidence: Sequence[Evidence]) -> str:
    """One sentence that says the verdict and on whose word.

    Args:
        verdict: the verdict.
        evidence: the quotes, those that decided first; of a disputed question in the order of their dates.
    """
    if verdict is Verdict.NOT_FOUND or not evidence:
        return NOT_FOUND
    if verdict is Verdict.OPEN:
        articles = len({each.quote.article_id for each in evidence})
        return (
            "What one article in the corpus says:" if articles == 1 else f"What {articles} articles in the corpus say:"
        )
    if verdict is Verdict.DISPUTED:
        sides = (Stance.ASSERTS, Stance.DENIES)
        first = [next((each for each in evidence if each.stance is side), None) for side in sides]
        return f"Disputed: {'; '.join(_on_whose_word(each) for each in first if each is not None)}."
    return f"{'Yes' if verdict is Verdict.YES else 'No'}: {_on_whose_word(evidence[0])}."


def _on_whose_word(evidence: Evidence) -> str:
    citation, said = evidence.citation, evidence.attribution
    when = day_in_words(citation.published_at) if citation.published_at else _UNKNOWN_DATE
    publisher = citation.publisher or _UNKNOWN_PUBLISHER
    if said is None or said.speaker is None:
        return f"{publisher} reports {'it' if evidence.stance is Stance.ASSERTS else 'that it is not so'} ({when})"
    return f"{said.speaker[:_LONGEST_SPEAKER]} {_does(said.cue, evidence.stance)} ({publisher}, {when})"


def _does(cue: str, stance: Stance | None) -> str:
    if _TAKES_IT.fullmatch(cue):
        return f"{cue.lower()} it"
    return "denies it" if stance is Stance.DENIES else "says so"
