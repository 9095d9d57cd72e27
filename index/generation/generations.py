"""The generations in a data folder: written, verified, made live by a pointer file, quarantined if damaged."""

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

from corpus.data_folder import clear, is_folder
from corpus.errors import NewerVersion, StorageFailure
from corpus.timestamps import utc_now
from index.embedding.models import file_sha256
from index.embedding.vector_store import StoredVectors
from index.errors import DamagedGeneration
from index.generation.postings import Postings
from index.generation.read_files import OpenVectors, are_possible, file_names, read_postings, read_text, read_vectors
from index.generation.vector_index import INDEX_FILE, Ids, VectorIndex, kind_for
from index.generation.verify import MISSING_ERRORS, unreadable_error, verify_files, verify_while_reading
from index.generation.write_vectors import write_vectors

MANIFEST_FILE = "manifest.json"
POINTER_FILE = "LIVE"
# The next pointer, until it replaces the one before.
NEW_POINTER_FILE = f"{POINTER_FILE}.new"
MANIFEST_VERSION = 5
# Prefix of the folder of an unfinished generation.
BUILDING_PREFIX = "building-"
_NAME = re.compile(r"\d{8}T\d{6,12}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """Describes a generation.

    `revision` is the database's when it was built, `last` the highest passage id, `files` maps names to SHA-256.
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
    """What a generation is built from: passage ids, and their vectors in batches and postings in the same order."""

    ids: Ids
    batches: Iterable[StoredVectors]
    postings: Postings


@dataclass(frozen=True, slots=True)
class Generation:
    """A loaded, verified index of vectors and words; the postings' rows are positions in `index.ids`."""

    name: str
    manifest: Manifest
    index: VectorIndex
    postings: Postings


class Generations:
    """The generations in one data folder.

    Args:
        data_dir: the data folder.
        open_vectors: `VectorIndex.read`, or `VectorIndex.map` to share vectors with other processes.
    """

    def __init__(self, data_dir: Path, open_vectors: OpenVectors = VectorIndex.read) -> None:
        self._root = data_dir / "index"
        self._open_vectors = open_vectors

    def live_name(self) -> str | None:
        """Return the name of the live generation; None if there is none.

        Raises:
            StorageFailure: the pointer can't be read.
        """
        pointer = self._root / POINTER_FILE
        try:
            name = read_text(pointer).strip()
        except (*MISSING_ERRORS, ValueError):
            return None
        except OSError as error:
            raise unreadable_error(pointer, error) from error
        return name if _NAME.fullmatch(name) else None

    def folder(self, name: str) -> Path:
        """Return a generation's folder."""
        return self._root / name

    def manifest(self, name: str) -> Manifest:
        """Return a generation's manifest.

        Raises:
            DamagedGeneration: it is missing, damaged, or of an older version.
            StorageFailure: it exists but can't be read, or a newer version of Attaché wrote it.
        """
        path = self._root / name / MANIFEST_FILE
        try:
            manifest = _parse_manifest(read_text(path))
        except (*MISSING_ERRORS, ValueError, TypeError, RecursionError) as error:
            raise DamagedGeneration(f"The manifest of the vector index {name} is missing or damaged.") from error
        except OSError as error:
            raise unreadable_error(path, error) from error
        if manifest.version > MANIFEST_VERSION:
            raise NewerVersion(
                f"A newer version of Attaché built the vector index {name}, and this version can't use it.",
                f"Install that version or a newer one; or delete {self._root}, and the index is built again.",
            )
        if manifest.version != MANIFEST_VERSION:
            raise DamagedGeneration(f"The vector index {name} has the unknown format {manifest.version}.")
        return manifest

    def live_manifest(self) -> Manifest | None:
        """Return the live generation's manifest; None if there is none or it is damaged.

        Raises:
            StorageFailure: it exists but can't be read.
        """
        name = self.live_name()
        try:
            return self.manifest(name) if name else None
        except DamagedGeneration:
            return None

    def verify(self, name: str) -> None:
        """Compare a generation with its manifest's checksums.

        Raises:
            DamagedGeneration: it is incomplete or was changed.
            StorageFailure: one of its files can't be read.
        """
        verify_files(self._root / name, self.manifest(name).files)

    def has_files(self, name: str, manifest: Manifest) -> bool:
        """Return whether all files of a generation exist, without verifying them."""
        return all((self._root / name / file).is_file() for file in manifest.files)

    def clean_up(self) -> None:
        """Delete unfinished generations and old ones, except the last one before the live one."""
        live = self.live_name()
        others = sorted(path.name for path in self._root.iterdir() if _NAME.fullmatch(path.name) and path.name != live)
        self._prune({live, *others[-1:]})

    def open_live(self, model: str) -> Generation | None:
        """Load and verify the live generation; return None if there is none.

        Raises:
            DamagedGeneration: it is incomplete, was changed, or was made with another model than this fingerprint.
            StorageFailure: one of its files can't be read, though it may be undamaged.
        """
        name = self.live_name()
        if name is None:
            return None
        folder = self._root / name
        manifest = self.manifest(name)
        if manifest.model != model:
            raise DamagedGeneration(
                f"The index was made with the model {manifest.model}, but the settings name {model}.",
                "Run `attache reindex` to embed the corpus with the new model.",
            )
        # FAISS reads its file once it is verified, while the others are still being verified.
        with verify_while_reading(folder, manifest.files, first=INDEX_FILE):
            index = self._read_vectors(folder, manifest)
        return _load(folder, manifest, index)

    def check(self, name: str) -> None:
        """Verify a generation, and check everything in its files: whoever wrote them also wrote the checksums.

        Raises:
            DamagedGeneration: it is incomplete, was changed, or its files are not what `write` writes.
            StorageFailure: one of its files can't be read.
        """
        folder, manifest = self._root / name, self.manifest(name)
        verify_files(folder, manifest.files)
        generation = _load(folder, manifest, self._read_vectors(folder, manifest))
        if not generation.postings.has_valid_rows():
            raise DamagedGeneration(f"The words of the vector index {name} are not those of its passages.")

    def write(self, content: Content, *, model: str, dimension: int, revision: int) -> str:
        """Write, flush and verify a generation in a new folder; return its name, for `activate`.

        Raises:
            StorageFailure: it can't be written; the live one stays live.
        """
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:8]}"
        building = self._root / f"{BUILDING_PREFIX}{name}"
        # Leftovers of a killed process would take the disk space of this one.
        self._delete_unfinished()
        with _deleted_on_failure(building):
            building.mkdir(parents=True)
            content.postings.write(building)
            _write(building, content, model=model, dimension=dimension, revision=revision)
        return name

    def activate(self, name: str) -> Generation:
        """Make a generation that `write` wrote live, load it, and delete old ones.

        A reader sees the old generation or the new one, never a mixture: the pointer is replaced atomically after
        everything it points to has reached the disk.

        Raises:
            StorageFailure: the pointer can't be written.
        """
        building = self._root / f"{BUILDING_PREFIX}{name}"
        with _deleted_on_failure(building):
            building.rename(self._root / name)
            previous = self.live_name()
            self._point_to(name)
        # Keeps the previous one: a reader may be opening it right now.
        self._prune({name, previous})
        folder, manifest = self._root / name, self.manifest(name)
        return _load(folder, manifest, self._read_vectors(folder, manifest))

    def quarantine(self, name: str) -> Path:
        """Move a damaged generation out of the way for inspection; return its new folder."""
        folder = self._root / f"damaged-{name}"
        shutil.rmtree(folder, ignore_errors=True)
        if (self._root / name).exists():
            (self._root / name).rename(folder)
        (self._root / POINTER_FILE).unlink(missing_ok=True)
        return folder

    def _read_vectors(self, folder: Path, manifest: Manifest) -> VectorIndex:
        return read_vectors(
            folder,
            self._open_vectors,
            kind=manifest.kind,
            count=manifest.count,
            dimension=manifest.dimension,
            last=manifest.last,
        )

    def _point_to(self, name: str) -> None:
        # Write a new file, flush it, then rename it over the old one: a rename is atomic, a write is not.
        fresh, pointer = self._root / NEW_POINTER_FILE, self._root / POINTER_FILE
        for place in (fresh, pointer):
            # A file takes the place of anything but a folder.
            if is_folder(place):
                clear(place)
        fresh.write_text(name + "\n", encoding="utf-8")
        _fsync(fresh)
        _fsync(self._root)
        fresh.replace(pointer)
        _fsync(self._root)

    def _prune(self, kept: Set[str | None]) -> None:
        for path in list(self._root.iterdir()):
            if _NAME.fullmatch(path.name) and path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)
        self._delete_unfinished()
        # The newest damaged one is kept for inspection.
        for path in sorted(self._root.glob("damaged-*"))[:-1]:
            shutil.rmtree(path, ignore_errors=True)

    def _delete_unfinished(self) -> None:
        for path in list(self._root.glob(f"{BUILDING_PREFIX}*")):
            shutil.rmtree(path, ignore_errors=True)


def _parse_manifest(text: str) -> Manifest:
    """Parse a manifest, which names exactly the files that are read; of a newer one only the version counts.

    Raises:
        ValueError, TypeError: it is no manifest.
    """
    fields = json.loads(text)
    if isinstance(fields, dict) and isinstance(fields.get("version"), int) and fields["version"] > MANIFEST_VERSION:
        return Manifest(fields["version"], "", 0, 0, "", 0, "", 0, {})
    manifest = Manifest(**fields)
    numbers = manifest.version, manifest.dimension, manifest.count, manifest.revision, manifest.last
    texts = [manifest.model, manifest.kind, manifest.created_at]
    if isinstance(manifest.files, dict):
        texts += [*manifest.files, *manifest.files.values()]
    is_typed = all(type(each) is int for each in numbers) and all(isinstance(each, str) for each in texts)
    if not is_typed or not isinstance(manifest.files, dict):
        raise ValueError("no manifest")
    # A file without a checksum would be read unverified. Of other versions only the version counts.
    is_possible = are_possible(manifest.kind, manifest.count, manifest.dimension, manifest.last)
    if manifest.version == MANIFEST_VERSION and not (
        is_possible and manifest.files.keys() == file_names(manifest.kind)
    ):
        raise ValueError("other files or impossible numbers")
    return manifest


def _load(folder: Path, manifest: Manifest, index: VectorIndex) -> Generation:
    """Read the postings, and return them with the vectors as a generation."""
    return Generation(folder.name, manifest, index, read_postings(folder, manifest.count))


@contextmanager
def _deleted_on_failure(building: Path) -> Iterator[None]:
    """Delete an unfinished generation if anything fails: on a full disk it is in the way.

    Raises:
        StorageFailure: the system refused to write.
    """
    try:
        yield
    except BaseException as error:
        shutil.rmtree(building, ignore_errors=True)
        if isinstance(error, OSError):
            # NumPy's error for a full disk has no `strerror`.
            raise _write_failure(f" ({error.strerror})" if error.strerror else "") from error
        raise


def _write_failure(reason: str = "") -> StorageFailure:
    return StorageFailure(
        f"The vector index could not be written{reason}; the articles are stored all the same.",
        "Check free disk space and permissions, then run `attache reindex`.",
    )


def _write(folder: Path, content: Content, *, model: str, dimension: int, revision: int) -> None:
    """Write vectors and a manifest, flush everything to the disk, and verify it."""
    ids = content.ids
    try:
        write_vectors(folder, content.batches, len(ids), dimension)
    # FAISS raises RuntimeError on a full disk.
    except RuntimeError as error:
        raise _write_failure() from error
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
