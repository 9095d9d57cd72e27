"""Limits requests to one at a time per host, with a delay between two, and none while the host asks for a pause."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from corpus.errors import FetchFailed
from corpus.feeds.schedule import MAX_RETRY_AFTER_S, Clock

# Hosts to keep in memory; beyond that, idle ones are dropped.
MAX_HOSTS = 2_000


class HostPaused(FetchFailed):
    """The host asked for a pause that is not over.

    Args:
        host: its name.
        seconds: how long the pause still lasts.
    """

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(f"The site {host} asked us to wait.", f"Try again in {seconds:,.0f} seconds.")
        self.seconds = seconds


@dataclass
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0.0
    paused_until: float = 0.0
    users: int = 0


class RateLimiter:
    """The rate limits of all hosts; thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    @contextmanager
    def slot(self, name: str, delay_s: float) -> Iterator[None]:
        """Wait for a host to be free, and block others from it during this request and for `delay_s` seconds after.

        Raises:
            HostPaused: the host asked for a pause.
        """
        host = self._acquire(name)
        try:
            with host.lock:
                now = self._clock.now()
                # A longer pause was computed before the clock was set back.
                if 0 < host.paused_until - now <= MAX_RETRY_AFTER_S:
                    raise HostPaused(name, host.paused_until - now)
                # Never wait longer than the delay, even if the system clock was set back.
                if (wait := min(host.free_at - now, delay_s)) > 0:
                    self._clock.sleep(wait)
                try:
                    yield
                finally:
                    host.free_at = self._clock.now() + delay_s
        finally:
            with self._lock:
                host.users -= 1

    def pause(self, name: str, seconds: float) -> None:
        """Allow no requests to a host for this many seconds."""
        host = self._acquire(name)
        until = self._clock.now() + min(seconds, MAX_RETRY_AFTER_S)
        is_valid = host.paused_until - self._clock.now() <= MAX_RETRY_AFTER_S
        host.paused_until = max(host.paused_until, until) if is_valid else until
        with self._lock:
            host.users -= 1

    def _acquire(self, name: str) -> _Host:
        """Return a host's state, protected from being dropped until `users` is decremented."""
        with self._lock:
            if len(self._hosts) >= MAX_HOSTS:
                now = self._clock.now()
                self._hosts = {key: each for key, each in self._hosts.items() if each.users or each.paused_until > now}
            host = self._hosts.setdefault(name, _Host())
            host.users += 1
            return host
