"""Signing in with the token, and out."""

import asyncio
from urllib.parse import parse_qs

from datasette.utils.asgi import Request, Response

from bot.web.pass_cookie import COOKIE, PASS_AGE_S, PassCookie
from bot.web.site import NoSuchPage, Site
from corpus.errors import BadInput

# Bytes of the form; the token is far shorter.
_LONGEST_FORM = 4_096
# Seconds that a wrong token costs.
_PAUSE_S = 0.5


async def sign_in(site: Site, request: Request, _number: str) -> Response:
    """Show the form, and take the token from it."""
    if not site.shown.token:
        raise NoSuchPage("No token is needed here.", "The links above lead to all pages.")
    if request.method != "POST":
        return await site.render("sign_in.html", {"problem": ""})
    cookie = PassCookie(site.shown.token)
    given = _token(await _body(request))
    if not cookie.is_token(given):
        await asyncio.sleep(_PAUSE_S)
        problem = "This is not the token. Ask whoever runs this page for it."
        return await site.render("sign_in.html", {"problem": problem}, 403)
    response = Response("", status=303, headers={"location": "/"})
    is_secure = site.shown.is_https
    response.set_cookie(COOKIE, cookie.make(), max_age=PASS_AGE_S, secure=is_secure, httponly=True, samesite="lax")
    return response


async def sign_out(site: Site, request: Request, _number: str) -> Response:
    """Forget the token in this browser."""
    if request.method != "POST" or not site.shown.token:
        raise NoSuchPage("There is no such page.", "The button in the head of the page signs out.")
    response = Response("", status=303, headers={"location": "/sign-in"})
    response.set_cookie(COOKIE, "", max_age=0, httponly=True, samesite="lax")
    return response


def _token(form: str) -> str:
    try:
        return parse_qs(form, max_num_fields=4).get("token", [""])[0].strip()
    except ValueError:
        # Too many fields.
        return ""


async def _body(request: Request) -> str:
    """Return the form as it was sent.

    Raises:
        BadInput: it is too long.
    """
    body, is_more = b"", True
    while is_more:
        message = await request.receive()
        body += message.get("body", b"")
        is_more = message.get("more_body", False)
        if len(body) > _LONGEST_FORM:
            raise BadInput("This is longer than any token.", "Paste the token alone.")
    return body.decode("utf-8", "replace")
