"""The address of a Milvus server, as the settings give it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self
from urllib.parse import SplitResult, parse_qs, urlsplit

from corpus.errors import BadInput

PORT = 19530
_FORMAT = "It must look like milvus://host:19530/name?token=user:password."
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
        try:
            parts = urlsplit(text.strip())
            host, port = parts.hostname or "", parts.port or PORT
            # A plus sign in a password stays one.
            given = parse_qs(parts.query.replace("+", "%2B"), strict_parsing=bool(parts.query))
            tls = _TRUTH[given.get("tls", ["false"])[-1].lower()]
            vectors = VectorKind(given.get("vectors", [VectorKind.FLAT])[-1].upper())
        except (ValueError, KeyError):
            # Not chained: the library's message may contain part of the token.
            raise BadInput(_FORMAT) from None
        name = parts.path.strip("/")
        if not host or not _is_milvus(parts) or not given.keys() <= _OPTIONS or not _is_name(name):
            raise BadInput(_FORMAT)
        return cls(host, port, name, given.get("token", [""])[-1], tls, vectors)

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


def _is_milvus(parts: SplitResult) -> bool:
    # The token has a place of its own: an address before the `@` would end in logs.
    return parts.scheme == "milvus" and not parts.fragment and "@" not in parts.netloc


def _is_name(name: str) -> bool:
    return name.isascii() and name.isidentifier() and len(name) <= _LONGEST_NAME
