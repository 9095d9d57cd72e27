"""Verifies the files of a generation by their checksums, several at a time."""

import stat
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import StorageFailure
from index.embedding.models import file_sha256
from index.errors import DamagedGeneration
from index.generation.scan import available_cores

# One thread reads no faster than it hashes; more than two would take the cores that answer questions.
VERIFY_THREADS = 2
# What Python raises for a file that doesn't exist.
MISSING_ERRORS = (FileNotFoundError, NotADirectoryError, IsADirectoryError)


def verify_files(folder: Path, files: Mapping[str, str]) -> None:
    """Compare every file with its SHA-256.

    Raises:
        DamagedGeneration: a file is missing or was changed; FAISS itself loads a flipped byte silently.
        StorageFailure: a file exists but can't be read.
    """
    with verify_while_reading(folder, files):
        pass


@contextmanager
def verify_while_reading(folder: Path, files: Mapping[str, str], first: str = "") -> Iterator[None]:
    """Verify files while the block runs; it starts once `first` is verified, and all are when it ends.

    Args:
        folder: where the files are.
        files: file name to SHA-256.
        first: the file that the block reads.

    Raises:
        DamagedGeneration: a file is missing or was changed, whatever the block itself raised.
        StorageFailure: a file exists but can't be read.
    """
    pool = ThreadPoolExecutor(min(VERIFY_THREADS, available_cores()), "verifying")
    try:
        order = sorted(files, key=lambda name: name != first)
        checks = {name: pool.submit(_verify, folder, name, files[name]) for name in order}
        if first in checks:
            checks[first].result()
        try:
            yield
        except Exception:
            # A damaged file explains the block's own error.
            for check in checks.values():
                check.result()
            raise
        for check in checks.values():
            check.result()
    finally:
        # After Ctrl-C, don't wait for files not started yet.
        pool.shutdown(cancel_futures=True)


def regular_size(path: Path) -> int:
    """Return the size of a file; call it before opening one, since opening a pipe would wait for ever.

    Raises:
        FileNotFoundError: it is something else.
        OSError: there is nothing, or it can't be looked at.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise FileNotFoundError(path)
    return found.st_size


def unreadable_error(path: Path, error: OSError) -> StorageFailure:
    """Return the error for an index file that exists but can't be read; it may be undamaged, so it is kept."""
    return StorageFailure(
        f"The file {path} of the vector index can't be read ({error.strerror or error}).",
        "Let the user that runs Attaché read it and its folder, or check the disk. If it is lost, delete it, and the "
        "index is rebuilt.",
    )


def _verify(folder: Path, name: str, expected: str) -> None:
    try:
        regular_size(folder / name)
        actual = file_sha256(folder / name)
    except MISSING_ERRORS as error:
        raise DamagedGeneration(f"The file {name} of the vector index {folder.name} is missing.") from error
    except OSError as error:
        raise unreadable_error(folder / name, error) from error
    if actual != expected:
        raise DamagedGeneration(f"The file {name} of the vector index {folder.name} was changed on disk.")
