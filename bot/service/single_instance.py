"""A file lock that keeps a second bot off a data folder, and a restore off the folder of a running bot."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from filelock import Timeout

from corpus.data_folder import make_data_folder
from corpus.errors import AttacheError, CorpusBusy, StorageFailure
from corpus.lock import acquire_lock

log = structlog.get_logger(__name__)

LOCK_NAME = "bot.lock"


@contextmanager
def single_instance(data_dir: Path) -> Iterator[None]:
    """Hold the bot's lock on a data folder; the operating system releases it even when the process is killed.

    Raises:
        AttacheError: another bot holds the lock.
        StorageFailure: the folder isn't writable, so no question could be answered.
    """
    lock = None
    try:
        make_data_folder(data_dir)
        lock = acquire_lock(data_dir, LOCK_NAME, 0)
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
        if lock is not None:
            lock.release()


@contextmanager
def no_bot(data_dir: Path) -> Iterator[None]:
    """Keep bots off a data folder for the length of a block.

    Raises:
        CorpusBusy: a bot is running on it.
        OSError: the folder can't be written.
    """
    try:
        lock = acquire_lock(data_dir, LOCK_NAME, 0)
    except Timeout as error:
        raise CorpusBusy(
            f"`attache bot` is running on the data folder {data_dir}; its records would go on into the former folder.",
            "Stop the bot, run this command again, then start the bot.",
        ) from error
    try:
        yield
    finally:
        lock.release()
