"""Pages for `/sources` and `/status`: the publishers and counts of the articles that can be read here."""

from collections.abc import Sequence
from datetime import datetime

from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import Page
from bot.discord.views.escape import brief, day, escape, publisher_facts, relative_date
from bot.discord.views.hits import page_buttons
from bot.service.lookups import CorpusCounts
from corpus.catalog import PublisherFacts
from corpus.publishers.directory import Publishers
from corpus.starter import STARTER_PUBLISHER

LONGEST_NAME = 80
_PUBLISHERS_ON_A_PAGE = 8


def publishers_page(
    publishers: Sequence[PublisherFacts], known: Publishers, page: int, verb: str, phrases: Phrases
) -> Page:
    """Return one page of the publishers with what is known about them; `verb` turns pages."""
    if not publishers:
        return Page([f"### {phrases.say('publishers-title')}", phrases.say("publishers-none")])
    pages = -(-len(publishers) // _PUBLISHERS_ON_A_PAGE)
    page = min(page, pages - 1)
    # Format only this page: thousands of publishers would block the event loop.
    shown = publishers[page * _PUBLISHERS_ON_A_PAGE : (page + 1) * _PUBLISHERS_ON_A_PAGE]
    articles = sum(each.articles for each in publishers)
    named = sum(1 for each in publishers if each.publisher)
    foot = f"-# {phrases.say('publishers-count', count=named, articles=articles)}"
    blocks = [
        f"### {phrases.say('publishers-title')}",
        "\n".join(_publisher_line(each, known, phrases) for each in shown),
        foot,
    ]
    return Page(blocks, page_buttons(page, pages, verb, "", phrases))


def status_page(counts: CorpusCounts, model: str, index_built_at: str | None, phrases: Phrases) -> Page:
    """Return the counts, the model, and the age of the index; `index_built_at` is ISO 8601."""
    lines = [counts_text(counts, phrases)]
    if counts.articles:
        lines.append(phrases.say("status-passages", count=counts.passages))
    lines.extend(date_lines(counts, phrases))
    lines.append(phrases.say("status-model", model=escape(brief(model, LONGEST_NAME))))
    if index_built_at:
        moment = int(datetime.fromisoformat(index_built_at).timestamp())
        lines.append(phrases.say("status-index", when=f"<t:{moment}:f>", ago=f"<t:{moment}:R>"))
    else:
        lines.append(phrases.say("status-no-index"))
    return Page([f"### {phrases.say('status-title')}", "\n".join(f"- {line}" for line in lines)])


def counts_text(counts: CorpusCounts, phrases: Phrases) -> str:
    """Return the number of articles and publishers."""
    return phrases.say("holdings", articles=counts.articles, publishers=counts.publishers)


def date_lines(counts: CorpusCounts, phrases: Phrases) -> list[str]:
    """Return the days of the newest and the oldest article, and how many have none."""
    lines = []
    if counts.first_date and counts.last_date:
        newest = day(counts.last_date, phrases)
        lines.append(phrases.say("status-newest", day=newest, ago=relative_date(counts.last_date)))
        lines.append(phrases.say("status-oldest", day=day(counts.first_date, phrases)))
    if counts.undated:
        lines.append(phrases.say("status-undated", count=counts.undated))
    return lines


def _publisher_line(facts: PublisherFacts, known: Publishers, phrases: Phrases) -> str:
    name = escape(brief(facts.publisher or "", LONGEST_NAME)) or phrases.say("publisher-unknown")
    if len(name) > LONGEST_NAME:
        # Escaping at most doubles the length.
        name = escape(brief(facts.publisher or "", LONGEST_NAME // 2))
    if facts.is_claimed:
        name = phrases.say("claimed-publisher", publisher=name)
    elif facts.publisher == STARTER_PUBLISHER:
        name = phrases.say("own-brief", publisher=name)
    publisher = None if facts.is_claimed else known.find(facts.publisher, None)
    details = ""
    if publisher is not None:
        details = publisher_facts(publisher.country, publisher.kind, phrases, is_state=publisher.state_controlled)
    name = f"**{name}** ({details})" if details else f"**{name}**"
    return f"{name} · {phrases.say('publisher-articles', count=facts.articles)} · {_span(facts, phrases)}"


def _span(facts: PublisherFacts, phrases: Phrases) -> str:
    if not facts.first_date or not facts.last_date:
        return phrases.say("date-unknown")
    if facts.first_date == facts.last_date:
        return day(facts.first_date, phrases)
    return phrases.say("from-to", first=day(facts.first_date, phrases), last=day(facts.last_date, phrases))
