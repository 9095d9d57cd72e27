"""Counts independent sources: copies of one report, and reports of one publisher, count once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Independence:
    """The number of quoted publishers, and of those that did not copy another one's report."""

    publishers: int
    independent: int


def count_independent(publisher_of: Mapping[int, str | None], copies: Iterable[tuple[int, int]]) -> Independence:
    """Count the publishers of quoted articles, merging those linked by copies (union-find).

    Args:
        publisher_of: the publisher of each quoted article by id; an article without one is its own publisher.
        copies: pairs of article ids of which one is a copy of the other.
    """
    publisher = {article: name or f"article {article}" for article, name in publisher_of.items()}
    parent = {name: name for name in publisher.values()}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    for one, other in copies:
        if one in publisher and other in publisher:
            parent[root(publisher[one])] = root(publisher[other])
    return Independence(len(parent), len({root(name) for name in parent}))
