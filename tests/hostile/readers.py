"""Everything that reads what others wrote: the reader of each format, what is done with its text, and what is typed."""

import json
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from html import escape as escape_html
from io import StringIO
from pathlib import Path

import numpy as np
from rich.console import Console

from bot.answering.answer import Verdict
from bot.answering.answer_spans import answer_spans
from bot.answering.attribution.finder import find_attributions
from bot.answering.credit import credit
from bot.answering.question.aliases import mentions
from bot.answering.question.answer_type import AnswerType
from bot.answering.question.follow_up import resolve_follow_up
from bot.answering.question.kind import LONGEST_QUESTION, check_question
from bot.answering.question.proposition import read_proposition
from bot.answering.question.understand import understand
from bot.answering.quotes import choose_quotes, rank_sentences
from bot.answering.reading_bounds import bound_hit
from bot.answering.verdict.candidate_sentences import candidate_sentences
from bot.answering.verdict.matcher import Matcher
from bot.answering.verdict.readings import read_best
from bot.answering.verdict.selection import choose_quotes_for
from bot.discord.i18n.phrases import phrases_in
from bot.discord.views.escape import brief, escape, link, safe_url, visible
from bot.records.sanitize import normalise_question, redact_ids
from corpus.article import ArticleFacts, Draft, Passage, SourceItem
from corpus.boilerplate import is_boilerplate, is_table_row, may_be_footer
from corpus.charset import decode
from corpus.dates import parse_bound, parse_published
from corpus.errors import AttacheError
from corpus.feeds.opml import read_opml
from corpus.feeds.parse import find_feed_links, read_listing
from corpus.feeds.robots import own_rules
from corpus.fetch.download import Download, Head
from corpus.fetch.link_check import display_link, parse_link
from corpus.formats import PARSER_ERRORS, read_path
from corpus.formats.registry import READERS
from corpus.language import detect_language
from corpus.normalize import clean_body, clean_line
from corpus.outline import outline
from corpus.passages import cut_passages
from corpus.prepare import normalise
from corpus.sentences import split_sentences
from corpus.signatures import sign
from corpus.urls import canonical_url
from index.filters import Filters
from index.search.query import strip_time_words
from index.search.retriever import Hit
from index.terms import Terms, matching_words, query_words, words
from tests.documents import SAMPLES, archive, docx, dump, epub, letter, odt, pdf, warc
from tests.fakes import agreeing_reader

Reading = Callable[[str], object]
_REFUSALS = (AttacheError, *PARSER_ERRORS)
_PARAGRAPH = "Envoys of the two states met in Velden on Monday, and officials said that they would meet again. "
_NOW = datetime(2031, 5, 2, tzinfo=UTC)
_VECTOR = np.zeros(384, np.float32)


def _page(text: str) -> str:
    meta = escape_html(text[:20_000], quote=True)
    head = (
        f'<title>{text[:2_000]}</title><meta property="og:title" content="{meta}"><meta name="author" content="{meta}">'
    )
    return f"<html><head>{head}</head><body><article><p>{_PARAGRAPH * 3}</p><p>{text}</p></article></body></html>"


def _json_page(text: str) -> str:
    linked = json.dumps({"@type": "NewsArticle", "headline": text, "articleBody": text, "datePublished": text[:60]})
    return (
        f'<html><script type="application/ld+json">{linked}</script><article><p>{_PARAGRAPH * 3}</p></article></html>'
    )


def _rss(text: str) -> str:
    fields = "".join(
        f"<{name}>{text}</{name}>" for name in ("title", "link", "author", "description", "guid", "pubDate")
    )
    return f'<rss version="2.0"><channel><title>Post</title>{text}<item>{fields}</item></channel></rss>'


def _atom(text: str) -> str:
    author = f"<author><name>{text}</name><email>{text}</email></author>"
    fields = "".join(f"<{name}>{text}</{name}>" for name in ("title", "summary", "id", "updated"))
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{author}{fields}<link href="{text}"/></entry></feed>'


def _many_items(text: str) -> str:
    items = "".join(
        f"<item><title>{each}</title><link>https://a.example/{i}</link></item>" for i, each in enumerate(text.split())
    )
    return f'<rss version="2.0"><channel><title>Post</title>{items}</channel></rss>'


def _json_feed(text: str) -> str:
    item = dict.fromkeys(("id", "url", "title", "content_html", "content_text", "date_published"), text)
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": text, "items": [item]})


def _sitemap(text: str) -> str:
    return f'<urlset xmlns="x"><url><loc>{text}</loc><lastmod>{text}</lastmod></url></urlset>'


# A file of each format with a text in it, raw and escaped.
FILES: Mapping[str, tuple[str, Callable[[str], bytes]]] = {
    "html": ("a.html", lambda text: _page(text).encode("utf-8", "replace")),
    "html, escaped": ("a.html", lambda text: _page(escape_html(text)).encode("utf-8", "replace")),
    "html, JSON-LD": ("a.html", lambda text: _json_page(text).encode("utf-8", "replace")),
    "html, raw": ("a.html", lambda text: text.encode("utf-8", "replace")),
    "markdown": ("a.md", lambda text: text.encode("utf-8", "replace")),
    "markdown, front matter": ("a.md", lambda text: f"---\ntitle: {text}\nauthor: {text}\n---\n{_PARAGRAPH}".encode("utf-8", "replace")),
    "text": ("a.txt", lambda text: text.encode("utf-8", "replace")),
    "text, Latin": ("a.txt", lambda text: text.encode("cp1252", "replace") + b"\xe9"),
    "JSON lines": ("a.jsonl", lambda text: json.dumps(dict.fromkeys(("title", "body", "author", "url", "published_at"), text)).encode()),
    "JSON lines, raw": ("a.jsonl", lambda text: text.encode("utf-8", "replace")),
    "JSON": ("a.json", lambda text: json.dumps({"articles": [dict.fromkeys(("title", "body", "author", "url", "date"), text)]}).encode()),
    "JSON, raw": ("a.json", lambda text: text.encode("utf-8", "replace")),
    "csv": ("a.csv", lambda text: f'title,body,date\n"{text[:5_000]}","{text}",x\n'.encode("utf-8", "replace")),
    "csv, raw": ("a.csv", lambda text: f"title,body\n{text}".encode("utf-8", "replace")),
    "tsv, raw": ("a.tsv", lambda text: f"title\tbody\n{text}".encode("utf-8", "replace")),
    "letter": ("a.eml", lambda text: letter(text.replace("\0", ""))),
    "letter, HTML": ("a.eml", lambda text: letter(_PARAGRAPH, text.replace("\0", "") or "x")),
    "letter, headers": ("a.eml", lambda text: f"From: {text}\nSubject: {text}\nDate: {text}\n\n{_PARAGRAPH}".encode("utf-8", "replace")),
    "letter, raw": ("a.eml", lambda text: text.encode("utf-8", "replace")),
    "saved page": ("a.mhtml", lambda text: f"Snapshot-Content-Location: {text}\nContent-Type: text/html\n\n{_page(text)}".encode("utf-8", "replace")),
    "mailbox": ("a.mbox", lambda text: b"From a Mon Sep  9 08:00:00 2024\nSubject: x\n\n" + text.encode("utf-8", "replace")),
    "Word": ("a.docx", lambda text: docx(f"<w:p><w:r><w:t>{escape_html(text.replace(chr(0), ''))}</w:t></w:r></w:p>")),
    "Word, paragraphs": ("a.docx", lambda text: docx("".join(f"<w:p><w:r><w:t>{escape_html(each)}</w:t></w:r></w:p>" for each in text.replace("\0", "").split()))),
    "ODT": ("a.odt", lambda text: odt(f"<text:p>{escape_html(text.replace(chr(0), ''))}</text:p>")),
    "ODT, paragraphs": ("a.odt", lambda text: odt("".join(f"<text:p>{escape_html(each)}</text:p>" for each in text.replace("\0", "").split()))),
    "ODT, flat": ("a.fodt", lambda text: SAMPLES["a.fodt"].replace(b"</text:p>", escape_html(text.replace("\0", "")).encode("utf-8", "replace") + b"</text:p>")),
    "EPUB": ("a.epub", lambda text: epub({"1.xhtml": _page(text)})),
    "PDF": ("a.pdf", lambda text: pdf([["".join(each for each in text if each.isascii() and each not in "()\\\n\0")]])),
    "web archive": ("a.warc", lambda text: warc([("https://a.example/", "200 OK", "text/html", _page(text).encode("utf-8", "replace"))], packed=False)),
    "web archive, raw": ("a.warc", lambda text: b"WARC/1.0\r\n" + text.encode("utf-8", "replace")),
    "packed web archive": ("a.wacz", lambda text: archive({"archive/a.warc": text})),
    "wiki": ("a.xml", lambda text: dump(("Envoys", _PARAGRAPH * 3 + escape_html(text.replace("\0", ""))))),
    "wiki, raw": ("a.xml", lambda text: f"<mediawiki>{text}</mediawiki>".encode("utf-8", "replace")),
}  # fmt: skip
FEEDS: Mapping[str, Callable[[str], str]] = {
    "rss": _rss, "rss, escaped": lambda text: _rss(escape_html(text)), "rss, twice escaped": lambda text: _rss(escape_html(escape_html(text))),
    "rss, items": lambda text: _many_items(escape_html(text)), "atom": _atom, "atom, escaped": lambda text: _atom(escape_html(text)),
    "JSON feed": _json_feed, "sitemap": _sitemap, "sitemap, escaped": lambda text: _sitemap(escape_html(text)), "feed, raw": lambda text: f"<rss>{text}",
}  # fmt: skip


def _read_file(name: str, make: Callable[[str], bytes]) -> Callable[[str], Callable[[], object]]:
    def prepared(text: str) -> Callable[[], object]:
        raw = make(text)
        folder = _folder()
        path = folder / name
        path.write_bytes(raw)

        def read() -> None:
            for item in read_path(path, max_bytes=20 << 20):
                if isinstance(item, SourceItem):
                    _quietly(item.parse)

        return read

    return prepared


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="attache-hostile-"))


def _quietly(work: Callable[[], object]) -> None:
    try:
        work()
    except _REFUSALS:
        return


def _download(text: str, media_type: str = "text/html") -> Download:
    head = Head("https://a.example/", 200, media_type, "utf-8", {})
    return Download(head, text.encode("utf-8", "replace"))


def _hit(text: str) -> Hit:
    facts = ArticleFacts(1, "shared", None, None, text, "Post", None, "2031-05-01", "en", "", "2031-05-02", "a.txt")
    return bound_hit(Hit(Passage(1, 1, 0, 0, len(text), text, ""), facts, 1.0, 0.5, 5.0, 0.5, 0.5))


_TERMS = Terms()
_QUESTIONS = tuple(map(read_proposition, ("Did Kurland deny the reports?", "Did the minister attack Kurland?")))


def _answer(text: str) -> None:
    """Do with one hit what an answer does with each."""
    hit = _hit(clean_body(text) or "x")
    for proposition in _QUESTIONS:
        matcher = Matcher(proposition, dict.fromkeys(proposition.content_words, 3.0), _TERMS)
        candidates = candidate_sentences([hit], proposition, matcher)
        readings = read_best(agreeing_reader(), proposition.text, candidates).sentences
        for each in choose_quotes_for(Verdict.OPEN, readings, 4, _TERMS):
            credit(each.quote, hit, each.stance(proposition), matcher.relevance)
    for kind in AnswerType:
        ranked = rank_sentences(
            [hit], {"denied": 3.0}, _TERMS, lambda text, kind=kind: bool(answer_spans(text, kind, frozenset()))
        )
        list(choose_quotes(ranked, 4))


def _ask(text: str) -> None:
    """Do with a question what is done before the search; a longer one is refused."""
    question = check_question(clean_line(text)[:LONGEST_QUESTION])
    understand(question, _VECTOR, Filters(), ["Reuters", "The Post"], _NOW.date())
    resolve_follow_up(question, "Did Kurland deny the tanker reports?")
    resolve_follow_up("And Vestria?", question)
    normalise_question(question)
    query_words(strip_time_words(question))


def _show(text: str) -> None:
    phrases = phrases_in("en")
    for shown in (
        escape(text),
        visible(text),
        brief(text, 100),
        link(text, text, phrases),
        safe_url(f"https://{text}"),
    ):
        assert isinstance(shown, str)


# What is done with a text after it was read, and with what people type.
STAGES: Mapping[str, Reading] = {
    "clean": clean_body,
    "clean line": clean_line,
    "draft": lambda text: normalise(Draft(body=text, title=text, author=text)),
    "outline": outline,
    "boilerplate": lambda text: (is_boilerplate(text), is_table_row(text), may_be_footer(text)),
    "sentences": lambda text: [split_sentences(text, 0, len(text), language) for language in (None, "zh", "th", "ar", "de")],
    "passages": lambda text: cut_passages(clean_body(text)),
    "signature": sign,
    "language": detect_language,
    "charset": lambda text: decode(text.encode("utf-16-le", "replace")[1:]),
    "date": lambda text: (parse_published(text), parse_bound(text, today=date(2031, 5, 2), end=False)),
    "address": lambda text: canonical_url(f"https://a.example/{text}"),
    "link": lambda text: (display_link(f"https://{text}"), parse_link(f"https://{text}")),
    "words": lambda text: (words(text), matching_words(["denied", text], text), _TERMS.stems(text)),
    "countries": lambda text: mentions(text, 2024),
    "attributions": find_attributions,
    "answer": _answer,
    "question": _ask,
    "message": _show,
    "stored text": redact_ids,
    "terminal": lambda text: Console(file=StringIO(), width=80).print(text, markup=False, highlight=False),
}  # fmt: skip


def readings() -> dict[str, Callable[[str], Callable[[], object]]]:
    """Return every reader and stage by name: called with a text, it returns the work to be timed."""
    found: dict[str, Callable[[str], Callable[[], object]]] = {}
    for name, (file, make) in FILES.items():
        found[f"file: {name}"] = _read_file(file, make)
    for name, compose in FEEDS.items():
        found[f"feed: {name}"] = _stage(
            lambda text, compose=compose: read_listing(_download(compose(text), "application/xml"), _NOW.timestamp())
        )
    found["feed: links of a page"] = _stage(lambda text: find_feed_links(_download(_page(text))))
    found["feed: OPML"] = _stage(
        lambda text: read_opml(f'<opml><body><outline xmlUrl="{text}"/>{text}</body></opml>'.encode("utf-8", "replace"))
    )
    found["feed: robots.txt"] = _stage(own_rules)
    for name, stage in STAGES.items():
        found[f"text: {name}"] = _stage(stage)
    return found


def uncovered() -> list[str]:
    """Return the suffixes of files for which no hostile file is made; packed ones are read like those within."""
    made = {Path(name).suffix for name, _ in FILES.values()}
    return [
        suffix
        for suffix in READERS
        if suffix not in made
        and not suffix.endswith((".gz", ".bz2", ".zst"))
        and suffix not in {".ndjson", ".markdown", ".htm", ".mht"}
    ]


def _stage(work: Reading) -> Callable[[str], Callable[[], object]]:
    return lambda text: lambda: _quietly(lambda: work(text))


__all__ = ["FEEDS", "FILES", "SAMPLES", "STAGES", "readings", "uncovered"]
