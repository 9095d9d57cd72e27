"""Made-up news that change from one edition to the next."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

WORDS = (
    "the council harbour office of town village minister envoy treaty river border convoy grain market winter report"
    " engineers bridge pier ferry tender repair autumn vote talks letter signed closed opened crossed warned refused"
    " carried counted repaired delayed denied confirmed announced nobody several thirty ninety northern southern"
).split()


@dataclass(frozen=True)
class Edition:
    """What the news say at one time: every edition adds articles and rewrites some of the others."""

    seed: int
    number: int
    articles: int

    def records(self) -> Iterator[dict[str, str]]:
        """The articles, each as the latest edition that touched it wrote it."""
        for place in range(self.articles + 3 * self.number):
            yield self._record(place)

    def _record(self, place: int) -> dict[str, str]:
        written = next(n for n in range(self.number, -1, -1) if n == 0 or (place + n) % 3 == 0)
        made = random.Random(f"{self.seed} {place} {written}")
        body = "\n\n".join(_paragraph(made) for _ in range(made.randint(3, 8)))
        return {"url": f"https://example.org/{place}", "title": f"Report {place} of day {written}", "body": body}


def _paragraph(made: random.Random) -> str:
    sentences = (made.choices(WORDS, k=made.randint(9, 22)) for _ in range(made.randint(3, 6)))
    return " ".join(" ".join(words).capitalize() + "." for words in sentences)
