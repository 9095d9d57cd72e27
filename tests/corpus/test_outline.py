"""Which lines are headings, which may be quoted, which never; and that no offset is ever wrong."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.normalize import clean_body
from corpus.outline import outline
from tests.limits import processor_limit

LONG = "Envoys of the two states met in the town on Monday, and officials said that they would meet again soon."
LONG_CHINESE = (
    "水务局周二宣布，北湖的水闸在修理了两年之后已经重新开放，"
    + "约三十名居民到场听取了声明，提出了许多问题，" * 2
    + "局长一一作答。"
)
ARTICLES = Path(__file__).parents[3] / "shared" / "articles"

PARTS = [
    "\n", "\n\n", "FAQ\n", "References\n", "- ", "1. ", "| ", LONG, "Jane Doe is an expert in x.", " ",
    "---\n", "What now?", "Title", "## A\n", "**b**", "https://a.example ", "\u2028", "A1: x", "and",
    "[1] a, 2024", "b.[1]", "¹ ", "↑ ",
]  # fmt: skip


def kinds(body: str) -> list[tuple[str, str]]:
    return [(block.kind, body[block.start : block.end]) for block in outline(body)]


@pytest.mark.parametrize(
    "line",
    [
        "## What next?",
        "What happens next",
        "Bottom Line",
        "**The reaction**",
        "THE REACTION",
        "Synopsis:",
        "Key points:",
    ],
)
def test_headings_are_told_from_prose(line: str) -> None:
    assert kinds(f"{line}\n{LONG}") == [("heading", line), ("prose", LONG)]


@pytest.mark.parametrize(
    "line",
    [
        "局长说：「我们没有答应。」",
        "局长问：“水闸坏了吗？”",
        "局长说:我们没有答应过。",
        "局長は「約束していない。」と述べた。",
        "NATO和欧盟周二在北湖宣布停止演习。",
        "وقال ممثل NATO إنه ينفي ذلك؛",
        "وزیر نے کہا: “پل بند ہے۔”",
        "मंत्री ने कहा: “पुल बंद है।”",
        "„Das stimmt nicht“, sagte der Bote. „Nein.“",
        "หน่วยงานน้ำแจ้งว่าประตูน้ำฝั่งทะเลสาบเหนือจะปิดซ่อมในวันอังคารนี้",
    ],
)
def test_a_short_paragraph_of_any_script_is_no_heading(line: str) -> None:
    assert kinds(f"{LONG}\n\n{line}\n\n{LONG_CHINESE}") == [("prose", LONG), ("prose", line), ("prose", LONG_CHINESE)]


@pytest.mark.parametrize("line", ["渡轮恢复通航", "住民の声", "NATO"])
def test_a_short_line_over_a_paragraph_without_spaces_is_a_heading(line: str) -> None:
    assert kinds(f"{line}\n\n{LONG_CHINESE}") == [("heading", line), ("prose", LONG_CHINESE)]


def test_a_quotation_with_its_speaker_behind_a_dash_is_prose_and_one_that_begins_a_headline_is_not() -> None:
    signed, headline = "“We will sail again” — Ines Olm, captain", "‘A lost winter’ – not ice – is the problem: mayor"
    assert kinds(f"{LONG}\n\n{signed}\n\n{LONG}")[1] == ("prose", signed)
    assert kinds(f"{LONG}\n\n{headline}\n\n{LONG}")[1] == ("heading", headline)


@pytest.mark.parametrize("stop", ["。", "۔", "।", "."])
def test_a_bold_paragraph_of_any_script_is_prose(stop: str) -> None:
    bold = f"**水务局周二宣布北湖的水闸已经重新开放 and all of the boats may go again{stop}**"
    assert kinds(f"{bold}\n\n{LONG}") == [("prose", bold), ("prose", LONG)]


def test_an_underlined_line_is_a_heading() -> None:
    assert kinds(f"The reaction\n---\n{LONG}") == [("heading", "The reaction"), ("aside", "---"), ("prose", LONG)]


@pytest.mark.parametrize(
    "line",
    [
        "Topic | Key Points |",
        "---|---|",
        "Denial | The ministry denied it. |",
        "Advertisement",
        "READ MORE",
        "___",
        "♦",
        "Story continues below",
        "Read more: Envoys meet again",
        "Related: What we know",
        "Sign up for our newsletter",
        "Follow us on Facebook",
        "All rights reserved.",
        "© 2024 Example Post",
        "Copyright 2024 Example",
        "View this email in your browser",
        "You are receiving this email because you signed up.",
        "Unsubscribe",
        "9:30 p.m.",
        "This article was originally published by Example Post.",
        "Contributing: Jane Doe, Max Roe",
        "Photo: Jane Doe",
        "Envoys arrive in the town on Monday. Jane Doe/Getty Images",
        "(Photo by Jane Doe)",
        "Watch: Envoys arrive",
        "AP",
        "Reuters",
        "https://example.org/a",
        "#Geneva #Talks",
        "1.2K shares",
        "Share Tweet Email",
        "We use cookies to help.",
        "Click here to read the report",
        "By Jane Doe",
        "Q1: What was said?",
        "A1: The ministry denied it.",
        "The talks:What we know so far",
        "Jane Doe of Example Post contributed to this report.",
    ],
)
def test_furniture_of_the_page_is_never_quoted(line: str) -> None:
    assert ("aside", line) in kinds(f"{LONG}\n{line}\n{LONG}")


@pytest.mark.parametrize(
    "sentence",
    [
        "The ministry denied it.",
        "GENEVA (Reuters) - Envoys met on Monday.",
        "“We never sent them,” the minister said.",
        "He asked reporters to follow the money.",
        "The court said: the law stands.",
        "By Monday, both sides had left.",
        "Like us, they had waited for years.",
        "Sources said the talks had failed.",
        "Contact between the two armies was lost at noon.",
        "Will they meet again?",
        "MOSCOW DENIED THE REPORT ON MONDAY.",
        "Jane Doe is a reporter who was freed on Monday.",
        "See [the report](https://example.org/a) for **all** details.",
        "A. J. Roe said that no missile was sent.",
    ],
)
def test_sentences_of_news_are_prose(sentence: str) -> None:
    assert ("prose", sentence) in kinds(f"{LONG}\n{sentence}\n{LONG}")


def test_questions_and_answers_are_left_out_until_a_heading_that_asks_nothing() -> None:
    body = f"{LONG}\n\n## FAQ\n\n### Did they meet?\n\nYes, they met.\n\nWhy?\n\n{LONG}\n\n## Outlook\n\n{LONG}"
    assert [kind for kind, _ in kinds(body)] == ["prose", "heading", *["aside"] * 4, "heading", "prose"]


@pytest.mark.parametrize("heading", ["References:", "Sources", "## Further reading", "**Bibliography**", "See also"])
def test_references_are_left_out(heading: str) -> None:
    body = f"{LONG}\n{heading}\n- Example Post. https://example.org\nDoe, J. (2020). Envoys. Geneva."
    assert [kind for kind, _ in kinds(body)] == ["prose", "heading", "aside", "aside"]


def test_prose_after_links_in_mid_article_is_prose_again() -> None:
    assert kinds(f"See also:\n- Envoys meet again\n{LONG}")[-1] == ("prose", LONG)


def test_three_listed_links_are_left_out_without_a_heading() -> None:
    links = "\n".join(f"- Envoys meet, part {i} https://example.org/{i}" for i in range(3))
    assert [kind for kind, _ in kinds(f"{LONG}\n{links}")] == ["prose", "aside", "aside", "aside"]


@pytest.mark.parametrize(
    "about",
    [
        "Jane Doe is an expert in Alpine affairs with much knowledge of envoys.",
        "Jane Doe is a senior fellow at the Example Institute. Her work has appeared widely.",
        "Max Roe is a reporter covering the Gulf for Example Post.",
        "With years of experience in journalism, Jane explains the world.",
        "Follow him on Twitter @maxroe.",
        "Contact Jane Doe at jane.doe@example.org.",
    ],
)
def test_words_about_the_author_are_left_out(about: str) -> None:
    assert kinds(f"{LONG}\n{about}") == [("prose", LONG), ("aside", about)]
    assert kinds(f"{LONG} {about}") == [("prose", LONG), ("aside", about)]


def test_a_closing_paragraph_of_news_about_a_reporter_is_prose() -> None:
    about = "Jane Doe is a reporter for Example Post. “They held me for a month,” she said."
    assert kinds(f"{LONG}\n{about}")[-1] == ("prose", about)


def test_list_items_are_prose_without_their_marks() -> None:
    body = "- The court said no.\n* The king agreed.\n2. The army left."
    assert kinds(body) == [("prose", "The court said no."), ("prose", "The king agreed."), ("prose", "The army left.")]


CITING = "The mayor of Velden denied on Monday that the mill would close.[1] She said that talks would go on.[2]"


@pytest.mark.parametrize(
    "sources",
    [
        "[1] Herald, 3 May 2024",
        "[1] Herald, 3 May 2024.\n\n[2] Marn Post.",
        "[1] Ines Olm, “The ferry of Velden and the\nstorm of last winter”, Herald, 3 May 2024, p. 4.\n[2] Marn Post",
        "[1] The mayor later withdrew this statement.\n[2] Ines Olm, personal communication.",
        "[1]: https://herald.example/a",
        "¹ Harbour Herald, 3 May 2024\n² Marn Post (2024)",
        "↑ Harbour Herald, 3 May 2024\n↑ Marn Post, 4 May 2024",
        "Sources: Herald, 3 May 2024; Marn Post, 4 May 2024.",
    ],
)
def test_a_list_of_sources_needs_no_heading_to_be_left_out(sources: str) -> None:
    found = kinds(f"{CITING}\n\n{sources}\n\n{LONG}")
    assert [text for kind, text in found if kind == "prose"] == [CITING, LONG]


@pytest.mark.parametrize(
    "line",
    [
        "[1] The court finds that the mayor denied it on May 3, 2024.\n\n[2] The office confirmed it, as said at [1].",
        "[1] Iran denied the reports.\n[2] Russia confirmed them.",
        "[Editor’s note] The mayor denied the report in 2024.",
        "Source close to the mayor: nothing was decided in May 2024.",
    ],
)
def test_numbered_paragraphs_are_no_sources(line: str) -> None:
    assert {kind for kind, _ in kinds(line)} == {"prose"}


def test_a_paragraph_wrapped_at_the_margin_is_one_block() -> None:
    body = "Envoys said on Monday that they had not sent any missiles to\nRussia, and that none would be sent."
    assert kinds(body) == [("prose", body)]


@given(st.one_of(st.text(), st.lists(st.sampled_from(PARTS), max_size=20).map("".join)))
def test_blocks_are_ordered_trimmed_and_leave_out_only_space_and_marks(body: str) -> None:
    at = 0
    for block in outline(body):
        assert at <= block.start < block.end <= len(body)
        text = body[block.start : block.end]
        assert text == text.strip()
        between = body[at : block.start].strip()
        assert not between or (block.kind == "prose" and len(between) <= 4 and not between.isalpha())
        at = block.end
    assert not body[at:].strip()


def test_an_item_that_is_all_biography_leaves_no_empty_block() -> None:
    assert all(block.start < block.end for block in outline("0. A A is expert in"))


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "Jane ",
        "Jane Doe is ",
        ". A",
        "# ",
        "- a\n",
        "| ",
        "*",
        "http://a ",
        "x: ",
        "“",
        "Q1",
        "[1] a\nb b\n",
        "b.[1]\n",
    ],
)
def test_hostile_text_takes_linear_time(unit: str) -> None:
    body = unit * (200_000 // len(unit))
    with processor_limit(5.0):
        outline(body)


def test_the_articles_that_came_with_the_brief_keep_their_prose_and_lose_their_asides() -> None:
    if not ARTICLES.is_dir():
        pytest.skip("../shared/articles is not here")
    for path in ARTICLES.glob("*.txt"):
        body = clean_body(path.read_text(encoding="utf-8"))
        prose = [text for kind, text in kinds(body) if kind == "prose"]
        assert len(prose) >= 8
        assert not [text for text in prose if "|" in text or "http" in text or " expert in " in text or len(text) < 100]
