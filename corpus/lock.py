"""The writer lock of a data folder, and a note of who holds it."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.data_folder import LOCK_NAME, make_data_folder
from corpus.errors import CorpusBusy, StorageFailure

HOLDER_NAME = "writer.txt"


@contextmanager
def writer_lock(data_dir: Path, purpose: str, *, wait_s: float = 0.0) -> Iterator[None]:
    """Hold the data folder's writer lock; the system frees it when the process ends for any reason.

    Args:
        data_dir: the data folder, created if missing.
        purpose: what the holder does ("attache ingest"), shown to others who want the lock.
        wait_s: seconds to wait for the current holder.

    Raises:
        CorpusBusy: another process holds it; the message names it and the time since when.
        StorageFailure: the folder can't be written.
    """
    holder = data_dir / HOLDER_NAME
    try:
        make_data_folder(data_dir)
        lock = acquire_lock(data_dir, LOCK_NAME, wait_s)
    except Timeout as error:
        raise CorpusBusy(
            f"Another program is writing to {data_dir}: {_read_holder(holder)}.",
            "Wait until it is done, or use --wait SECONDS.",
        ) from error
    except OSError as error:
        raise StorageFailure(
            f"The data folder {data_dir} can't be written ({error.strerror or error}).",
            "Check its permissions and free space, or choose another with --data-dir or ATTACHE_DATA_DIR.",
        ) from error
    try:
        _write_holder(holder, purpose)
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def acquire_lock(folder: Path, name: str, wait_s: float) -> FileLock:
    """Acquire a lock file of a folder; the caller releases it.

    Raises:
        Timeout: another process holds it, and still does after `wait_s` seconds.
        OSError: the folder can't be written, or its disk has no locks.
    """
    lock = FileLock(folder / name, timeout=wait_s, fallback_to_soft=False)
    while True:
        before = folder.stat()
        lock.acquire()
        if os.path.samestat(before, folder.stat()):
            return lock
        # A restore replaced the folder meanwhile, so this lock is of the former one.
        lock.release()


def _write_holder(holder: Path, purpose: str) -> None:
    since = time.strftime("%H:%M:%S")
    try:
        holder.write_text(f"`{purpose}`, process {os.getpid()}, since {since}", encoding="utf-8")
    except OSError as error:
        raise StorageFailure(
            f"The data folder {holder.parent} can't be written ({error.strerror or error}).",
            "Check its permissions and free space.",
        ) from error


def _read_holder(holder: Path) -> str:
    try:
        return holder.read_text(encoding="utf-8") or "unknown"
    except OSError:
        return "it has just started"
