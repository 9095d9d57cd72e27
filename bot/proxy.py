"""The proxy that Discord is reached through, read from its setting."""

from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from corpus.errors import BadInput
from corpus.fetching.options import is_host_name

_SHAPE = "It is no address like http://host:3128 or http://user:password@host:3128."


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where it listens, and as whom it is asked.

    Attributes:
        address: `http://host:port`; never holds the password.
        user: empty where it wants none.
        password: a secret.
    """

    address: str
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, text: str) -> "Proxy":
        """Reads `http://host:port` or `http://user:password@host:port`; what is special in the latter is %-encoded.

        Raises:
            BadInput: it is neither; the sentence repeats nothing of it.
        """
        try:
            parts = urlsplit(text)
            host, port = parts.hostname or "", parts.port or 80
        except ValueError:
            # Not chained: the library's sentence may hold a piece of the password.
            raise BadInput(_SHAPE) from None
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        # RFC 7617, 2: a user with a colon can't be told from the password.
        if not _is_plain(text, parts) or not (is_host_name(host) or ":" in host) or ":" in user:
            raise BadInput(_SHAPE)
        return cls(f"http://{f'[{host}]' if ':' in host else host}:{port}", user, password)


def _is_plain(text: str, parts: SplitResult) -> bool:
    """Whether it names a host and nothing on it."""
    is_clean = text.isprintable() and " " not in text
    return is_clean and parts.scheme == "http" and parts.path in ("", "/") and not (parts.query or parts.fragment)
