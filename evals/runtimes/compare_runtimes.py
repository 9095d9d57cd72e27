"""Compares PyTorch with other runtimes for encoding, in an environment that has them."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from evals.peers.compare import create_environment

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Set up the environment, and measure in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a data folder with vectors")
    parser.add_argument("--questions", type=Path, required=True, help="JSONL of questions with article_ids")
    parser.add_argument("--work", type=Path, required=True, help="folder for the environment and the exported model")
    parser.add_argument("--passages", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    requirements = Path(__file__).with_name("requirements.txt")
    python = create_environment(args.work / "environment", requirements, inherit=True)
    arguments = [str(each.resolve()) for each in (args.data, args.questions, args.work)]
    arguments += [str(args.passages), str(args.rounds)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    ended = subprocess.run([python, "-m", "evals.runtimes.measure_runtime", *arguments], env=environment, check=False)
    sys.exit(ended.returncode)


if __name__ == "__main__":
    main()
