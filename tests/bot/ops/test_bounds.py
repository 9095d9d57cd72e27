"""The table of bounds in docs/operations.md states the numbers of the code."""

import re
from pathlib import Path

import pytest

from bot.answering import quotes, reading_bounds, story_facts
from bot.answering.question import follow_up, kind
from bot.delivery import feed_file, outgoing_mail, signed_webhook
from bot.discord.cogs import news as cogs_news
from bot.discord.cogs.corpus import MAX_DOWNLOADS
from bot.discord.views import escape, watch_pages
from bot.discord.views.news_posts import MAX_IN_DIGEST
from bot.discord.workers import answer_queue, jobs, picture_worker
from bot.records import brief_outbox, channel_settings, due, topics, watch_outbox, watches
from bot.records import news_outbox as news
from bot.render import time_chart
from bot.service import (
    about_page,
    backup_manifest,
    brief,
    brief_period,
    feeds,
    quotas,
    silent_edits,
    steps,
    story_news,
    timeline,
    uploads,
    watched_answers,
)
from bot.settings import Settings
from corpus import dates, json_text, normalize, passages, prepare, sentences, word_count
from corpus.feeds import entry_dates, entry_text, feed_markup, fetch_feed, opml, parse, robots, schedule, sitemap
from corpus.fetch import link_check, options
from corpus.formats import crowded_tags, html_text, single_file
from index.embedding import vector_store
from index.generation import read_files
from index.stories import window

DOCUMENT = Path(__file__).parents[3] / "docs" / "operations.md"
MIB, KIB = 1024 * 1024, 1024
HOUR_S, WEEK_S = 3600, 7 * 86400
FETCH = options.FetchOptions()


def default(name: str) -> int:
    return int(Settings.model_fields[name].default)


UPLOAD = {default("articles_per_upload"), default("disk_mb_per_upload")}
SERVER = {default("articles_per_server"), default("disk_mb_per_server")}
HAN = round(sentences.MAX_LETTERS / word_count.HAN_WEIGHT)
ENTRIES = {feed_markup.MAX_LISTED, parse.MAX_ENTRIES, sitemap.MAX_PLAIN_ENTRIES, fetch_feed.MAX_PARTS}
FIELDS = {feed_markup.MAX_PERSON, feed_markup.MAX_FIELD, entry_text.MAX_TITLE, entry_text.MAX_CHARACTERS}
TURN = {
    uploads.TURN_ARTICLES, uploads.TURN_BYTES // 1000, int(uploads.TURN_SECONDS), vector_store.TEXTS_PER_COMMIT,
    steps.STEP_ARTICLES,
}  # fmt: skip

# Row to the numbers of its bound.
BOUNDS: dict[str, set[int]] = {
    "a question": {kind.LONGEST_QUESTION},
    "of a follow-up, the question and the earlier one": {follow_up.MAX_EARLIER},
    "questions that wait": {answer_queue.MAX_QUEUE_LENGTH, jobs.MAX_WAITING},
    "edits and deletions that a start finishes": {due.MAX_DUE},
    "channels with settings of their own": {channel_settings.MAX_CHANNELS},
    "a sentence": {sentences.MAX_LETTERS, HAN},
    "a passage": {passages.MAX_WORDS, passages.MAX_WORDS_WITH_REMAINDER, 2 * passages.MAX_CHARACTERS},
    "of a passage that an older version cut, what is read for an answer": {
        reading_bounds.MAX_PASSAGE, reading_bounds.MAX_TITLE,
    },
    "articles of a story that are looked at": {story_facts.MAX_MEMBERS},
    "articles of a day that a new one is compared with": {window._MAX_A_DAY, window._MAX_OWN_A_DAY},
    "statements of a timeline, passages of a page about a name": {timeline.MAX_STATEMENTS, about_page._PASSAGES},
    "watched questions": {
        default("watches_per_member"), default("watches_per_server"), watch_outbox.MOST_A_DAY,
        watch_pages.MAX_IN_DIGEST, watch_outbox.WAIT_DAYS,
    },
    "what is known of a watched answer": {watches.MAX_MARKS, watched_answers.QUOTES},
    "a picture": {time_chart.MAX_ROWS, int(picture_worker.PATIENCE_S)},
    "a quote": {quotes.MAX_WORDS, quotes.MAX_CHARACTERS},
    "an address that is linked": {escape.LONGEST_LINK},
    "a title in an answer; a speaker": {escape._LONGEST_TITLE, escape._LONGEST_SPEAKER},
    "combining marks in a row": {normalize.MAX_MARKS, 3},
    "an article": {default("max_article_mb"), prepare.MAX_LINES, single_file.MAX_RAW_LINES},
    "its title; publisher and author": {prepare.MAX_TITLE, prepare.MAX_NAME},
    "a file that an admin attaches": {MAX_DOWNLOADS},
    "briefs": {
        brief_outbox.MAX_RULES, brief_period.MAX_DAYS, brief_period.MAX_ARTICLES, story_news._COUNTED,
        story_news.MAX_STORIES, silent_edits.MAX_EDITS, silent_edits._MAX_COMPARED, brief.MAX_TOPICS,
        topics.MAX_CHANGES, feed_file.MAX_ENTRIES, int(outgoing_mail.COMMAND_TIMEOUT_S),
        int(signed_webhook.TIMEOUT_S),
    },
    "new articles that are posted": {news.MAX_RULES, cogs_news.MOST_AN_HOUR, MAX_IN_DIGEST, news.WAIT_DAYS},
    "articles in it, and the disk space that they will take": UPLOAD,
    "a server's collection": SERVER,
    "names of publishers in a server's collection": {quotas.MAX_PUBLISHERS},
    "JSON: a line, a feed, what a page states": {json_text.MAX_LISTS, json_text.MAX_TEXTS},
    "one turn of a long job": TURN,
    "an address": {link_check.MAX_CHARACTERS, FETCH.redirects},
    "hosts in `ATTACHE_ALLOWED_HOSTS`": {options.MAX_ALLOWED_HOSTS},
    "a page": {
        options.MAX_PAGE_BYTES // MIB, int(FETCH.timeout_s), html_text.MAX_TAGS, crowded_tags.MAX_ATTRIBUTES,
        html_text.MAX_TURNS, html_text.MAX_INLINE,
    },
    "a stated date": {int(dates._MAX_AHEAD.total_seconds()) // HOUR_S, dates._LAST_YEAR},
    "a robots.txt": {robots.MAX_BYTES // KIB, robots.MAX_SITES, robots.MAX_CACHED_CHARACTERS},
    "the delay that it asks for": {int(robots.MAX_DELAY_S)},
    "feeds of a server": {default("feeds_per_server")},
    "a feed; a sitemap": {feed_markup.MAX_CHARACTERS // 10**6, feed_markup.MAX_TAGS, sitemap.MAX_BYTES // MIB},
    "entries": ENTRIES,
    "depth, attributes and characters of a tag": {
        feed_markup.MAX_DEPTH, feed_markup.MAX_ATTRIBUTES, feed_markup.MAX_TAG_CHARACTERS,
    },
    "authors; links, ids and dates; titles; texts of entries": FIELDS,
    "dates in words": {entry_dates.MAX_WORDED},
    "an OPML file": {feeds.MAX_OPML_BYTES // MIB, opml.MAX_FEEDS},
    "the manifest of an index or a backup": {backup_manifest.MAX_BYTES // 1000, read_files._MAX_TEXT_BYTES // 1000},
}  # fmt: skip
# Their bounds are words: what Attaché itself writes.
IN_WORDS = {
    "edits of a question", "the next poll", "the files of an index", "a backup's files", "what a webhook answers",
    "a reply of a Milvus server",
}  # fmt: skip


def rows() -> dict[str, str]:
    """Each row of the table, and its bound."""
    section = DOCUMENT.read_text(encoding="utf-8").split("## What is bounded")[1].split("\n## ")[0]
    cells = [[cell.strip() for cell in line.split("|")[1:3]] for line in section.splitlines() if line.startswith("|")]
    return {what: bound for what, bound in cells[2:] if not what.startswith("**")}


def test_every_row_is_compared() -> None:
    assert rows().keys() == BOUNDS.keys() | IN_WORDS


@pytest.mark.parametrize("what", BOUNDS)
def test_a_bound_is_that_of_the_code(what: str) -> None:
    assert {int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", rows()[what])} == BOUNDS[what]


def test_the_next_poll_is_due_within_a_week_and_an_hour() -> None:
    assert "a week and an hour" in rows()["the next poll"]
    assert schedule.MAX_AHEAD_S == WEEK_S + HOUR_S
