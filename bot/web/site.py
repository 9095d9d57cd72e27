"""The running page: what pages need, and which page answers a path."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import structlog
from datasette.utils.asgi import Request, Response

from bot.service.attache import Attache
from bot.web.datasette_app import DATABASE, STATIC, make_datasette, table_names
from bot.web.gate import Message, Receive, Scope, Send
from bot.web.shown import Shown
from bot.web.tables import write_tables
from bot.web.workers import TooBusy, Workers
from corpus.catalog import revision
from corpus.errors import AttacheError, BadInput

# Seconds for which the tables stay as they are: writing those of a million passages takes about ten.
TABLES_AGE_S = 60.0

log = structlog.get_logger(__name__)
Page = Callable[["Site", Request, str], Awaitable[Response]]


class NoSuchPage(AttacheError):
    """Nothing with this number may be shown."""


class Site:
    """Answers the requests that the gate lets through (ASGI).

    Args:
        attache: answers and searches.
        shown: what may be shown.
        folder: a folder of its own, for the tables.
        find_page: returns the page of a path, and the number in it.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        attache: Attache,
        shown: Shown,
        folder: Path,
        find_page: Callable[[str], tuple[Page, str] | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.attache = attache
        self.shown = shown
        self.workers = Workers(attache)
        self._find_page = find_page
        self._clock = clock
        self._tables = folder / "tables.db"
        self._written: int | None = None
        self._next_writing = 0.0
        self._writing: asyncio.Task[None] | None = None
        self._names = table_names(shown)
        self._datasette = make_datasette(shown, self._tables)
        self._app: Any = None

    async def open(self) -> None:
        """Write the tables and load the models, so that the first page does not wait for them."""
        await self._write_tables()
        self._app = self._datasette.app()
        await self._datasette.invoke_startup()
        self._datasette.jinja_env.globals["site"] = {
            "tables": self._names,
            "can_sign_out": bool(self.shown.token),
            "style": sha256((STATIC / "style.css").read_bytes()).hexdigest()[:8],
        }
        await self.workers.answer(lambda attache: attache.warm_up())

    def close(self) -> None:
        """Finish what runs."""
        self.workers.close()
        for database in self._datasette.databases.values():
            database.close()
        if self._datasette.executor is not None:
            self._datasette.executor.shutdown()

    async def render(self, template: str, context: Mapping[str, Any], status: int = 200) -> Response:
        """Return a page from a template."""
        body = await self._datasette.render_template(template, dict(context))
        return Response(body, status=status, content_type="text/html; charset=utf-8")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope["path"]
        name = path.removeprefix(f"/{DATABASE}/").removesuffix(".json")
        if scope["method"] != "POST" and path.startswith(f"/{DATABASE}/") and name in self._names:
            self._refresh_tables()
            await self._app(self._as_reached(scope), receive, _for_method(send, scope["method"]))
            return
        response = await self._answer(path, Request(scope, receive))
        await response.asgi_send(_for_method(send, scope["method"]))

    def _as_reached(self, scope: Scope) -> Scope:
        """Return the request as readers sent it: Datasette makes whole addresses of host and scheme."""
        scope = {**scope, "method": "GET"}
        if self.shown.url:
            others = [pair for pair in scope["headers"] if pair[0].lower() != b"host"]
            scope["headers"] = [*others, (b"host", self.shown.netloc.encode("idna"))]
            scope["scheme"] = "https" if self.shown.is_https else "http"
        return scope

    async def _answer(self, path: str, request: Request) -> Response:
        page, number = self._find_page(path) or (_no_such_page, "")
        try:
            return await page(self, request, number)
        except AttacheError as error:
            return await self._tell(error)
        except Exception:  # last-resort error handler: a sentence for the reader, the traceback in the log
            incident = secrets.token_hex(4)
            # Neither address nor question: the log is not for what people look up.
            log.exception("a page failed", incident=incident)
            sorry = AttacheError(
                f"This page can't be shown (incident {incident}).", "Try again; the log of `attache web` says more."
            )
            return await self._tell(sorry)

    async def _tell(self, error: AttacheError) -> Response:
        statuses: dict[type[AttacheError], int] = {NoSuchPage: 404, BadInput: 400, TooBusy: 503}
        status = statuses.get(type(error), 500)
        return await self.render("problem.html", {"message": error.message, "hint": error.hint}, status)

    def _refresh_tables(self) -> None:
        """Have the tables written again if they are old; until then, their readers see them as they are."""
        if self._clock() >= self._next_writing and (self._writing is None or self._writing.done()):
            self._writing = asyncio.create_task(self._write_again())

    async def _write_again(self) -> None:
        try:
            await self._write_tables()
        except AttacheError as error:
            self._next_writing = self._clock() + TABLES_AGE_S
            log.warning("the tables can't be written again", reason=error.message)

    async def _write_tables(self) -> None:
        """Write the tables if what they show has changed."""
        began = self._clock()
        state = await self.workers.read(revision)
        # Feeds and questions change without the articles.
        if state != self._written or self.shown.feeds or self.shown.servers:
            settings = self.attache.settings
            await self.workers.write(lambda: write_tables(settings, self.shown, self._tables))
            self._written = state
        # Of the processor's time, writing takes a twentieth at most.
        self._next_writing = self._clock() + max(TABLES_AGE_S, 20 * (self._clock() - began))


async def _no_such_page(_site: Site, _request: Request, _number: str) -> Response:
    raise NoSuchPage("There is no such page.", "The links above lead to all of them.")


def _for_method(send: Send, method: str) -> Send:
    """Return a `send` that leaves out the body of the reply to a HEAD request."""

    async def send_head(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return send_head if method == "HEAD" else send
