"""What the page refuses: others' articles, SQL, files, strange hosts and paths, readers without the token."""

import json
import re
from urllib.parse import quote

import pytest

pytest.importorskip("datasette", reason="the page needs the extra attache[web]")

from bot.web.pass_cookie import PassCookie
from tests.bot.web.harness import FEED, OTHER_SERVER, SERVER, Browser, Opened, search_path

TOKEN = "correct-horse-battery-staple"
EVERY_PAGE = [
    "/",
    search_path("search", "tender for repairing the Velden bridge documents"),
    search_path("answer", "Did three companies ask for the documents of the tender?"),
    search_path("timeline", "Did three companies ask for the documents of the tender?"),
    "/about",
    search_path("about", "Oskar Brandt"),
    search_path("about", "Velden"),
    "/stories",
    "/stories?since=2000-01-01",
    "/tables",
    "/tables/articles?_size=max&_facet=collection&_facet=publisher",
    "/tables/articles.json?_shape=array&_size=max",
    "/tables/publishers.json?_shape=array&_size=max",
    "/tables/stories.json?_shape=array&_size=max",
    *(f"/article/{number}" for number in range(1, 9)),
    *(f"/article/{number}/edits" for number in range(1, 9)),
    *(f"/story/{number}" for number in range(1, 9)),
    *(f"/story/{number}/coverage" for number in range(1, 9)),
]


async def read_all(browser: Browser) -> str:
    return "\n".join([(await browser.get(path)).text for path in EVERY_PAGE])


async def test_private_articles_authors_feeds_and_questions_are_nowhere_unless_named(opened: Opened) -> None:
    text = await read_all(await opened())
    assert "Velden bridge" in text
    private = ["memo", "Guild Gazette", "Three companies have", "closes in June", "Penname", "hunter", "who owns"]
    assert [each for each in private if each in text] == []
    assert "feeds_in_trouble" not in text
    assert "unanswered" not in text


async def test_a_name_that_only_private_articles_have_is_as_unknown_as_any_other(opened: Opened) -> None:
    browser, insider = await opened(), await opened("guild")
    unknown = await browser.get(search_path("about", "Guild Quellia"))
    private = await browser.get(search_path("about", "Guild tender"))
    assert (private.status, private.text.replace("tender", "Quellia")) == (404, unknown.text)
    assert "Guild Gazette" in (await insider.get(search_path("about", "Guild tender"))).text


async def test_a_private_collection_is_shown_where_it_is_named(opened: Opened) -> None:
    text = await read_all(await opened("guild"))
    assert "Private memo on the bridge tender" in text
    assert "Hidden Penname" not in text


async def test_of_feeds_only_the_site_is_told_and_of_servers_only_those_named(opened: Opened) -> None:
    browser = await opened(feeds=True, servers=(SERVER,))
    every = [f"/tables/{name}{end}" for name in ("feeds_in_trouble", "unanswered_questions") for end in ("", ".json")]
    text = "".join([(await browser.get(path)).text for path in every])
    assert "Feed 1 of shared" in text
    assert [
        each for each in (FEED, "hunter", "secret-key", "guild", "other server", str(OTHER_SERVER)) if each in text
    ] == []


SQL = quote("select * from sqlite_master")
PATHS = [
    f"/tables?sql={SQL}",
    f"/tables.json?sql={SQL}",
    f"/tables/articles.json?_where=1+union+{SQL}",
    f"/tables/articles?_where={quote('article in (select 1)')}",
    f"/tables/articles.json?sql={SQL}",
    "/tables.db",
    "/tables/articles.db",
    "/tables/articles.csv?_stream=1",
    "/tables/articles/1",
    "/tables/articles/1.json",
    "/tables/feeds",
    "/tables/unanswered.json",
    "/tables/feeds_in_trouble",
    "/tables/unanswered_questions.json",
    "/tables/sqlite_master.json",
    "/_internal",
    "/_internal.json",
    "/_internal/tables.json",
    "/_memory?sql=select+1",
    "/:memory:",
    "/-/metadata.json",
    "/-/settings",
    "/-/databases.json",
    "/-/plugins",
    "/-/threads",
    "/-/actor.json",
    "/-/auth-token",
    "/-/permissions",
    "/-/allow-debug",
    "/-/messages",
    "/-/patterns",
    "/-/logout",
    "/-/static/app.css",
    "/-/static/../app.py",
    "/static/../templates/base.html",
    "/static/%2e%2e/templates/base.html",
    "/static//etc/passwd",
    "/static/style.css/../../shown.py",
    "//tables/articles",
    "/tables%2Farticles",
    "/tables/articles%00.json",
    "/tables/articles~2Ejson",
    "/Tables/articles",
    "/article/1%2f..%2f2",
    "/article/0x1",
    "/article/\N{ARABIC-INDIC DIGIT ONE}",
    "/article/-1",
    "/story/1/coverage-dark.PNG",
    "/corpus.sqlite3",
    "/search/",
]


@pytest.mark.parametrize("path", PATHS)
async def test_no_sql_no_download_no_internals(opened: Opened, path: str) -> None:
    page = await (await opened()).get(path)
    # The list of tables takes no SQL: it is the same with and without.
    if path.startswith("/tables?"):
        assert (page.status, "CREATE" in page.text) == (200, False)
    elif "_where" not in path and "?sql=" not in path:
        assert page.status == 404
    else:
        assert page.status in {200, 400, 403, 404}
        assert [each for each in ("CREATE", "rootpage", "tbl_name") if each in page.text] == []


async def test_conditions_of_readers_are_refused_by_datasette_itself(opened: Opened) -> None:
    page = await (await opened()).get("/tables/articles.json?_where=article%3D1")
    assert page.status == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil:8001", "[::1].evil"])
async def test_other_names_that_lead_here_are_refused(opened: Opened, host: str) -> None:
    page = await (await opened()).get("/", host=host)
    assert page.status == 421


async def test_its_own_names_are_served_and_no_address_of_a_page_repeats_the_host(opened: Opened) -> None:
    browser = await opened(url="https://news.example")
    for host in ("localhost:8001", "127.0.0.1", "[::1]:8001", "news.example", "NEWS.example:443"):
        page = await browser.get("/tables/articles?_size=1", host=host)
        assert page.status == 200
        assert set(re.findall(r'href="(https?://[^/"]*)', page.text)) - {"https://example.org"} == {
            "https://news.example"
        }


async def test_every_reply_forbids_scripts_frames_and_foreign_content(opened: Opened) -> None:
    browser = await opened()
    for path in (*EVERY_PAGE[:8], "/nowhere", "/-/metadata", "/static/style.css", "/tables/articles.json"):
        headers = (await browser.get(path)).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "script-src" not in headers["content-security-policy"]
        assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")
        assert headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_nothing_can_be_written(opened: Opened, method: str) -> None:
    browser = await opened()
    for path in ("/", "/tables/articles", "/-/messages"):
        assert (await browser.send(method, path)).status in {403, 405}


async def test_a_head_request_has_no_body(opened: Opened) -> None:
    browser = await opened()
    for path in ("/", "/tables/articles"):
        reply = await browser.send("HEAD", path)
        assert (reply.status, reply.body) == (200, b"")


async def test_with_a_token_nothing_is_shown_without_it(opened: Opened) -> None:
    browser = await opened(token=TOKEN)
    for path in (*EVERY_PAGE, "/timeline-dark.png?q=bridge", "/tables/articles.json"):
        page = await browser.get(path)
        assert (page.status, page.headers.get("location")) == (303, "/sign-in")
        assert (await browser.get(path, accept="application/json")).status == 401
        for wrong in (f"Bearer {TOKEN}x", "Bearer ", f"Basic {TOKEN}", f"token={TOKEN}"):
            assert (await browser.get(path, accept="*/*", authorization=wrong)).status == 401
    assert (await browser.get("/", authorization=f"Bearer {TOKEN}")).status == 200
    assert (await browser.get(f"/?token={TOKEN}")).status == 303


async def test_cookies_are_made_by_the_token_alone(opened: Opened) -> None:
    browser = await opened(token=TOKEN)
    form = {"content-type": "application/x-www-form-urlencoded", "origin": "http://127.0.0.1:8001"}
    wrong = await browser.send("POST", "/sign-in", b"token=wrong", form)
    assert (wrong.status, "set-cookie" in wrong.headers) == (403, False)
    right = await browser.send("POST", "/sign-in", f"token={TOKEN}".encode(), form)
    assert right.status == 303
    cookie, *flags = right.headers["set-cookie"].split("; ")
    assert {"HttpOnly", "SameSite=lax"} <= set(flags)
    assert TOKEN not in cookie
    assert (await browser.get("/", cookie=cookie)).status == 200
    forged = [
        f"{cookie}x",
        "attache_pass=reader",
        f"attache_pass={PassCookie('another-token-of-20').make()}",
        "attache_pass",
    ]
    assert [(await browser.get("/", cookie=each)).status for each in forged] == [303] * 4
    for origin in ("https://evil.example", "null", ""):
        assert (
            await browser.send("POST", "/sign-in", f"token={TOKEN}".encode(), form | {"origin": origin})
        ).status == 403
    for body in (b"token=" + b"a" * 10_000, b"&".join([b"a=b"] * 100), b"\xff\xfe"):
        assert (await browser.send("POST", "/sign-in", body, form)).status in {400, 403}


async def test_over_https_the_cookie_stays_there(opened: Opened) -> None:
    browser = await opened(token=TOKEN, url="https://news.example")
    form = {
        "content-type": "application/x-www-form-urlencoded",
        "origin": "https://news.example",
        "host": "news.example",
    }
    reply = await browser.send("POST", "/sign-in", f"token={TOKEN}".encode(), form)
    assert "Secure" in reply.headers["set-cookie"].split("; ")
    assert reply.headers["strict-transport-security"]


# Datasette leaves the facets after a failed one alone.
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    "wrong", ["_sort=nothing", "_facet=zzz", "article__in=%5B", "_size=abc", "_where=1", "_sort=title&_sort_desc=title"]
)
async def test_what_goes_wrong_in_tables_is_told_in_a_sentence_and_no_request_is_logged(
    opened: Opened, capfd: pytest.CaptureFixture[str], wrong: str
) -> None:
    browser = await opened(token=TOKEN)
    for path in ("/tables/articles", "/tables/articles.json"):
        reply = await browser.get(f"{path}?{wrong}&title=what-I-look-up", authorization=f"Bearer {TOKEN}")
        assert reply.status in {400, 403}
        assert "Traceback" not in reply.text
    logged = "".join(capfd.readouterr())
    assert [each for each in (TOKEN, "what-I-look-up", "Bearer") if each in logged] == []


async def test_json_holds_no_more_than_the_table(opened: Opened) -> None:
    found = json.loads((await (await opened()).get("/tables/articles.json?_shape=objects&_size=1&_extra=all")).body)
    assert "CREATE" not in json.dumps(found)
    assert set(found["rows"][0]) == {
        *("article", "published", "title", "publisher", "country", "kind", "state_controlled", "language", "story"),
        *("former_texts", "excerpt", "collection", "link"),
    }
