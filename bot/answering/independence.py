"""Counts independent sources: copies of one report, and reports of one publisher, count once; claims don't count."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.article import ArticleFacts
from corpus.publishers.basis import is_claim, known_publisher
from corpus.publishers.directory import Publishers
from corpus.publishers.publisher import name_key


@dataclass(frozen=True, slots=True)
class Independence:
    """The number of quoted publishers, and of those that did not copy another one's report."""

    publishers: int
    independent: int


def sources_of(articles: Sequence[ArticleFacts], publishers: Publishers) -> dict[int, str | None]:
    """Return the source that each quoted article counts as, by id, without those that count as none.

    A known publisher counts by its name, any other site as itself, whatever it calls itself. A site that bears the name
    of another source here adds none. Claims count only where there is nothing else, those of one origin once.
    """
    sources: dict[int, str | None] = {}
    sites: dict[int, tuple[str, str]] = {}
    claims: dict[int, str | None] = {}
    for each in articles:
        known = known_publisher(each, publishers)
        name = known.name if known else each.publisher
        if is_claim(each, publishers):
            claims[each.id] = each.served_by or f"handed in to {each.collection}"
        elif each.served_by and known is None:
            sites[each.id] = each.served_by, name_key(name or "")
        else:
            sources[each.id] = name
    names = {name_key(name) for name in sources.values() if name}
    borrowed = {site for site, name in sites.values() if name in names}
    sources |= {article_id: site for article_id, (site, _) in sites.items() if site not in borrowed}
    return sources or claims


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
