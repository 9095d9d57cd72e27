"""What becomes of the dates, titles, links and ids of entries, with all that feeds get wrong in them."""

import pytest

from tests.corpus.feeds.items import of_items, one_item
from tests.feeds import HOST, START, Paper, PolledFeeds, Story, story
from tests.web import page, response


@pytest.mark.parametrize("date", ["Thu, 32 Foo 2024 99:00:00", "0000-00-00", "yesterday", "2150-01-01T00:00:00Z", ""])
def test_a_wrong_date_is_none(paper: Paper, feeds: PolledFeeds, date: str):
    paper.site.serve("/x.html", response(page()))
    paper.feed_bytes = lambda: of_items(one_item("Ferry", "/x.html", date=date))
    feeds.add()
    assert feeds.poll().added == 1
    assert feeds.read("SELECT published_at FROM articles") == [(None,)]


def test_the_feed_tells_what_the_page_does_not(paper: Paper, feeds: PolledFeeds):
    paper.site.serve("/x.html", response(page()))
    paper.feed_bytes = lambda: of_items(one_item("Ferry", "/x.html", date="Mon, 02 Sep 2024 07:00:00 +0200"))
    feeds.add(publisher="Velden Times")
    feeds.poll()
    assert feeds.read("SELECT published_at, publisher FROM articles") == [("2024-09-02T07:00:00+02:00", "Velden Times")]


def test_the_latest_moment_comes_first_in_whatever_offset_it_is_stated(paper: Paper, feeds: PolledFeeds):
    paper.site.serve("*", response(page()))
    # The first is the later moment.
    dates = {"/a.html": "Mon, 02 Sep 2024 06:00:00 -0700", "/b.html": "Mon, 02 Sep 2024 08:00:00 +0900"}
    paper.feed_bytes = lambda: of_items(*(one_item("Ferry", path, date=dates[path]) for path in ("/b.html", "/a.html")))
    feeds.add()
    feeds.poll()
    assert feeds.read("SELECT url FROM articles ORDER BY id") == [(paper.url("/a.html"),), (paper.url("/b.html"),)]


@pytest.mark.parametrize(
    "link", ["/x.html", "x.html", "//{host}/x.html", "  {root}/x.html ", "{root}/x.html?utm_source=feed#top"]
)
def test_links_are_made_whole_and_have_one_spelling(paper: Paper, feeds: PolledFeeds, link: str):
    paper.site.serve("*", response(page()))
    written = link.format(host=f"{HOST}:{paper.site.port}", root=paper.url(""))
    paper.feed_bytes = lambda: of_items(one_item("Ferry", written))
    feeds.add()
    feeds.poll()
    assert feeds.read("SELECT url FROM articles") == [(paper.url("/x.html"),)]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("&lt;b&gt;Ferry&lt;/b&gt; to &lt;i&gt;Marn&lt;/i&gt;", "Ferry to Marn"),
        ("<![CDATA[<b>Ferry</b> &amp; pier]]>", "Ferry & pier"),
        ("Ferry &amp;amp; pier", "Ferry & pier"),
        ("3 &lt; 4 posts", "3 < 4 posts"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Ferry", "Ferry"),
    ],
)
def test_titles_are_plain_text(paper: Paper, feeds: PolledFeeds, title: str, shown: str):
    paper.feed_bytes = lambda: of_items(one_item(title, "", "The ferry sails at noon again, the harbour office says."))
    feeds.add()
    assert feeds.poll().excerpts == 1
    assert feeds.titles() == [shown]


def test_articles_that_share_an_id_are_all_taken(paper: Paper, feeds: PolledFeeds):
    paper.stories += [story(number, START - number, guid="the-same") for number in range(4)]
    feeds.add()
    assert feeds.poll().added == 4
    feeds.wait(13)
    paper.stories.append(story(4, START + 9, guid="the-same"))
    assert feeds.poll().added == 1
    assert len(set(feeds.titles())) == 5


def test_an_article_whose_id_changes_is_not_fetched_again(paper: Paper, feeds: PolledFeeds):
    paper.fill()
    feeds.add()
    feeds.poll()
    for each in paper.stories:
        each.guid = f"new-{each.slug}"
    paper.asked()
    feeds.wait(1)
    report = feeds.poll()
    assert (report.changes, paper.asked()) == (0, {"/feed": 1})


def test_an_article_whose_address_changes_stays_one_with_its_versions(paper: Paper, feeds: PolledFeeds):
    paper.fill(2)
    feeds.add()
    feeds.poll()
    for round_ in range(2):
        paper.stories[1].guid = "story-1"
        paper.stories[1].slug = f"renamed-{round_}"
        paper.stories[1].text += f" Correction {round_}: the pier has a roof."
        feeds.wait(2)
        assert feeds.poll().updated == 1
    assert len(feeds.titles()) == 2
    assert feeds.read("SELECT count(*) FROM versions") == [(2,)]
    paper.stories[1].summary = "A new summary of the council's vote on the first item."
    paper.stories[1].text += " Correction: and a door."
    feeds.wait(2)
    assert feeds.poll().updated == 1
    assert len(feeds.titles()) == 2


def test_one_id_for_different_articles_in_turn_makes_no_versions(paper: Paper, feeds: PolledFeeds):
    paper.listed = 1
    feeds.add()
    for number in range(3):
        text = " ".join(f"Word{number}x{place} of its own" for place in range(30)) + "."
        paper.stories.append(Story(f"day-{number}", f"Report {number}", text, START + number, guid="latest"))
        feeds.poll()
        feeds.wait(13)
    assert feeds.titles() == ["Report 0", "Report 1", "Report 2"]
    assert feeds.read("SELECT count(*) FROM versions") == [(0,)]


def test_all_links_to_the_front_page_are_no_addresses(paper: Paper, feeds: PolledFeeds):
    items = [
        one_item(
            f"Note {n}", paper.url("/"), f"The harbour office says in note {n} that the pier is open.", guid=f"n{n}"
        )
        for n in range(3)
    ]
    paper.feed_bytes = lambda: of_items(*items)
    feeds.add()
    assert feeds.poll().excerpts == 3
    feeds.wait(1)
    feeds.poll()
    assert len(feeds.titles()) == 3


def test_links_into_private_networks_are_not_followed(paper: Paper, feeds: PolledFeeds):
    teaser = "The harbour office says that the ferry sails at noon again from Monday."
    paper.feed_bytes = lambda: of_items(
        one_item("One", "http://127.0.0.1:9/x", teaser),
        one_item("Two", "file:///etc/passwd", teaser),
        one_item("Three", "http://169.254.169.254/latest", teaser),
    )
    feeds.add()
    assert feeds.poll().excerpts == 3
    assert paper.asked() == {"/robots.txt": 1, "/feed": 1}


def test_long_ids_and_times_of_change_are_stored_short_and_still_tell_entries_apart(paper: Paper, feeds: PolledFeeds):
    entries = "".join(
        f"<entry><id>{'i' * 5_000}{number}</id><title>Ferry {number}</title><updated>{'u' * 5_000}{number}</updated>"
        "<summary>The ferry to Marn sails again on Monday, the harbour office said.</summary></entry>"
        for number in range(3)
    )
    paper.feed_bytes = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode
    feeds.add()
    # Longer ids than feedparser is given are cut, and then they are the same.
    assert feeds.poll().added == 3
    assert max(len(row[0]) for row in feeds.read("SELECT guid || key || coalesce(entry, '') FROM feed_items")) < 1_500
    assert feeds.poll().is_unchanged
    assert feeds.read("SELECT count(*) FROM articles") == [(3,)]
