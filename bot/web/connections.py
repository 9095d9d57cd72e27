"""The page's connections: each has seconds to ask and to read, and when all are taken, the idlest makes room."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

# Connections at a time. Each that waits takes some kilobytes.
MOST_CONNECTIONS = 200
# Seconds to send a whole request.
ASK_S = 10.0
# Seconds in which a reader has to take what was written.
READ_S = 30.0


def server_config(app: Callable[..., Awaitable[None]], shutdown_s: int) -> uvicorn.Config:
    """Return what the page's server is run with; `shutdown_s` are the seconds of requests in progress when it stops."""
    return uvicorn.Config(
        app,
        http=BoundedProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        lifespan="off",
        ws="none",
        # One more comes when all of them are being answered, and is refused.
        limit_concurrency=MOST_CONNECTIONS + 1,
        timeout_graceful_shutdown=shutdown_s,
        proxy_headers=False,
    )


class BoundedProtocol(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, for readers who may be silent, slow or many."""

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 - as uvicorn calls it
        super().__init__(*given, **named)
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's
        """Begin to wait for a request; of too many connections, end the one whose time is over first."""
        waiting = [each for each in self.connections if isinstance(each, BoundedProtocol) and not each.is_answering]
        if len(self.connections) >= MOST_CONNECTIONS and waiting:
            min(waiting, key=lambda each: each.ends_at).end()
        super().connection_made(transport)
        self._wait(ASK_S)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a part of a request; a part alone gives no further seconds."""
        super().data_received(data)
        if self.is_answering and not self.flow.write_paused:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request, which may be there already."""
        self._wait(READ_S if self.flow.write_paused else ASK_S)
        super().on_response_complete()
        if self.is_answering and not self.flow.write_paused:
            self._stop_waiting()

    def pause_writing(self) -> None:
        """Begin to wait for the reader to take what was written."""
        super().pause_writing()
        self._wait(READ_S)

    def resume_writing(self) -> None:
        """Go on: the reader took it."""
        self._stop_waiting()
        super().resume_writing()
        if not self.is_answering:
            self._wait(ASK_S)

    @property
    def is_answering(self) -> bool:
        """Whether a whole request is there, and not yet answered."""
        return self.cycle is not None and not self.cycle.more_body and not self.cycle.response_complete

    @property
    def ends_at(self) -> float:
        """When its time is over (seconds of the loop); 0 if nothing is waited for."""
        return self._deadline.when() if self._deadline is not None else 0.0

    def end(self) -> None:
        """End the connection, whatever is under way."""
        self.connections.discard(self)
        self.transport.abort()

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(seconds, self.end)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
