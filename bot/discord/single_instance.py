"""That only one bot runs on a data folder: two would answer every question twice."""

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
def alone(data_dir: Path) -> Iterator[None]:
    """Keeps other bots from this data folder; the system lets them in when the process ends, however it ends.

    Raises:
        AttacheError: another bot is there.
        StorageFailure: the folder may not be written, so that no question could be kept or answered.
    """
    lock = FileLock(data_dir / LOCK_NAME, timeout=0, fallback_to_soft=False)
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise AttacheError(
            f"Another `attache bot` runs on the data folder {data_dir}.",
            "Both would answer every question: stop that one first, or choose another ATTACHE_DATA_DIR.",
        ) from error
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise StorageFailure(
                f"The data folder {data_dir} can't be written ({error.strerror}).",
                "Let the bot's user write there, or choose another with ATTACHE_DATA_DIR.",
            ) from error
        # A full disk, or one without locks: questions are answered all the same.
        log.warning("other bots are not kept out", reason=str(error))
    try:
        yield
    finally:
        lock.release()
