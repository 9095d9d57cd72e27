"""Tells a service manager how the bot is, in systemd's notification protocol."""

import os
import socket
from collections.abc import Mapping

import structlog

log = structlog.get_logger(__name__)


class Notifier:
    """Sends states to the socket of a service manager, if there is one.

    The protocol is one datagram of `KEY=value` lines to the socket named in `NOTIFY_SOCKET`
    (freedesktop.org/software/systemd/man/sd_notify.html, which calls it stable and free to implement).

    Args:
        address: path of the socket, or its abstract name after an `@`; empty for none.
        watchdog_s: seconds within which a sign of life is wanted; 0 for never.
    """

    def __init__(self, address: str = "", watchdog_s: float = 0.0) -> None:
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self.watchdog_s = watchdog_s if address else 0.0
        self._status = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Notifier":
        """The service manager that started this process."""
        address = environment.get("NOTIFY_SOCKET", "")
        is_ours = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        microseconds = environment.get("WATCHDOG_USEC", "") if is_ours else ""
        # Other kinds of sockets exist for virtual machines; nothing here runs as one.
        is_known = address.startswith(("/", "@"))
        return cls(address if is_known else "", int(microseconds) / 1e6 if microseconds.isdecimal() else 0.0)

    @property
    def is_wanted(self) -> bool:
        """Whether anybody listens."""
        return bool(self._address)

    def ready(self) -> None:
        """Questions are answered from now on."""
        self._tell("READY=1")

    def alive(self) -> None:
        """Nothing hangs."""
        self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """The bot begins to shut down."""
        self._tell("STOPPING=1")

    def status(self, sentence: str) -> None:
        """What it is doing, for people; told only when it changes."""
        if sentence != self._status:
            self._status = sentence
            self._tell(f"STATUS={sentence}")

    def _tell(self, line: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                # A manager that does not listen must not hold up the event loop.
                sender.setblocking(False)
                sender.sendto(line.encode(), self._address)
        except OSError as error:
            log.warning("service manager not told", reason=str(error))
