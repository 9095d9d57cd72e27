"""A connection to a Milvus server: made at the first call, with a time limit for each, and errors that are ours."""

import importlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from index.errors import IndexUnreachable
from index.milvus.address import MilvusAddress

# Seconds. A search takes milliseconds; somebody waits for the answer, and others behind them.
SEARCH_TIMEOUT_S = 5.0
# A batch is a few megabytes; a server that builds an index or is starting again may take long.
WRITE_TIMEOUT_S = 60.0
# A server that was gone is looked for every second; by default less and less often, up to every two minutes
# (grpc.github.io/grpc/core/group__grpc__arg__keys.html).
_RECONNECTING = {
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 1_000,
    "grpc.use_local_subchannel_pool": 1,
}
_STORED = "Everything is stored; what is missing in the index joins it once the server answers."


class IndexMissing(IndexUnreachable):
    """The server has no index of this name, or has not loaded it."""


class Connection:
    """A Milvus server; connects at the first call, and again after a fault.

    Args:
        address: where it is.
    """

    def __init__(self, address: MilvusAddress) -> None:
        self.address = address
        # ANN401: an optional dependency, so its types are not always there.
        self._client: Any = None

    @property
    def library(self) -> Any:  # noqa: ANN401
        """Milvus's library, `pymilvus`.

        Raises:
            IndexUnreachable: it isn't installed.
        """
        try:
            with _without_env_files():
                library = importlib.import_module("pymilvus")
        except ImportError as error:
            raise IndexUnreachable(
                "ATTACHE_INDEX names a Milvus server, but the library for it isn't installed.",
                "Run `pip install '.[milvus]'` in Attaché's folder, or empty ATTACHE_INDEX.",
            ) from error
        # It writes a traceback for each fault that we turn into a sentence.
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        return library

    def call(self, method: str, *arguments: object, timeout_s: float, **options: object) -> Any:  # noqa: ANN401
        """Call a method of `pymilvus.MilvusClient`.

        Raises:
            IndexUnreachable: the server doesn't answer in time, refuses us, or sends what can't be read.
            IndexMissing: what is called for doesn't exist there, or isn't loaded.
        """
        library = self.library
        with self._faults(library):
            if self._client is None:
                self._client = library.MilvusClient(
                    uri=self.address.uri, token=self.address.token, timeout=timeout_s, grpc_options=_RECONNECTING
                )
            return getattr(self._client, method)(*arguments, timeout=timeout_s, **options)

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._client is not None:
            client, self._client = self._client, None
            # It may be broken.
            with suppress(Exception):
                client.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Turn what goes wrong while a reply is read into `IndexUnreachable`: its form is up to the server."""
        try:
            yield
        except (LookupError, ValueError, TypeError, OverflowError, AttributeError) as error:
            raise IndexUnreachable(
                f"The search server at {self.address.shown} sent a reply that can't be read.", _STORED
            ) from error

    @contextmanager
    def _faults(self, library: Any) -> Iterator[None]:  # noqa: ANN401
        grpc = importlib.import_module("grpc")
        try:
            yield
        except (library.MilvusException, grpc.RpcError, grpc.FutureTimeoutError) as error:
            explained = self._explain(_causes(error, grpc))
            if not isinstance(explained, IndexMissing):
                # One that has lost its server may go on failing once the server is back.
                self.close()
            raise explained from error

    def _explain(self, cause: str) -> IndexUnreachable:
        lowered, server = cause.lower(), f"The search server at {self.address.shown}"
        if "unauthenticated" in lowered or "auth check" in lowered or "permission" in lowered:
            return IndexUnreachable(f"{server} refuses the token.", "Check the token in ATTACHE_INDEX.")
        if any(words in lowered for words in ("does not exist", "not found", "not exist", "not loaded", "released")):
            return IndexMissing(f"{server} has no index named {self.address.name}.", "Run `attache reindex`.")
        if "deadline" in lowered or "timeout" in lowered:
            return IndexUnreachable(f"{server} is too slow to answer.", f"Try again in a minute. {_STORED}")
        if any(words in lowered for words in ("unavailable", "fail connecting", "unexpected error", "closed channel")):
            return IndexUnreachable(f"{server} doesn't answer.", f"Start it, or try again in a minute. {_STORED}")
        return IndexUnreachable(f"{server} refuses a request ({' '.join(cause.split())[:200]}).", _STORED)


# ANN401: an optional dependency.
def _causes(error: BaseException, grpc: Any) -> str:  # noqa: ANN401
    """Return what is known of an error: its message, and the status of every call that it comes from."""
    known, cause = [str(getattr(error, "message", "") or type(error).__name__)], error.__cause__
    for each in (error, cause, cause and cause.__cause__):
        if isinstance(each, grpc.Call):
            known.append(each.code().name)
        elif isinstance(each, grpc.FutureTimeoutError):
            known.append("DEADLINE_EXCEEDED")
    return " ".join(known)


@contextmanager
def _without_env_files() -> Iterator[None]:
    """Keep `pymilvus` from reading `.env` files into the environment when it is imported: ours hold secrets."""
    switch = "PYTHON_DOTENV_DISABLED"
    before = os.environ.get(switch)
    os.environ[switch] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[switch]
        else:
            os.environ[switch] = before
