"""A Milvus server on loopback (milvus-lite), and a wire to it that can be cut, slow, or end half-way."""

import importlib.util
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

import pytest

from index.errors import IndexUnreachable
from index.milvus.address import MilvusAddress
from index.milvus.connection import Connection

START_S = 60.0
_PACKAGES = ("pymilvus", "milvus_lite")


def require_milvus() -> None:
    """Skip the test where Milvus's library and its small server aren't installed."""
    if missing := [name for name in _PACKAGES if importlib.util.find_spec(name) is None]:
        pytest.skip(f"{', '.join(missing)} not installed: pip install pymilvus milvus-lite")


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class MilvusServer:
    """A server process with its data in a folder; it can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        command = [sys.executable, "-m", "milvus_lite", "server", "--host", "127.0.0.1", "--port", str(self.port)]
        log = (self._folder.parent / "milvus.log").open("ab")
        self._process = subprocess.Popen([*command, "--data-dir", str(self._folder)], stdout=log, stderr=log)
        log.close()
        connection = Connection(MilvusAddress.parse(self.address("any")))
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            # It listens before it answers.
            with suppress(IndexUnreachable):
                connection.call("list_collections", timeout_s=5)
                connection.close()
                return
            time.sleep(0.1)
        raise TimeoutError("the Milvus server did not start")

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def address(self, name: str, port: int | None = None) -> str:
        return f"milvus://127.0.0.1:{port or self.port}/{name}"


class Wire:
    """Forwards a port on loopback to a server, as long as it is whole.

    `reply_bytes` is how many bytes of all replies from now on come through before the wire is cut; `is_stuck` holds
    every byte back.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.reply_bytes: int | None = None
        self.is_stuck = False
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.is_stuck = False
        with suppress(OSError):
            # Wakes the thread that waits for connections.
            self._listener.shutdown(socket.SHUT_RDWR)
        self._threads.pop(0).join(5)
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """Break every connection."""
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads[1:] if self._listener.fileno() >= 0 else self._threads:
            thread.join(5)
        for each in self._open:
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self._target))
                except OSError:
                    client.close()
                    continue
                self._open += [client, server]
                for ends in ((client, server, False), (server, client, True)):
                    thread = threading.Thread(target=self._pump, args=ends, daemon=True)
                    self._threads.append(thread)
                    thread.start()

    def _pump(self, source: socket.socket, target: socket.socket, is_reply: bool) -> None:
        with suppress(OSError, ValueError):
            while data := source.recv(65536):
                while self.is_stuck:
                    time.sleep(0.01)
                if is_reply and self.reply_bytes is not None:
                    data, self.reply_bytes = data[: self.reply_bytes], max(0, self.reply_bytes - len(data))
                    target.sendall(data)
                    if not self.reply_bytes:
                        break
                    continue
                target.sendall(data)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
