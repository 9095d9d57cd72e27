"""A page whose tag has more attributes than the parser reads in linear time never reaches the parser."""

import pytest

from corpus.errors import UnreadableSource
from corpus.feeds.entry_text import plain_text
from corpus.formats.crowded_tags import MAX_ATTRIBUTES, has_crowded_tag
from corpus.formats.html_text import MAX_TURNS, extract_text
from corpus.formats.web_page import parse_page
from tests.documents import web_page
from tests.limits import count_calls

MANY = range(MAX_ATTRIBUTES + 1)
NAMED = " ".join(f"a{n}" for n in MANY)

CROWDED = {
    "names": f"<p {NAMED}>",
    "empty values": "<p " + " ".join(f'a{n}=""' for n in MANY) + ">",
    "values without spaces between": "<p " + "".join(f"a{n}=''" for n in MANY) + ">",
    "bare values": "<p " + " ".join(f"a{n}=1" for n in MANY) + ">",
    "ends of tags as values": "<p " + " ".join(f'a{n}=">"' for n in MANY) + ">",
    "slashes": "<p/" + "/".join(f"a{n}" for n in MANY) + ">",
    "an end tag": f"</p {NAMED}>",
    "no end": f"<p {NAMED}",
    "behind a script": f"<script>if (a <b '</script><p {NAMED}>",
    "behind a text field": f"<textarea><a b='</textarea><p {NAMED}>",
    "behind a comment": f"<!--<a b='--><p {NAMED}>",
    "behind a short comment": f"<!--><p {NAMED}>",
    "behind a declaration": f"<!a b='><p {NAMED}>",
}


@pytest.mark.parametrize("markup", CROWDED.values(), ids=CROWDED)
def test_too_many_attributes_are_found_as_a_browser_would_count_them(markup: str):
    assert has_crowded_tag(f"<html><body>{markup}")


SOUND = {
    "a long value": f"<p data-text='{NAMED}'>The ferry sails.</p>",
    "a script": f"<script>let a = '<p {NAMED}>'</script>",
    "a comment": f"<!-- <p {NAMED}> -->",
    "prose": f"<p>{NAMED}</p>",
    "many tags": '<a href="x" class="y">z</a>' * MAX_ATTRIBUTES,
    "a sign": f"1 < 2 {NAMED}",
}


@pytest.mark.parametrize("markup", SOUND.values(), ids=SOUND)
def test_what_only_looks_like_attributes_is_let_through(markup: str):
    assert not has_crowded_tag(f"<html><body>{markup}")


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What reaches the parser."""
    reached: list[str] = []
    monkeypatch.setattr("lxml.html.document_fromstring", lambda text, **_named: reached.append(text))
    return reached


@pytest.mark.parametrize("read", [lambda text: parse_page(text.encode()), extract_text], ids=["page", "chapter"])
def test_such_a_page_is_refused_in_a_sentence_before_it_is_parsed(read, parses: list[str]):
    page = web_page("Ferry").decode().replace("<body", f"<body {NAMED}", 1)
    with pytest.raises(UnreadableSource, match="too much markup"):
        read(page)
    assert parses == []


def test_such_a_text_of_an_entry_is_not_parsed(parses: list[str]):
    assert plain_text(f"<p {NAMED}>The ferry</p>") == ""
    assert parses == []


PIECES = ["<", "<a ", "<a b=", "<a b='", "<a b=\"'", "<!--", "<!", "<script>", "<a/", "<a b ", "=", "'", "<a\n\n\n"]


@pytest.mark.parametrize("piece", PIECES)
def test_the_search_itself_is_linear(piece: str):
    def work(count: int) -> int:
        return count_calls(lambda: has_crowded_tag("<p>" + piece * count))

    assert work(4_000) < 4.5 * work(1_000) + 100


@pytest.mark.parametrize("piece", ["<i>ferry</i> pier ", "<a href=x>ferry</a> pier "])
def test_text_and_elements_take_only_so_many_turns_under_one_parent(piece: str):
    paragraph = "<p>The ferry line to Marn Island reopened on Friday after two years of repairs.</p>" * 6
    page = f"<html><body><article>{paragraph}<p>{{}}</p></article></body></html>"
    assert parse_page(page.format(piece * MAX_TURNS).encode()).body
    with pytest.raises(UnreadableSource, match="too much markup"):
        parse_page(page.format(piece * (MAX_TURNS + 1)).encode())
    assert parse_page(page.format("ferry pier<br>" * (MAX_TURNS + 1)).encode()).body
