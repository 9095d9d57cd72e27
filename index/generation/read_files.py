"""Reads the files of a generation, each only once it has the size and headers that the manifest implies."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile

from index.errors import DamagedGeneration
from index.generation.file_sizes import check_array, check_vector_index
from index.generation.postings import GAINS_FILE, ROWS_FILE, STEMS_FILE, Postings
from index.generation.vector_index import INDEX_FILE, STORED_TYPES, VECTORS_FILE, Kind, VectorIndex, kind_for
from index.generation.verify import MISSING_ERRORS, regular_size, unreadable_error

# A manifest has 700 bytes.
_MAX_TEXT_BYTES = 100_000
# Models' vectors have 384 to 4,096 numbers.
_MAX_DIMENSION = 65_536


def file_names(kind: str) -> set[str]:
    """Return the names of a generation's files, without its manifest."""
    return {INDEX_FILE, STEMS_FILE, ROWS_FILE, GAINS_FILE} | ({VECTORS_FILE} if kind == Kind.SQ8 else set())


def are_possible(kind: str, count: int, dimension: int, last: int) -> bool:
    """Return whether a generation can be of this kind and have these numbers; ids of passages begin with 1."""
    return kind == kind_for(count) and 0 <= count <= last < 2**63 and 1 <= dimension <= _MAX_DIMENSION


OpenVectors = Callable[[Path], VectorIndex]


def read_vectors(
    folder: Path, open_vectors: OpenVectors, *, kind: str, count: int, dimension: int, last: int
) -> VectorIndex:
    """Read the vectors; `last` is the highest id.

    Args:
        folder: the generation's folder.
        open_vectors: `VectorIndex.read`, or `VectorIndex.map` to share them with other processes.
        kind: the kind of index that it has to be.
        count: the number of its vectors.
        dimension: their length.
        last: the highest id.

    Raises:
        DamagedGeneration: the files hold anything else.
        StorageFailure: one of them can't be read.
    """
    with _read_errors(folder):
        check_vector_index(folder / INDEX_FILE, Kind(kind), count, dimension)
        if kind == Kind.SQ8:
            check_array(folder / VECTORS_FILE, STORED_TYPES, (count, dimension))
        index = open_vectors(folder)
        ids = index.ids
        if count and not (ids[0] >= 1 and ids[-1] == last and (ids[1:] > ids[:-1]).all()):
            raise ValueError("its ids are out of order")
        return index


def read_postings(folder: Path, count: int) -> Postings:
    """Read the words of `count` passages. Raises as `read_vectors` does."""
    with _read_errors(folder):
        postings = Postings.read(folder)
        if postings.passages != count:
            raise ValueError(f"it has the words of {postings.passages} passages, not {count}")
        return postings


def read_text(path: Path) -> str:
    """Read a short file.

    Raises:
        FileNotFoundError, NotADirectoryError: there is none.
        OSError: it can't be read.
        ValueError: it is too long, or no text.
    """
    size = regular_size(path)
    if size > _MAX_TEXT_BYTES:
        raise ValueError("too long")
    with path.open("rb") as file:
        # One byte more tells of a file that grew; a buffer of the whole bound would cost every question 100 KB.
        raw = file.read(size + 1)
    if len(raw) > size:
        raise ValueError("too long")
    return raw.decode()


@contextmanager
def _read_errors(folder: Path) -> Iterator[None]:
    """Turn libraries' read errors into DamagedGeneration or StorageFailure."""
    try:
        yield
    # FAISS raises RuntimeError for any file that it can't read.
    except (RuntimeError, *MISSING_ERRORS, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise DamagedGeneration(f"The vector index {folder.name} can't be read ({error}).") from error
    except OSError as error:
        # Where too many files are open, it may be a module of Python's own that can't be read.
        path = Path(error.filename or folder)
        raise unreadable_error(path if path.is_relative_to(folder) else folder, error) from error
