"""How many sources stand behind an answer: copies of one report, and reports of one publisher, count once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Independence:
    """How many publishers are quoted, and how many of them did not print a copy of another one's report."""

    publishers: int
    independent: int


def count_independent(publisher_of: Mapping[int, str | None], copies: Iterable[tuple[int, int]]) -> Independence:
    """Counts the publishers of quoted articles.

    Args:
        publisher_of: the publisher of each quoted article, by its id; one that states none is its own.
        copies: pairs of articles of which one is a copy of the other.
    """
    publisher = {article: name or f"article {article}" for article, name in publisher_of.items()}
    group = {name: name for name in publisher.values()}

    def head(name: str) -> str:
        while group[name] != name:
            name = group[name]
        return name

    for one, other in copies:
        if one in publisher and other in publisher:
            group[head(publisher[one])] = head(publisher[other])
    return Independence(len(group), len({head(name) for name in group}))
