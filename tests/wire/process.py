"""A bot in a process of its own: started, signalled, stopped and read from outside."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.wire.server import TOKEN, Server

ROOT = Path(__file__).parents[2]


class Process:
    """One run of the bot.

    Args:
        server: what it connects to.
        folder: its working folder, with the `.env` that it reads and the data.
        shards: so many; 0 lets Discord decide.
        model: `hashing` or `real`.
        within: arguments of the interpreter by which another program runs it.
    """

    def __init__(
        self, server: Server, folder: Path, *, shards: int = 1, model: str = "hashing", within: Sequence[str] = ()
    ) -> None:
        self._server = server
        self._folder = folder
        self._shards = shards
        self._model = model
        self._within = within
        self._running: asyncio.subprocess.Process | None = None
        self._log = bytearray()
        self._reading: asyncio.Task[None] | None = None

    async def start(self, token: str = TOKEN, **settings: str) -> None:
        """Starts it, with settings in `.env`."""
        lines = {"discord_token": token, "data_dir": str(self._folder / "data")} | settings
        text = "".join(f"ATTACHE_{name.upper()}={value}\n" for name, value in lines.items())
        (self._folder / ".env").write_text(text, encoding="utf-8")
        authority = self._server.certificates.write_authority(self._folder / "authority.pem")
        arguments = (str(self._server.port), str(authority), str(self._shards), self._model)
        # A pipe, which no full disk closes.
        self._running = await asyncio.create_subprocess_exec(
            sys.executable,
            *self._within,
            "-m",
            "tests.wire.launcher",
            *arguments,
            cwd=self._folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        self._reading = asyncio.create_task(self._read(self._running.stdout))

    @property
    def pid(self) -> int:
        assert self._running is not None
        return self._running.pid

    async def is_up(self, within: float = 60.0) -> None:
        """Waits until all its shards are told what there is."""
        count = self._shards or self._server.gateway.shards
        await self._server.until(
            lambda: (
                self.has_ended or {each.shard for each in self._server.gateway.live() if each.link} >= set(range(count))
            ),
            f"{count} shards",
            within,
        )
        assert not self.has_ended, self.told()

    @property
    def has_ended(self) -> bool:
        return self._running is not None and self._running.returncode is not None

    def signal(self, number: signal.Signals) -> None:
        assert self._running is not None
        self._running.send_signal(number)

    async def ends(self, within: float = 30.0) -> int:
        """The exit code."""
        assert self._running is not None
        code = await asyncio.wait_for(self._running.wait(), within)
        if self._reading is not None:
            await self._reading
        return code

    def memory_mb(self) -> float:
        """Resident memory now."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii", errors="replace")
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def handles(self) -> int:
        """Open files and sockets now."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    def told(self) -> str:
        """What it wrote to its output and log."""
        return self._log.decode("utf-8", "replace")

    async def _read(self, output: asyncio.StreamReader | None) -> None:
        while output is not None and (line := await output.readline()):
            self._log += line


@asynccontextmanager
async def process(
    server: Server, folder: Path, *, shards: int = 1, model: str = "hashing", within: Sequence[str] = ()
) -> AsyncIterator[Process]:
    """A process that is killed at the end, if it still runs."""
    made = Process(server, folder, shards=shards, model=model, within=within)
    try:
        yield made
    finally:
        if made._running is not None and not made.has_ended:
            made.signal(signal.SIGKILL)
            await made.ends()
