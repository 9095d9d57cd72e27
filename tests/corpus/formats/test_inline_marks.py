"""Struck-out, raised and lowered text and footnote marks in HTML: what a reader sees, in a line of plain text."""

import sys
from pathlib import Path

import pytest

from corpus.formats.html_text import extract_text, parse_html
from corpus.formats.inline_marks import settle_inline_marks
from tests.corpus.conftest import Write
from tests.corpus.formats.read_file import one
from tests.documents import SENTENCE, epub


def text(markup: str) -> str:
    return extract_text(f"<html><body><p>{markup}</p></body></html>")[1]


@pytest.mark.parametrize(
    ("markup", "read"),
    [
        ("some 10<sup>9</sup> grains", "some 10^9 grains"),
        ("some <b>10</b><sup>9</sup> grains", "some 10^9 grains"),
        ("some 10<span style='font-size: 60%; vertical-align:super'>9</span> grains", "some 10^9 grains"),
        ("some 10<span style='position: relative; top: -0.4em'>9</span> grains", "some 10^9 grains"),
        ("CO<span style='position:relative;top:3px;font-size:70%'>2</span> of the mill", "CO2 of the mill"),
        ("10<sup>−9</sup> and 4<sup>x</sup>", "10^−9 and 4x"),
        ("40 km<sup>2</sup> of heath, 6 m<sup>3</sup>, x<sup>2</sup>", "40 km² of heath, 6 m³, x^2"),
        ("CO<sub>2</sub>, PM<sub>2.5</sub>, 7<sub>2</sub>", "CO2, PM2.5, 7_2"),
        ("4<sup>1</sup>/<sub>2</sub> miles and <sup>3</sup>⁄<sub>4</sub>", "4 1/2 miles and 3⁄4"),
        ("the 19<sup>th</sup>, 1<sup>er</sup>, XIX<sup>e</sup>, M<sup>lle</sup>", "the 19th, 1er, XIXe, Mlle"),
        ("fuel of <sup>235</sup>U", "fuel of 235U"),
        # An ambiguous number is kept apart, never joined to the one before.
        ("paid 4.5<sup>2</sup> million", "paid 4.5^2 million"),
    ],
)
def test_numbers_are_kept_apart_from_what_is_raised_or_lowered(markup: str, read: str) -> None:
    assert text(markup) == read


@pytest.mark.parametrize(
    "mark",
    [
        '<sup><a href="#n4">4</a></sup>',
        '<a href="#n4"><sup>4</sup></a>',
        '<a href="https://x.example/p#footnote-4" class="footnote-anchor">4</a>',
        '<sup class="reference" id="cite_ref-4"><a href="#cite_note-4"><span>[</span>4<span>]</span></a></sup>',
        "<sup>4</sup>",
        "<sup>4, 5</sup>",
        "<sup>[4]</sup>",
        "<sup>[<i>citation needed</i>]</sup>",
        "<sup>†</sup>",
        "<sup>4</sup><sup>5</sup>",
        '<a href="#_ftn4">[4]</a>',
        '[<a href="#fn4">4</a>]',
        '<a role="doc-noteref" href="#n4">4</a>',
    ],
)
def test_footnote_marks_are_dropped_and_the_sentence_ends(mark: str) -> None:
    assert text(f"The mill is safe.{mark} Its owner agreed{mark}, she said.") == (
        "The mill is safe. Its owner agreed, she said."
    )


def test_a_linked_mark_after_a_number_is_no_part_of_it() -> None:
    assert text('paid 4.5<sup><a href="#n2">2</a></sup> million in 2019<a href="#n3"><sup>3</sup></a>.') == (
        "paid 4.5 million in 2019."
    )


@pytest.mark.parametrize(
    "markup",
    [
        'See <a href="#table-3">table 3</a> and note <a href="#note-3">3</a>.',
        'Reports <a href="/news/5">5</a> (<a href="/notes-on-salt">A</a>) [<a href="https://x.example/1">1</a>]',
        "A trademark<sup>®</sup> and Plus<sup>+</sup>",
    ],
)
def test_what_is_no_mark_is_read_as_it_is(markup: str) -> None:
    assert text(markup) == "".join(map(str, parse_html(f"<p>{markup}</p>").xpath("//p//text()")))


@pytest.mark.parametrize(
    "struck",
    [
        "<s>{}</s>",
        "<del>{}</del>",
        "<strike><b>{}</b></strike>",
        '<span style="color: red; text-decoration: line-through">{}</span>',
        '<span style="text-decoration-line:line-through">{}</span>',
        '<span class="text line-through">{}</span>',
    ],
)
def test_struck_out_text_is_dropped(struck: str) -> None:
    gone = struck.format("admitted")
    assert text(f"The miller {gone} <ins>denied</ins> it, on Sunday {gone}, twice.") == (
        "The miller denied it, on Sunday, twice."
    )


def test_readings_of_characters_do_not_interrupt_words() -> None:
    assert text("<ruby>水車<rp>(</rp><rt>すいしゃ</rt><rp>)</rp></ruby>小屋") == "水車小屋"


def test_pages_and_books_are_read_without_marks(write: Write, tmp_path: Path) -> None:
    told = "The miller <s>admitted</s> denied it.<sup><a href='#n1'>1</a></sup> About 10<sup>9</sup> grains were lost."
    page = f"<html><body><article><h1>Mill</h1><p>{told}</p>{f'<p>{SENTENCE}</p>' * 3}</article></body></html>"
    (tmp_path / "a.epub").write_bytes(
        epub({"1.xhtml": f"<html><body><p>{told}</p><p>{SENTENCE * 4}</p></body></html>"})
    )
    for draft in (one(write("a.html", page)), one(tmp_path / "a.epub")):
        assert "The miller denied it. About 10^9 grains were lost." in draft.body


@pytest.mark.parametrize(
    "piece",
    ["ab<sup>1</sup> c ", "<s>a</s>, b ", "<sup><a href=#1>1</a></sup>x", "<sup>", "<a href=#1>1", "<sup><i></i>"],
)
def test_the_work_grows_with_the_page(piece: str) -> None:
    def calls(times: int) -> int:
        tree = parse_html(f"<body><p>{piece * times}</p></body>")
        count = 0

        def note(_frame: object, event: str, _arg: object) -> None:
            nonlocal count
            count += event in {"call", "c_call"}

        sys.setprofile(note)
        try:
            settle_inline_marks(tree)
        finally:
            sys.setprofile(None)
        return count

    assert calls(1_000) <= 2.2 * calls(500) + 500


@pytest.mark.parametrize(
    ("sheet", "struck"),
    [
        (".gone, .other { color: red; text-decoration: line-through }", '<span class="gone">{}</span>'),
        ("/* .kept {} */ p .gone { text-decoration-line : line-through }", '<font class="x gone">{}</font>'),
        ("#z9 { text-decoration: line-through solid red }", '<i id="z9">{}</i>'),
        ("@media screen { u.gone, b { text-decoration: line-through } }", '<u class="gone">{}</u>'),
        ("", '<span class="text-decoration-line-through">{}</span>'),
        ("", '<em class="u-strikethrough">{}</em>'),
    ],
)
def test_text_that_a_class_or_an_id_strikes_out_is_dropped(sheet: str, struck: str) -> None:
    markup = (
        f"<html><head><style>{sheet}</style></head><body><p>He {struck.format('admitted')} denied it.</p></body></html>"
    )
    assert extract_text(markup)[1] == "He denied it."


@pytest.mark.parametrize(
    ("sheet", "kept"),
    [
        (".gone a:hover, .gone::before { text-decoration: line-through }", '<span class="gone">{}</span>'),
        (".gone { text-decoration: underline } .other { text-decoration: line-through }", '<i class="gone">{}</i>'),
        ("", '<span class="topic-strike rail-strike">{}</span>'),
    ],
)
def test_text_of_other_classes_is_kept(sheet: str, kept: str) -> None:
    markup = (
        f"<html><head><style>{sheet}</style></head><body><p>He {kept.format('always')} denied it.</p></body></html>"
    )
    assert extract_text(markup)[1] == "He always denied it."


@pytest.mark.parametrize("name", ["footnote-ref", "fnref", "endnote", "article__footnote_marker", "noteref"])
def test_a_mark_that_only_its_class_names_is_dropped(name: str) -> None:
    mark = f'<span class="{name}">7</span>'
    assert text(f"It is safe.{mark} It cost 300{mark} coins in 1999{mark}.") == "It is safe. It cost 300 coins in 1999."
    assert text(f"See {mark}.") == "See 7."


def test_classes_raise_and_lower_text_in_other_elements() -> None:
    assert text('40 m<span class="sup">2</span>, 10<small class="super">9</small>, CO<font class="sub">2</font>') == (
        "40 m², 10^9, CO2"
    )
