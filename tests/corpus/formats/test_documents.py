"""What documents, archives, dumps, tables and letters give: drafts with what they state, sentences for the rest."""

import gzip
from pathlib import Path

import pytest

from corpus.article import Draft, Rejection
from corpus.errors import BadInput, UnreadableSource
from corpus.formats import mediawiki, read_path
from corpus.formats.pdf_lines import Line
from corpus.formats.reflow import reflow
from corpus.formats.registry import READERS
from corpus.formats.table import parse_columns
from corpus.formats.wiki_templates import Templates
from corpus.formats.wikitext import plain_text
from tests.documents import SAMPLES, SENTENCE, WORDS, archive, docx, dump, epub, letter, pdf, warc, web_page
from tests.limits import processor_limit

LIMIT = 5_000_000


@pytest.fixture
def read(tmp_path: Path):
    """Drafts, and the sentences of rejections, of a file with this name and content."""

    def read_file(name: str, content: bytes, columns: dict[str, str] | None = None) -> list[Draft | str]:
        (tmp_path / name).write_bytes(content)
        found: list[Draft | str] = []
        for item in read_path(tmp_path / name, max_bytes=LIMIT, columns=columns):
            try:
                found.append(item.reason if isinstance(item, Rejection) else item.parse())
            except UnreadableSource as error:
                found.append(error.message)
        return found

    return read_file


@pytest.mark.parametrize("name", SAMPLES)
def test_every_kind_gives_its_article_whole(read, name: str) -> None:
    [draft] = read(name, SAMPLES[name])
    assert isinstance(draft, Draft), draft
    assert SENTENCE in draft.body


def test_there_is_a_sample_of_every_kind() -> None:
    assert {name[1:] for name in SAMPLES} >= READERS.keys() - {".ndjson", ".markdown", ".htm", ".xml.bz2", ".mht"}


# --- PDF

PAGE = [
    "Harbour Herald",
    "Envoys of the two states met in Velden on Monday to speak of the ferry, and offi-",
    "cials said that the state-owned yard would be paid. Nobody named a price for the",
    "boats, which the harbour of Marn has waited for since the storm of last winter.",
    "",
]


def test_running_heads_page_numbers_and_broken_words_are_mended(read) -> None:
    towns = ["Velden", "Marn", "Dorvale", "Arnheim"]
    pages = [PAGE] + [
        [PAGE[0], f"{town} held a feast.", f"Then the mayor of {town} added to the crowd at the quay that the state-",
         f"owned yard of {town} was ready.", f"Page {n}"]
        for n, town in enumerate(towns, start=2)
    ]  # fmt: skip
    [draft] = read("a.pdf", pdf(pages))
    assert "Harbour Herald" not in draft.body
    assert "Page 3" not in draft.body
    assert "officials said" in draft.body
    assert "that the state-owned yard of Marn was ready." in draft.body
    assert "a price for the boats, which" in draft.body


@pytest.mark.parametrize("line", ["ab ab", "a" * 20, "ab-", "page" + " " * 20 + "x", "7"])
def test_long_texts_are_reflowed_in_time_that_grows_with_them(line: str) -> None:
    with processor_limit(5.0):
        reflow([[Line(line)] * 50_000, [Line(line * 50_000)]])


@pytest.mark.parametrize(
    "piece", ["== a" + " " * 99, "{{", "[[a|", "{|\n", "<ref>", "''", "[http://a ", "<!--", "==a==\n", "{{a|}}"]
)
def test_any_wikitext_is_read_in_time_that_grows_with_it(piece: str) -> None:
    with processor_limit(5.0):
        plain_text(piece * (500_000 // len(piece)), lambda _parts: "")
        plain_text("== a" + " " * 500_000 + "x", lambda _parts: "")
        plain_text("{{convert|1|to|" + "2|to|" * 400_000 + "km}}", Templates("en"))


def test_a_pdf_states_title_author_and_the_day_it_was_made(read) -> None:
    info = {"/Title": "The ferry", "/Author": "Ines Olm", "/CreationDate": "D:20240909120000Z"}
    [draft] = read("a.pdf", pdf([PAGE], info))
    assert (draft.title, draft.author, draft.published_at) == ("The ferry", "Ines Olm", "2024-09-09")
    assert "when the PDF was created" in draft.warnings[0]
    [other] = read("a.pdf", pdf([PAGE], {"/Title": "Microsoft Word - memo.docx", "/Author": "admin"}))
    assert (other.title, other.author, other.published_at) == (None, None, None)


def test_scanned_pages_are_said_to_need_text_recognition(tmp_path: Path) -> None:
    raw = pdf([[]]).replace(b"/Resources <<\n", b"/Resources <<\n/XObject << /Im0 9 0 R >>\n")
    (tmp_path / "a.pdf").write_bytes(raw)
    [item] = read_path(tmp_path / "a.pdf", max_bytes=LIMIT)
    with pytest.raises(UnreadableSource, match="only scanned pages") as caught:
        item.parse()
    assert "OCR" in caught.value.hint


# --- Word and EPUB


def test_a_word_document_gives_its_text_as_it_stands(read) -> None:
    text = (
        '<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr><w:r><w:t>The ferry</w:t></w:r></w:p>'
        '<w:p><w:r><w:t xml:space="preserve">Envoys </w:t></w:r><w:ins><w:r><w:t>met</w:t></w:r></w:ins>'
        "<w:del><w:r><w:delText>parted</w:delText></w:r></w:del><w:r><w:tab/><w:t>in Velden.</w:t></w:r>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    stated = "<dc:creator>Ines Olm</dc:creator><t:created>2024-09-09T10:00:00Z</t:created>"
    [draft] = read("a.docx", docx(text, stated))
    assert draft.body == "The ferry\n\nEnvoys met in Velden."
    assert (draft.title, draft.author, draft.published_at) == ("The ferry", "Ines Olm", "2024-09-09")


def test_a_book_gives_an_article_for_each_chapter(read) -> None:
    chapters = {
        "cover.xhtml": "<html><body><h1>Cover</h1></body></html>",
        "1.xhtml": f"<!DOCTYPE html><html><head><title>x</title></head><body><h1>The <i>ferry</i></h1><p>{WORDS}</p>"
        f"<script>no()</script><ul><li>{SENTENCE}</li></ul></body></html>",
        "2.xhtml": f"<html><body><div>{WORDS}</div></body></html>",
    }
    metadata = (
        "<dc:title>Talks</dc:title><dc:creator>Ines Olm</dc:creator><dc:publisher>Herald Press</dc:publisher>"
        "<dc:date>2024-09-09</dc:date><dc:language>en-GB</dc:language><dc:identifier>urn:1</dc:identifier>"
    )
    one, two = read("a.epub", epub(chapters, metadata))
    assert (one.title, two.title) == ("The ferry (Talks)", "Talks")
    assert (one.author, one.publisher, one.published_at, one.language) == (
        "Ines Olm", "Herald Press", "2024-09-09", "en",
    )  # fmt: skip
    assert one.body == f"The ferry\n\n{WORDS}\n\n{SENTENCE}"
    assert (one.external_id, two.external_id) == ("urn:1#2", "urn:1#3")


# --- web archives and dumps


def test_a_web_archive_gives_its_pages_and_nothing_else(read) -> None:
    pages = [
        ("https://herald.example/a?utm_source=x", "200 OK", "text/html; charset=utf-8", web_page("Envoys meet")),
        ("https://herald.example/b.png", "200 OK", "image/png", b"\x89PNG"),
        ("https://herald.example/c", "404 Not Found", "text/html", web_page("Lost")),
        ("https://herald.example/d", "200 OK", "text/html", web_page("Envoys part")),
    ]
    one, two = read("a.warc.gz", warc(pages))
    assert (one.title, one.url) == ("Envoys meet", "https://herald.example/a")
    assert two.title == "Envoys part"
    assert read("a.wacz", archive({"archive/x.warc.gz": warc(pages), "pages/pages.jsonl": "{}"})) == [one, two]
    assert read("b.warc", warc(pages[1:3], packed=False)) == ["The web archive has no web pages."]


def test_texts_in_a_web_archive_are_read_but_for_those_of_programs(read) -> None:
    text = f"Envoys meet\n\n{WORDS}".encode()
    pages = [
        ("https://herald.example/robots.txt", "200 OK", "text/plain", f"# {SENTENCE}".encode()),
        ("https://herald.example/a.txt", "200 OK", "text/plain; charset=utf-8", text),
        ("https://herald.example/list", "200 OK", "text/plain", b"a\nb\n"),
    ]
    one, two = read("a.warc.gz", warc(pages))
    assert (one.title, one.url) == ("Envoys meet", "https://herald.example/a.txt")
    assert two == "No article text was found in this page."
    records = warc(pages[1:2], packed=False).replace(b"WARC-Type: response", b"WARC-Type: conversion")
    records = records.replace(b"application/http; msgtype=response", b"text/plain")
    assert len(read("a.warc", records)) == 1


def test_a_dump_gives_the_last_text_of_every_article(read) -> None:
    text = (
        "{{date|September 9, 2024}}{{infobox|a={{b|c}}}}[[File:x.jpg|thumb|A [[boat]]]]'''Envoys''' of "
        "{{w|Velden|the town}} met &lt;ref name='a'&gt;Some note&lt;/ref&gt;with [[Marn]] and [[Dorvale|the isle]], "
        "[https://x.example as told].&lt;br/&gt;\n== Talks ==\nThey parted.\n{| class=x\n| cell\n|}\n"
        "== Sources ==\n*{{source|title=Elsewhere}}\n[[Category:News]]"
    )
    [draft] = read("a.xml", dump(("Envoys meet: again", text)))
    assert draft.body == "Envoys of the town met with Marn and the isle, as told.\n\nTalks\n\nThey parted."
    assert (draft.title, draft.publisher, draft.language) == ("Envoys meet: again", "Wikinews", "en")
    assert (draft.published_at, draft.external_id) == ("2024-09-09", "1")
    assert draft.url == "https://en.wikinews.example/wiki/Envoys_meet:_again"
    packed = gzip.compress(dump(("Envoys meet: again", text)))
    assert read("a.xml.gz", packed) == [draft]


def test_drafts_redirects_and_talk_pages_of_a_wiki_are_left_out(read) -> None:
    assert read("a.xml", dump(("A", "{{develop}} x"))) == ["The page is an unpublished draft."]
    nothing = ["The dump has no articles."]
    assert read("a.xml", dump(("A", SENTENCE), namespace=1)) == nothing
    assert read("a.xml", dump(("A", SENTENCE), more='<redirect title="B"/>')) == nothing
    talk = dump(*[("A", SENTENCE)] * 9, namespace=1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(mediawiki, "_MAX_OTHER_ELEMENTS", 40)
        assert read("a.xml", talk) == ["The document has too much markup for a text."]
        assert len(read("a.xml", dump(*[("A", SENTENCE)] * 9))) == 9
    assert read("a.xml", b"<rss><channel/></rss>") == ["This XML file isn't a MediaWiki dump."]


# --- tables


def test_columns_are_known_by_their_names(read) -> None:
    rows = (
        f'Headline;Full Text;Pub-Date;Source;Other\n"Envoys; meet";"{SENTENCE}\n{SENTENCE}";2024-09-09;Herald;1\n;;;;\n'
    )
    [draft] = read("a.csv", rows.encode("utf-8-sig"))
    assert (draft.title, draft.publisher, draft.published_at) == ("Envoys; meet", "Herald", "2024-09-09")
    assert draft.body == f"{SENTENCE}\n{SENTENCE}"


def test_columns_can_be_named(read) -> None:
    rows = f"Kopf\tWortlaut\nTreffen\t{SENTENCE}\n".encode("cp1252")
    assert read("a.tsv", rows) == ["I can't tell which column of the table has the text."]
    [draft] = read("a.tsv", rows, parse_columns("title=Kopf, body=Wortlaut"))
    assert (draft.title, draft.body) == ("Treffen", SENTENCE)
    assert read("a.tsv", rows, {"body": "Text"}) == ["There is no column “Text”."]


@pytest.mark.parametrize("text", ["", "title", "title=", "colour=red", "=a"])
def test_a_list_of_columns_that_can_not_be_used_is_bad_input(text: str) -> None:
    with pytest.raises(BadInput):
        parse_columns(text)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t="])
def test_what_spreadsheets_would_run_stays_text(read, start: str) -> None:
    formula = f'{start}HYPERLINK(""https://x.example"",""Go"")'
    [draft] = read("a.csv", f'title,body\n"{formula}","{SENTENCE}"\n'.encode())
    assert draft.title == formula.replace('""', '"').strip()


def test_a_broken_table_gives_what_stands_before(read) -> None:
    rows = f'title,body\nOne,{SENTENCE}\nTwo,"' + "x" * (LIMIT - 100)
    found = read("a.csv", rows.encode() + b"\n" + b"y" * 5000)
    assert [type(each) for each in found] == [Draft, str]


# --- letters


def test_a_newsletter_states_subject_sender_and_day(read) -> None:
    [draft] = read("a.eml", letter())
    assert (draft.title, draft.publisher) == ("Envoys meet – again", "Harbour Herald")
    assert (draft.published_at, draft.external_id) == ("2024-09-09T08:00:00Z", "1@herald.example")


def test_html_is_read_where_the_plain_text_is_only_a_stub(read) -> None:
    table = f"<table><tr><td>Hello</td></tr><tr><td>{WORDS}</td></tr></table>"
    [draft] = read("a.eml", letter("Read this online.", f"<style>x</style>{table}"))
    assert draft.body == f"Hello\n\n{WORDS}"


def test_a_mailbox_gives_every_letter(read) -> None:
    start = b"From jane@herald.example Mon Sep  9 08:00:00 2024\n"
    quoted = letter(f"{WORDS}\n\n>From the harbour he went on.\nFrom here on it is text.")
    one, two = read("a.mbox", start + quoted + b"\n" + start + letter(Subject="Part two") + b"\n")
    assert "\nFrom the harbour he went on.\nFrom here on it is text." in one.body
    assert two.title == "Part two"
    assert read("b.mbox", b"no letters\n") == ["This mailbox has no emails."]
