"""A web site on loopback that says whatever a test wants, and articles of made-up places for it."""

import contextlib
import json
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

Send = Callable[[bytes], None]


@dataclass(frozen=True)
class Request:
    """What a client asked for."""

    path: str
    headers: dict[str, str]


Route = Callable[[Request, Send], None]


def response(
    body: bytes | str = b"", status: str = "200 OK", *, type_: str = "text/html; charset=utf-8", **headers: str
) -> bytes:
    """A whole response; `content_encoding` and the like become headers."""
    raw = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(raw)}", "Connection: close"]
    lines += [f"Content-Type: {type_}"] if type_ else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + raw


class Site:
    """A server of one thread a connection; every connection gets one answer."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.routes: dict[str, Route] = {}
        self.requests: list[Request] = []
        self._tls = tls
        self._server = _Server(("127.0.0.1", 0), self._handler())

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def serve(self, path: str, answer: bytes | Route) -> None:
        """Answers a path with these bytes, or as the function does."""
        self.routes[path] = answer if callable(answer) else lambda _request, send: send(answer)

    @contextlib.contextmanager
    def running(self) -> Iterator["Site"]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def _handler(self) -> type[socketserver.BaseRequestHandler]:
        site = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    connection = site._tls.wrap_socket(self.request, server_side=True) if site._tls else self.request
                    with contextlib.closing(connection):
                        self._answer(connection)

            def _answer(self, connection: ssl.SSLSocket) -> None:
                received = b""
                while b"\r\n\r\n" not in received:
                    chunk = connection.recv(65536)
                    if not chunk:
                        return
                    received += chunk
                    if not received.startswith(b"GET"[: len(received)]):
                        connection.sendall(response("", "400 Bad Request"))
                        return
                head = received.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in head[1:])
                request = Request(head[0].split(" ")[1], headers)
                site.requests.append(request)
                route = site.routes.get(request.path) or site.routes.get("*")
                if route:
                    route(request, connection.sendall)
                else:
                    connection.sendall(response("Nothing here.", "404 Not Found"))

        return Handler


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 50


PARAGRAPHS = tuple(
    """The ferry line to Marn Island reopened on Friday after two years of repairs to both of its piers, the harbour
office of Velden said in a statement that it read out to some thirty residents on the quay.

Harbour master Lena Quist said that the first boat of the morning had carried ninety passengers, eleven cars and a small
herd of goats, which was more than she had expected on a working day.

Tickets will cost twice as much as before. The council of Marn had asked for a lower price for residents, but the
operator, Blue Heron Lines, denied that it had ever promised one, and pointed to the price of fuel.

A second boat is due in autumn. Whether it will also call at the old lighthouse depends on a survey of the sea bed,
which the canton has yet to pay for, Quist added.""".replace("\n\n", "\t")
    .replace("\n", " ")
    .split("\t")
)


def page(
    *paragraphs: str,
    title: str = "Ferry line to Marn Island reopens",
    head: str = "",
    json_ld: object = None,
    rest: str = "",
) -> str:
    """The markup of an article's page, with a menu and a footer around it."""
    stated = f'<script type="application/ld+json">{json.dumps(json_ld)}</script>' if json_ld is not None else ""
    text = "".join(f"<p>{escape(each)}</p>" for each in (paragraphs or PARAGRAPHS))
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{escape(title)} | Harbour Herald</title>{head}{stated}</head>'
        "<body>"
        '<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>'
        f"<main><article><h1>{escape(title)}</h1>{text}</article></main>{rest}"
        "<footer>Imprint</footer></body></html>"
    )
