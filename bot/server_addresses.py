"""The addresses of servers that settings name, parsed: a proxy, a mail server, an e-mail address."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from corpus.errors import BadInput
from corpus.fetch.options import is_host_name

_SMTP_FORMAT = "It must look like smtps://user:password@host or smtp://host:25."
_MAIL_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[\w.-]{1,255}", re.ASCII)
_PROXY_FORMAT = "It must look like http://host:3128 or http://user:password@host:3128."


@dataclass(frozen=True, slots=True)
class Proxy:
    """The proxy for connections to Discord.

    Attributes:
        address: `http://host:port`, without the password.
        user: empty if the proxy wants none.
        password: a secret.
    """

    address: str
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, text: str) -> "Proxy":
        """Parse `http://host:port` or `http://user:password@host:port`; user and password are percent-encoded.

        Raises:
            BadInput: the address has neither form; the message repeats no part of it.
        """
        found = _parse(text, ("http",), _PROXY_FORMAT)
        # With a colon in the user name, its end is ambiguous (RFC 7617, 2).
        if ":" in found.user:
            raise BadInput(_PROXY_FORMAT)
        host = f"[{found.host}]" if ":" in found.host else found.host
        return cls(f"http://{host}:{found.port or 80}", found.user, found.password)


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server: with TLS from the first byte, or with STARTTLS; the password is a secret."""

    host: str
    port: int
    is_tls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, text: str) -> "MailServer":
        """Parse `smtps://host:port` or `smtp://user:password@host`; user and password are percent-encoded.

        Raises:
            BadInput: the address has neither form; the message repeats no part of it.
        """
        found = _parse(text, ("smtp", "smtps"), _SMTP_FORMAT)
        is_tls = found.scheme == "smtps"
        return cls(found.host, found.port or (465 if is_tls else 587), is_tls, found.user, found.password)


def is_mail_address(text: str) -> bool:
    """Return whether a text is one plain e-mail address, without a name."""
    return _MAIL_ADDRESS.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class _Parts:
    """What an address states; user and password decoded, `port` None where it states none."""

    scheme: str
    host: str
    port: int | None
    user: str
    password: str = field(repr=False)


def _parse(text: str, schemes: Sequence[str], wanted: str) -> _Parts:
    """Parse an address of a server, without path, query or fragment.

    Raises:
        BadInput: it has another form; the message is `wanted`.
    """
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        # Not chained: the library's message may contain part of the password.
        raise BadInput(wanted) from None
    is_clean = text.isprintable() and " " not in text and parts.path in ("", "/")
    is_address = parts.scheme in schemes and (is_host_name(host) or ":" in host)
    if not (is_clean and is_address) or parts.query or parts.fragment:
        raise BadInput(wanted)
    return _Parts(parts.scheme, host, port, unquote(parts.username or ""), unquote(parts.password or ""))
