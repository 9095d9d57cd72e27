"""The manifest of a backup: what the backup contains, read as untrusted text."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from bot.records.records import RECORDS_NAME
from bot.service.calibration import CALIBRATION_NAME
from corpus.database import DATABASE_NAME
from corpus.errors import BadInput, NewerVersion, StorageFailure

MANIFEST_NAME = "backup.json"
FORMAT = 1
INDEX_FOLDER = "index"
DAMAGED_HINT = "Nothing was changed; use another backup."
# A backup has about ten files, with 200 bytes each in the manifest.
MAX_BYTES = 100_000
# All that `attache backup` writes; a name that leads elsewhere is none of these.
_FILE = re.compile(
    rf"{re.escape(DATABASE_NAME)}|{re.escape(RECORDS_NAME)}|{re.escape(CALIBRATION_NAME)}"
    rf"|{INDEX_FOLDER}/(?:LIVE|[0-9T]{{1,30}}-[0-9a-f]{{8}}/[a-z][a-z0-9_.-]{{0,60}})"
)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_TEXTS = {
    "made_by": re.compile(r"attache [\w.+-]{1,40}", re.ASCII),
    "created_at": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII),
    "generation": re.compile(r"[0-9T]{1,30}-[0-9a-f]{8}"),
}


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """What a backup contains: SHA-256 by path, and facts for people. `generation` is None where it has no index."""

    format: int
    made_by: str
    created_at: str
    articles: int
    revision: int
    generation: str | None
    bytes: int
    files: dict[str, str]


def read_manifest(folder: Path) -> BackupManifest:
    """Read and validate the manifest of a backup; the files are verified while they are copied.

    Raises:
        BadInput: the folder is not a backup.
        StorageFailure: the manifest is damaged, or has another format.
    """
    path = folder / MANIFEST_NAME
    try:
        if not path.is_file():
            raise BadInput(f"There is no backup in {folder}.", "`attache backup FOLDER` makes one.")
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        found = json.loads(raw.decode()) if len(raw) <= MAX_BYTES else None
    except OSError as error:
        raise StorageFailure(
            f"The manifest of the backup {folder} can't be read ({error.strerror or error}).",
            "Let the user that runs Attaché read the backup.",
        ) from error
    except (ValueError, RecursionError):
        found = None
    version = found.get("format") if isinstance(found, dict) else None
    if type(version) is int and version > FORMAT:
        raise NewerVersion(f"A newer version of Attaché made the backup {folder}.", "Install that version first.")
    if not isinstance(found, dict) or not _is_valid(found):
        raise StorageFailure(f"The manifest of the backup {folder} is damaged.", DAMAGED_HINT)
    return BackupManifest(**found)


def _is_valid(found: Mapping[str, object]) -> bool:
    """Return whether every field is there and of its type, and every text of the form that `attache backup` writes."""
    numbers = [found.get(name) for name in ("articles", "revision", "bytes")]
    texts = {name: found.get(name) for name in _TEXTS if name != "generation" or found.get(name) is not None}
    files = found.get("files")
    return (
        found.keys() == {each.name for each in fields(BackupManifest)}
        and found["format"] == FORMAT
        and all(type(number) is int and 0 <= number < 2**63 for number in numbers)
        and all(isinstance(text, str) and _TEXTS[name].fullmatch(text) for name, text in texts.items())
        and isinstance(files, dict)
        and DATABASE_NAME in files
        and all(_FILE.fullmatch(name) for name in files)
        and all(isinstance(digest, str) and _SHA256.fullmatch(digest) for digest in files.values())
    )
