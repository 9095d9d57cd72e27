"""A file lock that keeps a second bot off a data folder: two bots would answer every question twice."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from filelock import FileLock, Timeout

from corpus.errors import AttacheError, StorageFailure

log = structlog.get_logger(__name__)

LOCK_NAME = "bot.lock"


@contextmanager
def single_instance(data_dir: Path) -> Iterator[None]:
    """Hold the bot's lock on a data folder; the operating system releases it even when the process is killed.

    Raises:
        AttacheError: another bot holds the lock.
        StorageFailure: the folder isn't writable, so no question could be answered.
    """
    lock = FileLock(data_dir / LOCK_NAME, timeout=0, fallback_to_soft=False)
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise AttacheError(
            f"Another `attache bot` is running on the data folder {data_dir}.",
            "Both would answer every question: stop that one first, or choose another ATTACHE_DATA_DIR.",
        ) from error
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise StorageFailure(
                f"The data folder {data_dir} can't be written ({error.strerror}).",
                "Let the bot's user write there, or choose another with ATTACHE_DATA_DIR.",
            ) from error
        # The disk is full or has no locks; the bot can still answer.
        log.warning("data folder not locked against other bots", reason=str(error))
    try:
        yield
    finally:
        lock.release()
