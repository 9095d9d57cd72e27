"""An answer's headline and notes in English sentences, for the terminal, JSON and the records."""

import re

from bot.answering.answer import Answer, Note, NoteKind, Verdict
from bot.answering.verdict.headline import HeadlineSource, headline_of
from corpus.dates import day_in_words

NOT_FOUND = "I found nothing in my articles that answers this."
_UNKNOWN_DATE = "date unknown"
_WORDS = {Verdict.YES: "Yes", Verdict.NO: "No", Verdict.DISPUTED: "Disputed"}
# Cues that take "it" unchanged: "denied it", "confirms it".
_TAKES_IT = re.compile(
    r"(?:reject|dismiss|refut|disput|rebuff|confirm|acknowledg|admitt?|conced|accept|approv|endors|oppos|veto|ignor|refus)"
    r"(?:ed|es|s)|denie[ds]"
)


def headline_words(answer: Answer) -> str:
    """Return one sentence with the verdict and its source."""
    headline = headline_of(answer)
    if headline.verdict is Verdict.NOT_FOUND:
        return NOT_FOUND
    if headline.verdict is None:
        is_one, them = headline.articles == 1, "them" if headline.is_unsettled else "my articles"
        said = f"What one of {them} says:" if is_one else f"What {headline.articles} of {them} say:"
        return f"My articles don't settle this. {said}" if headline.is_unsettled else said
    return f"{_WORDS[headline.verdict]}: {'; '.join(_source_words(side[0]) for side in headline.sides)}."


def note_words(note: Note) -> str:
    """Return a note as a sentence."""
    match note.kind:
        case NoteKind.NO_ARTICLES_FROM:
            return f"I have no articles from {note.publisher}."
        case NoteKind.UNDATED:
            return "Some of the quoted articles state no date, so they may be older than the others."
        case NoteKind.DATED_AHEAD:
            return "A quoted article states a date in the future, so it counts as undated."
        case NoteKind.READ_BY_WORDS:
            return (
                "I read questions in English; in other languages I look for names, numbers and the same words, and give"
                " no verdict."
            )
        case NoteKind.ARTICLES_IN_OTHER_LANGUAGE:
            return (
                "These articles are in another language than your question: I looked for its names and numbers only,"
                " and give no verdict. Ask in English for more."
            )


def _source_words(source: HeadlineSource) -> str:
    citation = source.citation
    when = day_in_words(citation.published_at) if citation.published_at else _UNKNOWN_DATE
    # That the publisher is unknown is said once, below the quotes.
    claimed = f"says it is from {citation.publisher}" if citation.is_claimed else citation.publisher
    if source.speaker is None:
        what = "that it is not so" if source.denies else "it"
        publisher = f"A text that {claimed}" if citation.is_claimed else claimed
        return f"{publisher or 'One article'} reports {what} ({when})"
    return f"{_statement(source.speaker, source)} ({f'{claimed}, {when}' if claimed else when})"


def _statement(speaker: str, source: HeadlineSource) -> str:
    if _TAKES_IT.fullmatch(source.verb):
        return f"{speaker} {source.verb} it"
    return f"denied by {speaker}" if source.is_denial else f"according to {speaker}"
