"""The calibration of refusals that a data folder's answers use: the packaged one, or one fitted for this folder."""

import json
from dataclasses import asdict
from pathlib import Path

from bot.answering.refusal import RefusalModel
from bot.atomic_files import written_aside
from bot.settings import Settings
from corpus.database import storage_errors
from corpus.errors import StorageFailure

CALIBRATION_NAME = "refusal.json"


def read_calibration(settings: Settings) -> RefusalModel:
    """Reads the data folder's own calibration, or the packaged one where it has none.

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
    """Writes the data folder's own calibration; returns the path of the file.

    Raises:
        StorageFailure: the data folder can't be written.
    """
    path = settings.data_dir / CALIBRATION_NAME
    with storage_errors(settings.data_dir), written_aside(path) as aside:
        aside.write_text(json.dumps(asdict(model), indent=2) + "\n", encoding="utf-8")
    return path
