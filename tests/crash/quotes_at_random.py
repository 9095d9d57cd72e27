"""Asks random questions and checks every quote: `python -m tests.crash.quotes_at_random [--quotes N]`."""

import argparse
import random
import sys
import tempfile
from pathlib import Path

from bot.service.attache import Attache
from bot.settings import Settings
from corpus.articles import Articles
from corpus.database import open_database_read_only
from index.schema import migrations as index_migrations

OPENINGS = ("Did", "Has", "Is it true that", "Who said", "When did", "How many", "Where was", "Why did", "Was", "")


def questions(articles: Articles, seed: int):
    """Questions without end, from words that stand together in articles, now and then of two."""
    dice, ids = random.Random(seed), list(articles.ids())
    while True:
        pieces = []
        for _ in range(dice.choice((1, 1, 1, 2))):
            article = articles.get(dice.choice(ids))
            words = article.body.split() if article else []
            start = dice.randrange(max(1, len(words) - 12))
            pieces += words[start : start + dice.randint(2, 10)]
        yield f"{dice.choice(OPENINGS)} {' '.join(pieces)}"[:900].strip() + dice.choice(("?", "", "??"))


def check(data: Path | None, wanted: int, seed: int) -> tuple[int, int, int]:
    """Asks until so many quotes were shown; returns questions, quotes, and quotes that are not verbatim."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Attache(Settings.load(None, data_dir=data or Path(folder))) as attache,
    ):
        attache.open()
        db = open_database_read_only(attache.settings.data_dir, (index_migrations,))
        articles = Articles(db)
        asked = shown = wrong = 0
        for question in questions(articles, seed):
            if shown >= wanted or asked >= 20 * wanted:
                break
            asked += 1
            for evidence in attache.ask(question).evidence if any(map(str.isalnum, question)) else ():
                quote, article = evidence.quote, articles.get(evidence.quote.article_id)
                shown += 1
                wrong += article is None or article.body[quote.start : quote.end] != quote.text
        db.close()
    return asked, shown, wrong


def main() -> None:
    """Checks, says what was found, and fails if a quote is not verbatim."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quotes", type=int, default=10_000)
    parser.add_argument("--data-dir", type=Path, default=None)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    asked, shown, wrong = check(given.data_dir, given.quotes, given.seed)
    sys.stdout.write(f"{asked} questions, {shown} quotes, {wrong} not verbatim\n")
    sys.exit(1 if wrong or not shown else 0)


if __name__ == "__main__":
    main()
