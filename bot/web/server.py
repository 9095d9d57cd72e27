"""Runs the page on a port until it is stopped."""

import asyncio
import errno
import logging
import signal
import socket
import tempfile
from collections.abc import Callable
from contextlib import closing
from ipaddress import ip_address
from pathlib import Path

import uvicorn

from bot.service.attache import Attache
from bot.service.sessions import reading
from bot.service.shown_facts import has_articles
from bot.settings import BadSettings, Settings
from bot.web.connections import server_config
from bot.web.gate import Gate
from bot.web.pass_cookie import SHORTEST_TOKEN
from bot.web.routes import find_page
from bot.web.shown import Shown
from bot.web.site import Site
from corpus.article import SHARED_COLLECTION
from corpus.errors import AttacheError, BadInput

# Seconds that a request in progress has when the page is stopped.
_SHUTDOWN_TIMEOUT_S = 5


def check_exposure(settings: Settings, host: str) -> str:
    """Return the token; refuse to be reached from elsewhere without one.

    Raises:
        BadSettings: the token is missing, too short, or can't be read.
    """
    token = settings.web_secret
    if token and len(token) < SHORTEST_TOKEN:
        raise BadSettings(
            f"ATTACHE_WEB_TOKEN has fewer than {SHORTEST_TOKEN} characters.",
            "Make one with `openssl rand -hex 24`; it is all that protects the page.",
        )
    if not token and not _is_loopback(host):
        raise BadSettings(
            f"On {host} others could read the page, and no token protects it.",
            "Set ATTACHE_WEB_TOKEN (`openssl rand -hex 24` makes one), or leave out --host.",
        )
    return token


def check_collections(settings: Settings, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the collections to show: the shared one and the named ones.

    Raises:
        BadInput: a named one has no article.
    """
    with reading(settings.data_dir) as db:
        for name in names:
            if not has_articles(db, name):
                hint = "A Discord server's own one is called discord-NUMBER."
                raise BadInput(f"The collection “{name[:80]}” has no articles.", hint)
    return tuple(dict.fromkeys((SHARED_COLLECTION, *names)))


def serve(attache: Attache, shown: Shown, host: str, port: int, opened: Callable[[str], None]) -> None:
    """Serve the page until SIGINT or SIGTERM.

    Args:
        attache: answers and searches.
        shown: what may be shown.
        host: the address to listen on.
        port: 0 for any free one.
        opened: receives the page's address once it can be opened.

    Raises:
        AttacheError: the port can't be opened.
        StorageFailure: the data folder can't be read.
    """
    with closing(_listen(host, port)) as listener, tempfile.TemporaryDirectory(prefix="attache-web-") as folder:
        asyncio.run(_serve(Site(attache, shown, Path(folder), find_page), listener, opened))


async def _serve(site: Site, listener: socket.socket, opened: Callable[[str], None]) -> None:
    # Its access log would hold what people look up; its errors go to ours.
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    server = uvicorn.Server(server_config(Gate(site, site.shown), _SHUTDOWN_TIMEOUT_S))

    def stop(*_: object) -> None:
        server.should_exit = True

    # uvicorn raises a signal again once it has stopped, which by itself would end the process with the tables left.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    try:
        await site.open()
        host, port = listener.getsockname()[:2]
        opened(f"http://{f'[{host}]' if ':' in host else host}:{port}")
        await server.serve(sockets=[listener])
    finally:
        site.close()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    # UnicodeError: a part of the host's name is empty or too long.
    except (OSError, UnicodeError) as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise AttacheError(f"Port {port} on {host} is in use.", "Choose another with --port.") from error
        reason = getattr(error, "strerror", "") or error
        raise AttacheError(f"Port {port} on {host} can't be opened ({reason}).", "Check --host and --port.") from error


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
