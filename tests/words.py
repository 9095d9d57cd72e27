"""Opens the words of a database for searching, without vectors."""

from collections.abc import Callable

import numpy as np
from sqlite_utils import Database

from index.filters import Filters
from index.generation.postings import Postings
from index.live.live_words import LiveWords
from index.live.new_passages import PassageTracker
from index.live.scopes import Scope, Scopes
from index.maintenance import count_words
from index.search.lexical import LexicalSearch
from index.search.term_rarity import Vocabulary


def live_words(db: Database, *, held: bool) -> LiveWords:
    """All words of the passages, as a generation holds them, or as if all had joined since."""
    if held:
        return count_words(db)
    ids = np.empty(0, dtype=np.int64)
    joined = PassageTracker(db, ids)
    joined.catch_up()
    words = LiveWords(db, ids, Postings.build([]), joined)
    words.catch_up()
    return words


def scope_of(passages: PassageTracker, ids: list[int]) -> Scope:
    """The scope of some passages, as filters that they alone pass would give it."""
    return Scope.of(np.isin(passages.base_ids, ids), passages.ids[np.isin(passages.ids, ids)])


def lexical_search(db: Database, *, held: bool) -> Callable[[str, int, Filters], dict[int, float]]:
    """Searches them."""
    words = live_words(db, held=held)
    search, scopes = LexicalSearch(words).search, Scopes(db, words.passages)
    return lambda query, count, filters: search(query, count, scopes.of(filters), Vocabulary(words))
