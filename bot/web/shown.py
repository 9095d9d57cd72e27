"""What a web page may show, and to whom: collections, feeds, servers' open questions, the token."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from index.filters import Filters


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows. Nothing private is in it unless it is named here.

    Attributes:
        collections: the articles of these; the shared collection and what the operator named.
        feeds: whether the feeds of these collections are listed.
        servers: the Discord servers whose unanswered questions are listed.
        token: what a reader must present; empty for none.
        url: the page's own address, if it is reached by another one than it listens on.
    """

    collections: tuple[str, ...]
    feeds: bool = False
    servers: tuple[int, ...] = ()
    token: str = ""
    url: str = ""

    @property
    def filters(self) -> Filters:
        """The filters that let through what may be shown."""
        return Filters(collections=self.collections)

    @property
    def host(self) -> str:
        """The host of its own address, lower case; empty without one."""
        return (urlsplit(self.url).hostname or "").lower() if self.url else ""

    @property
    def netloc(self) -> str:
        """The host of its own address, with the port if it has one; empty without an address."""
        return urlsplit(self.url).netloc.lower() if self.url else ""

    @property
    def is_https(self) -> bool:
        """Whether readers reach it by https."""
        return self.url.startswith("https://")
