"""The headline: fixed templates around speakers, cues, publishers and dates, with no word from anywhere else."""

import re
from collections.abc import Sequence

from bot.answering.answer import Evidence, Stance, Verdict
from bot.answering.understanding.proposition import Act, Proposition
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


def compose_headline(verdict: Verdict, evidence: Sequence[Evidence], proposition: Proposition | None) -> str:
    """One sentence that says the verdict and on whose word.

    Args:
        verdict: the verdict.
        proposition: what a yes/no question puts forward; who denies or admits is named there too.
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
        return f"Disputed: {'; '.join(_on_whose_word(each, None) for each in first if each is not None)}."
    is_speech = proposition is not None and proposition.act in {Act.DENIES, Act.ADMITS}
    actor = proposition.actor if proposition is not None and is_speech else None
    return f"{'Yes' if verdict is Verdict.YES else 'No'}: {_on_whose_word(evidence[0], actor)}."


def _on_whose_word(evidence: Evidence, actor: str | None) -> str:
    citation, said = evidence.citation, evidence.attribution
    when = day_in_words(citation.published_at) if citation.published_at else _UNKNOWN_DATE
    publisher = citation.publisher or _UNKNOWN_PUBLISHER
    speaker = (said.speaker if said is not None else None) or actor
    if speaker is None:
        return f"{publisher} reports {'it' if evidence.stance is Stance.ASSERTS else 'that it is not so'} ({when})"
    if len(speaker) > _LONGEST_SPEAKER:
        speaker = speaker[:_LONGEST_SPEAKER].rsplit(" ", 1)[0]
    return f"{speaker} {_does(said.cue if said is not None else '', evidence.stance)} ({publisher}, {when})"


def _does(cue: str, stance: Stance | None) -> str:
    verb = cue.rsplit(" ", 1)[-1]
    if _TAKES_IT.fullmatch(verb):
        return f"{verb.lower()} it"
    return "denies it" if stance is Stance.DENIES else "says so"
