"""The headline of an answer, in the reader's language, from phrases, speakers, publishers and dates only."""

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date
from babel.lists import format_list

from bot.answering.answer import Answer, Citation, Evidence, Stance, Verdict
from bot.answering.attribution.attribution import CueClass
from bot.answering.speaker import within_sentence
from bot.discord.i18n.phrases import ENGLISH, Phrases
from bot.discord.views.escape import brief, escape, state_mark

_LONGEST_NAME = 90
_MOST_NAMES = 3
# CLDR's formats for a day and a list: "5 March 2024" and "A, B and C".
_LOCALES = {ENGLISH: "en_GB"}
_JUDGED = frozenset((Verdict.YES, Verdict.NO, Verdict.DISPUTED))
# Other cues of these classes deny or confirm something else, such as an offer that is rejected.
_DENIED = frozenset(("denied", "denies"))
_CONFIRMED = frozenset(("confirmed", "confirms"))


def headline(answer: Answer, phrases: Phrases, *, is_claim: bool = False) -> str:
    """Return the escaped verdict of an answer in one sentence; for a claim, whether it is supported."""
    if answer.verdict not in _JUDGED:
        articles = len({each.quote.article_id for each in answer.evidence})
        return phrases.say("headline-open", articles=articles)
    word = phrases.say(f"claim-{answer.verdict}" if is_claim else f"verdict-{answer.verdict}")
    if answer.verdict is Verdict.DISPUTED:
        sides = (_side(answer.evidence, side, phrases) for side in (Stance.ASSERTS, Stance.DENIES))
        reason = "; ".join(filter(None, sides))
    else:
        reason = _source(answer.evidence[0], phrases)
    return phrases.say("headline-verdict", verdict=word, reason=reason) if reason else f"{word}."


def _side(evidence: Sequence[Evidence], side: Stance, phrases: Phrases) -> str:
    """Name those who are quoted for one side, each once; empty if nobody is."""
    names = list(dict.fromkeys(_speaker_or_source(each, phrases) for each in evidence if each.stance is side))
    if not names:
        return ""
    shown = names[:_MOST_NAMES]
    if rest := len(names) - len(shown):
        shown.append(phrases.say("others", count=rest))
    listed = format_list(shown, locale=_locale(phrases))
    return phrases.say("headline-for" if side is Stance.ASSERTS else "headline-against", names=listed)


def _speaker_or_source(evidence: Evidence, phrases: Phrases) -> str:
    if speaker := _speaker(evidence):
        return speaker
    name = _publisher(evidence.citation, phrases)
    if not name:
        return phrases.say("headline-an-article")
    return phrases.say("headline-claimed", publisher=name) if evidence.citation.is_claimed else name


def _source(evidence: Evidence, phrases: Phrases) -> str:
    """Return who says it, with publisher and date: `A denied it (B, 5 March 2024)`."""
    citation = evidence.citation
    when = _day_in_words(citation.published_at, phrases)
    speaker = _speaker(evidence)
    if not speaker:
        names = _speaker_or_source(evidence, phrases)
        return f"{phrases.say('headline-for', names=names)} ({when})"
    name = _publisher(citation, phrases)
    if name and citation.is_claimed:
        name = phrases.say("claimed-publisher", publisher=name)
    # That the publisher is unknown is said once, below the quotes.
    source = f"{name}, {when}" if name else when
    return f"{_statement(speaker, evidence, phrases)} ({source})"


def _statement(speaker: str, evidence: Evidence, phrases: Phrases) -> str:
    said = evidence.attribution
    cue = said.cue.rsplit(" ", 1)[-1].lower() if said is not None else ""
    kind = said.kind if said is not None else None
    if kind is CueClass.DENIES and cue in _DENIED:
        return phrases.say("headline-denied", speaker=speaker)
    if kind is CueClass.CONFIRMS and cue in _CONFIRMED:
        return phrases.say("headline-confirmed", speaker=speaker)
    if evidence.stance is Stance.DENIES and kind in {CueClass.DENIES, None}:
        return phrases.say("headline-denied-by", speaker=speaker)
    return phrases.say("headline-for", names=speaker)


def _publisher(citation: Citation, phrases: Phrases) -> str:
    """Return the escaped name, marked where a state controls it; empty if unknown."""
    return state_mark(escape(brief(citation.publisher or "", _LONGEST_NAME)), citation, phrases)


def _speaker(evidence: Evidence) -> str:
    said = evidence.attribution
    return escape(brief(within_sentence(said.speaker), _LONGEST_NAME)) if said is not None and said.speaker else ""


def _day_in_words(iso: str | None, phrases: Phrases) -> str:
    """Return `5 March 2024`, in the reader's language; a heading has no room for Discord's own dates."""
    if not iso:
        return phrases.say("date-unknown")
    return format_date(date.fromisoformat(iso[:10]), "long", locale=_locale(phrases))


def _locale(phrases: Phrases) -> str:
    return _LOCALES.get(phrases.language, phrases.language)
