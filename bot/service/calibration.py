"""Which calibration a data folder uses: the packaged one, or its own."""

import json
from pathlib import Path
from typing import Any

from bot.answering.calibration import Calibration
from bot.atomic_files import atomic_write
from bot.settings import Settings
from corpus.database import storage_errors
from corpus.errors import StorageFailure

CALIBRATION_NAME = "calibration.json"


def read_calibration(settings: Settings) -> Calibration:
    """Read the data folder's own calibration, or the packaged one where there is none.

    Raises:
        StorageFailure: the data folder's calibration can't be read.
    """
    path = settings.data_dir / CALIBRATION_NAME
    return load_calibration(path) if path.is_file() else Calibration.load()


def load_calibration(path: Path) -> Calibration:
    """Read a calibration from a file.

    Raises:
        StorageFailure: it can't be read, or is no calibration.
    """
    try:
        return Calibration.load(path)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise StorageFailure(
            f"The calibration {path} can't be read.", "Delete it, or fit it again with `attache calibrate --write`."
        ) from error


def write_calibration(settings: Settings, fields: dict[str, Any]) -> Path:
    """Write the data folder's own calibration and return its path.

    Raises:
        StorageFailure: the data folder can't be written.
    """
    path = settings.data_dir / CALIBRATION_NAME
    with storage_errors(settings.data_dir), atomic_write(path) as partial:
        partial.write_text(json.dumps(fields, indent=2) + "\n", encoding="utf-8")
    return path
