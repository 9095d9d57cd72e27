"""Compares PyTorch with other runtimes for encoding."""

import argparse
import os
import shutil
import site
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a data folder with vectors")
    parser.add_argument("--questions", type=Path, required=True, help="JSONL of questions with article_ids")
    parser.add_argument("--work", type=Path, required=True, help="for the runtimes' environment and the exported model")
    parser.add_argument("--passages", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    python = installed(given.work / "environment")
    arguments = [str(each.resolve()) for each in (given.data, given.questions, given.work)]
    arguments += [str(given.passages), str(given.rounds)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    ended = subprocess.run([python, "-m", "evals.runtimes.measure_runtime", *arguments], env=environment, check=False)
    sys.exit(ended.returncode)


def installed(folder: Path) -> Path:
    """The Python of an environment that has the runtimes, and everything that this one has."""
    python, mark = folder / "bin" / "python", folder / "requirements.txt"
    wanted = Path(__file__).with_name("requirements.txt")
    if not mark.exists() or mark.read_bytes() != wanted.read_bytes():
        venv.create(folder, with_pip=True)
        ours = next(folder.glob("lib/python*/site-packages")) / "ours.pth"
        ours.write_text("\n".join(site.getsitepackages()) + "\n", encoding="utf-8")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--requirement", wanted], check=True)
        shutil.copy(wanted, mark)
    return python


if __name__ == "__main__":
    main()
