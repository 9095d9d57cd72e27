"""Messages with new articles, and the list of a server's rules for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.citation import cite
from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import Page
from bot.discord.views.buttons import PersistentButton
from bot.discord.views.corpus import arrival_lines
from bot.discord.views.escape import brief, day, escape, publisher_with_facts, stated_day, title_lines
from bot.discord.views.lists import paginate
from bot.records.news_outbox import NewsRule
from bot.service.arrivals import Arrival
from corpus.publishers.directory import Publishers

# Articles in one message, and characters of them where it is in components or in plain text.
MAX_IN_DIGEST = 12
_ROOM, _PLAIN_ROOM = 3500, 1700
_LONGEST_NAME = 60
_LONGEST_WORDS = 100


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A rule with the name of its feed (None: the feed is gone; empty for a whole collection), and what waits.

    `is_read` says whether the settings of its channel and server let its articles be read there.
    """

    rule: NewsRule
    feed: str | None
    waiting: int
    is_read: bool = True


def news_lines(arrivals: Sequence[Arrival], publishers: Publishers, phrases: Phrases) -> list[str]:
    """Return the headline of each article, linked, with publisher and date below."""
    return [_lines(each, publishers, phrases) for each in arrivals]


def group_lines(lines: Sequence[str], free: int, *, is_plain: bool) -> list[int]:
    """Divide articles among at most `free` messages: each alone if there is room, else the last ones in digests.

    Returns:
        How many articles each message holds; what has no room waits.
    """
    room = _PLAIN_ROOM if is_plain else _ROOM
    for alone in range(min(len(lines), free), -1, -1):
        rest = lines[alone:]
        digests = [len(page) for page in paginate(rest, room, MAX_IN_DIGEST)] if rest else []
        if alone + len(digests) <= free or alone == 0:
            return [*[1] * alone, *digests][:free]
    return []


def news_page(lines: Sequence[str], mark: str, role_id: int | None, phrases: Phrases, *, is_plain: bool) -> Page:
    """Return one message with new articles; `mark` is the argument of its button."""
    blocks = [f"<@&{role_id}>"] if role_id else []
    blocks += [f"### {phrases.say('news-digest', count=len(lines))}"] if len(lines) > 1 else []
    button = PersistentButton.make("news", mark, label=phrases.say("button-news", count=len(lines)))
    return Page([*blocks, *lines], [button], is_plain=is_plain)


def posted_page(arrivals: Sequence[Arrival], publishers: Publishers, phrases: Phrases) -> Page:
    """Return what a message with new articles is about: each with its passages and number, for `/article`."""
    lines = arrival_lines(arrivals, _PLAIN_ROOM, phrases, publishers)
    return Page([f"### {phrases.say('news-posted')}", *lines])


def rules_page(rules: Sequence[ShownRule], most: int, phrases: Phrases) -> Page:
    """Return a server's rules for new articles, with what keeps them from working."""
    lines = [rule_line(each, phrases) for each in rules]
    count = phrases.say("news-count", count=len(rules), most=most) if rules else phrases.say("news-none")
    return Page([f"### {phrases.say('news-title')}", *paginate(lines, _PLAIN_ROOM, most)[0], f"-# {count}"])


def rule_line(shown: ShownRule, phrases: Phrases) -> str:
    """Return where a rule posts what, and how."""
    rule, facts = shown.rule, rule_facts(shown.rule, phrases)
    facts += f" · {phrases.say('news-waiting', count=shown.waiting)}" if shown.waiting else ""
    lines = [f"<#{rule.channel_id}> ← {source_name(rule, shown.feed, phrases)}", f"-# {facts}"]
    if rule.problem:
        lines.append(f"⚠️ {phrases.say(rule.problem)} {phrases.say('news-retry', day=day(rule.retry_at, phrases))}")
    if rule.feed_id and not shown.feed:
        lines.append(f"⚠️ {phrases.say('news-ended')}")
    elif not shown.is_read:
        lines.append(f"⚠️ {phrases.say('news-unread', channel=f'<#{rule.channel_id}>')}")
    return "\n".join(lines)


def rule_facts(rule: NewsRule, phrases: Phrases) -> str:
    """Return how a rule posts: how often, whom it mentions, which words it needs, and whether it publishes."""
    facts = [phrases.say("news-most", count=rule.most)]
    facts += [phrases.say("news-role", role=f"<@&{rule.role_id}>")] if rule.role_id else []
    facts += (
        [phrases.say("news-words", words=escape(brief(", ".join(rule.words), _LONGEST_WORDS)))] if rule.words else []
    )
    facts += [phrases.say("news-publishes")] if rule.publishes else []
    return " · ".join(facts)


def source_name(rule: NewsRule, feed: str | None, phrases: Phrases) -> str:
    """Return the escaped name of a rule's source."""
    if rule.feed_id:
        return escape(brief(feed, _LONGEST_NAME)) if feed else phrases.say("news-source-gone")
    return phrases.say("news-source-shared" if rule.collection == "shared" else "news-source-own")


def _lines(arrival: Arrival, publishers: Publishers, phrases: Phrases) -> str:
    source = (publisher_with_facts(cite(arrival.facts, "", publishers), phrases), stated_day(arrival.facts, phrases))
    return title_lines(arrival.facts, source, phrases)
