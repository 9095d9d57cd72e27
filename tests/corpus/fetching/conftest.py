"""Fixtures: a site on loopback, and a way to fetch from it."""

from collections.abc import Callable, Iterator

import pytest

from corpus.article import Draft
from corpus.fetching.article import fetch_article
from tests.corpus.fetching.allowed import link, options
from tests.web import Site

Fetch = Callable[..., Draft]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site().running() as running:
        yield running


@pytest.fixture
def fetch(site: Site) -> Fetch:
    """Fetches a path of the site, or a whole link."""

    def fetch_path(path: str = "/story", **changed: object) -> Draft:
        url = path if "://" in path else link(site, path)
        return fetch_article(url, options(site, **changed)).parse()

    return fetch_path
