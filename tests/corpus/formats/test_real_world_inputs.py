"""What files give that are not quite as their format says, as programs and sites write them."""

import gzip
from html import escape

import pytest

from corpus.article import Draft
from corpus.formats.column_text import column_text
from corpus.formats.markdown import parse_markdown
from corpus.formats.web_page import parse_page
from corpus.omission import OMITTED
from tests.corpus.conftest import Write
from tests.corpus.formats.read_file import one, read
from tests.documents import OPEN_DOCUMENT, SENTENCE, WORD, archive, docx, dump, warc, web_page

RUSSIAN = "Мэр в понедельник опроверг сообщения о том, что мельницу закроют, и пообещал отчет через неделю."
JAPANESE = "町長は月曜日、水車小屋を閉める計画を否定し、報告は来週出ると述べた。議会は秋に再び話し合う。"


def page(paragraph: str, head: str = "") -> str:
    return (
        f"<html><head><title>The mill stays</title>{head}</head><body><article><h1>The mill stays</h1><p>{SENTENCE}</p>"
        f"<p>{paragraph}</p><p>{SENTENCE} The council will speak of it again in autumn.</p></article></body></html>"
    )


def test_a_flat_opendocument_file_gives_text_and_properties(write: Write) -> None:
    text = (
        f'<?xml version="1.0"?><office:document {OPEN_DOCUMENT}><office:meta><dc:title>The mill</dc:title>'
        "<meta:creation-date>2024-09-09T08:00:00</meta:creation-date></office:meta>"
        f"<office:body><office:text><text:p>{SENTENCE}</text:p></office:text></office:body></office:document>"
    )
    draft = one(write("mill.fodt", text))
    assert (draft.title, draft.published_at, draft.body) == ("The mill", "2024-09-09", SENTENCE)


def test_a_flat_table_is_refused(write: Write) -> None:
    text = f"<office:document {OPEN_DOCUMENT}><office:body><office:spreadsheet/></office:body></office:document>"
    assert read(write("mill.fodt", text)) == ["This OpenDocument file is no text."]


def test_a_word_document_may_have_its_text_under_another_name(write: Write) -> None:
    relations = (
        '<Relationships><Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'officeDocument" Target="/word/document2.xml"/></Relationships>'
    )
    body = f"<w:document {WORD}><w:body><w:p><w:r><w:t>{SENTENCE}</w:t></w:r></w:p></w:body></w:document>"
    assert one(write("a.docx", archive({"_rels/.rels": relations, "word/document2.xml": body}))).body == SENTENCE


def test_a_formula_in_word_marks_its_sentence(write: Write) -> None:
    formula = "<m:oMath><m:sSup><m:r><m:t>10</m:t></m:r><m:r><m:t>6</m:t></m:r></m:sSup></m:oMath>"
    body = f"<w:p><w:r><w:t>It holds </w:t></w:r>{formula}<w:r><w:t> litres.</w:t></w:r></w:p>"
    assert one(write("a.docx", docx(body.replace("m:", "w:")))).body == f"It holds {OMITTED} litres."


def test_text_that_word_raises_by_its_position_is_an_exponent(write: Write) -> None:
    raised = '<w:r><w:rPr><w:position w:val="6"/></w:rPr><w:t>6</w:t></w:r>'
    body = f"<w:p><w:r><w:t>It holds 10</w:t></w:r>{raised}<w:r><w:t> litres.</w:t></w:r></w:p>"
    assert one(write("a.docx", docx(body))).body == "It holds 10^6 litres."


@pytest.mark.parametrize(
    ("text", "encoding", "label"),
    [(RUSSIAN, "cp1251", "iso-8859-1"), (JAPANESE, "euc_jp", "shift_jis"), (JAPANESE, "cp932", "us-ascii")],
)
def test_a_label_that_makes_no_sense_gives_way_to_a_guess(text: str, encoding: str, label: str) -> None:
    markup = page(text, f'<meta charset="{label}">').encode(encoding, "xmlcharrefreplace")
    assert text in parse_page(markup).body


def test_a_charset_in_a_comment_is_none() -> None:
    head = '<!-- <meta charset="koi8-r"> --><meta charset="windows-1251">'
    assert RUSSIAN in parse_page(page(RUSSIAN, head).encode("cp1251", "xmlcharrefreplace")).body


def test_a_few_letters_of_another_encoding_are_told_as_a_guess(write: Write) -> None:
    draft = one(write("a.txt", f"{SENTENCE} He is called ".encode() + "ąś.".encode("cp1250")))
    assert "which is a guess" in draft.warnings[0]
    assert one(write("b.txt", f"{SENTENCE} “Café”".encode("cp1252"))).warnings == ()


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ("<![CDATA[<p>One.</p>]]>", "One."),
        ("<!-- wp:paragraph -->\nOne.\n<!-- /wp:paragraph -->", "One."),
        (r"One.\n\nTwo.", "One.\n\nTwo."),
        (r"In C:\new and C:\notes.", r"In C:\new and C:\notes."),
        ("He ~~confirmed~~ denied it.", "He denied it."),
        ("About ~5 to ~~7~~ 8.", "About ~5 to 8."),
    ],
)
def test_text_columns_lose_what_programs_leave_in_them(field: str, shown: str) -> None:
    assert column_text(field).strip() == shown


def test_a_list_of_metadata_states_fields_and_links_to_excerpts_go() -> None:
    draft = parse_markdown(
        b"# Mill\n\n## Metadata\n- Author: [[Ines Olm]]\n- Full Title: The mill stays\n- URL: https://h.example/mill\n\n"
        b"## Highlights\n- The mayor denied it. ([View Highlight](https://read.example/1))\n"
    )
    assert (draft.title, draft.author, draft.url) == ("The mill stays", "Ines Olm", "https://h.example/mill")
    assert draft.body.endswith("- The mayor denied it.")
    assert "Author" not in draft.body


@pytest.mark.parametrize(
    ("wikitext", "shown"),
    [
        ("It holds <math>10^6</math> litres.", f"It holds {OMITTED} litres."),
        ("She wrote {{'\"|we never promised it}}.", f"She wrote {OMITTED}."),
        ("She wrote {{tq|we never promised it}}.", "She wrote “we never promised it”."),
        ("The mill {{nowrap|is open.", f"The mill {OMITTED}nowrap|is open."),
    ],
)
def test_what_a_wiki_shows_otherwise_is_never_a_whole_sentence(write: Write, wikitext: str, shown: str) -> None:
    assert one(write("a.xml", dump(("Mill", f"{SENTENCE}\n\n{escape(wikitext)}")))).body.split("\n\n")[1] == shown


@pytest.mark.parametrize(
    "sheet", [".c1{color:red}.c5{color:#000;text-decoration:line-through}", "span.c5 { text-decoration: line-through }"]
)
def test_a_class_that_a_style_sheet_strikes_out_is_dropped(sheet: str) -> None:
    markup = page("The mayor <span class='c5'>confirmed</span> denied the report.", f"<style>{sheet}</style>")
    assert "The mayor denied the report." in parse_page(markup.encode()).body


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("The <sup>3</sup>He leaked out on Monday.", "The 3He leaked out on Monday."),
        ("It fell at 9.8 m/s<sup>2</sup> on Monday.", "It fell at 9.8 m/s² on Monday."),
    ],
)
def test_light_isotopes_and_composed_units(markup: str, shown: str) -> None:
    assert shown in parse_page(page(markup).encode()).body


@pytest.mark.parametrize(
    "table",
    [
        "Titel;Text;Datum;Quelle\nMühle;{0};09.09.2024;Blatt\n",
        '标题,正文,日期,来源\nMühle,"{0}",2024-09-09,Blatt\n',
        "\n\nЗаголовок\tТекст\tДата\tИсточник\nMühle\t{0}\t2024-09-09\tBlatt\n",
        "title;text;date;source;tags, keywords, more, and, others\nMühle;{0};2024-09-09;Blatt;x\n",
    ],
)
def test_headers_of_tables_in_other_languages(write: Write, table: str) -> None:
    draft = one(write("a.csv", table.format(SENTENCE)))
    assert (draft.title, draft.body, draft.published_at, draft.publisher) == ("Mühle", SENTENCE, "2024-09-09", "Blatt")


def test_pages_before_the_damage_of_an_archive_are_read(write: Write) -> None:
    pages = [(f"https://h.example/{i}", "200 OK", "text/html", web_page(f"Mill {i}")) for i in (1, 2)]
    packed = b"".join(gzip.compress(warc([each], packed=False)) for each in pages)
    first, *problems = read(write("a.warc.gz", packed[:-200]))
    assert isinstance(first, Draft)
    assert problems
    assert not any(isinstance(each, Draft) for each in problems)


def test_a_page_that_its_archive_cuts_off_is_refused(write: Write) -> None:
    whole = warc([("https://h.example/1", "200 OK", "text/html", web_page("Mill"))], packed=False)
    assert read(write("a.warc", whole[:-200])) == ["The page is cut off: the web archive ends within it."]


@pytest.mark.parametrize("name", ['itemprop="dateModified"', 'class="entry-updated"'])
def test_the_time_of_a_change_is_no_date_of_publication(name: str) -> None:
    markup = page("It stays.").replace("</h1>", f'</h1><time {name} datetime="2024-09-12">12 September</time>')
    assert parse_page(markup.encode()).published_at is None


def test_the_date_of_a_teaser_in_microdata_is_not_the_pages() -> None:
    date = "<meta itemprop='datePublished' content='2019-01-01'>"
    item = f"<div itemscope itemtype='https://schema.org/NewsArticle'>{{}}{date}</div>"
    link = "<a itemprop='url' href='/wolves'>Wolves</a>"
    assert parse_page(page("It stays.").replace("</body>", item.format(link)).encode()).published_at is None
    assert parse_page(page("It stays.").replace("</body>", item.format("")).encode()).published_at == "2019-01-01"


def test_a_mailbox_may_have_nothing_but_from_before_an_email(write: Write) -> None:
    letter = f"From \nFrom: news@herald.example\nSubject: Mill\n\n{SENTENCE}\n\n"
    drafts = [draft for draft in read(write("a.mbox", letter * 2)) if isinstance(draft, Draft)]
    assert [draft.body.strip() for draft in drafts] == [SENTENCE] * 2
