"""What a service manager gets to hear, over real sockets."""

import os
import socket
from pathlib import Path

import pytest

from bot.ops.service_manager import Notifier


@pytest.mark.parametrize("is_abstract", [False, True])
def test_states_arrive_as_lines_of_the_protocol(tmp_path: Path, is_abstract: bool) -> None:
    address = f"@attache-test-{os.getpid()}" if is_abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address.replace("@", "\0", 1))
        manager.settimeout(5)
        notifier = Notifier.from_environment({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "30000000"})
        assert notifier.is_enabled
        assert notifier.watchdog_s == 30
        notifier.status("Starting.")
        notifier.status("Starting.")
        notifier.ready()
        notifier.alive()
        notifier.stopping()
        heard = [manager.recv(1024).decode() for _ in range(4)]
    assert heard == ["STATUS=Starting.", "READY=1", "WATCHDOG=1", "STOPPING=1"]


@pytest.mark.parametrize("environment", [{}, {"NOTIFY_SOCKET": "vsock:2:1234"}, {"NOTIFY_SOCKET": ""}])
def test_without_a_manager_that_is_known_nothing_is_said(environment: dict[str, str]) -> None:
    notifier = Notifier.from_environment(environment | {"WATCHDOG_USEC": "1000000"})
    assert not notifier.is_enabled
    assert notifier.watchdog_s == 0
    notifier.ready()


def test_signs_of_life_that_another_process_owes_are_not_given_for_it() -> None:
    environment = {"NOTIFY_SOCKET": "/nowhere", "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": str(os.getpid() + 1)}
    assert Notifier.from_environment(environment).watchdog_s == 0
    assert Notifier.from_environment(environment | {"WATCHDOG_PID": str(os.getpid())}).watchdog_s == 1


def test_a_manager_that_is_gone_or_full_holds_up_nothing(tmp_path: Path) -> None:
    Notifier(str(tmp_path / "gone")).ready()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "full"))
        notifier = Notifier(str(tmp_path / "full"))
        for _ in range(600):
            notifier.alive()


def test_a_status_is_one_line_whatever_the_path_in_it(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(5)
        notifier = Notifier(str(tmp_path / "notify"))
        notifier.status("There is no index in /srv/a\nREADY=1\n/\udcff.")
        notifier.status("x" * 1_000_000)
        assert manager.recv(1024) == b"STATUS=There is no index in /srv/a READY=1 /?."
        assert manager.recv(4096) == b"STATUS=" + b"x" * 1_000


@pytest.mark.parametrize("microseconds", ["9" * 5_000, "-1", "1e9", ""])
def test_a_watchdog_time_that_is_none_is_none(microseconds: str) -> None:
    assert Notifier.from_environment({"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": microseconds}).watchdog_s == 0
