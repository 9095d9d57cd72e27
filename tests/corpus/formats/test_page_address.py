"""The address of a page: its own, whatever its markup names as the canonical one."""

import json

import pytest

from corpus.article import Draft
from tests.corpus.conftest import Write
from tests.corpus.formats.read_file import one, read
from tests.documents import SENTENCE, warc

TEXT = "".join(f"<p>{SENTENCE} This was round {i} of the talks, which began in spring.</p>" for i in range(4))
NAMES = ("ferry", "mill", "salt")


def page(head: str, title: str = "The mill turns", before: str = "") -> str:
    return (
        f"{before}<html><head><title>{title}</title>{head}</head>"
        f"<body><article><h1>{title}</h1>{TEXT}</article></body></html>"
    )


def canonical(url: str) -> str:
    return f'<link rel="canonical" href="{url}">'


def test_a_link_within_the_article_states_no_address(write: Write) -> None:
    markup = page("").replace("<h1>", f"{canonical('https://elsewhere.example/x')}<h1>")
    assert one(write("a.html", markup)).url is None


def og_url(url: str) -> str:
    return f'<meta property="og:url" content="{url}">'


@pytest.mark.parametrize(
    "stated",
    [
        "https://marn.example/",
        "https://marn.example/index.php",
        "https://marn.example/en/",
        "https://marn.example/news/",
        "https://elsewhere.example/news/one",
        "/",
        "https://marn.example/404",
        "https://marn.example/news/undefined",
        "https://marn.example/account/login.php",
        "http://localhost/news/one",
        "http://intranet/news/one",
    ],
)
def test_pages_of_an_archive_keep_their_own_addresses(write: Write, stated: str) -> None:
    urls = [f"https://marn.example/news/{name}" for name in NAMES]
    pages = [(url, "200 OK", "text/html", page(canonical(stated) + og_url(stated)).encode()) for url in urls]
    assert [draft.url for draft in read(write("a.warc.gz", warc(pages))) if isinstance(draft, Draft)] == urls


@pytest.mark.parametrize(
    ("target", "stated", "own"),
    [
        ("https://marn.example/news/mill?ref=x", "https://www.marn.example/news/mill", "https://www.marn.example/news/mill"),
        ("https://marn.example/news/mill/amp", "/news/mill", "https://marn.example/news/mill"),
        ("https://marn.example/2023/the-mill-turns-again/page/2", "/2023/the-mill-turns-again",
         "https://marn.example/2023/the-mill-turns-again"),
        ("<https://marn.example/news/mill>", "https://marn.example/", "https://marn.example/news/mill"),
        ("https://marn.example/", "https://marn.example/", "https://marn.example/"),
    ],
)  # fmt: skip
def test_an_address_of_the_same_page_is_taken(write: Write, target: str, stated: str, own: str) -> None:
    [draft] = read(write("a.warc.gz", warc([(target, "200 OK", "text/html", page(canonical(stated)).encode())])))
    assert isinstance(draft, Draft)
    assert draft.url == own


@pytest.mark.parametrize(
    ("head", "before", "own"),
    [
        (canonical("https://marn.example/"), "", None),
        (canonical("https://marn.example/error.html"), "", None),
        (canonical("http://10.0.0.5/news/mill") + og_url("https://marn.example/a"), "", "https://marn.example/a"),
        (canonical("https://staging.marn.example/a") + og_url("https://marn.example/a"), "", "https://marn.example/a"),
        (canonical("http://localhost:8080/news/mill") + og_url("https://marn.example/a"), "", "https://marn.example/a"),
        (canonical("https://marn.example/") + og_url("https://marn.example/news/mill"), "", "https://marn.example/news/mill"),
        ('<link rel="nofollow CANONICAL" href="https://marn.example/a">', "", "https://marn.example/a"),
        (canonical("https://elsewhere.example/x"), "<!-- saved from url=(0029)https://marn.example/news/mill -->\n",
         "https://marn.example/news/mill"),
    ],
)  # fmt: skip
def test_a_file_is_never_stored_under_a_front_page(write: Write, head: str, before: str, own: str | None) -> None:
    assert one(write("a.html", page(head, before=before))).url == own


def test_a_file_that_names_two_sites_is_stored_without_an_address(write: Write) -> None:
    head = canonical("https://elsewhere.example/x") + og_url("https://marn.example/news/mill")
    draft = one(write("a.html", page(head)))
    assert (draft.url, draft.publisher) == (None, None)
    assert "different sites" in draft.warnings[0]
    own = '<script type="application/ld+json">{"@type": "Article", "url": "https://marn.example/news/mill"}</script>'
    assert one(write("b.html", page(head + own))).url == "https://marn.example/news/mill"


MILL, SALT = "https://marn.example/news/mill", "https://marn.example/news/salt"


@pytest.mark.parametrize(
    ("head", "own"),
    [
        (canonical(MILL) + canonical(SALT), None),
        (canonical(MILL) + canonical(SALT) + og_url(SALT), SALT),
        (canonical(MILL) + canonical("https://elsewhere.example/x"), None),
        (canonical("https://marn.example/") + canonical(SALT), SALT),
        (canonical(MILL) + canonical(f"{MILL}/amp"), MILL),
    ],
)
def test_of_canonical_addresses_that_differ_only_a_confirmed_one_is_taken(
    write: Write, head: str, own: str | None
) -> None:
    draft = one(write("a.html", page(head)))
    assert (draft.url, bool(draft.warnings)) == (own, own is None)


@pytest.mark.parametrize(
    ("target", "own"),
    [
        (f"{SALT}?ref=x", SALT),
        (f"{SALT}/amp", SALT),
        ("https://marn.example/news/ferry", "https://marn.example/news/ferry"),
    ],
)
def test_the_address_of_a_page_tells_which_canonical_one_is_its_own(write: Write, target: str, own: str) -> None:
    stated = page(canonical(MILL) + canonical(SALT)).encode()
    [draft] = read(write("a.warc.gz", warc([(target, "200 OK", "text/html", stated)])))
    assert isinstance(draft, Draft)
    assert draft.url == own


WAYBACK, TODAY = "https://web.archive.org/web/20230105123456/", "https://archive.ph/2023.01.05-123456/"


def site_name(name: str) -> str:
    return f'<meta property="og:site_name" content="{name}">'


@pytest.mark.parametrize(
    ("head", "publisher"),
    [
        (canonical(WAYBACK + MILL), "marn.example"),
        (canonical(WAYBACK + MILL) + og_url(MILL) + site_name("Marn News"), "Marn News"),
        (canonical(TODAY + MILL) + og_url(TODAY + MILL) + site_name("archive.ph"), "marn.example"),
        (canonical("https://marn-example.cdn.ampproject.org/c/s/marn.example/news/mill"), "marn.example"),
    ],
)
def test_a_saved_copy_of_an_archive_is_of_the_site_that_it_copies(write: Write, head: str, publisher: str) -> None:
    draft = one(write("a.html", page(head)))
    assert (draft.url, draft.publisher, draft.warnings) == (MILL, publisher, ())


@pytest.mark.parametrize(
    "head", ["", canonical(WAYBACK + MILL), canonical(MILL), canonical("https://elsewhere.example/x")]
)
def test_a_copy_in_a_web_archive_keeps_the_address_of_the_page(write: Write, head: str) -> None:
    [draft] = read(write("a.warc.gz", warc([(WAYBACK + MILL, "200 OK", "text/html", page(head).encode())])))
    assert isinstance(draft, Draft)
    assert (draft.url, draft.fetched_from) == (MILL, MILL)


def test_an_archive_states_the_page_where_its_address_does_not(write: Write) -> None:
    short = "https://archive.ph/AbC12"
    for stated, own, publisher in ((TODAY + MILL, MILL, "marn.example"), (short, short, None)):
        content = page(canonical(stated) + site_name("archive.ph")).encode()
        [draft] = read(write("a.warc.gz", warc([(short, "200 OK", "text/html", content)])))
        assert isinstance(draft, Draft)
        assert (draft.url, draft.publisher) == (own, publisher)


@pytest.mark.parametrize("field", ["url", "publisher"])
def test_lines_of_json_name_the_page_behind_a_copy(write: Write, field: str) -> None:
    assert one(write("a.jsonl", json.dumps({"body": SENTENCE, field: WAYBACK + MILL}))).url == MILL
