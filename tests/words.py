"""Opens the words of a database for searching, without vectors."""

import numpy as np
from sqlite_utils import Database

from index.joined import JoinedPassages
from index.lexical import LexicalSearch
from index.live_words import LiveWords
from index.postings import Postings
from index.vocabulary import Vocabulary


def live_words(db: Database, *, held: bool) -> LiveWords:
    """All words of the passages, `held` by a generation or joined since."""
    rows = db.execute(
        """SELECT passages.id, coalesce(articles.title, ''), passages.text
        FROM passages JOIN articles ON articles.id = passages.article_id ORDER BY passages.id"""
    ).fetchall()
    ids = np.array([row[0] for row in rows] if held else [], dtype=np.int64)
    postings = Postings.build((title, text) for _, title, text in (rows if held else []))
    joined = JoinedPassages(db, ids)
    joined.catch_up()
    words = LiveWords(db, ids, postings, joined)
    words.catch_up()
    return words


def lexical_search(db: Database, *, held: bool) -> LexicalSearch:
    """Searches them."""
    words = live_words(db, held=held)
    return LexicalSearch(words, Vocabulary(words))
