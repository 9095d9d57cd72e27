"""What text of articles and users becomes in a Discord message."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answer import Answer, Citation, Evidence, Note, NoteKind, Quote, SearchScope, Verdict
from bot.answering.question.kind import QuestionKind
from bot.answering.quotes import MAX_CHARACTERS
from bot.discord.i18n.phrases import LANGUAGES, phrases_in
from bot.discord.scope import Bounds
from bot.discord.transport.page import LONGEST_CONTENT, LONGEST_LAYOUT
from bot.discord.views.answer_page import AnswerOptions, answer_page
from bot.discord.views.escape import escape, link, safe_url, source_line, truncate, visible
from bot.discord.views.hits import quotes_page, sources_page
from corpus.publishers.publisher import Kind
from index.filters import Filters

# Text that somebody would put into an article to be seen, pinged, or believed.
HOSTILE = st.text() | st.sampled_from(
    (
        "@everyone @here <@123456789012345678> <@&1> <#5> </ask:1> <t:0:R> <:x:1>",
        "**bold** __under__ ~~gone~~ ||spoiler|| `code` ```block``` > quote",
        "[click](https://evil.example) <https://evil.example> https://evil.example/_a_ javascript:alert(1)",
        "# heading\n- list\n1. list\n-# small",
        "\u202egnirts desrever\u202c \u2066x\u2069 \u200b\u200b\ufeff",
        "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
        "👩‍👩‍👧‍👦 می‌خواهم क्‍ष",
        "\\", "\\\\*", "*" * 20_000, "word " * 4_000, "“”‘’", "\x00\x1b[31m", "a" * 20_000, "𝕏" * 5_000,
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("given_text", "hidden"),
    [("@everyone", "@everyone"), ("@here", "@here"), ("a\u202eb", "\u202e"), ("x\u200by", "\u200b"), ("a\nb", "\n")],
)
def test_what_would_ping_or_deceive_is_defused(given_text: str, hidden: str):
    assert hidden not in escape(given_text)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**bold** _x_ `code`", r"\*\*bold\*\* \_x\_ \`code\`"),
        ("[a](https://b.example)", r"\[a\](https\://b.example)"),
        ("# head", r"\# head"),
        ("discord.gg/a, Discord.com/invite/a", r"discord.gg\/a, Discord.com\/invite/a"),
        ("\u2800\u2800 a\u2800b", "a b"),
        ("1. first", r"1\. first"),
        ("<t:0:R>", r"\<t:0:R\>"),
        (r"\<t:0:R>", r"\\\<t:0:R\>"),
        ("3.5 million", r"3\.5 million"),
        ("Kyiv’s grain – 20% more", "Kyiv’s grain – 20% more"),
    ],
)
def test_formatting_is_shown_as_it_was_written(written: str, shown: str):
    assert escape(written) == shown


def test_joiners_that_languages_are_written_with_stay():
    assert "\u200c" in escape("می\u200cخواهم")


@given(HOSTILE)
def test_escaped_text_is_one_line_mentions_nobody_and_formats_nothing(text: str):
    escaped = escape(text)
    assert "\n" not in escaped
    assert not re.search(r"@(everyone|here)\b", escaped)
    # Every special sign has an odd number of backslashes before it: the last one takes its meaning away.
    for found in re.finditer(r"(\\*)([*_~`|<>\[\]])", escaped):
        assert len(found[1]) % 2 == 1, escaped
    assert not re.search(r"(?<!\\)://", escaped)


@given(HOSTILE)
def test_unescaped_again_it_is_the_visible_text(text: str):
    plain = re.sub(r"\\(.)", r"\1", escape(text)).replace("@\u200b", "@")
    assert plain == visible(text)


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://news.example/a_(b)", "https://news.example/a_%28b%29"),
        ("https://news.example/#:~:text=a,b", "https://news.example/#:~:text=a,b"),
        ("javascript:alert(1)", ""),
        ("ftp://news.example", ""),
        ("file:///etc/passwd", ""),
        ("https://news.example/\n@everyone", ""),
        (
            "https://news.example/>)[x](https://evil.example",
            "https://news.example/%3E%29%5Bx%5D%28https://evil.example",
        ),
        ("https://news.example/" + "a" * 3000, ""),
        (None, ""),
    ],
)
def test_only_web_addresses_are_linked_and_none_leaves_its_brackets(url: str | None, linked: str):
    assert safe_url(url) == linked


@pytest.mark.parametrize("title", ["", ".", "\u0301\u0327", "ـ", "ʹ", "· · ·", "\u2800", "\u3164", "\U0001d159", "'"])
def test_a_link_that_nobody_could_see_or_press_says_that_it_has_no_title(title: str):
    assert link(title, "https://news.example/a", phrases_in("en")) == "[(untitled)](<https://news.example/a>)"
    named = an_answer("It sank.", title, None, 1, "It sank.").evidence[0].citation
    line = source_line(replace(named, origin="news/ferry.txt"), phrases_in("en"))
    assert line.endswith("ferry.txt")
    assert "publisher unknown" in line or not title


@pytest.mark.parametrize("title", ["X", "7", "漢", "Ж.", "لا", "ก็"])
def test_a_short_title_in_any_script_is_one(title: str):
    assert link(title, "https://news.example/a", phrases_in("en")).startswith(f"[{title}](")


@given(HOSTILE, st.integers(2, 300))
def test_shortened_text_is_as_short_as_asked(text: str, longest: int):
    assert len(truncate(text, longest)) <= longest


def an_answer(quote: str, title: str, url: str | None, count: int, question: str) -> Answer:
    citation = Citation(title, title, title, "2024-09-09", url, url, "x:1", "shared", is_own_brief=False)
    # Of what stands behind a name, the longest.
    citation = replace(citation, country="HK", kind=Kind.GOVERNMENT_FUNDED, state_controlled=True)
    evidence = tuple(Evidence(Quote(number, number, 0, len(quote), quote), citation, 1.0) for number in range(count))
    return Answer(
        question=question,
        kind=QuestionKind.TOPIC,
        verdict=Verdict.OPEN if count else Verdict.NOT_FOUND,
        evidence=evidence,
        as_of="2024-09-09" if count else None,
        asked_at=datetime(2024, 9, 10, tzinfo=UTC),
        searched=SearchScope(5, "2024-01-01", "2024-09-09", Filters()),
        confidence=0.9,
        threshold=0.5,
        notes=(Note(NoteKind.NO_ARTICLES_FROM, title),),
        timings_ms={},
    )


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Mast (Russia, state-controlled agency) · "),
        ("de", "Mast (Russland, Agentur, staatlich kontrolliert) · "),
    ],
)
def test_answers_quotes_and_sources_say_what_a_publisher_is(language: str, told: str):
    answer, phrases = an_answer("The ferry sank.", "Mast", None, 1, "It sank."), phrases_in(language)
    citation = replace(answer.evidence[0].citation, country="RU", kind=Kind.AGENCY)
    evidence = [replace(answer.evidence[0], citation=citation)]
    pages = [
        answer_page(replace(answer, evidence=tuple(evidence)), AnswerOptions("t" * 16), phrases),
        quotes_page(evidence, 0, ("quotes", "t"), 0, phrases),
    ]
    assert all(told in page.content() for page in pages)
    assert told.removesuffix(" · ") in sources_page(evidence, 0, ("sources", "t"), 0, phrases).content()
    unknown = [replace(evidence[0], citation=replace(citation, country=None, kind=None, state_controlled=None))]
    assert "Mast · " in quotes_page(unknown, 0, ("quotes", "t"), 0, phrases).content()


@given(
    HOSTILE,
    HOSTILE,
    st.sampled_from(("https://news.example/x", "https://n.example/" + "(" * 500, None)),
    st.integers(0, 10),
)
def test_no_page_exceeds_a_limit_and_no_citation_is_cut(quote: str, title: str, url: str | None, count: int):
    answer = an_answer(quote, title, url, count, title)
    for language in LANGUAGES:
        phrases = phrases_in(language)
        shown = AnswerOptions("t" * 16, understood=title, bounds=Bounds(publishers=(title[:100],)), private=True)
        page = answer_page(answer, shown, phrases)
        pages = [
            page,
            quotes_page(answer.evidence, 0, ("quotes", "t"), 1, phrases),
            sources_page(answer.evidence, 0, ("sources", "t"), 1, phrases),
        ]
        for each in pages:
            layout = each.layout()
            assert layout.content_length() <= LONGEST_LAYOUT
            assert layout.total_children_count <= 40
            assert len(each.content()) <= LONGEST_CONTENT
            assert all(block.strip() for block in each.blocks)
        # No verdict without its evidence, and no quote without a verdict.
        assert any(block.startswith("> ") for block in page.blocks[1:-1]) == bool(answer.evidence)
        for block in page.blocks[1:-1] if answer.evidence else ():
            # A quote that is shown is shown whole, with its source below it; only one that no message holds is named.
            assert block.startswith((f"> “{escape(quote)}”", f"> {phrases.say('quote-too-long')}"))
            assert "\n-# " in block
            assert len(quote) > MAX_CHARACTERS or escape(quote) in block


@pytest.mark.parametrize("before", ["9", "a", "_", "é", "见", "א", "\u0e01", ")", "", " ", "x_1"])
@pytest.mark.parametrize(
    "address", ["https://evil.example/a", "HTTP://evil.example", "discord://evil", "steam://run/1"]
)
def test_no_address_of_an_article_is_linked_whatever_stands_before_it(before: str, address: str):
    assert not re.search(r"(?<!\\)://", escape(f"{before}{address}"))
    assert re.sub(r"\\(.)", r"\1", escape(f"{before}{address}")) == f"{before}{address}".strip()
