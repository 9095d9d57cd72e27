"""What Datasette says where a table can't be shown, in place of its own: that one logs requests, with the token."""

import secrets
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from datasette import hookimpl
from datasette.plugins import pm
from datasette.utils.asgi import Base400, Request, Response
from datasette.views.base import DatasetteError

log = structlog.get_logger(__name__)
_NAME, _REPLACED = "attache", "datasette.handle_exception"


def replace_error_page() -> None:
    """Have Datasette call this module, and not its own handler, for what goes wrong in its pages."""
    # Datasette's plugins are those of the whole process, and this may be called for each page opened in it.
    if pm.has_plugin(_REPLACED):
        pm.unregister(name=_REPLACED)
    if not pm.has_plugin(_NAME):
        pm.register(ErrorPage(), _NAME)


class ErrorPage:
    """The plugin, by Datasette's hooks."""

    # Datasette names plugins by it.
    __name__ = __name__

    @hookimpl  # type: ignore[untyped-decorator, unused-ignore] # Datasette has no types
    def handle_exception(
        self,
        datasette: Any,  # noqa: ANN401 - Datasette has no types
        request: Request,
        exception: Exception,
    ) -> Callable[[], Awaitable[Response]]:
        """Return what makes the response to an exception."""

        async def respond() -> Response:
            status, sentence = _explain(exception, request)
            if request.path.endswith(".json"):
                return Response.json({"ok": False, "error": sentence, "status": status}, status=status)
            return Response.html(await datasette.render_template("error.html", {"error": sentence}), status=status)

        return respond


def _explain(exception: Exception, request: Request) -> tuple[int, str]:
    """Return the status and sentence for an exception; an unexpected one is logged with its traceback alone."""
    if isinstance(exception, Base400):
        return exception.status, str(exception)
    if isinstance(exception, DatasetteError):
        # Its 500 are what the address asks for, too.
        is_long = "time limit" in str(exception.message)
        sentence = "It takes too long; narrow it with a filter." if is_long else str(exception.message)
        return exception.status if exception.status < 500 else 400, sentence
    if _is_of_address(exception, request):
        return 400, "Part of this address is unreadable. Open the table anew, and choose its filters on the page."
    incident = secrets.token_hex(4)
    log.error("a table failed", incident=incident, exc_info=exception)
    return 500, f"Something went wrong (incident {incident}). The log of `attache web` says more."


def _is_of_address(exception: Exception, request: Request) -> bool:
    """Return whether what failed is a value in the address, which Datasette does not check: `article__in=[`.

    It reads them as JSON or whole numbers, and hands them to SQLite, which takes neither lists nor more than 64 bits.
    """
    if not request.query_string:
        return False
    is_unbound = isinstance(exception, sqlite3.Error) and "binding parameter" in str(exception)
    is_unread = isinstance(exception, (ValueError, OverflowError))
    return is_unbound or is_unread or (isinstance(exception, KeyError) and "_through" in request.args)
