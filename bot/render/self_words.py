"""What Attaché says of itself in English, at the terminal and on the page; in Discord it says the same texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from fluent.runtime import FluentBundle
from rich.console import Console
from rich.text import Text

from bot.answering.question.about_bot import BotSubject
from bot.render.envelope import Shape, shape
from bot.render.fluent_texts import SHARED, fluent_bundle
from bot.render.formatters import period, plural, publisher_words, shown_title, stated_date
from bot.render.story_words import UNTITLED_STORY, story_line
from bot.service.lookups import CorpusCounts
from bot.service.self_facts import NamedPublishers, News, SelfFacts, distribution
from corpus.article import ArticleFacts

_TITLES = {BotSubject.GUIDE: "help-title", BotSubject.PRIVACY: "privacy-title"}
# Subjects whose reply is the same whatever the articles are.
_FIXED = {
    BotSubject.TRUST: ("self-trust", "self-trust-errors"),
    BotSubject.TASKS: ("self-tasks", "help-what"),
    BotSubject.LANGUAGES: ("self-languages",),
}
_PRIVACY = "Questions that are asked here are not stored. Only Attaché in Discord keeps some, for follow-ups."
_WRITING = "With a language model set up, `--write` sends a question and its quotes to that model."
_SETUP = "Whoever runs me here adds articles, and follows feeds."
# What helps further at the terminal.
_COMMANDS = {
    BotSubject.GUIDE: "attache --help lists everything that I can do.",
    BotSubject.SOURCES: "attache publishers list names publishers with their countries; attache ingest adds articles.",
    BotSubject.FRESHNESS: "attache status says more; attache poll fetches what the feeds have.",
    BotSubject.NEWS: "attache stories list names more, attache brief what changed lately.",
    BotSubject.TRUST: "attache publishers list names publishers that a state controls.",
    BotSubject.PRIVACY: _WRITING,
    BotSubject.SETUP: "attache ingest adds articles, attache feeds add follows a feed, attache bot runs in Discord.",
}


@dataclass(frozen=True, slots=True)
class SelfWords:
    """A reply: title, sentences, and what is listed below them, each with a line on it."""

    subject: BotSubject
    title: str
    sentences: Sequence[str]
    listed: Sequence[tuple[str, str]] = ()


def self_words(facts: SelfFacts) -> SelfWords:
    """Return the reply to a question about Attaché itself."""
    listed = _listed(facts.news) if facts.news else ()
    sentences = [_say("self-no-articles")] if _lacks_articles(facts) else _sentences(facts)
    return SelfWords(facts.subject, _say(_TITLES.get(facts.subject, f"self-{facts.subject}-title")), sentences, listed)


def show_self(console: Console, words: SelfWords) -> None:
    """Print a reply, with the commands that help further."""
    console.print(Text(words.title, style="bold"))
    for sentence in words.sentences:
        console.print(Text(sentence))
    for title, line in words.listed:
        console.print(Text(f"- {title}"))
        console.print(Text(f"  {line}", style="dim"))
    if words.subject in _COMMANDS:
        console.print(Text(_COMMANDS[words.subject], style="dim"))


def self_shape(question: str, words: SelfWords) -> Shape:
    """Return a reply as JSON."""
    listed = [{"title": title, "about": line} for title, line in words.listed]
    content = {"question": question, "subject": words.subject, "title": words.title}
    return shape("about_attache", {**content, "sentences": list(words.sentences), "listed": listed})


def _lacks_articles(facts: SelfFacts) -> bool:
    """Return whether the reply would tell of articles, and there are none."""
    news, counts = facts.news, facts.counts
    return (news is not None and not (news.stories or news.articles)) or (counts is not None and not counts.articles)


def _sentences(facts: SelfFacts) -> list[str]:
    match facts.subject:
        case BotSubject.MAKER:
            told = [_say("self-maker", version=distribution()[0])]
        case BotSubject.GUIDE:
            told = [_say("help-what"), f"For example: {_say('help-example')}"]
        case BotSubject.PRIVACY:
            told = [_PRIVACY]
        case BotSubject.SETUP:
            told = [_SETUP]
        case BotSubject.SOURCES if facts.counts and facts.named:
            told = _sources(facts.counts, facts.named)
        case BotSubject.FRESHNESS if facts.counts:
            told = _freshness(facts.counts)
        case subject:
            told = [_say(key) for key in _FIXED.get(subject, ())]
    return told


def _sources(counts: CorpusCounts, named: NamedPublishers) -> list[str]:
    names = ", ".join(filter(None, map(publisher_words, named.publishers)))
    told = [_say(f"self-sources-{named.share}", publishers=names)] if names else []
    return [_say("self-sources", holdings=_holdings(counts)), *told]


def _freshness(counts: CorpusCounts) -> list[str]:
    dated = f", {period(counts.first_date, counts.last_date)}" if counts.last_date else ""
    undated = f"{plural(counts.undated, 'article states', 'articles state')} no date."
    return [f"I have {_holdings(counts)}{dated}.", *([undated] if counts.undated else [])]


def _holdings(counts: CorpusCounts) -> str:
    return f"{plural(counts.articles, 'article')} from {plural(counts.publishers, 'publisher')}"


def _listed(news: News) -> list[tuple[str, str]]:
    stories = [(each.title or UNTITLED_STORY, story_line(each)) for each in news.stories]
    return stories or [(shown_title(each.title, each.origin), _source(each)) for each in news.articles]


def _source(article: ArticleFacts) -> str:
    return ", ".join(filter(None, (publisher_words(article), stated_date(article))))


def _say(key: str, **values: str) -> str:
    pattern = _texts().get_message(key).value
    assert pattern is not None
    text, _errors = _texts().format_pattern(pattern, values)
    return str(text)


@cache
def _texts() -> FluentBundle:
    return fluent_bundle("en", SHARED)
