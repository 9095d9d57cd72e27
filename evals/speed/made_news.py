"""Random news articles and web pages of realistic size and shape, the same for the same seed."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from html import escape
from itertools import accumulate, count

# Words of an article: a tenth have less than half of the median, a tenth more than double. Counted articles of agencies
# and newspapers had medians from 570 to 910.
MEDIAN_WORDS = 600
SPREAD = 0.5
SHORTEST_WORDS, LONGEST_WORDS = 80, 5_000
# Distinct words; the n-th is used in proportion to 1 / n (Zipf).
VOCABULARY = 20_000
# Characters of a page, most of them markup and scripts, as on news sites.
PAGE_CHARACTERS = 100_000

_SYLLABLES = (
    "ba bri cor da del dor e fen gar hol il ka la lin mar mo na nor o pel ra ren sa sil ta tor u va ven wes"
).split()
_COMMON = (
    "the of to and a in that for on is was with said by as at from it has be its are an which were not have will who"
    " their been but his after would this or more had they about new also than year people government two over first"
    " minister one when into other could last country between state against officials before world"
).split()
_PUBLISHERS = ("Harbour Herald", "Velden Courier", "The Marn Observer", "Northern Wire", "Quay Street Review")
_FIRST_DAY = datetime(2024, 1, 1, 6, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class NewsArticle:
    """A random article; `published_at` is ISO 8601 in UTC."""

    url: str
    title: str
    publisher: str
    author: str
    published_at: str
    paragraphs: tuple[str, ...]

    def record(self) -> dict[str, str]:
        """Return the article as a record for JSONL."""
        return {
            "url": self.url,
            "title": self.title,
            "publisher": self.publisher,
            "author": self.author,
            "published_at": self.published_at,
            "language": "en",
            "body": "\n\n".join(self.paragraphs),
        }


def made_articles(seed: int = 1) -> Iterator[NewsArticle]:
    """Yield endless articles of random words, in sentences of 8 to 32 words, some of them quotations."""
    for number in count():
        chance = random.Random(f"{seed} {number}")  # noqa: S311 - reproducible, not secret
        words = MEDIAN_WORDS * chance.lognormvariate(0, SPREAD)
        yield NewsArticle(
            url=f"https://news-{number % 40}.example/2024/report-{number}.html",
            title=_sentence(chance, 9)[:-1],
            publisher=chance.choice(_PUBLISHERS),
            author=_name(chance),
            published_at=(_FIRST_DAY + timedelta(minutes=7 * number)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            paragraphs=_paragraphs(chance, int(min(LONGEST_WORDS, max(SHORTEST_WORDS, words)))),
        )


def made_page(article: NewsArticle, seed: int = 1) -> str:
    """Render an article's web page: menus, cookie banner, JSON-LD, adverts, related links, comments and footer.

    Scripts and styles pad it to `PAGE_CHARACTERS`.
    """
    chance = random.Random(f"{seed} {article.url}")  # noqa: S311 - reproducible, not secret
    json_ld = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": article.published_at,
        "author": [{"@type": "Person", "name": article.author}],
        "publisher": {"@type": "NewsMediaOrganization", "name": article.publisher},
        "mainEntityOfPage": article.url,
    }
    head = (
        f"<title>{escape(article.title)} | {article.publisher}</title>"
        f'<link rel="canonical" href="{article.url}"><meta property="og:site_name" content="{article.publisher}">'
        f'<meta property="article:published_time" content="{article.published_at}">'
        f'<script type="application/ld+json">{json.dumps(json_ld)}</script>'
    )
    body = "".join((
        _cookie_banner(chance),
        f'<header><nav class="menu"><ul>{_links(chance, 120)}</ul></nav></header><main>',
        _story(article, chance),
        f'<aside class="related"><h2>More on this</h2><ul>{_links(chance, 24)}</ul></aside>',
        f'<section id="comments"><h2>Comments</h2>{_comments(chance)}</section></main>',
        f'<footer><ul>{_links(chance, 80)}</ul><p>© {article.publisher}. All rights reserved.</p></footer>',
    ))  # fmt: skip
    padding = _styles_and_scripts(max(0, PAGE_CHARACTERS - len(head) - len(body)))
    head = f'<head><meta charset="utf-8">{head}{padding}</head>'
    return f'<!DOCTYPE html><html lang="en">{head}<body>{body}</body></html>'


def _story(article: NewsArticle, chance: random.Random) -> str:
    html = [f'<article class="story"><div class="head"><h1>{escape(article.title)}</h1><p class="by">By ']
    html.append(f'<a href="/people/{chance.randrange(99)}">{article.author}</a></p></div><div class="text">')
    for number, paragraph in enumerate(article.paragraphs):
        first, _, rest = escape(paragraph).partition(" ")
        html.append(f'<p class="p-{number}">{first} <a href="/topic/{number}">{rest[:20]}</a>{rest[20:]}</p>')
        if number % 4 == 3:
            html.append(
                f'<div class="ad" data-slot="{number}"><span>Advertisement</span></div>'
                f'<figure><img src="/{number}.jpg" alt="">'
                f"<figcaption>{_sentence(chance, 12)} Photo: {_name(chance)}/Northern Wire</figcaption></figure>"
            )
    html.append('<div class="newsletter"><p>Sign up for our morning newsletter.</p></div></div></article>')
    return "".join(html)


def _cookie_banner(chance: random.Random) -> str:
    partners = "".join(f"<li><label><input type=checkbox>{_name(chance)} Ltd</label></li>" for _ in range(60))
    return (
        '<div id="consent" class="cookie-banner" role="dialog"><p>We and our partners use cookies to show you adverts. '
        f"You can accept or reject them at any time.</p><ul>{partners}</ul><button>Accept all cookies</button></div>"
    )


def _links(chance: random.Random, links: int) -> str:
    return "".join(
        f'<li class="item"><a class="link" href="/section/{number}"><span>{_sentence(chance, 4)[:-1]}</span></a></li>'
        for number in range(links)
    )


def _comments(chance: random.Random) -> str:
    return "".join(
        f'<div class="comment" id="c{number}"><span class="who">{_name(chance)}</span><div class="what"><p>'
        f'{_sentence(chance, 25)}</p></div><a href="#c{number}">Reply</a></div>'
        for number in range(50)
    )


def _styles_and_scripts(characters: int) -> str:
    rule = ".grid-cell > .inner{display:flex;margin:0 auto;color:#1a1a1a}\n"
    call = 'window.tracker=window.tracker||[];if(1<2){window.tracker.push(["load",{"slot":7,"lazy":true}]);}\n'
    styles, scripts = rule * (characters // 2 // len(rule)), call * (characters // 2 // len(call))
    return f"<style>{styles}</style><script>{scripts}</script>"


def _paragraphs(chance: random.Random, words: int) -> tuple[str, ...]:
    paragraphs, sentences, written = [], [], 0
    while written < words:
        length = chance.randint(8, 32)
        sentence = _sentence(chance, length)
        if chance.random() < 0.2:
            sentence = f"“{sentence[:-1]},” {_name(chance)} said."
        sentences.append(sentence)
        written += length
        if chance.random() < 0.5:
            paragraphs.append(" ".join(sentences))
            sentences = []
    return tuple([*paragraphs, " ".join(sentences)] if sentences else paragraphs)


def _sentence(chance: random.Random, words: int) -> str:
    vocabulary, weights = _vocabulary()
    chosen = chance.choices(vocabulary, cum_weights=weights, k=words)
    if words > 12:
        chosen[words // 2] += ","
        chosen[-2] = chance.choice((_name(chance), str(chance.randint(2, 900)), f"{chance.randint(2, 99)}%"))
    text = " ".join(chosen)
    return f"{text[0].upper()}{text[1:]}."


def _name(chance: random.Random) -> str:
    return f"{_word(chance).capitalize()} {_word(chance).capitalize()}"


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4)))


@cache
def _vocabulary() -> tuple[Sequence[str], Sequence[float]]:
    """Return words and their cumulative weights."""
    chance = random.Random(0)  # noqa: S311 - reproducible, not secret
    words = dict.fromkeys(_COMMON)
    while len(words) < VOCABULARY:
        words[_word(chance)] = None
    return tuple(words), tuple(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
