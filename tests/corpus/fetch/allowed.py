"""A site of a made-up name that may be fetched from, and what holds for every refusal."""

from collections.abc import Sequence

from corpus.errors import AttacheError
from corpus.fetch.options import AllowedHosts, FetchOptions
from tests.web import Site, page

HOST = "news.example"
GOOD = page()
LIMIT = 300_000


def options(site: Site, **changed: object) -> FetchOptions:
    """Allows the site at its port; every name leads to loopback."""
    defaults = {
        "allowed": AllowedHosts.parse(f"{HOST}:{site.port}"),
        "resolve": lambda _host, _port: ["127.0.0.1"],
        "timeout_s": 10.0,
        "max_bytes": LIMIT,
    }
    return FetchOptions(**(defaults | changed))


def link(site: Site, path: str = "/story") -> str:
    return f"http://{HOST}:{site.port}{path}"


def assert_refusal(error: AttacheError) -> None:
    """It is one sentence with something to do next, and names no inner part."""
    assert error.message[0].isupper()
    assert error.message.endswith(".")
    assert len(error.message) < 300
    assert "Traceback" not in str(error)


def to_loopback(_host: str, _port: int) -> Sequence[str]:
    return ["127.0.0.1"]
