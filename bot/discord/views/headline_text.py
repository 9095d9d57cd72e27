"""The headline of an answer, in the reader's language, from phrases, speakers, publishers and dates only."""

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date
from babel.lists import format_list

from bot.answering.answer import Answer, Citation, Verdict
from bot.answering.verdict.headline import HeadlineSource, headline_of
from bot.discord.i18n.phrases import ENGLISH, Phrases
from bot.discord.views.escape import brief, escape, state_mark

_LONGEST_NAME = 90
_MAX_NAMES = 3
# CLDR's formats for a day and a list: "5 March 2024" and "A, B and C".
_LOCALES = {ENGLISH: "en_GB"}
# Other denials and confirmations are of something else, such as an offer that is rejected.
_DENIED = frozenset(("denied", "denies"))
_CONFIRMED = frozenset(("confirmed", "confirms"))


def headline(answer: Answer, phrases: Phrases, *, is_claim: bool = False) -> str:
    """Return the escaped verdict of an answer in one sentence; for a claim, whether it is supported."""
    parts = headline_of(answer)
    if parts.verdict is None or parts.verdict is Verdict.NOT_FOUND:
        return phrases.say("headline-unsettled" if parts.is_unsettled else "headline-open", articles=parts.articles)
    word = phrases.say(f"claim-{parts.verdict}" if is_claim else f"verdict-{parts.verdict}")
    if parts.verdict is Verdict.DISPUTED:
        reason = "; ".join(_side(side, phrases) for side in parts.sides)
    else:
        reason = source_text(parts.sides[0][0], phrases)
    return phrases.say("headline-verdict", verdict=word, reason=reason)


def source_text(source: HeadlineSource, phrases: Phrases) -> str:
    """Return who says it, with publisher and date: `A denied it (B, 5 March 2024)`."""
    citation = source.citation
    when = _day_in_words(citation.published_at, phrases)
    if source.speaker is None:
        return f"{phrases.say('headline-for', names=_name(source, phrases))} ({when})"
    name = _publisher(citation, phrases)
    if name and citation.is_claimed:
        name = phrases.say("claimed-publisher", publisher=name)
    # That the publisher is unknown is said once, below the quotes.
    return f"{_statement(source, phrases)} ({f'{name}, {when}' if name else when})"


def _side(side: Sequence[HeadlineSource], phrases: Phrases) -> str:
    """Name those who are quoted for one side, each once."""
    names = list(dict.fromkeys(_name(each, phrases) for each in side))
    shown = names[:_MAX_NAMES]
    if rest := len(names) - len(shown):
        shown.append(phrases.say("others", count=rest))
    listed = format_list(shown, locale=_locale(phrases))
    return phrases.say("headline-side-against" if side[0].denies else "headline-side-for", names=listed)


def _name(source: HeadlineSource, phrases: Phrases) -> str:
    """Return the speaker, else the publisher, else that it is an article."""
    if source.speaker:
        return escape(brief(source.speaker, _LONGEST_NAME))
    name = _publisher(source.citation, phrases)
    if not name:
        return phrases.say("headline-an-article")
    return phrases.say("headline-claimed", publisher=name) if source.citation.is_claimed else name


def _statement(source: HeadlineSource, phrases: Phrases) -> str:
    name = _name(source, phrases)
    if source.verb in _DENIED:
        return phrases.say("headline-denied", speaker=name)
    if source.verb in _CONFIRMED:
        return phrases.say("headline-confirmed", speaker=name)
    if source.is_denial:
        return phrases.say("headline-denied-by", speaker=name)
    return phrases.say("headline-for", names=name)


def _publisher(citation: Citation, phrases: Phrases) -> str:
    """Return the escaped name, marked where a state controls it; empty if unknown."""
    return state_mark(escape(brief(citation.publisher or "", _LONGEST_NAME)), citation, phrases)


def _day_in_words(iso: str | None, phrases: Phrases) -> str:
    """Return `5 March 2024`, in the reader's language; a heading has no room for Discord's own dates."""
    if not iso:
        return phrases.say("date-unknown")
    return format_date(date.fromisoformat(iso[:10]), "long", locale=_locale(phrases))


def _locale(phrases: Phrases) -> str:
    return _LOCALES.get(phrases.language, phrases.language)
