"""Which refusal calibration a data folder uses: the packaged one, or its own."""

import json
from dataclasses import asdict
from pathlib import Path

from bot.answering.refusal import RefusalModel
from bot.atomic_files import atomic_write
from bot.settings import Settings
from corpus.database import storage_errors
from corpus.errors import StorageFailure

CALIBRATION_NAME = "refusal.json"


def read_calibration(settings: Settings) -> RefusalModel:
    """Read the data folder's own calibration, or the packaged one where there is none.

    Raises:
        StorageFailure: the data folder's calibration can't be read.
    """
    path = settings.data_dir / CALIBRATION_NAME
    if not path.is_file():
        return RefusalModel.load()
    try:
        return RefusalModel.load(path)
    except (OSError, ValueError, TypeError) as error:
        raise StorageFailure(
            f"The calibration {path} can't be read.", "Delete it, or fit it again with `attache calibrate --write`."
        ) from error


def write_calibration(settings: Settings, model: RefusalModel) -> Path:
    """Write the data folder's own calibration and return its path.

    Raises:
        StorageFailure: the data folder can't be written.
    """
    path = settings.data_dir / CALIBRATION_NAME
    with storage_errors(settings.data_dir), atomic_write(path) as partial:
        partial.write_text(json.dumps(asdict(model), indent=2) + "\n", encoding="utf-8")
    return path
