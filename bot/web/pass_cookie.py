"""The token that opens the page, and the cookie that a browser gets for it."""

import hmac
from hashlib import sha256

from itsdangerous import BadSignature, TimestampSigner

COOKIE = "attache_pass"
# Seconds that a browser stays signed in.
PASS_AGE_S = 30 * 24 * 3600
# Characters; the token is all that protects the page.
SHORTEST_TOKEN = 20


class PassCookie:
    """Checks the token, and makes and checks cookies.

    A cookie is signed with the token, so it outlives a restart and ends with the token. It holds neither the token nor
    anything about the reader.
    """

    def __init__(self, token: str) -> None:
        self._token = sha256(token.encode()).digest()
        self._signer = TimestampSigner(self._token, salt=COOKIE, digest_method=sha256)

    def is_token(self, given: str) -> bool:
        """Return whether this is the token, in a time that tells nothing of it."""
        return hmac.compare_digest(sha256(given.encode("utf-8", "replace")).digest(), self._token)

    def make(self) -> str:
        """Return the value of a new cookie."""
        return str(self._signer.sign("reader"), "ascii")

    def is_valid(self, value: str) -> bool:
        """Return whether a cookie's value was made for this token, and is not too old."""
        try:
            return bytes(self._signer.unsign(value, max_age=PASS_AGE_S)) == b"reader"
        except BadSignature:
            return False
