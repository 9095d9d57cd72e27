"""What Word documents give: the text as Word shows it once all changes are accepted."""

import pytest

from corpus.formats.docx import parse_docx
from corpus.omission import OMITTED
from tests.documents import WORD, archive, docx


def body(*paragraphs: str, styles: str = "") -> str:
    """The text of a document of these paragraphs (WordprocessingML)."""
    raw = docx("".join(paragraphs))
    if styles:
        text = f'<?xml version="1.0"?><w:document {WORD}><w:body>{"".join(paragraphs)}</w:body></w:document>'
        raw = archive({"word/document.xml": text, "word/styles.xml": f"<w:styles {WORD}>{styles}</w:styles>"})
    return parse_docx(raw).body


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def par(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def box(text: str) -> str:
    content = f"<w:txbxContent>{par(run(text))}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice><w:drawing><wps:txbx xmlns:wps="urn:wps">'
        f"{content}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>{content}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def test_a_text_box_does_not_cut_the_paragraph_that_it_is_anchored_in() -> None:
    text = body(par(run("The mayor denied "), box("“A boat.”"), run("the report.")), par(run("She left.")))
    assert text == "The mayor denied the report.\n\n“A boat.”\n\nShe left."


def test_boxes_in_boxes_and_drawings_stay_apart() -> None:
    inner = f"<w:r><w:pict><w:txbxContent>{par(run('Inner.'))}</w:txbxContent></w:pict></w:r>"
    outer = f"<w:r><w:pict><w:txbxContent>{par(run('Ou'), inner, run('ter.'))}</w:txbxContent></w:pict></w:r>"
    struck = '<a:r><a:rPr strike="sngStrike"/><a:t>No</a:t></a:r>'
    shape = f'<w:r><a:p xmlns:a="urn:a">{struck}<a:r><a:t>Shape.</a:t></a:r></a:p></w:r>'
    assert body(par(run("O"), outer, shape, run("ne."))) == "One.\n\nOuter.\n\nInner.\n\nShape."


def test_a_fallback_is_read_where_there_is_nothing_else() -> None:
    fallback = "<mc:Fallback><w:t>it.</w:t></mc:Fallback>"
    only = f'<w:r><mc:AlternateContent xmlns:mc="urn:mc">{fallback}</mc:AlternateContent></w:r>'
    assert body(par(run("She denied "), only)) == "She denied it."


def test_deleted_text_is_gone_and_moved_text_stands_once() -> None:
    deleted = "<w:del><w:r><w:delText>confirmed</w:delText><w:tab/></w:r></w:del>"
    moved = f"<w:moveFrom>{run('It rained. ')}</w:moveFrom>"
    text = body(par(moved, run("She "), deleted, run("denied it.")), par(f"<w:moveTo>{run('It rained.')}</w:moveTo>"))
    assert text == "She denied it.\n\nIt rained."


def test_a_deleted_end_of_a_paragraph_joins_it_with_the_next() -> None:
    joined = par(run("She denied "), properties="<w:rPr><w:del/></w:rPr>")
    assert body(joined, par(run("the report."))) == "She denied the report."
    assert body(par(run("One.")), joined) == "One.\n\nShe denied"


def test_a_deleted_row_of_a_table_is_gone() -> None:
    rows = [
        f"<w:tr><w:trPr>{mark}</w:trPr><w:tc>{par(run(text))}</w:tc></w:tr>"
        for mark, text in (("<w:del/>", "No."), ("", "Yes."))
    ]
    assert body(f"<w:tbl>{''.join(rows)}</w:tbl>") == "Yes."


@pytest.mark.parametrize(
    ("properties", "is_seen"),
    [
        ("<w:strike/>", False),
        ('<w:strike w:val="true"/>', False),
        ("<w:dstrike/>", False),
        ("<w:vanish/>", False),
        ('<w:strike w:val="0"/>', True),
        ('<w:dstrike w:val="false"/>', True),
        ("<w:rPrChange><w:rPr><w:strike/></w:rPr></w:rPrChange>", True),
        ('<w:rStyle w:val="Gone"/>', False),
        ('<w:rStyle w:val="GoneToo"/>', False),
        ('<w:rStyle w:val="Gone"/><w:strike w:val="0"/>', True),
    ],
)
def test_struck_out_and_hidden_text_is_gone(properties: str, is_seen: bool) -> None:
    styles = (
        '<w:style w:styleId="Gone"><w:rPr><w:strike/></w:rPr></w:style>'
        '<w:style w:styleId="GoneToo"><w:basedOn w:val="Gone"/></w:style>'
        '<w:style w:styleId="A"><w:basedOn w:val="B"/></w:style><w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>'
    )
    text = body(par(run("She "), run("confirmed ", properties), run("denied it.")), styles=styles)
    assert text == ("She confirmed denied it." if is_seen else "She denied it.")


def test_a_paragraph_with_a_struck_out_style_is_gone() -> None:
    styles = '<w:style w:styleId="Gone"><w:rPr><w:strike/></w:rPr></w:style>'
    assert body(par(run("No."), properties='<w:pStyle w:val="Gone"/>'), par(run("Yes.")), styles=styles) == "Yes."


def test_a_mark_of_the_paragraph_does_not_strike_out_its_text() -> None:
    assert body(par(run("Yes."), properties="<w:rPr><w:strike/></w:rPr>")) == "Yes."


def test_exponents_are_kept_apart_and_tabs_of_the_ruler_are_no_text() -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    text = body(par(run("Some 10"), run("6", raised), run(" litres."), properties="<w:tabs><w:tab/></w:tabs>"))
    assert text == "Some 10^6 litres."


@pytest.mark.parametrize(
    ("font", "code", "shown"),
    [
        ("Symbol", "F0B0", "3°C"),
        ("Symbol", "00B1", "3±C"),
        ("Symbol", "F06D", "3μC"),
        ("Wingdings", "F0FC", "3C"),
        ("Segoe UI Symbol", "2103", "3℃C"),
        ("Symbol", "F0E6", f"3 {OMITTED} C"),
        ("Symbol", "x" * 5_000, f"3 {OMITTED} C"),
    ],
)
def test_signs_of_fonts_of_their_own_are_read(font: str, code: str, shown: str) -> None:
    sign = f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'
    assert body(par(run("It rose by 3"), sign, run("C."))) == f"It rose by {shown}."


def test_a_struck_out_hyphen_is_gone() -> None:
    struck = "<w:r><w:rPr><w:strike/></w:rPr><w:t>747</w:t><w:noBreakHyphen/><w:t>8</w:t></w:r>"
    assert body(par(run("Flight "), struck, run("9 left."))) == "Flight 9 left."
