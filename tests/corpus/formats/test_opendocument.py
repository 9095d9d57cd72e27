"""What OpenDocument texts give: the text as an office program shows it once all changes are accepted."""

import pytest

from corpus.errors import UnreadableSource
from corpus.formats.odt import parse_odt
from corpus.omission import OMITTED
from tests.documents import OPEN_DOCUMENT, archive, odt

STRUCK = 'style:text-line-through-style="solid" style:text-line-through-type="single"'


def style(name: str, look: str, family: str = "text", base: str = "") -> str:
    return (
        f'<style:style style:name="{name}" style:family="{family}" style:parent-style-name="{base}">'
        f"<style:text-properties {look}/></style:style>"
    )


def par(content: str, name: str = "P1") -> str:
    return f'<text:p text:style-name="{name}">{content}</text:p>'


def span(content: str, name: str = "T1") -> str:
    return f'<text:span text:style-name="{name}">{content}</text:span>'


def box(content: str) -> str:
    return (
        '<draw:frame text:anchor-type="paragraph">\n  <svg:title>No</svg:title><svg:desc>No</svg:desc>'
        f"<draw:text-box>{content}</draw:text-box>\n</draw:frame>"
    )


def body(*content: str, styles: str = "", **parts: str) -> str:
    return parse_odt(odt("".join(content), styles=styles, **parts)).body


def test_a_document_gives_its_text_and_what_it_states() -> None:
    text = (
        par("The ferry", "P7")
        + '<text:h text:outline-level="2"><text:number>1.</text:number>Talks</text:h>'
        + par("Envoys<text:s text:c='2'/>met <text:a>in Velden</text:a>,<text:line-break/>then<text:tab/>parted.")
        + f"<text:list><text:list-item>{par('One.')}<text:list><text:list-item>{par('Two.')}</text:list-item>"
        "</text:list></text:list-item></text:list>"
        + f"<table:table><table:table-row><table:table-cell>{par('Cell.')}</table:table-cell>"
        f"<table:covered-table-cell>{par('No.')}</table:covered-table-cell></table:table-row></table:table>"
    )
    stated = (
        "<meta:initial-creator>Ines Olm</meta:initial-creator><dc:creator>Tom Rand</dc:creator>"
        "<meta:creation-date>2024-09-09T10:00:00.5</meta:creation-date><dc:date>2025-01-01T00:00:00</dc:date>"
        "<dc:language>en-GB</dc:language>"
    )
    title = style("P7", "", "paragraph", "Title")
    draft = parse_odt(odt(text, stated, title))
    assert draft.body.split("\n\n") == ["The ferry", "Talks", "Envoys met in Velden, then parted.", "One.", "Two.",
                                        "Cell."]  # fmt: skip
    assert (draft.title, draft.author, draft.published_at, draft.language) == (
        "The ferry", "Ines Olm", "2024-09-09", "en",
    )  # fmt: skip
    assert draft.is_file_date
    assert parse_odt(odt(text, "<dc:title>On the ferry</dc:title>")).title == "On the ferry"


def test_deleted_text_notes_and_comments_are_gone() -> None:
    changes = f"<text:tracked-changes><text:changed-region><text:deletion>{par('confirmed')}</text:deletion>"
    note = f"<text:note><text:note-citation>1</text:note-citation><text:note-body>{par('A note.')}</text:note-body>"
    comment = f"<office:annotation><dc:creator>Tom</dc:creator>{par('Really?')}</office:annotation>"
    text = body(
        f"{changes}</text:changed-region></text:tracked-changes>",
        par(
            f'She <text:change text:change-id="c1"/>{comment}<text:change-start/>denied<text:change-end/>'
            f" it{note}</text:note>."
        ),
    )
    assert text == "She denied it."


def test_boxes_stay_apart_from_the_paragraph_around_them() -> None:
    inner = box(par("“A boat.”"))
    assert body(par(f"The mayor {span(box(par('Box.') + par(inner)))}denied it."), par("She left.")).split("\n\n") == [
        "The mayor denied it.", "Box.", "“A boat.”", "She left.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("look", "is_seen"),
    [
        (STRUCK, False),
        ('style:text-line-through-type="double"', False),
        ('text:display="none"', False),
        (STRUCK.replace("solid", "none").replace("single", "none"), True),
        ('text:display="true"', True),
        ("", True),
    ],
)
def test_struck_out_and_hidden_text_is_gone(look: str, is_seen: bool) -> None:
    shown = "She confirmed denied it." if is_seen else "She denied it."
    named = f"<office:document-styles {OPEN_DOCUMENT}><office:styles>{style('Gone', look)}</office:styles>"
    for styles in (style("T1", look), style("T2", look) + style("T1", "", base="T2")):
        assert body(par(f"She {span('confirmed ')}denied it."), styles=styles) == shown
    based = style("T1", "", base="Gone")
    parts = {"styles.xml": f"{named}</office:document-styles>"}
    assert body(par(f"She {span('confirmed ')}denied it."), styles=based, **parts) == shown


def test_an_inner_style_undoes_the_look_around_it_and_circles_of_styles_end() -> None:
    styles = style("P1", STRUCK, "paragraph") + style("T1", 'style:text-line-through-style="none"')
    styles += style("A", "", base="B") + style("B", "", base="A")
    assert body(par(f"No. {span('Yes.')}{span('No.', 'A')}"), styles=styles) == "Yes."


def test_hidden_sections_paragraphs_and_rows_are_gone() -> None:
    hidden = f'<text:section text:display="none">{par("No.")}</text:section>'
    paragraph = par('No.<text:hidden-paragraph text:is-hidden="true"/>')
    row = f'<table:table-row table:visibility="collapse"><table:table-cell>{par("No.")}</table:table-cell>'
    contents = f"<text:table-of-content><text:index-body>{par('No. 5')}</text:index-body></text:table-of-content>"
    table = f"<table:table>{row}</table:table-row></table:table>"
    assert body(hidden, paragraph, table, contents, par("Yes.")) == "Yes."


def test_exponents_are_kept_apart_and_a_sentence_with_a_formula_is_marked() -> None:
    styles = style("T1", 'style:text-position="super 58%"') + style("T2", 'style:text-position="-33% 58%"')
    assert body(par(f"10{span('6')} litres of CO{span('2', 'T2')}."), styles=styles) == "10^6 litres of CO2."
    formula = '<draw:frame text:anchor-type="as-char"><draw:object><math>x</math></draw:object></draw:frame>'
    assert body(par(f"It costs {formula} crowns."), par(formula)) == f"It costs {OMITTED} crowns."


def test_what_is_no_text_or_needs_a_password_is_refused() -> None:
    table = f"<office:document-content {OPEN_DOCUMENT}><office:body><office:spreadsheet/></office:body>"
    with pytest.raises(UnreadableSource, match="no text"):
        parse_odt(archive({"content.xml": f"{table}</office:document-content>"}))
    locked = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    manifest = f"<!DOCTYPE m><manifest:manifest {OPEN_DOCUMENT}>{locked}</manifest:manifest>"
    with pytest.raises(UnreadableSource, match="password"):
        parse_odt(archive({"encrypted-package": "x", "META-INF/manifest.xml": manifest}))
