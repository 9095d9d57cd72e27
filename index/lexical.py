"""Full-text search over passages: BM25 by SQLite's FTS5, with the user's words made safe."""

from sqlite_utils import Database

from index.filters import Filters, article_condition
from index.terms import query_words
from index.vocabulary import Vocabulary

# A question of more different words than this is an essay: the rarest ones find what it is about.
MOST_TERMS = 24
# A word in more than about an eighth of all passages tells them hardly apart, and costs the most time of all.
COMMONEST_IDF = 2.0
# Up to here no word costs enough to leave it out.
FEW_PASSAGES = 10_000
# How much a word in the title counts against one in the text.
TITLE_WEIGHT = 2.0
TEXT_WEIGHT = 1.0


class LexicalSearch:
    """BM25 over titles and texts of passages."""

    def __init__(self, db: Database, vocabulary: Vocabulary) -> None:
        self._db = db
        self._vocabulary = vocabulary

    def search(self, query: str, count: int, filters: Filters, *, passing: int | None = None) -> dict[int, float]:
        """Ids of the passages with the best BM25 scores that pass the filters, with their scores, best first.

        Higher is better. Empty when no word of the query is known. `passing` is how many passages pass the filters,
        where that is known: of a broad filter only what it leaves out is looked up.
        """
        terms = self._terms(query)
        if not terms:
            return {}
        match = " OR ".join(f'"{term}"' for term in terms)
        condition, values = article_condition(self._db, filters)
        is_broad = passing is not None and 2 * passing > self._vocabulary.passages()
        kept, condition = ("NOT IN", f"({condition}) IS NOT TRUE") if is_broad else ("IN", condition)
        within = (
            f"""AND passages_fts.rowid {kept} (SELECT passages.id FROM articles
                JOIN passages ON passages.article_id = articles.id WHERE {condition})"""
            if filters
            else ""
        )
        sql = f"""SELECT rowid, -bm25(passages_fts, {TITLE_WEIGHT}, {TEXT_WEIGHT}) FROM passages_fts
            WHERE passages_fts MATCH :match {within} ORDER BY rank LIMIT :count"""
        return dict(self._db.execute(sql, {**values, "match": match, "count": count}).fetchall())

    def _terms(self, query: str) -> list[str]:
        idf = self._vocabulary.idf(query_words(query))
        rare = list(idf)
        if self._vocabulary.passages() > FEW_PASSAGES:
            rare = [word for word in rare if idf[word] >= COMMONEST_IDF] or rare
        if len(rare) <= MOST_TERMS:
            return rare
        # Words that stand nowhere in the corpus have the highest weight, and find nothing.
        unknown = self._vocabulary.unknown_idf()
        chosen = set(sorted(rare, key=lambda word: (idf[word] >= unknown, -idf[word]))[:MOST_TERMS])
        return [word for word in rare if word in chosen]
