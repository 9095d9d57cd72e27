"""Which refusal calibration a data folder uses: the packaged one, or its own."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from bot.answering.refusal import EVIDENCE_MEASURES, MEASURES, RefusalModel
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
    return load_calibration(path) if path.is_file() else RefusalModel.load()


def load_calibration(path: Path) -> RefusalModel:
    """Read a calibration from a file.

    Raises:
        StorageFailure: it can't be read, or is no calibration.
    """
    try:
        model = RefusalModel.load(path)
        _check_numbers(model)
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise StorageFailure(
            f"The calibration {path} can't be read.", "Delete it, or fit it again with `attache calibrate --write`."
        ) from error
    return model


def _check_numbers(model: RefusalModel) -> None:
    """Check that a calibration has every number that an answer computes with.

    Raises:
        ValueError: it has not.
        TypeError: one of them is no number.
    """
    numbers = [model.intercept, model.threshold]
    for values in (model.coefficients, model.means, model.scales):
        # A calibration by an earlier version has those of the evidence only, and goes on as it is.
        if not isinstance(values, Mapping) or values.keys() not in (set(MEASURES), set(EVIDENCE_MEASURES)):
            raise ValueError("measures are missing")
        numbers += values.values()
    if not all(map(math.isfinite, numbers)) or 0 in model.scales.values():
        raise ValueError("numbers are out of range")


def write_calibration(settings: Settings, model: RefusalModel) -> Path:
    """Write the data folder's own calibration and return its path.

    Raises:
        StorageFailure: the data folder can't be written.
    """
    path = settings.data_dir / CALIBRATION_NAME
    with storage_errors(settings.data_dir), atomic_write(path) as partial:
        partial.write_text(json.dumps(asdict(model), indent=2) + "\n", encoding="utf-8")
    return path
