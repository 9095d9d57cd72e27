"""A bot in a process of its own: the command with its `.env`, started, signalled, stopped and read from outside."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.wire.proxy import Proxy
from tests.wire.server import TOKEN, Server

ROOT = Path(__file__).parents[2]
# What the interpreter runs: the command as it is installed, and the same with quick vectors.
PROGRAMS = {"real": (str(Path(sys.executable).with_name("attache")),), "hashing": ("-m", "tests.wire.launcher")}


class Process:
    """One run of `attache`, `attache bot` if nothing else is said, that reaches the server through a proxy.

    Args:
        server: what it connects to.
        proxy: the way there.
        folder: its working folder, with the `.env` that it reads and the data.
        shards: so many, as the server says when it is asked; 0 for as many as it says already.
        model: `real` for the command as it is installed, `hashing` for quick vectors in it.
        within: arguments of the interpreter by which another program runs it.
    """

    def __init__(
        self,
        server: Server,
        proxy: Proxy,
        folder: Path,
        *,
        shards: int = 1,
        model: str = "hashing",
        within: Sequence[str] = (),
    ) -> None:
        self._server = server
        self._folder = folder
        self._command = (sys.executable, *within, *PROGRAMS[model])
        self._running: asyncio.subprocess.Process | None = None
        self._log = bytearray()
        self._reading: asyncio.Task[None] | None = None
        self.proxy = proxy
        server.gateway.shards = shards or server.gateway.shards

    async def start(
        self,
        token: str = TOKEN,
        *,
        run: tuple[str, ...] = ("bot",),
        around: tuple[str, ...] = (),
        environment: Mapping[str, str] | None = None,
        **settings: str,
    ) -> None:
        """Starts it, with settings in `.env`.

        Args:
            token: the bot's.
            run: the arguments.
            around: a command that is to run it.
            environment: what it finds beyond this process's own.
            settings: others than those that lead it to the server and its data.
        """
        lines = {"discord_token": token, "data_dir": str(self.data), "proxy": self.proxy.address} | settings
        text = "".join(f"ATTACHE_{name.upper()}={value}\n" for name, value in lines.items())
        (self._folder / ".env").write_text(text, encoding="utf-8")
        authority = self._server.certificates.write_authority(self._folder / "authority.pem")
        # A pipe, which no full disk closes.
        self._running = await asyncio.create_subprocess_exec(
            *around,
            *self._command,
            *run,
            cwd=self._folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=os.environ | {"PYTHONPATH": str(ROOT), "SSL_CERT_FILE": str(authority)} | dict(environment or {}),
        )
        self._reading = asyncio.create_task(self._read(self._running.stdout))

    async def runs(self, *run: str, within: float = 120.0, **settings: str) -> tuple[int, str]:
        """Another command beside it, in the same folder: its exit code and what it wrote."""
        beside = Process(self._server, self.proxy, self._folder, shards=0)
        beside._command = self._command
        await beside.start(run=run, **settings)
        return await beside.ends(within), beside.told()

    @property
    def data(self) -> Path:
        return self._folder / "data"

    @property
    def pid(self) -> int:
        assert self._running is not None
        return self._running.pid

    async def is_up(self, within: float = 60.0) -> None:
        """Waits until all its shards are told what there is."""
        count = self._server.gateway.shards
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
    """A process that is killed at the end, if it still runs, with its way to the server."""
    proxy = Proxy(server)
    made = Process(server, proxy, folder, shards=shards, model=model, within=within)
    try:
        yield made
    finally:
        if made._running is not None and not made.has_ended:
            made.signal(signal.SIGKILL)
            await made.ends()
        await proxy.close()
