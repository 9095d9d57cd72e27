"""Compares the files of a generation with their checksums, some at the same time."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import StorageFailure
from index.embedding.models import file_sha256
from index.errors import DamagedGeneration
from index.generation.scan import cores

# Files that are read at the same time, where there are so many cores: one alone reads large files one after the other
# at the speed of its hash, more want the cores that answer questions.
VERIFIED_AT_ONCE = 2
# What the system says of a file that is not there.
GONE = (FileNotFoundError, NotADirectoryError, IsADirectoryError)


def verify_files(folder: Path, files: Mapping[str, str]) -> None:
    """Compares every file with its SHA-256.

    Raises:
        DamagedGeneration: a file is missing or changed. FAISS itself would load a flipped byte without a word.
        StorageFailure: a file is there and can't be read.
    """
    with verifying(folder, files):
        pass


@contextmanager
def verifying(folder: Path, files: Mapping[str, str], first: str = "") -> Iterator[None]:
    """Compares files while the block runs, which begins once one of them is known to be whole; after it all are.

    Args:
        folder: where they lie.
        files: name to SHA-256.
        first: the name of the one that the block reads.

    Raises:
        DamagedGeneration: a file is missing or changed, whatever the block itself raised.
        StorageFailure: a file is there and can't be read.
    """
    pool = ThreadPoolExecutor(min(VERIFIED_AT_ONCE, cores()), "verifying")
    try:
        in_turn = sorted(files, key=lambda name: name != first)
        checks = {name: pool.submit(_verify, folder, name, files[name]) for name in in_turn}
        if first in checks:
            checks[first].result()
        try:
            yield
        except Exception:
            _wait(checks.values())
            raise
        _wait(checks.values())
    finally:
        # Whoever stops it by Ctrl-C does not wait for files that were not begun.
        pool.shutdown(cancel_futures=True)


def unreadable(path: Path, error: OSError) -> StorageFailure:
    """What is told of a file of the index that is there and can't be read: it may be whole, so it stays as it is."""
    return StorageFailure(
        f"The file {path} of the vector index can't be read ({error.strerror or error}).",
        "Let the user that runs Attaché read it and its folder, or check the disk; if it is lost for good, delete it, "
        "and the index is built anew.",
    )


def _wait(checks: Iterable[Future[None]]) -> None:
    for check in checks:
        check.result()


def _verify(folder: Path, name: str, expected: str) -> None:
    try:
        actual = file_sha256(folder / name)
    except GONE as error:
        raise DamagedGeneration(f"The file {name} of the vector index {folder.name} is missing.") from error
    except OSError as error:
        raise unreadable(folder / name, error) from error
    if actual != expected:
        raise DamagedGeneration(f"The file {name} of the vector index {folder.name} was changed on disk.")
