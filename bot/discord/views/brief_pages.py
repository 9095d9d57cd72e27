"""The pages of a brief, and the list of a server's rules for briefs."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.answering.answer import Evidence
from bot.answering.answer_changes import ChangeKind
from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import Page
from bot.discord.views.buttons import PersistentButton
from bot.discord.views.edits import change_block
from bot.discord.views.escape import brief, escape, quote_block, source_line, too_long_block
from bot.discord.views.hits import page_buttons
from bot.discord.views.lists import paginate
from bot.discord.views.story_lines import story_line, story_title
from bot.discord.views.watch_pages import change_text, verdict_text
from bot.discord.views.written_text import numbered, sentences_block, written_lines
from bot.records.brief_outbox import BriefRule
from bot.render.brief_words import clock
from bot.service.brief import Brief, TopicNews
from bot.service.silent_edits import SilentEdit
from bot.service.story_news import StoryNews

# Characters of a page where it is in components or in plain text, and items on it.
_ROOM, _PLAIN_ROOM, _MAX_ITEMS = 3200, 1500, 12
_LONGEST_QUESTION = 200
_LONGEST_BLOCK = 1300
_MAX_CHANGES = 2
_LONGEST_CHANGE = 500


def brief_page(found: Brief, page: int, argument: str, phrases: Phrases, *, is_plain: bool) -> Page:
    """Return one page of a brief; its buttons turn it by `argument`."""
    pages = _pages(found, phrases, is_plain=is_plain)
    page = min(page, len(pages) - 1)
    turn = page_buttons(page, len(pages), "brief-page", argument, phrases)
    return Page([*_head(found, phrases), *pages[page]], turn, is_plain=is_plain)


def posted_page(found: Brief, post_id: int, phrases: Phrases, *, is_plain: bool) -> Page:
    """Return the message with a brief: what fits; the argument of its button is the message's mark."""
    pages = _pages(found, phrases, is_plain=is_plain)
    left = [f"-# {phrases.say('brief-pages', count=len(pages))}"] if len(pages) > 1 else []
    button = PersistentButton.make("brief", str(post_id), label=phrases.say("button-brief"))
    return Page([*_head(found, phrases), *pages[0], *left], [button], is_plain=is_plain)


def rules_page(rules: Sequence[BriefRule], most: int, zone: str, phrases: Phrases) -> Page:
    """Return a server's rules for briefs, with what keeps them from working."""
    count = phrases.say("brief-count", count=len(rules), most=most) if rules else phrases.say("brief-none")
    lines = [rule_line(each, zone, phrases) for each in rules]
    return Page([f"### {phrases.say('brief-rules-title')}", *lines, f"-# {count}"])


def rule_line(rule: BriefRule, zone: str, phrases: Phrases) -> str:
    """Return where a brief is posted and when."""
    facts = [when_text(rule, zone, phrases)]
    facts += [phrases.say("brief-says-empty")] if rule.says_empty else []
    lines = [f"<#{rule.channel_id}>", f"-# {' · '.join(facts)}"]
    return "\n".join([*lines, *([f"⚠️ {phrases.say(rule.problem)}"] if rule.problem else [])])


def when_text(rule: BriefRule, zone: str, phrases: Phrases) -> str:
    """Return `every day at 07:00 (Europe/Berlin)`."""
    day = phrases.say("brief-every-day" if rule.weekday is None else f"brief-day-{rule.weekday}")
    return phrases.say("brief-when", day=day, time=clock(rule.minute), zone=escape(zone))


def _head(found: Brief, phrases: Phrases) -> list[str]:
    since, until = (f"<t:{int(datetime.fromisoformat(each).timestamp())}:f>" for each in (found.since, found.until))
    counted = phrases.say("brief-counts", articles=found.articles, publishers=found.independent)
    lines = [f"### {phrases.say('brief-title')}", f"-# {since} – {until} · {counted}"]
    return ["\n".join(lines), *([phrases.say("brief-empty")] if found.is_empty else [])]


def _pages(found: Brief, phrases: Phrases, *, is_plain: bool) -> list[list[str]]:
    return paginate(list(_blocks(found, phrases)), _PLAIN_ROOM if is_plain else _ROOM, _MAX_ITEMS)


def _blocks(found: Brief, phrases: Phrases) -> Iterator[str]:
    """Yield the items of a brief, the first of each part with its heading."""
    places = {each.quote: place for place, each in enumerate(found.evidence)}
    if found.written is None or not found.written.sentences:
        places = {}
    else:
        notes = "\n".join(f"-# {line}" for line in written_lines(found.written, phrases))
        yield f"{sentences_block(found.written, linked=True)}\n{notes}"
    yield from _part("brief-topics", [_topic(each, phrases) for each in found.topics], phrases)
    yield from _part("brief-opened", [_topic(each, phrases) for each in found.opened], phrases)
    yield from _part("brief-settled", [_topic(each, phrases) for each in found.settled], phrases)
    stories = [_story(each, places.get(each.quote.quote) if each.quote else None, phrases) for each in found.stories]
    yield from _part("brief-stories", stories, phrases)
    denials = [
        f"**{story_title(each.story, phrases)}**\n"
        f"{_quote(each.evidence, places.get(each.evidence.quote), _LONGEST_BLOCK, phrases)}"
        for each in found.denials
    ]
    yield from _part("brief-denials", denials, phrases)
    yield from _part("brief-edits", [_edit(each, phrases) for each in found.edits], phrases)


def _part(key: str, items: Sequence[str], phrases: Phrases) -> list[str]:
    heading = f"**__{phrases.say(key)}__**"
    return [f"{heading}\n{items[0]}", *items[1:]] if items else []


def _topic(topic: TopicNews, phrases: Phrases) -> str:
    lines = [f"**{escape(brief(topic.question, _LONGEST_QUESTION))}**"]
    if topic.before or topic.after:
        before, after = (verdict_text(each, phrases) for each in (topic.before, topic.after))
        lines.append(phrases.say("watch-verdict", before=before, after=after))
    room = _LONGEST_BLOCK
    for each in topic.changes[:_MAX_CHANGES]:
        lines += [change_text(each.change, phrases)] if each.change.kind is not ChangeKind.VERDICT else []
        if each.evidence is not None:
            lines.append(_quote(each.evidence, None, room, phrases))
            room = max(0, room - len(lines[-1]))
    left = len(topic.changes) - _MAX_CHANGES
    return "\n".join([*lines, *([f"-# {phrases.say('watch-more', count=left)}"] if left > 0 else [])])


def _story(news: StoryNews, place: int | None, phrases: Phrases) -> str:
    new = phrases.say("brief-new", articles=news.articles, publishers=news.independent)
    whole = [story_line(news.story, phrases)] if news.story.articles > news.articles else []
    number = phrases.say("story-number", number=str(news.story.id))
    lines = [f"**{story_title(news.story, phrases)}**", f"-# {' · '.join([new, *whole, number])}"]
    return "\n".join([*lines, *([_quote(news.quote, place, _LONGEST_BLOCK, phrases)] if news.quote else [])])


def _edit(edit: SilentEdit, phrases: Phrases) -> str:
    lines = [f"-# {source_line(edit.citation, phrases)}"]
    for each in edit.changes[:_MAX_CHANGES]:
        line = change_block(each.change, each.facts, phrases)
        # Quotes are never cut; the article's own page shows it all.
        lines += [line] if len(line) <= _LONGEST_CHANGE else []
    left = edit.count - len(lines) + 1
    lines += [f"-# {phrases.say('edit-more', count=left)}"] if left > 0 else []
    return "\n".join(lines)


def _quote(evidence: Evidence, place: int | None, room: int, phrases: Phrases) -> str:
    block = quote_block(evidence, phrases)
    if len(block) > room:
        block = too_long_block(evidence, phrases)
    return block if place is None else numbered(block, place)
