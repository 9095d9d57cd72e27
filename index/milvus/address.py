"""The address of a Milvus server, as the settings give it."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self, TypedDict
from urllib.parse import SplitResult, parse_qsl, urlsplit

from corpus.errors import BadInput

PORT = 19530
_FORMAT = "It must look like milvus://host:19530/name?token=user:password"
# Host names, IPv4 and, as `urlsplit` returns it without brackets, IPv6.
_HOST = re.compile(r"(?!-)[\w-]+(\.[\w-]+)*\.?|[0-9a-f:.]*:[0-9a-f:.]*", re.ASCII)
# Names of collections in Milvus; ours adds 35 characters to one (milvus.io/docs/limitations.md allows 255).
_LONGEST_NAME = 100
_OPTIONS = {"token", "tls", "vectors"}
_TRUTH = {"true": True, "false": False}


class VectorKind(StrEnum):
    """How Milvus searches vectors: each of them, or by a graph of neighbours that misses some."""

    FLAT = "FLAT"
    HNSW = "HNSW"


@dataclass(frozen=True, slots=True)
class MilvusAddress:
    """Where the index is.

    Attributes:
        host: name or IP address.
        port: TCP port.
        name: the alias under which Milvus knows the index.
        token: `user:password` or an API key; a secret, empty where the server asks for none.
        tls: whether the connection is encrypted.
        vectors: how vectors are searched.
    """

    host: str
    port: int
    name: str
    token: str = field(default="", repr=False)
    tls: bool = False
    vectors: VectorKind = VectorKind.FLAT

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse `milvus://host:19530/name?token=user:password&tls=true&vectors=HNSW`; all after the name is optional.

        Raises:
            BadInput: the address has another form; the message repeats no part of it.
        """
        text = text.strip()
        if not text.isprintable():
            # `urlsplit` would drop them without a word.
            raise _refusal("it has no line breaks or control characters")
        try:
            parts = urlsplit(text)
            host, port = parts.hostname or "", PORT if parts.port is None else parts.port
        except ValueError:
            # Not chained: the library's message may contain part of the token.
            raise _refusal("the port is a number, and IPv6 addresses have brackets") from None
        if parts.scheme != "milvus":
            raise _refusal("it begins with milvus://, also for an encrypted connection (tls=true)")
        if "@" in parts.netloc:
            # An address before the `@` would end in logs.
            raise _refusal("user and password are the token")
        if "#" in text:
            raise _refusal("a # in a password is written %23")
        if not host.isascii():
            raise _refusal("a host with other letters than a to z is written as DNS has it, with xn--")
        if not _HOST.fullmatch(host) or not port:
            raise _refusal("the host is a name or an IP address, the port 1 to 65535")
        if not _is_name(name := parts.path.strip("/")):
            raise _refusal(f"the name has up to {_LONGEST_NAME} letters a to z, digits and _, no digit first")
        return cls(host, port, name, **_options(parts))

    @property
    def shown(self) -> str:
        """Host and port, as messages name the server."""
        return f"{self._host}:{self.port}"

    @property
    def uri(self) -> str:
        """What Milvus's library connects to."""
        return f"{'https' if self.tls else 'http'}://{self.shown}"

    @property
    def _host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


def _refusal(reason: str) -> BadInput:
    """Return the refusal of an address, which repeats no part of it."""
    return BadInput(f"{_FORMAT}; {reason}.")


class _Options(TypedDict, total=False):
    token: str
    tls: bool
    vectors: VectorKind


def _options(parts: SplitResult) -> _Options:
    """Return what stands after the question mark."""
    try:
        # A plus sign in a password stays one.
        pairs = parse_qsl(parts.query.replace("+", "%2B"), keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        raise _refusal("a & in a password is written %26") from None
    given = dict(pairs)
    if not given.keys() <= _OPTIONS or len(given) < len(pairs):
        raise _refusal("the options are token, tls and vectors, each at most once; a & in a password is written %26")
    try:
        tls = _TRUTH[given.get("tls", "false").lower()]
        vectors = VectorKind(given.get("vectors", VectorKind.FLAT).upper())
    except (ValueError, KeyError):
        raise _refusal("tls is true or false, vectors FLAT or HNSW") from None
    return _Options(token=given.get("token", ""), tls=tls, vectors=vectors)


def _is_name(name: str) -> bool:
    return name.isascii() and name.isidentifier() and len(name) <= _LONGEST_NAME
