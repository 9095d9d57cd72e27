"""What a place holds: its publishers, and its counts."""

from collections.abc import Sequence
from datetime import datetime

from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import Page
from bot.discord.views.escape import brief, day, escape, publisher_facts, since_day
from bot.discord.views.hits import page_buttons
from bot.discord.workers.lookups import Holdings
from corpus.catalog import PublisherFacts
from corpus.publishers.directory import Publishers
from corpus.starter import STARTER_PUBLISHER

LONGEST_NAME = 80
PUBLISHERS_ON_A_PAGE = 8


def publishers_page(
    publishers: Sequence[PublisherFacts], known: Publishers, page: int, verb: str, phrases: Phrases
) -> Page:
    """One page of the publishers with what is known of them; `verb` is that of the buttons that turn pages."""
    if not publishers:
        return Page([f"### {phrases.say('publishers-title')}", phrases.say("publishers-none")])
    pages = -(-len(publishers) // PUBLISHERS_ON_A_PAGE)
    page = min(page, pages - 1)
    # Only this page's lines are written: there may be thousands of publishers, and the event loop waits.
    shown = publishers[page * PUBLISHERS_ON_A_PAGE : (page + 1) * PUBLISHERS_ON_A_PAGE]
    articles = sum(each.articles for each in publishers)
    foot = f"-# {phrases.say('publishers-count', count=len(publishers), articles=articles)}"
    blocks = [
        f"### {phrases.say('publishers-title')}",
        "\n".join(_publisher_line(each, known, phrases) for each in shown),
        foot,
    ]
    return Page(blocks, page_buttons(page, pages, verb, "", phrases))


def status_page(holdings: Holdings, model: str, index_built_at: str | None, phrases: Phrases) -> Page:
    """The counts of a place, the model, and the age of the index; `index_built_at` is ISO 8601."""
    lines = [holdings_text(holdings, phrases)]
    if holdings.articles:
        lines.append(phrases.say("status-passages", count=holdings.passages))
    lines.extend(_dates(holdings, phrases))
    lines.append(phrases.say("status-model", model=escape(brief(model, LONGEST_NAME))))
    if index_built_at:
        moment = int(datetime.fromisoformat(index_built_at).timestamp())
        lines.append(phrases.say("status-index", when=f"<t:{moment}:f>", ago=f"<t:{moment}:R>"))
    else:
        lines.append(phrases.say("status-no-index"))
    return Page([f"### {phrases.say('status-title')}", "\n".join(f"- {line}" for line in lines)])


def holdings_text(holdings: Holdings, phrases: Phrases) -> str:
    """How many articles there are, of how many publishers."""
    return phrases.say("holdings", articles=holdings.articles, publishers=holdings.publishers)


def _dates(holdings: Holdings, phrases: Phrases) -> list[str]:
    lines = []
    if holdings.first_date and holdings.last_date:
        newest = day(holdings.last_date, phrases)
        lines.append(phrases.say("status-newest", day=newest, ago=since_day(holdings.last_date)))
        lines.append(phrases.say("status-oldest", day=day(holdings.first_date, phrases)))
    if holdings.undated:
        lines.append(phrases.say("status-undated", count=holdings.undated))
    return lines


def _publisher_line(facts: PublisherFacts, known: Publishers, phrases: Phrases) -> str:
    name = escape(brief(facts.publisher or "", LONGEST_NAME)) or phrases.say("publisher-unknown")
    if len(name) > LONGEST_NAME:
        # Nearly all of it is escaped: half as much takes the same room.
        name = escape(brief(facts.publisher or "", LONGEST_NAME // 2))
    if facts.publisher == STARTER_PUBLISHER:
        name = phrases.say("own-brief", publisher=name)
    publisher = known.find(facts.publisher, None)
    if publisher is not None:
        marks = publisher_facts(publisher.country, publisher.kind, phrases, is_state=publisher.state_controlled)
        name = f"{name}** ({marks})" if marks else f"{name}**"
    else:
        name = f"{name}**"
    return f"**{name} · {phrases.say('publisher-articles', count=facts.articles)} · {_span(facts, phrases)}"


def _span(facts: PublisherFacts, phrases: Phrases) -> str:
    if not facts.first_date or not facts.last_date:
        return phrases.say("date-unknown")
    if facts.first_date == facts.last_date:
        return day(facts.first_date, phrases)
    return phrases.say("from-to", first=day(facts.first_date, phrases), last=day(facts.last_date, phrases))
