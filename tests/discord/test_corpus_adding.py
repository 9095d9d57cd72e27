"""What admins add to their server's articles: files and links, told in a message that fits, whatever they say."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simcord.env import Env

from bot.discord.cogs._uploads import safe_name
from bot.discord.cogs.corpus import LONGEST_WORDS
from bot.discord.i18n.phrases import LANGUAGES, phrases_in
from bot.discord.views.corpus import ARTICLES_ON_A_PAGE, Came, added_page, list_page, remove_page, undo_page
from bot.service.arrivals import Arrival
from bot.service.quotas import QuotaUse
from corpus.article import ArticleFacts, Rejection
from corpus.formats.unread_kinds import UNREAD_KINDS
from corpus.ingest import IngestReport
from corpus.publishers.directory import Publishers
from tests.discord.admins import MINE, QUESTION, lines, make_server
from tests.documents import SAMPLES
from tests.web import Site, page, response


async def test_an_added_file_is_told_and_answers_questions(simcord_env: Env):
    server = make_server(simcord_env)
    told = await server.add()
    assert "One article added." in told
    assert "Velden bridge closes on" in await server.run("ask", question=QUESTION)
    assert await server.acts() == [("corpus add", "bridge.md: 1 added, 0 updated, 0 unchanged, 0 rejected")]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.md", b"", "The file is empty"),
        ("blank.md", b" \n\n ", "The file is empty."),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "Nothing was imported"),
        ("program.exe", b"MZ", "ends in .csv, .docx, .eml, .epub"),
        ("articles.jsonl.gz", b"\x1f\x8b", "Nothing was imported"),
        ("noname", b"text", "ends in .csv, .docx, .eml, .epub"),
        ("broken.jsonl", b'{"title": "x"\n[1, 2]\n', "2 were rejected"),
        ("huge.txt", b"a" * (1024 * 1024 + 1), "the limit is 1 MB"),
    ],
)
async def test_hostile_files_are_refused_in_a_sentence(simcord_env: Env, name: str, content: bytes, told: str):
    server = make_server(simcord_env)
    bot = simcord_env.bot
    bot.settings = bot.settings.model_copy(update={"max_article_mb": 1})
    seen = await server.add(content, name)
    assert told in seen
    assert len(seen) <= 2000
    assert await server.own_articles() == []


@pytest.mark.parametrize(
    "name",
    [
        "\U00020000" * 100 + ".md",
        "../../../etc/passwd.md",
        "..md",
        "\u202edm.txe.md",
        "a\x00\n\x1b[2J.md",
        "C:\\nul.md",
        "-.md",
    ],
)
def test_whatever_a_file_is_called_it_gets_a_plain_name_that_every_disk_takes(name: str):
    plain = safe_name(name)
    assert plain.isprintable()
    assert plain.endswith(".md")
    assert not plain.startswith((".", "-"))
    assert not set(plain) & set("/\\:")
    assert len(plain.encode()) <= 255 - len(".meta.json")


async def test_a_file_with_a_name_of_a_hundred_rare_letters_goes_in(simcord_env: Env):
    server = make_server(simcord_env)
    assert "One article added" in await server.add(name="\U00020000" * 100 + ".md")


async def test_every_format_of_the_command_line_can_be_attached(simcord_env: Env):
    server = make_server(simcord_env)
    for name, content in SAMPLES.items():
        told = await server.add(content, f"My sample {name}")
        assert "Import finished" in told, name
        assert "rejected" not in told, name
    assert await server.own_articles()


async def test_a_file_is_read_as_what_it_is_whatever_its_name(simcord_env: Env):
    server = make_server(simcord_env)
    for suffix, name in ((".pdf", "report"), (".html", "page.aspx"), (".docx", "letter.doc")):
        told = await server.add(next(each for kind, each in SAMPLES.items() if kind.endswith(suffix)), name)
        assert "One article added" in told, name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", UNREAD_KINDS)
def test_what_to_do_with_each_kind_that_nothing_reads_is_told_in_every_language(language: str, kind: str):
    assert phrases_in(language).has(f"upload-kind-{kind}")


async def test_what_nothing_reads_is_refused_with_what_to_do(simcord_env: Env):
    server = make_server(simcord_env)
    for name, told in (("sheet.xlsx", "CSV in UTF-8"), ("all.zip", "Unpack it"), ("feed.rss", "</corpus feed add:")):
        assert told in await server.add(b"PK\x03\x04", name)
    assert await server.own_articles() == []


async def test_an_archive_of_more_than_is_allowed_is_refused_and_leaves_nothing(simcord_env: Env):
    server = make_server(simcord_env)
    bot = simcord_env.bot
    bot.settings = bot.settings.model_copy(update={"articles_per_upload": 3})
    told = await server.add(gzip.compress(lines("One", "Two", "Three", "Four")), "many.jsonl.gz")
    assert "an upload may hold at most 3" in told
    told = await server.add(gzip.compress(b"[]\n" * 1000), "none.jsonl.gz")
    assert "an upload may hold at most 3" in told
    assert await server.own_articles() == []


async def test_what_came_in_is_shown_as_it_was_read(simcord_env: Env):
    server = make_server(simcord_env)
    given = lines("Ferry sails") + b'\n{"title": "No text"}\n{"body": "A bridge opens today, the mayor said."}'
    told = await server.add(given, "three.jsonl")
    assert "2 articles added" in told
    assert "**Ferry sails**\n-# says it is from Harbour Herald · date unknown · no. 2 · one passage" in told
    assert "One was rejected" in told
    many = await server.add(lines(*(f"Ferry news {number}" for number in range(60))), "many.jsonl")
    assert "**Ferry news 1**" in many
    assert "more" in many
    assert len(many) <= 2000


async def test_a_file_in_another_encoding_is_read(simcord_env: Env):
    server = make_server(simcord_env)
    text = "title\n\nDie Brücke über die Förde wird am Montag für sechs Wochen gesperrt, sagte der Minister. " * 5
    assert "One article added" in await server.add(text.encode("cp1252"), "brücke ../..\\x.txt")


async def test_many_rejections_stay_within_the_limits_and_are_escaped(simcord_env: Env):
    server = make_server(simcord_env)
    told = await server.add(b'{"title": "@everyone **x**"}\n' * 300, "@everyone [x](http:__a).jsonl")
    assert "300 were rejected" in told
    assert "and 294 more" in told
    assert "@everyone" not in told
    assert len(told) <= 2000


@given(st.lists(st.text(max_size=3000), min_size=1, max_size=12))
def test_whatever_a_file_says_every_page_fits_a_message(texts: list[str]):
    hostile = [text + "*" * 2000 for text in texts]
    told = [Rejection(text, text, text) for text in hostile]
    facts = [
        ArticleFacts(
            10**9, "c", f"https://n.example/{'(' * 190}", None, text, text, text, "2024-09-09", text, "", "", text
        )
        for text in hostile[:ARTICLES_ON_A_PAGE]
    ]
    use = QuotaUse(10**6, 10**6, 10**6, 10**6)
    came = Came([Arrival(each, 10**6) for each in facts], 10**6, Publishers(None), use)
    for language in ("en", "de"):
        phrases = phrases_in(language)
        for made in (
            added_page(IngestReport(10**6, 10**6, 10**6, 0, told, told), came, phrases),
            remove_page(came.arrivals[0], came.publishers, "1", 0, phrases),
            undo_page(came, came, "1", 0, phrases),
            list_page(facts, "*" * LONGEST_WORDS, 3, 10**6, "corpus-list", phrases, Publishers(None)),
        ):
            assert len("\n\n".join(made.blocks)) <= 2000
            assert made.layout().content_length() <= 4000


async def test_neither_link_nor_file_and_both_are_explained(simcord_env: Env):
    server = make_server(simcord_env)
    assert await server.run("corpus add") == "Give either a link or a file."
    assert "either" in await server.run("corpus add", link="https://example.org", file=("a.md", MINE))
    assert await server.acts() == []


async def test_a_link_is_fetched_and_told_and_its_password_is_not_recorded(simcord_env: Env):
    server = make_server(simcord_env)
    with Site().running() as site:
        site.serve("/story", response(page()))
        bot = simcord_env.bot
        bot.settings = bot.settings.model_copy(update={"allowed_hosts": f"127.0.0.1:{site.port}"})
        link = f"http://127.0.0.1:{site.port}/story"
        assert "One article added" in await server.run("corpus add", link=link)
        assert "1 unchanged." in await server.run("corpus add", link=link)
        secret = await server.run("corpus add", link=f"http://me:hunter2@127.0.0.1:{site.port}/story")
        missing = await server.run("corpus add", link=f"http://127.0.0.1:{site.port}/missing")
    assert await server.own_articles() == ["Ferry line to Marn Island reopens"]
    assert "One was rejected" in secret
    assert "Nothing was imported" in missing
    assert "hunter2" not in secret + str(await server.acts())
    assert "one article removed" in await server.confirm("corpus undo", "undo-addition")


@pytest.mark.parametrize(
    "link",
    ["http://127.0.0.1/x", "http://169.254.169.254/latest", "file:///etc/passwd", "ftp://x.example/", "just words"],
)
async def test_links_into_the_machine_are_refused(simcord_env: Env, link: str):
    server = make_server(simcord_env)
    told = await server.run("corpus add", link=link)
    assert "One was rejected" in told or "no file or folder" in told
    assert "root:" not in told
    assert await server.own_articles() == []


async def test_a_path_is_never_taken_for_a_link(simcord_env: Env, tmp_path: Path):
    server = make_server(simcord_env)
    (tmp_path / "secret.md").write_text("The operator's secret plan is to move to the Marn valley in June.", "utf-8")
    for path in (str(tmp_path / "secret.md"), "secret.md", f"file://{tmp_path}/secret.md"):
        told = await server.run("corpus add", link=path)
        assert "rejected" in told
    assert await server.own_articles() == []
