"""Report the bot's state to a service manager with systemd's notification protocol."""

import os
import socket
from collections.abc import Mapping

import structlog

log = structlog.get_logger(__name__)

# Of a 64-bit number, as the manager counts.
_MAX_DIGITS = 20
# Characters; a datagram of 200 kB would be refused.
_MAX_STATUS = 1_000


class Notifier:
    """Sends states to the socket of a service manager, if there is one.

    The protocol is a datagram of `KEY=value` lines to the socket named in `NOTIFY_SOCKET`
    (freedesktop.org/software/systemd/man/sd_notify.html, which calls it stable and free to implement).

    Args:
        address: path of the socket, or its abstract name after an `@`; empty for none.
        watchdog_s: seconds within which the manager expects a sign of life; 0 for never.
    """

    def __init__(self, address: str = "", watchdog_s: float = 0.0) -> None:
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self.watchdog_s = watchdog_s if address else 0.0
        self._status = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Notifier":
        """Return a notifier for the service manager that started this process."""
        address = environment.get("NOTIFY_SOCKET", "")
        is_ours = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        microseconds = environment.get("WATCHDOG_USEC", "") if is_ours else ""
        # Other address families are for virtual machines.
        is_known = address.startswith(("/", "@"))
        is_number = microseconds.isdecimal() and len(microseconds) <= _MAX_DIGITS
        return cls(address if is_known else "", int(microseconds) / 1e6 if is_number else 0.0)

    @property
    def is_enabled(self) -> bool:
        """Whether there is a service manager to notify."""
        return bool(self._address)

    def ready(self) -> None:
        """Report that questions are answered from now on."""
        self._send("READY=1")

    def alive(self) -> None:
        """Report a sign of life to the watchdog."""
        self._send("WATCHDOG=1")

    def stopping(self) -> None:
        """Report that the bot is shutting down."""
        self._send("STOPPING=1")

    def status(self, sentence: str) -> None:
        """Report what the bot is doing, for people, on one line; sent only when it changes."""
        # A path in it may hold anything, and a further line would be a further state.
        sentence = " ".join(sentence.split())[:_MAX_STATUS]
        if sentence != self._status:
            self._status = sentence
            self._send(f"STATUS={sentence}")

    def _send(self, line: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                # A manager that does not read must not block the event loop.
                sender.setblocking(False)
                sender.sendto(line.encode(errors="replace"), self._address)
        except OSError as error:
            log.warning("service manager not notified", reason=str(error))
