"""The stored stories: created, merged, split and forwarded."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

# A story that was merged into another, and that into a third, and so on, as far as anybody would go.
_MAX_FORWARDS = 50


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story's number, the collection that it began in, and whether an admin split or merged it."""

    id: int
    collection: str
    is_edited: bool


class Stories:
    """The stories of one database. Callers group changes with `db.atomic()`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def create(self, collection: str) -> int:
        """Add a story without articles yet; return its number."""
        cursor = self._db.execute("INSERT INTO stories (collection) VALUES (?)", (collection,))
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def find(self, story_id: int) -> StoryRow | None:
        """Return a story, or the one that it was merged into; None if there is none."""
        for _ in range(_MAX_FORWARDS):
            sql = "SELECT id, collection, is_edited, merged_into FROM stories WHERE id = ?"
            row = self._db.execute(sql, (story_id,)).fetchone()
            if row is None:
                return None
            if row[3] is None:
                return StoryRow(int(row[0]), row[1], bool(row[2]))
            story_id = int(row[3])
        return None

    def of_articles(self, article_ids: Collection[int]) -> dict[int, int]:
        """Return the story of each grouped article."""
        marks = ",".join(str(int(each)) for each in article_ids)
        rows = self._db.execute(f"SELECT article_id, story_id FROM story_articles WHERE article_id IN ({marks})")
        return {int(article_id): int(story_id) for article_id, story_id in rows}

    def article_ids(self, story_id: int) -> list[int]:
        """Return the articles of a story, by day, undated ones last; the caller checks who may read them."""
        sql = "SELECT article_id FROM story_articles WHERE story_id = ? ORDER BY day IS NULL, day, article_id"
        return [int(row[0]) for row in self._db.execute(sql, (story_id,))]

    def merge(self, from_id: int, to_id: int) -> None:
        """Move every article of a story into another; its number leads there from now on."""
        self._db.execute("UPDATE story_articles SET story_id = ? WHERE story_id = ?", (to_id, from_id))
        self.forward_if_empty(from_id, to_id)

    def forward_if_empty(self, from_id: int, to_id: int) -> None:
        """Let the number of a story without articles lead to another story."""
        self._db.execute(
            """UPDATE stories SET merged_into = :to WHERE id = :from
            AND NOT EXISTS (SELECT 1 FROM story_articles WHERE story_id = :from)""",
            {"from": from_id, "to": to_id},
        )

    def place(self, article_ids: Sequence[int], story_id: int) -> None:
        """Put articles into a story on an admin's word: they stay there, and neither story is merged by itself."""
        marks = ",".join(str(int(each)) for each in article_ids)
        left = [
            int(row[0])
            for row in self._db.execute(f"SELECT DISTINCT story_id FROM story_articles WHERE article_id IN ({marks})")
        ]
        self._db.execute(
            f"UPDATE story_articles SET story_id = ?, is_placed = 1 WHERE article_id IN ({marks})", (story_id,)
        )
        for each in (*left, story_id):
            self._db.execute("UPDATE stories SET is_edited = 1 WHERE id = ?", (each,))
        for each in left:
            if each != story_id:
                self.forward_if_empty(each, story_id)
        self._db.execute("UPDATE state SET revision = revision + 1 WHERE id = 1")
