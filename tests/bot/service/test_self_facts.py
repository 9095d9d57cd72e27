"""What is told of Attaché itself: no more is read than a reply needs, and no more is said than is so."""

from collections.abc import Callable

import pytest

import bot.service.self_facts
from bot.service.attache import Attache
from bot.service.self_facts import MAX_PUBLISHERS, Share, name_publishers, self_facts
from corpus.catalog import PublisherFacts
from index.filters import Filters

READS = ("count_corpus", "list_publishers", "latest_news")


def publisher(name: str | None, articles: int, *, is_claimed: bool = False) -> PublisherFacts:
    return PublisherFacts(name, articles, None, None, is_claimed=is_claimed)


@pytest.mark.parametrize(
    ("question", "needed"),
    [
        ("what are your sources?", {"count_corpus", "list_publishers"}),
        ("how current are you?", {"count_corpus"}),
        ("what's new?", {"latest_news"}),
        ("who made you?", set()),
    ],
)
def test_only_what_a_reply_tells_is_read(
    starter_service: Attache, monkeypatch: pytest.MonkeyPatch, question: str, needed: set[str]
) -> None:
    done: set[str] = set()

    def noting(name: str, read: Callable[..., object]) -> Callable[..., object]:
        return lambda *given: (done.add(name), read(*given))[1]

    for name in READS:
        monkeypatch.setattr(bot.service.self_facts, name, noting(name, getattr(bot.service.self_facts, name)))
    facts = self_facts(starter_service, question, Filters())
    assert facts is not None
    assert done == needed


@pytest.mark.parametrize(
    ("publishers", "share"),
    [
        ([publisher("Harbour Herald", 3), publisher("The Example Courier", 1)], Share.ALL),
        ([publisher("Harbour Herald", 3), publisher(None, 1)], Share.MOST),
        ([publisher("Harbour Herald", 3), publisher("Reuters", 1, is_claimed=True)], Share.MOST),
        ([publisher(None, 3), publisher("Harbour Herald", 1)], Share.SOME),
        ([publisher(f"Paper {number}", 1) for number in range(MAX_PUBLISHERS + 1)], Share.MOST),
        ([publisher(f"Paper {number}", 1) for number in range(2 * MAX_PUBLISHERS)], Share.SOME),
    ],
)
def test_all_or_most_articles_are_from_the_named_publishers_only_where_they_are(
    publishers: list[PublisherFacts], share: Share
) -> None:
    named = name_publishers(publishers)
    assert named.share is share
    assert 1 <= len(named.publishers) <= MAX_PUBLISHERS
    assert all(each.publisher and not each.is_claimed for each in named.publishers)
