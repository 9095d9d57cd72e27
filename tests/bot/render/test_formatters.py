"""Dates, ages, counts, sizes and names, as people read them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.answering.citation import cite
from bot.render.formatters import age, long_date, no_verdict_note, period, plural, source_name
from bot.render.sizes import size
from corpus.publishers.directory import Publishers
from corpus.starter import STARTER_PUBLISHER, starter_files
from tests.bot.answering.test_text_fragments import facts

NOW = datetime(2024, 9, 12, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 articles"),
        (1, "1 article"),
        (2, "2 articles"),
        (1204, "1,204 articles"),
        (1_000_000, "1,000,000 articles"),
    ],
)
def test_counts_agree_with_their_nouns(count: int, words: str) -> None:
    assert plural(count, "article") == words


def test_irregular_nouns_have_their_own_plural() -> None:
    assert (plural(1, "reply", "replies"), plural(3, "reply", "replies")) == ("1 reply", "3 replies")


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2024-09-09", "9 September 2024"),
        ("2024-12-01T23:59:59Z", "1 December 2024"),
        ("0987-01-02", "2 January 987"),
        (None, "date unknown"),
        ("", "date unknown"),
    ],
)
def test_dates_are_written_out(iso: str | None, words: str) -> None:
    assert long_date(iso) == words


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2024-09-12T09:00:00Z", "today"),
        ("2024-09-11", "yesterday"),
        ("2024-09-09", "3 days ago"),
        ("2024-07-15", "59 days ago"),
        ("2024-07-01", "2 months ago"),
        ("2023-09-12", "12 months ago"),
        ("2022-09-12", "2 years ago"),
        ("2014-01-01", "10 years ago"),
        ("2024-09-13", "dated in the future"),
        (None, ""),
    ],
)
def test_ages_are_told_roughly(iso: str | None, words: str) -> None:
    assert age(iso, NOW) == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2022-11-30", "2024-09-16", "from 30 November 2022 to 16 September 2024"),
        ("2024-09-16", "2024-09-16", "of 16 September 2024"),
        (None, None, "with no dates stated"),
    ],
)
def test_periods_are_told_from_first_to_last(first: str | None, last: str | None, words: str) -> None:
    assert period(first, last) == words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        *((0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 KB"), (12_345_678, "12.3 MB")),
        *((4_000_000_000, "4.0 GB"), (5e15, "5000.0 TB")),
    ],
)
def test_sizes_are_told_in_the_largest_fitting_unit(count: float, words: str) -> None:
    assert size(count) == words


def test_sources_are_named_and_ours_are_marked_as_no_news_reports() -> None:
    assert source_name(cite(facts(), "No.")) == "Post"
    assert source_name(cite(facts(publisher=None), "No.")) == ""
    assert "not a news report" in source_name(
        cite(facts(publisher=STARTER_PUBLISHER, origin=f"starter/{starter_files()[0].name}"), "No.")
    )
    assert "not a news report" not in source_name(cite(facts(publisher=STARTER_PUBLISHER), "No."))


@pytest.mark.parametrize(
    ("publisher", "shown"),
    [
        ("TASS", "TASS (Russia, state-controlled agency)"),
        ("Voice of America", "Voice of America (United States, government-funded broadcaster)"),
        ("NATO", "NATO (intergovernmental organisation)"),
        ("Meduza", "Meduza (Latvia)"),
        ("Post", "Post"),
        (STARTER_PUBLISHER, STARTER_PUBLISHER),
    ],
)
def test_what_a_publisher_is_stands_behind_its_name(publisher: str, shown: str) -> None:
    stated = facts(publisher=publisher, url=None)
    assert source_name(cite(stated, "No.", Publishers(None))) == shown
    excerpt = source_name(cite(replace(stated, is_excerpt=True), "No.", Publishers(None)))
    assert excerpt.endswith("excerpt from its feed)")
    assert excerpt.count("(") == 1


def test_our_own_briefs_are_marked_by_where_they_come_from() -> None:
    brief = facts(publisher="TASS", origin=f"starter/{starter_files()[0].name}")
    citation = cite(brief, "No.", Publishers(None))
    assert (citation.kind, citation.country) == ("own-brief", None)
    assert "state" not in source_name(citation)


def test_articles_in_other_languages_are_told_as_not_judged():
    assert no_verdict_note({"en": 5}) == no_verdict_note({}) == ""
    assert no_verdict_note({"en": 5, "de": 1}).startswith("1 article is not in English: it is found and quoted")
    assert no_verdict_note({"fr": 5, "de": 7}).startswith("12 articles are not in English: they are found and quoted")
