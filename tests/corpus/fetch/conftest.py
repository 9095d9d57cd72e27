"""Fixtures: a site on loopback, and a way to fetch from it."""

from collections.abc import Callable, Iterator

import pytest

from corpus.article import Draft
from corpus.fetch.fetch_article import fetch_article
from tests.corpus.fetch.allowed import link, options
from tests.web import Site

Fetch = Callable[..., Draft]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site().running() as running:
        yield running


@pytest.fixture
def fetch(site: Site) -> Fetch:
    """Fetches the site's story."""

    def fetch_story(**changed: object) -> Draft:
        return fetch_article(link(site), options(site, **changed)).parse()

    return fetch_story
