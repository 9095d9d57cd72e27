"""An index on disk that is damaged or crafted: a sentence and a rebuild, in little memory, never a crash."""

import hashlib
import json
import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import faiss
import numpy as np
import pytest

from bot.service import doctor
from bot.service.backup import back_up
from bot.service.restore import restore
from corpus.errors import StorageFailure
from index.errors import DamagedGeneration
from index.generation.generations import MANIFEST_FILE, POINTER_FILE, Generations
from index.generation.postings import GAINS_FILE, ROWS_FILE, STEMS_FILE
from index.generation.vector_index import INDEX_FILE, VECTORS_FILE
from tests.conftest import MakeSettings
from tests.damage import flip, live_folder
from tests.fakes import HashingEmbedder

ROOT = Path(__file__).parents[3]
# Bytes that the process may ask for once everything is imported.
ROOM = 300_000_000
OPEN = f"""
import resource, sys
from pathlib import Path
from bot.service.open_index import open_index
from index.generation.generations import Generations
from bot.service.sessions import reading
from bot.settings import Settings
from tests.fakes import HashingEmbedder
held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (held + {ROOM}, held + {ROOM}))
settings = Settings.load(env_file=None, data_dir=Path(sys.argv[1]))
with reading(settings.data_dir) as db:
    index = open_index(settings, Generations(settings.data_dir), db, HashingEmbedder(), print).index
    query = HashingEmbedder().encode(["Velden bridge"])[0]
    print(len(index.search(query, 3).ids), "found")
"""


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def put(at: int, form: str, *values: float | bytes) -> Callable[[Path], None]:
    """Writes numbers over a place in a file, counted from its end where negative."""

    def write(path: Path) -> None:
        raw = bytearray(path.read_bytes())
        struct.pack_into(form, raw, at if at >= 0 else len(raw) + at, *values)
        path.write_bytes(raw)

    return write


def nested(path: Path) -> None:
    """Maps of maps of maps: FAISS reads each by a further call."""
    raw = path.read_bytes()
    path.write_bytes(raw[:37] * 200_000 + raw[37:])


def other_kind(path: Path) -> None:
    faiss.write_index(faiss.IndexIDMap(faiss.index_factory(64, "HNSW32,Flat", faiss.METRIC_INNER_PRODUCT)), str(path))


def unordered(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[-16:] = raw[-8:] + raw[-16:-8]
    path.write_bytes(raw)


def numbered_from(first: int) -> Callable[[Path], None]:
    """Gives the first passage an id that none has."""

    def write(path: Path) -> None:
        count = struct.unpack_from("<q", path.read_bytes(), 8)[0]
        put(-8 * count, "<q", first)(path)

    return write


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def npy(shape: tuple[int, ...], kind: str = "<i4", data: bytes = b"") -> bytes:
    file = BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": kind, "fortran_order": False, "shape": shape})
    return file.getvalue() + data


def huge_array(path: Path) -> None:
    path.write_bytes(npy((1 << 40,)))


def pickled(path: Path) -> None:
    np.save(path, np.array([{}], dtype=object), allow_pickle=True)


def archive(compression: int, **arrays: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", compression) as file:
            for name, raw in arrays.items():
                file.writestr(f"{name}.npy", raw)

    return write


huge_stems = archive(zipfile.ZIP_STORED, stems=npy((1 << 40,), "<u8"), starts=npy((1,), "<i8"), passages=npy((), "<i8"))
bomb = archive(
    zipfile.ZIP_DEFLATED, stems=npy((1 << 22,), "<u8", bytes(1 << 25)), starts=npy((1,), "<i8"), passages=npy((), "<i8")
)

ATTACKS: list[tuple[str, Callable[[Path], None]]] = [
    (INDEX_FILE, flip),
    (INDEX_FILE, cut),
    (INDEX_FILE, lambda path: path.write_bytes(b"")),
    (INDEX_FILE, pipe),
    (INDEX_FILE, nested),
    (INDEX_FILE, other_kind),
    (INDEX_FILE, unordered),
    (INDEX_FILE, numbered_from(0)),
    (INDEX_FILE, numbered_from(-1)),
    # The map's dimension and number of vectors, those of the index in it, the size of its data, and that of the ids.
    (INDEX_FILE, put(4, "<i", 1 << 30)),
    (INDEX_FILE, put(8, "<q", 1 << 38)),
    (INDEX_FILE, put(8, "<q", -1)),
    (INDEX_FILE, put(37, "<4s", b"IxPQ")),
    (INDEX_FILE, put(41, "<i", -1)),
    (INDEX_FILE, put(45, "<q", 1 << 38)),
    (INDEX_FILE, put(74, "<Q", (1 << 38) - 1)),
    (ROWS_FILE, huge_array),
    (ROWS_FILE, pickled),
    (GAINS_FILE, cut),
    (STEMS_FILE, huge_stems),
    (STEMS_FILE, bomb),
    (STEMS_FILE, lambda path: path.write_bytes(npy((2,), "<u8", bytes(16)))),
]


def sign(folder: Path, **changes: object) -> None:
    """Gives the files of a generation the checksums that they have now, as whoever crafts them would."""
    path = folder / MANIFEST_FILE
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for name in manifest["files"]:
        if (folder / name).is_file():
            manifest["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    path.write_text(json.dumps(manifest | changes), encoding="utf-8")


def opened(data_dir: Path) -> str:
    """What opening the index in a process of its own prints; it has little memory."""
    ended = subprocess.run(
        [sys.executable, "-c", OPEN, str(data_dir)], capture_output=True, text=True, timeout=600, cwd=ROOT, check=False
    )
    assert ended.returncode == 0, (ended.returncode, ended.stderr[-2000:])
    return ended.stdout


@pytest.mark.parametrize("is_signed", [False, True], ids=["damaged", "crafted"])
@pytest.mark.parametrize(("name", "attack"), ATTACKS)
def test_a_hostile_file_ends_in_a_sentence(
    made_up_data: Path, name: str, attack: Callable[[Path], None], *, is_signed: bool
) -> None:
    generations, live = Generations(made_up_data), str(Generations(made_up_data).live_name())
    folder = generations.folder(live)
    attack(folder / name)
    if is_signed:
        sign(folder)
    if is_signed and attack is flip:
        # Another number in a vector is what a sound index could hold.
        generations.check(live)
        return
    with pytest.raises(DamagedGeneration):
        generations.open_live(HashingEmbedder().fingerprint)
    with pytest.raises(DamagedGeneration):
        generations.check(live)


@pytest.mark.parametrize(("name", "attack"), [ATTACKS[place] for place in (1, 4, 10, 15, 19)])
def test_a_crafted_index_is_rebuilt_in_little_memory(
    made_up_data: Path, name: str, attack: Callable[[Path], None]
) -> None:
    attack(live_folder(made_up_data) / name)
    sign(live_folder(made_up_data))
    first, last = opened(made_up_data).splitlines()
    assert first.endswith("It is set aside and rebuilt from the stored vectors.")
    assert last == "3 found"
    assert opened(made_up_data) == "3 found\n"


def without(name: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        sign(folder, files={each: digest for each, digest in manifest["files"].items() if each != name})
        (folder / name).write_bytes(b"IxMp, whatever")

    return change


MANIFESTS: list[Callable[[Path], None]] = [
    *(without(name) for name in (INDEX_FILE, STEMS_FILE, ROWS_FILE)),
    lambda folder: sign(folder, count=-1),
    lambda folder: sign(folder, count=1 << 40, last=1 << 41),
    lambda folder: sign(folder, kind="sq8"),
    lambda folder: sign(folder, dimension=1 << 31),
    lambda folder: sign(folder, model="x" * 200_000),
    lambda folder: pipe(folder / MANIFEST_FILE),
]


@pytest.mark.parametrize("change", MANIFESTS)
def test_a_manifest_of_other_files_or_numbers_is_not_followed(
    made_up_data: Path, change: Callable[[Path], None]
) -> None:
    change(live_folder(made_up_data))
    with pytest.raises(DamagedGeneration):
        Generations(made_up_data).open_live(HashingEmbedder().fingerprint)


def test_a_file_that_the_manifest_does_not_name_is_not_read(made_up_data: Path) -> None:
    (live_folder(made_up_data) / VECTORS_FILE).write_bytes(npy((1 << 40, 64), "<f2"))
    assert opened(made_up_data) == "3 found\n"


def test_a_pointer_that_is_a_pipe_is_none(made_up_data: Path) -> None:
    pipe(made_up_data / "index" / POINTER_FILE)
    assert Generations(made_up_data).live_name() is None


def test_an_index_of_more_passages_than_there_ever_were_is_not_read(made_up_data: Path) -> None:
    folder = live_folder(made_up_data)
    index = faiss.IndexIDMap(faiss.IndexFlatIP(64))
    manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    count = manifest["count"]
    index.add_with_ids(np.ones((count, 64), dtype=np.float32), np.arange(1001, 1001 + count))
    faiss.write_index(index, str(folder / INDEX_FILE))
    sign(folder, last=1000 + count)
    first, last = opened(made_up_data).splitlines()
    assert "has passages that the database never had. It is set aside" in first
    assert last == "3 found"


def wild_rows(folder: Path) -> None:
    rows = np.load(folder / ROWS_FILE)
    rows[0] = 1 << 30
    np.save(folder / ROWS_FILE, rows)
    sign(folder)


def test_a_backup_with_a_crafted_index_is_not_restored(
    made_up_data: Path, settings: MakeSettings, tmp_path: Path
) -> None:
    wild_rows(live_folder(made_up_data))
    made = settings(made_up_data)
    back_up(made, tmp_path / "backup")
    with pytest.raises(StorageFailure, match="not those of its passages"):
        restore(settings(tmp_path / "fresh"), tmp_path / "backup")
    assert not (tmp_path / "fresh" / "index").exists()


def test_doctor_finds_words_of_passages_that_are_not_there(
    made_up_data: Path, settings: MakeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    wild_rows(live_folder(made_up_data))
    monkeypatch.setattr(doctor, "load_embedder", lambda _settings: HashingEmbedder())
    failed = [check.name for check in doctor.run_checks(settings(made_up_data)) if not check.passed]
    assert "words of the index" in failed
