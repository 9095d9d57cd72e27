"""Opens the words of a database for searching, without vectors."""

from collections.abc import Callable

import numpy as np
from sqlite_utils import Database

from index.joined import JoinedPassages
from index.lexical import LexicalSearch
from index.live_words import LiveWords
from index.maintenance import count_words
from index.postings import Postings
from index.vector_index import Ids
from index.vocabulary import Vocabulary


def live_words(db: Database, *, held: bool) -> LiveWords:
    """All words of the passages, as a generation holds them, or as if all had joined since."""
    if held:
        return count_words(db)
    ids = np.empty(0, dtype=np.int64)
    joined = JoinedPassages(db, ids)
    joined.catch_up()
    words = LiveWords(db, ids, Postings.build([]), joined)
    words.catch_up()
    return words


def lexical_search(db: Database, *, held: bool) -> Callable[[str, int, Ids | None], dict[int, float]]:
    """Searches them."""
    words = live_words(db, held=held)
    search = LexicalSearch(words).search
    return lambda query, count, allowed: search(query, count, allowed, Vocabulary(words))
