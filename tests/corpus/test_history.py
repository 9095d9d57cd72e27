"""What is told of the edits of an article."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from corpus.alignment import Run, align
from corpus.article import Article
from corpus.articles import Articles, Version
from corpus.history import MAX_CHANGES, ChangeKind, Edit, compute_edit
from tests.conftest import StoreArticle

BODY = (
    "Arland will close its border on Friday, the ministry said. Traders had asked for more time. "
    "The crossing at Dorn stays open for lorries.\n\nNobody in Borduria would comment on the matter."
)


def edited(db: Database, store: StoreArticle, *texts: tuple[str, str], **fields: str) -> list[Edit]:
    """The edits of an article that had these titles and bodies, newest first."""
    for title, body in texts:
        number = store(body, title=title, url="https://a.example/", **fields)
    articles = Articles(db)
    article, versions = articles.get(number), articles.versions(number)
    assert article is not None
    return [compute_edit(article, versions, place) for place in range(len(versions))]


def test_headline_words_and_sentences_are_told_in_the_articles_own_words(db: Database, store: StoreArticle):
    changed = BODY.replace("will close", "may close").replace("Traders had asked for more time. ", "")
    changed += " A spokesman declined to answer. He will speak on Monday."
    [edit] = edited(db, store, ("Arland will act", BODY), ("Arland may act", changed), published_at="2024-09-09")
    headline, word, removed, added = edit.changes
    assert (headline.kind, headline.before, headline.after) == ("headline", "Arland will act", "Arland may act")
    assert headline.words == (("will", "may"),)
    assert word.kind is ChangeKind.CHANGED
    assert word.words == (("will", "may"),)
    assert word.after == "Arland may close its border on Friday, the ministry said."
    assert (removed.kind, removed.before) == ("removed", "Traders had asked for more time.")
    assert (added.kind, added.sentences) == ("added", 2)
    assert added.after == "A spokesman declined to answer. He will speak on Monday."
    assert edit.is_silent
    assert edit.seen_at == "2024-06-01T00:00:00Z"


def test_edits_come_newest_first_and_a_new_date_makes_them_no_secret(db: Database, store: StoreArticle):
    store(BODY, title="One", url="https://a.example/", published_at="2024-09-09")
    newest, first = edited(db, store, ("Two", BODY), ("Three", BODY), published_at="2024-09-10")
    assert (newest.changes[0].after, first.changes[0].after) == ("Three", "Two")
    assert (newest.is_silent, first.is_silent) == (True, False)


def test_spaces_and_boilerplate_are_no_change_of_words(db: Database, store: StoreArticle):
    spaced = BODY.replace("\n\n", "\n").replace("border on", "border\non")
    newest, first = edited(db, store, ("One", BODY), ("One", spaced), ("One", f"{spaced}\n\nRead more: Our newsletter"))
    assert first.changes == ()
    assert not first.is_silent
    assert all("Arland" not in change.after for change in newest.changes)


def test_a_sentence_that_moved_is_neither_lost_nor_new(db: Database, store: StoreArticle):
    first, rest = BODY.split(". ", 1)
    [edit] = edited(db, store, ("One", BODY), ("One", f"{rest} {first}."))
    assert [(change.kind, change.before) for change in edit.changes] == [("moved", f"{first}.")]


def test_a_huge_article_is_compared_in_few_steps_and_told_in_part(
    db: Database, store: StoreArticle, monkeypatch: pytest.MonkeyPatch
):
    old = " ".join(f"Sentence {number} of the old report is here." for number in range(9000))
    new = " ".join(f"Sentence {number} of the new report is here." for number in range(9000))
    number = store(old, url="https://a.example/")
    assert store(new, url="https://a.example/") == number
    article, versions = Articles(db).get(number), Articles(db).versions(number)
    assert article is not None
    pairs: list[int] = []

    def counting(before: Sequence[str], after: Sequence[str]) -> Iterator[Run]:
        pairs.append(len(before) * len(after))
        return align(before, after)

    monkeypatch.setattr("corpus.history.align", counting)
    edit = compute_edit(article, versions, 0)
    # All sentences with all others would be 81 million.
    assert sum(pairs) < 10_000
    assert edit.is_partial
    assert len(edit.changes) <= MAX_CHANGES


WORDS = st.lists(st.sampled_from("Ada Bo Cy denied met said. left. gone.".split()), min_size=1, max_size=40)


@given(WORDS, WORDS)
def test_whatever_changed_all_that_is_told_stands_in_the_texts(old: list[str], new: list[str]):
    before, after = " ".join(old), " ".join(new)
    facts = (1, "shared", None, None, "One", None, None, None, "en", "", "", "")
    version = Version("One", before, "", "2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z", None)
    edit = compute_edit(Article(*facts, after), [version], 0)
    assert bool(edit.changes) == (before != after)
    for change in edit.changes:
        assert change.before in before
        assert change.after in after
        for was, became in change.words:
            assert was in before
            assert became in after
