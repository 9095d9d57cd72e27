"""A process that is given every hostile link and site one by one, and tells how that went: sentences and memory."""

import faulthandler
import gzip
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from corpus.database import open_database
from corpus.fetch.fetch_article import fetch_articles
from corpus.fetch.options import AllowedHosts, FetchOptions
from corpus.ingest import IngestOptions, ingest_paths
from tests.corpus.fetch.allowed import HOST, to_loopback
from tests.corpus.fetch.cases import LINKS, SITES, redirect_for_ever
from tests.web import Request, Send, Site, response

GB = 1 << 30
# Seconds until a process that is still at one of them shows where, and ends.
MAX_WAIT_S = 60
INSIDE = (
    "http://127.0.0.1/", "http://localhost/", "http://[::ffff:127.0.0.1]/", "http://2130706433/", "http://0x7f.1/",
    "http://169.254.169.254/latest/", "file:///etc/passwd",
)  # fmt: skip

Case = tuple[str, str, FetchOptions]


def stream_a_gigabyte(_request: Request, send: Send) -> None:
    """Sends as much as it says: 1 GB."""
    send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(GB // 65536):
        send(b"10000\r\n" + b"<p>word " * 8192 + b"\r\n")


def cases(site: Site) -> Iterator[Case]:
    """Name, link and options of each; the site's answer is made ready before each is yielded."""
    plain = FetchOptions(resolve=to_loopback)
    yield from ((f"link {link[:60]!r}", link, plain) for link in LINKS)
    at_site = FetchOptions(AllowedHosts.parse(f"{HOST}:{site.port}"), resolve=to_loopback, timeout_s=4)
    # What a site does to win time ends when its time is over, whatever that is.
    short = FetchOptions(at_site.allowed, resolve=to_loopback, timeout_s=0.3)
    link = f"http://{HOST}:{site.port}/story"
    for name, (answer, reason) in SITES.items():
        site.serve("/story", answer)
        yield f"site {name}", link, short if "within" in reason else at_site
    answers: dict[str, bytes | Callable[[Request, Send], None]] = {
        "a gigabyte": stream_a_gigabyte,
        "gzip bomb": response(gzip.compress(bytes(200 << 20), 1), content_encoding="gzip"),
    }
    answers |= {f"redirect to {inside}": response(status="302 Found", location=inside) for inside in INSIDE}
    for name, served in answers.items():
        site.serve("/story", served)
        yield f"site {name}", link, at_site
    for private in ("127.0.0.1", "::ffff:127.0.0.1", "169.254.169.254", "10.0.0.1", "fd12::1"):
        found = ["8.8.8.8", private]
        yield f"name that is also {private}", "https://rebound.example/", FetchOptions(resolve=lambda *_, it=found: it)


def main(folder: Path) -> None:
    """Prints for each case: its name, sentences, MB at the peak, articles stored. Ends where one takes too long."""
    db = open_database(folder / "data")
    with Site().running() as site:
        site.routes["*"] = redirect_for_ever
        for name, link, options in cases(site):
            faulthandler.dump_traceback_later(MAX_WAIT_S, exit=True)
            report = ingest_paths(db, (), IngestOptions(), fetched=list(fetch_articles([link], options)))
            told = [f"{each.reason} {each.hint}".strip() for each in report.rejected]
            # Not ru_maxrss, which a process takes over from the one that started it.
            peak = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024
            line = [name, told, round(peak), report.articles]
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
