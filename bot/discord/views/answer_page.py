"""The page of an answer or refusal: headline, quotes or nearest articles, one line about the search, and buttons."""

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.answering.answer import Answer, Citation, Evidence, Note, Verdict
from bot.answering.story_facts import StoryFacts
from bot.discord.i18n.command_names import format_command
from bot.discord.i18n.phrases import Phrases
from bot.discord.scope import NO_BOUNDS, Bounds
from bot.discord.transport.page import LONGEST_CONTENT, LONGEST_LAYOUT, Page
from bot.discord.views.answer_quotes import fit_quotes
from bot.discord.views.buttons import PersistentButton, remove_buttons
from bot.discord.views.escape import (
    brief,
    day,
    escape,
    link,
    marked_publisher,
    relative_date,
    shown_length,
    source_facts,
    unknown_publishers,
    visible,
)
from bot.discord.views.headline_text import headline
from bot.discord.views.written_text import all_quotes, numbered, sentences_block, written_lines
from bot.render.formatters import shown_title
from bot.writer.written import Written
from corpus.publishers.directory import Publishers

# Characters that people see, as many as a phone shows without much scrolling; the buttons show the rest.
_SCREEN = 1000
_LONGEST_FOOT = 500
# Characters that Discord counts for the nearest articles: with headline and foot they fit plain text (2,000).
_NEAREST_ROOM = 1200
# Plain text needs room between the blocks.
_BETWEEN = 30
# Characters for the suggested questions, which come later: room is kept for them, so that no quote gives way.
_LONGEST_NEXT = 300
_LIMITS = (LONGEST_LAYOUT, LONGEST_CONTENT)
COLOURS = {
    Verdict.YES: discord.Colour(0x2E9E5B),
    Verdict.NO: discord.Colour(0xC8423B),
    Verdict.DISPUTED: discord.Colour(0xD9932A),
    Verdict.OPEN: discord.Colour(0x4C6FD0),
    Verdict.NOT_FOUND: discord.Colour(0x80848E),
}


@dataclass(frozen=True, slots=True)
class RefusalHelp:
    """What may help somebody whose question found no answer.

    Args:
        nearest: the articles closest to the question, which don't answer it.
        filters_hide_answer: whether there is an answer without the filters of the search.
    """

    nearest: tuple[Citation, ...] = ()
    filters_hide_answer: bool = False


NO_HELP = RefusalHelp()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that the articles answer; its button has the text `suggest-LABEL`, with a name."""

    label: str
    question: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """How to show an answer.

    Args:
        token: identifies the answer in its buttons; without one there are no buttons.
        understood: the completed question of a follow-up, or the claim that is checked.
        is_claim: whether the answer checks a claim.
        bounds: the filters of the search.
        private: whether only the asker sees it.
        is_plain: whether to send plain text instead of components.
        refusal_help: for a refusal, what may help.
        can_share: whether a private answer may be posted where it was asked.
        most_quotes: how many quotes to show; None for as many as fit a phone's screen.
        note: a quiet line at the end, such as how to go on.
        is_more: whether these are further quotes of an earlier answer, which give no verdict of their own.
        suggestions: what may be asked next.
        publishers: what is known of publishers, to mark those of the filters.
        written: the answer in proven sentences, above its quotes.
    """

    token: str = ""
    understood: str = ""
    is_claim: bool = False
    bounds: Bounds = NO_BOUNDS
    private: bool = False
    is_plain: bool = False
    refusal_help: RefusalHelp = NO_HELP
    can_share: bool = True
    most_quotes: int | None = None
    note: str = ""
    is_more: bool = False
    suggestions: Sequence[Suggestion] = ()
    publishers: Publishers | None = None
    written: Written | None = None


def answer_page(answer: Answer, options: AnswerOptions, phrases: Phrases) -> Page:
    """Return the page of an answer or a refusal, with as many whole quotes as fit a phone's screen."""
    top = _top(options, phrases)
    foot, following = _foot(answer, options, phrases), _next_questions(options, phrases)
    if answer.is_refusal:
        head, rich = _refusal(options, phrases)
        plain = rich
    else:
        head = _head(answer, options, phrases)
        rich, plain = (_body(answer, options, limit, phrases) for limit in _LIMITS)
    return Page(
        blocks=["\n".join([*top, f"### {head}"]), *rich, foot, *following],
        buttons=_buttons(answer, options, phrases),
        colour=COLOURS.get(answer.verdict or Verdict.OPEN),
        plain="\n\n".join(["\n".join([*top, f"**{head}**"]), *plain, foot, *following]),
        is_plain=options.is_plain,
    )


def _body(answer: Answer, options: AnswerOptions, limit: int, phrases: Phrases) -> list[str]:
    """Return the written sentences, if there are any, and the quotes that fit below."""
    quotes, written = _fitting(answer, options, limit, phrases), options.written
    if written is None:
        return list(quotes.values())
    blocks = [numbered(block, place) for place, block in quotes.items()]
    return [sentences_block(written, linked=limit == LONGEST_LAYOUT), *blocks]


def shown_quotes(answer: Answer, options: AnswerOptions, phrases: Phrases) -> list[Evidence]:
    """Return the quotes that the page of an answer shows."""
    limit = LONGEST_CONTENT if options.is_plain else LONGEST_LAYOUT
    return [answer.evidence[place] for place in _fitting(answer, options, limit, phrases)] if answer.evidence else []


def _fitting(answer: Answer, options: AnswerOptions, limit: int, phrases: Phrases) -> dict[int, str]:
    """Return the blocks of the quotes that fit a phone's screen and Discord's limit, by their place in the answer."""
    head, foot = _head(answer, options, phrases), _foot(answer, options, phrases)
    written = [sentences_block(options.written, linked=limit == LONGEST_LAYOUT)] if options.written else []
    around = [*_top(options, phrases), head, *written, foot]
    room = _SCREEN - sum(map(shown_length, around))
    hard_room = limit - sum(map(len, around)) - _BETWEEN - _LONGEST_NEXT
    return fit_quotes(answer, room, hard_room, phrases, options.most_quotes)


def _head(answer: Answer, options: AnswerOptions, phrases: Phrases) -> str:
    return phrases.say("more-quotes") if options.is_more else headline(answer, phrases, is_claim=options.is_claim)


def _top(options: AnswerOptions, phrases: Phrases) -> list[str]:
    understood = escape(brief(options.understood, 200))
    if not understood:
        return []
    is_claim = options.is_claim
    text = phrases.say("claim", claim=understood) if is_claim else phrases.say("understood-as", question=understood)
    return [f"-# {text}"]


def _refusal(options: AnswerOptions, phrases: Phrases) -> tuple[str, list[str]]:
    """Return the headline of a refusal, and below it the nearest articles, else what to try."""
    if nearest := _nearest_blocks(options.refusal_help.nearest, phrases):
        return phrases.say("claim-not-found-nearest" if options.is_claim else "not-found-nearest"), nearest
    hint = "try-without-filters" if options.refusal_help.filters_hide_answer else "try-other-words"
    head = phrases.say("claim-not-found" if options.is_claim else "not-found")
    return head, [phrases.say(hint, sources=format_command("sources", phrases))]


def _nearest_blocks(nearest: Sequence[Citation], phrases: Phrases) -> list[str]:
    """Return one block an article, title above publisher and date; long links give way."""
    entries: list[str] = []
    for citation in nearest:
        facts = f"-# {' · '.join(source_facts(citation, phrases))}"
        # To the article as a whole: the address of a passage in it is twice as long.
        title = shown_title(citation.title, citation.origin)
        linked, bare = link(title, citation.url, phrases), link(title, None, phrases)
        used = sum(len(each) + 1 for each in entries)
        fitting = [each for head in (linked, bare) if used + len(each := f"{head}\n{facts}") <= _NEAREST_ROOM]
        entries += fitting[:1]
    return entries


def _foot(answer: Answer, options: AnswerOptions, phrases: Phrases) -> str:
    """Return one line (age of the evidence, publishers, what was searched; as much as has room) and the quiet note."""
    parts = _foot_parts(answer, options, phrases)
    while len(parts) > 1 and len(" · ".join(parts)) > _LONGEST_FOOT:
        parts.pop()
    written = written_lines(options.written, phrases) if options.written else []
    return "\n".join(f"-# {line}" for line in (" · ".join(parts), *written, options.note) if line)


def _foot_parts(answer: Answer, options: AnswerOptions, phrases: Phrases) -> list[str]:
    searched, sources = answer.searched, answer.independence
    bounds, limits = options.bounds, bounds_text(options.bounds, phrases, options.publishers)
    parts = []
    if answer.as_of:
        parts.append(phrases.say("newest-evidence", ago=relative_date(answer.as_of)))
    elif answer.evidence:
        parts.append(phrases.say("newest-evidence-undated"))
    quoted = {each.quote.article_id: each.citation.publisher for each in answer.evidence}
    parts.extend(line.rstrip(".") for line in unknown_publishers(quoted, phrases))
    if sources.publishers > 1:
        count, independent = sources.publishers, sources.independent
        dependent = count - independent
        parts.append(phrases.say("publishers", publishers=count, independent=independent, dependent=dependent))
    if answer.story is not None and answer.story.articles > len(quoted):
        parts.append(_story_text(answer.story, phrases))
    if bounds and not searched.articles:
        parts.append(phrases.say("filters-match-nothing", filters=limits))
    elif bounds or not parts:
        # Below quotes it says little, and a phone has room for one line.
        parts.append(phrases.say("searched", articles=searched.articles))
        parts += [limits] if limits else []
    # A filter for it says that already.
    notes = [each for each in answer.notes if each.publisher not in bounds.publishers]
    return [*parts, *(_note(each, phrases) for each in notes)]


def _story_text(story: StoryFacts, phrases: Phrases) -> str:
    """Return how many articles the story of an answer has; its publishers stand on the story's own page."""
    if story.first_day is None:
        return phrases.say("story-of-answer-undated", articles=story.articles)
    return phrases.say("story-of-answer", articles=story.articles, day=day(story.first_day, phrases))


def _note(note: Note, phrases: Phrases) -> str:
    return phrases.say(f"note-{note.kind.replace('_', '-')}", publisher=escape(brief(note.publisher, 100)))


def bounds_text(bounds: Bounds, phrases: Phrases, known: Publishers | None = None) -> str:
    """Return the filters in words, with publishers marked by what is `known` of them; empty without any."""
    parts = []
    if bounds.publishers:
        named = ", ".join(marked_publisher(name, known, phrases) for name in bounds.publishers)
        parts.append(phrases.say("only-publisher", publisher=named))
    if bounds.since:
        parts.append(phrases.say("since-day", day=day(bounds.since.isoformat(), phrases)))
    if bounds.until:
        parts.append(phrases.say("until-day", day=day(bounds.until.isoformat(), phrases)))
    return ", ".join(parts)


def _buttons(answer: Answer, options: AnswerOptions, phrases: Phrases) -> list[PersistentButton]:
    if not options.token:
        return []
    labels = {}
    if not answer.is_refusal:
        quotes = all_quotes(answer, options.written) if options.written else answer.evidence
        sources = len({each.quote.article_id for each in quotes})
        labels["quotes"] = phrases.say("button-quotes", count=len(quotes))
        labels["sources"] = phrases.say("button-sources", count=sources)
        labels["more"] = phrases.say("button-more")
        if sources > 1:
            labels["timeline"] = phrases.say("button-timeline")
        if options.private and options.can_share:
            labels["share"] = phrases.say("button-share")
    else:
        if options.refusal_help.nearest:
            labels["find"] = phrases.say("button-find")
        if options.refusal_help.filters_hide_answer:
            labels["retry"] = phrases.say("button-without-filters")
    if not options.is_claim and not options.is_more:
        labels["watch"] = phrases.say("button-watch")
    buttons = [PersistentButton.make(verb, options.token, label=label) for verb, label in labels.items()]
    marks = [PersistentButton.make(verb, options.token, emoji=emoji) for verb, emoji in (("up", "👍"), ("down", "👎"))]
    marks += remove_buttons(options.token, private=options.private)
    return [*buttons, *marks, *_next_buttons(options, phrases)]


def _next_buttons(options: AnswerOptions, phrases: Phrases) -> list[PersistentButton]:
    """Return a button for each suggested question, with its number; a single one says what it asks."""
    blue, count = discord.ButtonStyle.primary, len(options.suggestions)
    labels = [str(at + 1) for at in range(count)]
    if count == 1:
        labels = [visible(_suggestion_text(options.suggestions[0], phrases))]
    return [
        PersistentButton.make("next", options.token, at, label=label, style=blue) for at, label in enumerate(labels)
    ]


def _next_questions(options: AnswerOptions, phrases: Phrases) -> list[str]:
    """Return the block of suggested questions, by number; none for a single one, whose button says it."""
    lines = [
        f"-# **{number}** · {escape(_suggestion_text(each, phrases))}"
        for number, each in enumerate(options.suggestions, start=1)
    ]
    return ["\n".join([f"-# {phrases.say('suggest-next')}", *lines])] if len(lines) > 1 else []


def _suggestion_text(suggestion: Suggestion, phrases: Phrases) -> str:
    return phrases.say(f"suggest-{suggestion.label}", name=brief(suggestion.name, 50))
