"""The page of one article: its first sentences, its metadata, and its passages that answers here cited."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.answer import Evidence
from bot.answering.citation import cite
from bot.discord.i18n.phrases import Phrases
from bot.discord.transport.page import LONGEST_CONTENT, Page
from bot.discord.views.buttons import PersistentButton
from bot.discord.views.escape import brief, escape, link, publisher_with_facts, safe_url, stated_day, truncate, visible
from bot.discord.views.hits import copies_line, page_buttons
from bot.discord.views.lists import paginate
from bot.discord.views.page_links import NO_LINKS, PageLinks
from bot.render.formatters import VERDICT_LANGUAGE, language_name, shown_title
from bot.service.lookups import ArticleCard
from corpus.article import ArticleFacts, Passage
from corpus.publishers.directory import Publishers
from corpus.sentences import split_sentences

# Characters of cited passages on a page, below the metadata.
_ROOM = 900
# Characters of passages on a page that shows nothing else.
_PAGE_ROOM = 1300
_LONGEST_AUTHOR = 80
_LONGEST_OPENING = 320
# Characters for the publishers of copies, and for the words around them.
_COPIES_ROOM = 500
_AROUND_COPIES = 40


@dataclass(frozen=True, slots=True)
class ArticleOpening:
    """The first sentences of an article, and what is known of publishers."""

    text: str
    publishers: Publishers


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A passage that is still in the article as it was cited, and how many answers cite it."""

    evidence: Evidence
    answers: int


@dataclass(frozen=True, slots=True)
class CitedIn:
    """The passages of an article that answers cite, and the addresses of the newest messages with such answers."""

    passages: Sequence[CitedPassage]
    links: Sequence[str]


def article_page(
    card: ArticleCard,
    opening: ArticleOpening,
    cited_in: CitedIn,
    page: int,
    note: str,
    phrases: Phrases,
    links: PageLinks = NO_LINKS,
) -> Page:
    """Return one page of an article's cited passages; `note` is escaped text above, or empty."""
    cited = cited_in.passages
    pages = paginate([_cited_block(each, phrases) for each in cited], _ROOM, most=3)
    page = min(page, len(pages) - 1)
    facts = card.facts
    rest = [_facts_text(card, phrases, opening.publishers, links)]
    if cited:
        rest += [f"**{phrases.say('article-cited')}**", *pages[page]]
        if cited_in.links:
            rest.append(f"-# {phrases.say('article-cited-in', links=_numbered(cited_in.links))}")
    else:
        rest.append(f"-# {phrases.say('article-not-cited')}")
    above = f"-# {note}\n### " if note else "### "
    title = shown_title(facts.title, facts.origin)
    linked, bare = (f"{above}{link(title, url, phrases)}" for url in (facts.url, None))
    # A link must not crowd out a passage.
    head = linked if len("\n\n".join([linked, *rest])) <= LONGEST_CONTENT else bare
    if card.copies:
        left = LONGEST_CONTENT - _AROUND_COPIES - len("\n\n".join([head, *rest]))
        if copies := copies_line(card.copies, min(left, _COPIES_ROOM), phrases, opening.publishers):
            rest.insert(1, phrases.say("article-copies", count=len(card.copies), copies=copies))
    quoted = f"> {escape(opening.text)}"
    if opening.text and page == 0 and len("\n\n".join([head, quoted, *rest])) <= LONGEST_CONTENT:
        rest.insert(0, quoted)
    buttons = page_buttons(page, len(pages), "article", str(facts.id), phrases)
    if card.passages > 1:
        buttons.append(PersistentButton.make("passages", str(facts.id), label=phrases.say("button-passages")))
    if card.versions:
        label = phrases.say("button-edits", count=card.versions)
        buttons.append(PersistentButton.make("edits", str(facts.id), label=label))
    return Page([head, *rest], buttons)


def passages_page(facts: ArticleFacts, passages: Sequence[Passage], page: int, phrases: Phrases) -> Page:
    """Return one page of an article's passages in order, with a button back to the article."""
    blocks = [f"> {escape(truncate(visible(each.text), _PAGE_ROOM // 2))}" for each in passages]
    pages = paginate(blocks, _PAGE_ROOM, most=4)
    page = min(page, len(pages) - 1)
    title = link(shown_title(facts.title, facts.origin), facts.url, phrases)
    buttons = page_buttons(page, len(pages), "passages", str(facts.id), phrases)
    buttons.append(PersistentButton.make("article", str(facts.id), label=phrases.say("button-article")))
    return Page([f"### {title}\n-# {phrases.say('passages-title')}", *pages[page]], buttons)


def first_sentences(passage: str) -> str:
    """Return the whole sentences at the start of a passage that a card has room for, at least one."""
    spans = split_sentences(passage, 0, len(passage), None)
    end = max((span.end for span in spans if span.end <= _LONGEST_OPENING), default=0)
    return passage[:end] or truncate(visible(passage), _LONGEST_OPENING)


def _numbered(links: Sequence[str]) -> str:
    return " · ".join(f"[{number}](<{link}>)" for number, link in enumerate(links, start=1))


def _facts_text(card: ArticleCard, phrases: Phrases, publishers: Publishers, links: PageLinks) -> str:
    facts = card.facts
    lines = [f"{publisher_with_facts(cite(facts, '', publishers), phrases)} · {stated_day(facts, phrases)}"]
    if facts.author:
        author = escape(brief(facts.author, _LONGEST_AUTHOR))
        lines.append(phrases.say("article-author", author=author))
    if facts.language:
        name = escape(brief(language_name(facts.language, phrases.language), 24))
        is_judged = facts.language[:2].lower() == VERDICT_LANGUAGE
        lines.append(phrases.say("article-language" if is_judged else "article-language-not-judged", language=name))
    lines.append(phrases.say("article-passages", count=card.passages))
    if card.versions:
        lines.append(phrases.say("article-versions", count=card.versions))
    if not safe_url(facts.url):
        lines.append(phrases.say("article-no-link"))
    number = phrases.say("article-number", number=str(facts.id))
    lines.append(f"{number}{links.article(facts.id, facts.collection, phrases)}")
    return "\n".join(lines)


def _cited_block(cited: CitedPassage, phrases: Phrases) -> str:
    """Return the whole passage, or only a pointer to it where no page can hold it."""
    citation = cited.evidence.citation
    url = safe_url(citation.link) if citation.url else ""
    bare = phrases.say("article-answers", count=cited.answers)
    linked = f"{bare} · [{phrases.say('article-open-there')}](<{url}>)" if url else bare
    quote = f"> “{escape(cited.evidence.quote.text)}”"
    for block in (f"{quote}\n-# {linked}", f"{quote}\n-# {bare}"):
        if len(block) <= _ROOM:
            return block
    return f"{phrases.say('article-long-passage')}\n-# {linked}"
