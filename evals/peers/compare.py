"""Sets Attaché beside its peers: python -m evals.peers.compare --data FOLDER --work FOLDER [--questions FILE]."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import venv
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from bot.settings import Settings
from evals.peers.exchange import Data
from evals.peers.protocol import hand_over, is_made_folder
from evals.speed.figures import this_machine
from index.embedding.models import PACKAGED_MODEL, locate_model

ROOT = Path(__file__).parents[2]
SIDES = {"attache": "Attaché", "txtai": "txtai", "llama": "LlamaIndex", "floor": "FAISS alone"}
STEPS = ("index", "encode", "ask", "change")
# Against txtai at 100,000 passages: the most that Attaché may take of what txtai takes.
TARGETS = {
    "index, s": 0.6,
    "query p50, ms": 0.5,
    "query p50, ms, one publisher": 0.3,
    "query p50, ms, one month": 0.3,
    "memory while asked, MB": 1.0,
}
BETTER_HIGH = "hit@5"


def main() -> None:
    given = arguments()
    python = installed(given.work / "environment")
    settings = Settings.load(env_file=None, data_dir=given.data)
    exchange = given.work / "exchange"
    shutil.rmtree(exchange, ignore_errors=True)
    passages = hand_over(settings, given.questions, given.most, exchange)
    name = given.set or ("made" if is_made_folder(settings) else given.data.name)
    given.keep.mkdir(parents=True, exist_ok=True)
    path = given.keep / f"peers-{name}-{passages}.json"
    anew = "index" in given.steps
    sides: dict[str, Any] = {} if anew or not path.exists() else json.loads(path.read_text(encoding="utf-8"))["sides"]
    described = {"set": name, "passages": passages, "questions": len(Data(exchange).questions)}
    failed = False
    # In turn, step by step, so that what else the machine does falls on all alike.
    for step in given.steps:
        for side in given.sides:
            store = given.work / f"store-{side}"
            if step == "index":
                shutil.rmtree(store, ignore_errors=True)
            mine = sides.setdefault(SIDES[side], {"figures": {}, "notes": [], "failed": ""})
            if not mine["failed"]:
                take_step(python, side, step, exchange, store, mine)
            failed |= bool(mine["failed"])
            # After each, so that what ended was not in vain where a later one does not.
            path.write_text(json.dumps(told(described, sides, python), indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(path.read_text(encoding="utf-8"))
    sys.exit(failed)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a data folder, made or real")
    parser.add_argument("--questions", type=Path, help="JSONL of questions with article_ids; a made folder has its own")
    parser.add_argument("--work", type=Path, required=True, help="for the peers' environment, and what they store")
    parser.add_argument("--keep", type=Path, required=True, help="the folder that figures go to")
    parser.add_argument("--set", help="what the page calls the set; by default made, or the folder's name")
    parser.add_argument("--most", type=int, default=200, help="questions asked")
    parser.add_argument("--sides", nargs="+", choices=SIDES, default=list(SIDES))
    steps = "without index, on what is stored, and beside the figures that are kept; encode takes the longest"
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=list(STEPS), help=steps)
    return parser.parse_args()


def take_step(python: Path, side: str, step: str, exchange: Path, store: Path, mine: dict[str, Any]) -> None:
    """Adds the figures of one step to those of its side, or why it failed: the other sides go on."""
    try:
        found = run(python, side, step, exchange, store)
    except StepFailed as error:
        mine["failed"] = f"{step}: {error}"
        return
    figures = mine["figures"]
    figures |= {key: float(f"{value:.4g}") for key, value in found["figures"].items()}
    mine["notes"] = found["notes"]
    if figures.keys() >= {"index, s", "passages indexed a second", "passages encoded a second"}:
        passages = figures["index, s"] * figures["passages indexed a second"]
        whole = figures["index, s"] + passages / figures["passages encoded a second"]
        figures["index with encoding, reckoned, s"] = float(f"{whole:.4g}")


def told(described: dict[str, Any], sides: dict[str, Any], python: Path) -> dict[str, Any]:
    machine = asdict(this_machine())
    machine["versions"] |= versions(python)
    return {"kind": "peers", "settings": described, "sides": sides, "ratios": ratios(sides), "machine": machine}


def installed(folder: Path) -> Path:
    """The Python of the peers' environment, made once for these requirements."""
    python, mark = folder / "bin" / "python", folder / "requirements.txt"
    wanted = Path(__file__).with_name("requirements.txt")
    if not mark.exists() or mark.read_bytes() != wanted.read_bytes():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--requirement", wanted], check=True)
        shutil.copy(wanted, mark)
    return python


class StepFailed(Exception):
    """A side's process ended with an error; its last line says which."""


def run(python: Path, name: str, step: str, exchange: Path, store: Path) -> dict[str, Any]:
    """One step of one side in a process of its own; ours in our environment."""
    command = [sys.executable if name == "attache" else str(python), "-m", "evals.peers.side"]
    model = PACKAGED_MODEL if name == "attache" else locate_model(PACKAGED_MODEL).location
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    # No telemetry, no hub: everything that is measured lies on this machine.
    environment |= {"PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "DO_NOT_TRACK": "1"}
    sys.stderr.write(f"{name}: {step}\n")
    arguments = [*command, name, step, str(exchange.resolve()), str(store.resolve()), model]
    ended = subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode:
        sys.stderr.write(ended.stderr[-3000:])
        lines = ended.stderr.split("\n")
        raise StepFailed(next((line for line in reversed(lines) if line.strip()), f"ended with {ended.returncode}"))
    return json.loads(ended.stdout.splitlines()[-1])


def ratios(sides: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Ours to txtai's of each target for which both have a figure."""
    ours, theirs = (sides.get(name, {"figures": {}})["figures"] for name in ("Attaché", "txtai"))
    found: dict[str, dict[str, Any]] = {}
    for name in (name for name in ours if name in theirs):
        # hit@5, without a filter and with each.
        at_least = name.startswith(BETTER_HIGH)
        if not at_least and name not in TARGETS:
            continue
        ratio = ours[name] / max(theirs[name], 1e-9)
        met = ours[name] >= theirs[name] if at_least else ratio <= TARGETS[name]
        target = "≥ 1" if at_least else f"≤ {TARGETS[name]}"
        found[name] = {"ratio": round(ratio, 3), "target": target, "met": "yes" if met else "no"}
    return found


@cache
def versions(python: Path) -> dict[str, str]:
    ended = subprocess.run(
        [python, "-m", "pip", "list", "--format", "json"], capture_output=True, text=True, check=True
    )
    named = {each["name"]: each["version"] for each in json.loads(ended.stdout)}
    return {name: named[name] for name in named if name.startswith(("txtai", "llama-index-", "bm25s"))}


if __name__ == "__main__":
    main()
