"""Generations on disk: built aside, verified, then made live by one pointer; damaged ones are set aside."""

import json
import os
import re
import shutil
import uuid
from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from corpus.errors import StorageFailure
from corpus.timestamps import utc_now
from index.embedding.models import file_sha256
from index.embedding.vector_store import StoredVectors
from index.errors import DamagedGeneration
from index.generation.postings import Postings
from index.generation.vector_index import INDEX_FILE, Ids, VectorIndex, kind_for
from index.generation.verify import GONE, unreadable, verify_files, verifying
from index.generation.write_vectors import write_vectors

MANIFEST_FILE = "manifest.json"
POINTER_FILE = "LIVE"
MANIFEST_VERSION = 2
# Before the name of the folder of one that is not whole yet.
BUILDING = "building-"
_NAME = re.compile(r"\d{8}T\d{6,12}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made of.

    `revision` is the corpus's when it was built, `last` the highest id of its passages, `files` maps names to SHA-256.
    """

    version: int
    model: str
    dimension: int
    count: int
    kind: str
    revision: int
    created_at: str
    last: int
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Content:
    """What a generation is built of: passages, their vectors part by part, and their words in the same order."""

    ids: Ids
    parts: Iterable[StoredVectors]
    postings: Postings


@dataclass(frozen=True, slots=True)
class Generation:
    """One complete, verified index of vectors and words, loaded; the postings' rows are places in `index.ids`."""

    name: str
    manifest: Manifest
    index: VectorIndex
    postings: Postings


class Generations:
    """The generations of one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._root = data_dir / "index"

    def live_name(self) -> str | None:
        """The name of the live generation; None when none was ever built, or the pointer names none.

        Raises:
            StorageFailure: the pointer can't be read.
        """
        pointer = self._root / POINTER_FILE
        try:
            name = pointer.read_text(encoding="ascii").strip()
        except (FileNotFoundError, UnicodeDecodeError):
            return None
        except OSError as error:
            raise unreadable(pointer, error) from error
        return name if _NAME.fullmatch(name) else None

    def folder(self, name: str) -> Path:
        """Where a generation lies."""
        return self._root / name

    def manifest(self, name: str) -> Manifest:
        """A generation's manifest.

        Raises:
            DamagedGeneration: it is missing or damaged.
            StorageFailure: it is there and can't be read.
        """
        return _read_manifest(self._root / name)

    def live_manifest(self) -> Manifest | None:
        """The live generation's manifest; None where there is none, or it is damaged.

        Raises:
            StorageFailure: it is there and can't be read.
        """
        name = self.live_name()
        try:
            return self.manifest(name) if name else None
        except DamagedGeneration:
            return None

    def verify(self, name: str) -> None:
        """Compares a generation with its manifest's checksums.

        Raises:
            DamagedGeneration: it is incomplete or changed.
            StorageFailure: a file of it can't be read.
        """
        verify_files(self._root / name, self.manifest(name).files)

    def has_files(self, name: str, manifest: Manifest) -> bool:
        """Whether all files of a generation are there; what is in them is checked when it is opened."""
        return all((self._root / name / file).is_file() for file in manifest.files)

    def tidy(self) -> None:
        """Takes away what killed processes left: half-built generations, and old ones but the last before the live."""
        live = self.live_name()
        others = sorted(path.name for path in self._root.iterdir() if _NAME.fullmatch(path.name) and path.name != live)
        self._prune({live, *others[-1:]})

    def open_live(self, model: str) -> Generation | None:
        """Loads and verifies the live generation; None when none was ever built.

        Raises:
            DamagedGeneration: it is incomplete or changed, or made by another model than the given fingerprint.
            StorageFailure: a file of it can't be read; it may be whole.
        """
        name = self.live_name()
        if name is None:
            return None
        folder = self._root / name
        manifest = _read_manifest(folder)
        if manifest.model != model:
            raise DamagedGeneration(
                f"The index was made with the model {manifest.model}, but the settings name {model}.",
                "Run `attache reindex` to embed the corpus with the new model.",
            )
        # FAISS reads its file as soon as that one is known to be whole, while the others are still being verified.
        with verifying(folder, manifest.files, first=INDEX_FILE):
            index = _read_vectors(folder)
        return _opened(folder, manifest, index)

    def write(self, content: Content, *, model: str, dimension: int, revision: int) -> str:
        """Writes a generation into a new folder, makes it durable and verifies it; returns its name, for `switch`.

        Raises:
            StorageFailure: it can't be written; the live one stays live.
        """
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:8]}"
        building = self._root / f"{BUILDING}{name}"
        # What an earlier one left, killed or out of room, would take the room of this one.
        self._drop_half_built()
        with _whole_or_gone(building):
            building.mkdir(parents=True)
            content.postings.write(building)
            _write(building, content, model=model, dimension=dimension, revision=revision)
        return name

    def switch(self, name: str) -> Generation:
        """Makes a generation live that `write` wrote.

        A reader sees the old generation or the new one, never a mixture: the pointer is replaced in one step, after all
        that it points to has reached the disk. Only the last generations are kept.

        Raises:
            StorageFailure: the pointer can't be written.
        """
        building = self._root / f"{BUILDING}{name}"
        with _whole_or_gone(building):
            building.rename(self._root / name)
            previous = self.live_name()
            self._point_to(name)
        # A reader may be opening the one before at this moment.
        self._prune({name, previous})
        folder = self._root / name
        return _opened(folder, self.manifest(name), _read_vectors(folder))

    def set_aside(self, name: str) -> Path:
        """Moves a damaged generation out of the way, for whoever wants to look at it; returns its new place."""
        place = self._root / f"damaged-{name}"
        shutil.rmtree(place, ignore_errors=True)
        if (self._root / name).exists():
            (self._root / name).rename(place)
        (self._root / POINTER_FILE).unlink(missing_ok=True)
        return place

    def _point_to(self, name: str) -> None:
        # Written beside, flushed, then renamed over the old one: a rename is atomic, a write is not.
        fresh = self._root / f"{POINTER_FILE}.new"
        fresh.write_text(name + "\n", encoding="utf-8")
        _fsync(fresh)
        _fsync(self._root)
        fresh.replace(self._root / POINTER_FILE)
        _fsync(self._root)

    def _prune(self, kept: Set[str | None]) -> None:
        for path in list(self._root.iterdir()):
            if _NAME.fullmatch(path.name) and path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)
        self._drop_half_built()
        # The newest damaged one is kept for whoever looks into it.
        for path in sorted(self._root.glob("damaged-*"))[:-1]:
            shutil.rmtree(path, ignore_errors=True)

    def _drop_half_built(self) -> None:
        for path in list(self._root.glob(f"{BUILDING}*")):
            shutil.rmtree(path, ignore_errors=True)


def _read_manifest(folder: Path) -> Manifest:
    """Reads a generation's manifest.

    Raises:
        DamagedGeneration: it is missing or not one of this version.
        StorageFailure: it is there and can't be read.
    """
    path = folder / MANIFEST_FILE
    try:
        manifest = Manifest(**json.loads(path.read_text(encoding="utf-8")))
    except (*GONE, ValueError, TypeError) as error:
        raise DamagedGeneration(f"The manifest of the vector index {folder.name} is missing or damaged.") from error
    except OSError as error:
        raise unreadable(path, error) from error
    if manifest.version != MANIFEST_VERSION:
        raise DamagedGeneration(f"The vector index {folder.name} has the unknown format {manifest.version}.")
    return manifest


def _opened(folder: Path, manifest: Manifest, index: VectorIndex) -> Generation:
    """A generation of its vectors and of its words, which are read here.

    Raises:
        DamagedGeneration: it is incomplete, or holds another number of vectors than the manifest says.
        StorageFailure: a file of it can't be read.
    """
    with _readable(folder):
        postings = Postings.read(folder)
    if len(index) != manifest.count:
        raise DamagedGeneration(f"The vector index {folder.name} holds {len(index)} vectors, not {manifest.count}.")
    return Generation(folder.name, manifest, index, postings)


def _read_vectors(folder: Path) -> VectorIndex:
    with _readable(folder):
        return VectorIndex.read(folder)


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    """Turns what libraries raise over files that they can't read into DamagedGeneration or StorageFailure."""
    try:
        yield
    # FAISS raises plain RuntimeErrors for whatever it can't read.
    except (RuntimeError, *GONE, ValueError, KeyError) as error:
        raise DamagedGeneration(f"The vector index {folder.name} can't be read ({error}).") from error
    except OSError as error:
        raise unreadable(Path(error.filename or folder), error) from error


@contextmanager
def _whole_or_gone(building: Path) -> Iterator[None]:
    """Takes a half-built generation away where anything fails: on a full disk it is in the way.

    Raises:
        StorageFailure: the system refused to write.
    """
    try:
        yield
    except BaseException as error:
        shutil.rmtree(building, ignore_errors=True)
        if isinstance(error, OSError):
            # NumPy tells a full disk without the system's own words.
            raise _unwritten(f" ({error.strerror})" if error.strerror else "") from error
        raise


def _unwritten(why: str = "") -> StorageFailure:
    return StorageFailure(
        f"The vector index could not be written{why}; the articles are stored all the same.",
        "Check free disk space and permissions, then run `attache reindex`.",
    )


def _write(folder: Path, content: Content, *, model: str, dimension: int, revision: int) -> None:
    """Writes vectors and a manifest, flushes all to the disk, and reads it back."""
    ids = content.ids
    try:
        write_vectors(folder, content.parts, len(ids), dimension)
    # FAISS tells a full disk by a plain RuntimeError.
    except RuntimeError as error:
        raise _unwritten() from error
    manifest = Manifest(
        version=MANIFEST_VERSION,
        model=model,
        dimension=dimension,
        count=len(ids),
        kind=kind_for(len(ids)),
        revision=revision,
        created_at=utc_now(),
        last=int(ids[-1]) if len(ids) else 0,
        files={path.name: file_sha256(path) for path in sorted(folder.iterdir())},
    )
    (folder / MANIFEST_FILE).write_text(json.dumps(asdict(manifest), indent=2), encoding="utf-8")
    for path in (*folder.iterdir(), folder):
        _fsync(path)
    verify_files(folder, manifest.files)


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
