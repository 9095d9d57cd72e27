"""One connection a host at a time, a pause between two, and none at all while the host asks to be left alone."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from corpus.errors import FetchFailed
from corpus.feeds.schedule import Clock

# Hosts that are remembered; beyond, those that nobody waits for are forgotten.
MOST_HOSTS = 2_000


class HostHeld(FetchFailed):
    """The host asked to be left alone for now.

    Args:
        host: its name.
        seconds: how long still.
    """

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(f"The site {host} asked to be left alone for now.", f"Try again in {seconds:,.0f} seconds.")
        self.seconds = seconds


@dataclass
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0.0
    held_until: float = 0.0
    users: int = 0


class Hosts:
    """The hosts that are visited; may be used by several threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, name: str, delay_s: float) -> Iterator[None]:
        """Waits for a host's turn, and keeps others from it meanwhile and for `delay_s` seconds after.

        Raises:
            HostHeld: the host asked to be left alone.
        """
        host = self._enter(name)
        try:
            with host.lock:
                now = self._clock.now()
                if host.held_until > now:
                    raise HostHeld(name, host.held_until - now)
                # Never longer than the pause, should the system's clock have been set back.
                if (wait := min(host.free_at - now, delay_s)) > 0:
                    self._clock.sleep(wait)
                try:
                    yield
                finally:
                    host.free_at = self._clock.now() + delay_s
        finally:
            with self._lock:
                host.users -= 1

    def hold(self, name: str, seconds: float) -> None:
        """Leaves a host alone for so many seconds."""
        host = self._enter(name)
        host.held_until = max(host.held_until, self._clock.now() + seconds)
        with self._lock:
            host.users -= 1

    def _enter(self, name: str) -> _Host:
        with self._lock:
            if len(self._hosts) >= MOST_HOSTS:
                now = self._clock.now()
                kept = {key: each for key, each in self._hosts.items() if each.users or each.held_until > now}
                self._hosts = kept
            host = self._hosts.setdefault(name, _Host())
            host.users += 1
            return host
