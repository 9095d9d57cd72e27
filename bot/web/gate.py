"""What every request passes first: which hosts, methods and paths are served, the token, and safe headers."""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from ipaddress import ip_address
from typing import Any

from bot.web.pass_cookie import COOKIE, PassCookie
from bot.web.shown import Shown

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"
# No escapes, dots or doubled slashes: each page has one spelling.
_PATH = re.compile(r"/(?:[a-z0-9_-]+/)*(?:[a-z0-9_-]+(?:\.(?:css|json|png|svg))?)?")
Refusal = tuple[int, str, dict[str, str]]
_STRANGE_HOST: Refusal = (421, "This address isn't one of mine. Open me by the one that I printed at the start.", {})
_WRONG_METHOD: Refusal = (405, "Pages are only read here.", {"allow": "GET, HEAD"})
_STRANGE_FORM: Refusal = (403, "This form wasn't sent from my own page. Load the page again, and send it there.", {})
_NO_PAGE: Refusal = (404, "There is no such page.", {})
_TOO_LONG: Refusal = (414, "This address is too long.", {})
# What a reader without the token may have.
_OPEN_TO_ALL = frozenset({SIGN_IN, "/static/style.css", "/static/icon.svg"})
# Bytes of a query: a question has 1,000 characters at most, each of up to 12 bytes when escaped.
_LONGEST_QUERY = 16_000
# Nothing runs and nothing is fetched from elsewhere, whatever an article's text has in it.
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Under `no-referrer`, browsers would not state the origin of our own forms either.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow",
    "cache-control": "private, no-store",
}


class Gate:
    """Passes on the requests that may be answered.

    Args:
        app: answers them.
        shown: has the token and the page's own address.
    """

    def __init__(self, app: App, shown: Shown) -> None:
        self._app = app
        self._shown = shown
        self._cookie = PassCookie(shown.token)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or refuse one request (ASGI)."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            return
        sending = _with_headers(send, is_https=self._shown.is_https)
        headers = {name.lower(): value for name, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal is None:
            await self._app(scope, receive, sending)
        else:
            await _refuse(sending, *refusal)

    def _refusal(self, scope: Scope, headers: dict[bytes, bytes]) -> Refusal | None:
        """Return status, sentence and headers of a refusal; None if the request may pass."""
        host, method = _text(headers, b"host"), scope["method"]
        checks: tuple[tuple[bool, Refusal], ...] = (
            (self._is_own_host(host), _STRANGE_HOST),
            (method in {"GET", "HEAD", "POST"}, _WRONG_METHOD),
            (method != "POST" or self._is_own_form(scope, headers, host), _STRANGE_FORM),
            (_is_plain(scope), _NO_PAGE),
            (len(scope.get("query_string", b"")) <= _LONGEST_QUERY, _TOO_LONG),
            (scope["path"] in _OPEN_TO_ALL or self._is_signed_in(headers), _sign_in_first(headers)),
        )
        return next((refusal for passes, refusal in checks if not passes), None)

    def _is_own_host(self, host: str) -> bool:
        """Return whether the page is reached by an address of its own, so that no other site's name leads here.

        A name that leads to this machine (DNS rebinding) would make the page one of that site's.
        """
        name = re.sub(r":\d{1,5}$", "", host.lower()).removeprefix("[").removesuffix("]")
        return name == "localhost" or (name != "" and name == self._shown.host) or _is_address(name)

    def _is_own_form(self, scope: Scope, headers: dict[bytes, bytes], host: str) -> bool:
        """Return whether a form was sent from the page itself; browsers state the origin of every form."""
        is_form = _text(headers, b"content-type").startswith("application/x-www-form-urlencoded")
        origin = _text(headers, b"origin").partition("://")[2]
        is_ours = origin != "" and origin.lower() in {host.lower(), self._shown.netloc}
        return scope["path"] in {SIGN_IN, SIGN_OUT} and is_form and is_ours

    def _is_signed_in(self, headers: dict[bytes, bytes]) -> bool:
        if not self._shown.token:
            return True
        kind, _, token = _text(headers, b"authorization").partition(" ")
        if kind.lower() == "bearer" and self._cookie.is_token(token.strip()):
            return True
        pairs = (part.strip().partition("=") for part in _text(headers, b"cookie").split(";"))
        return any(name == COOKIE and self._cookie.is_valid(value) for name, _, value in pairs)


def _is_plain(scope: Scope) -> bool:
    """Return whether a path is spelt as pages are, so that nothing behind decodes it in another way."""
    raw = scope.get("raw_path")
    is_same = raw is None or raw.partition(b"?")[0] == scope["path"].encode("utf-8", "replace")
    return is_same and _PATH.fullmatch(scope["path"]) is not None


def _sign_in_first(headers: dict[bytes, bytes]) -> Refusal:
    """Return where browsers sign in, or what programs lack."""
    if "text/html" in _text(headers, b"accept"):
        return 303, "Sign in first.", {"location": SIGN_IN}
    return 401, "The token is missing or wrong.", {"www-authenticate": "Bearer"}


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _text(headers: dict[bytes, bytes], name: bytes) -> str:
    return headers.get(name, b"").decode("latin-1")


def _with_headers(send: Send, *, is_https: bool) -> Send:
    """Return a `send` that adds the safe headers to every response, in place of any of the same name."""
    added = _HEADERS | ({"strict-transport-security": "max-age=31536000"} if is_https else {})
    names = {name.encode() for name in added}

    async def send_safely(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [pair for pair in message.get("headers", []) if pair[0].lower() not in names]
            safe = [(name.encode(), value.encode()) for name, value in added.items()]
            message = {**message, "headers": [*kept, *safe]}
        await send(message)

    return send_safely


async def _refuse(send: Send, status: int, sentence: str, headers: dict[str, str]) -> None:
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    start = {"type": "http.response.start", "status": status}
    await send({**start, "headers": [(b"content-type", b"text/plain; charset=utf-8"), *pairs]})
    await send({"type": "http.response.body", "body": f"{sentence}\n".encode()})
