"""Sets Attaché beside its peers: python -m tests.peers.compare --data FOLDER --work FOLDER [--questions FILE]."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import venv
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.benching.figures import this_machine
from bot.settings import Settings
from index.models import PACKAGED_MODEL, locate_model
from tests.peers.handing import hand_over, is_made_folder

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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a data folder, made or real")
    parser.add_argument("--questions", type=Path, help="JSONL of questions with article_ids; a made folder has its own")
    parser.add_argument("--work", type=Path, required=True, help="for the peers' environment, and what they store")
    parser.add_argument("--keep", type=Path, required=True, help="the folder that figures go to")
    parser.add_argument("--most", type=int, default=200, help="questions asked")
    parser.add_argument("--sides", nargs="+", choices=SIDES, default=list(SIDES))
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=list(STEPS), help="encode takes the longest")
    given = parser.parse_args()
    python = installed(given.work / "environment")
    settings = Settings.load(env_file=None, data_dir=given.data)
    exchange = given.work / "exchange"
    shutil.rmtree(exchange, ignore_errors=True)
    passages = hand_over(settings, given.questions, given.most, exchange)
    # In turn, step by step, so that what else the machine does falls on all alike.
    sides: dict[str, Any] = {SIDES[name]: {"figures": {}, "notes": []} for name in given.sides}
    stores = {name: fresh(given.work / f"store-{name}") for name in given.sides}
    for step in given.steps:
        for name in given.sides:
            found = run(python, name, step, exchange, stores[name])
            sides[SIDES[name]]["figures"] |= {key: float(f"{value:.4g}") for key, value in found["figures"].items()}
            sides[SIDES[name]]["notes"] = found["notes"]
    for side in sides.values():
        figures = side["figures"]
        if figures.keys() >= {"index, s", "passages encoded a second"}:
            whole = figures["index, s"] + passages / figures["passages encoded a second"]
            figures["index with encoding, reckoned, s"] = float(f"{whole:.4g}")
    kind = "made" if is_made_folder(settings) else given.data.name
    found = {
        "kind": "peers",
        "settings": {"set": kind, "passages": passages, "questions": given.most},
        "sides": sides,
        "ratios": ratios(sides),
        "machine": asdict(this_machine()),
    }
    found["machine"]["versions"] |= versions(python)
    given.keep.mkdir(parents=True, exist_ok=True)
    (given.keep / f"peers-{kind}-{passages}.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps({"sides": sides, "ratios": found["ratios"]}, indent=2, ensure_ascii=False) + "\n")


def installed(folder: Path) -> Path:
    """The Python of the peers' environment, made once for these requirements."""
    python, mark = folder / "bin" / "python", folder / "requirements.txt"
    wanted = Path(__file__).with_name("requirements.txt")
    if not mark.exists() or mark.read_bytes() != wanted.read_bytes():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--requirement", wanted], check=True)
        shutil.copy(wanted, mark)
    return python


def run(python: Path, name: str, step: str, exchange: Path, store: Path) -> dict[str, Any]:
    """One step of one side in a process of its own; ours in our environment."""
    command = [sys.executable if name == "attache" else str(python), "-m", "tests.peers.side"]
    model = PACKAGED_MODEL if name == "attache" else locate_model(PACKAGED_MODEL).location
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    # No telemetry, no hub: everything that is measured lies on this machine.
    environment |= {"PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "DO_NOT_TRACK": "1"}
    sys.stderr.write(f"{name}: {step}\n")
    arguments = [*command, name, step, str(exchange.resolve()), str(store.resolve()), model]
    ended = subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode:
        sys.exit(f"{name} could not {step}:\n{ended.stderr[-3000:]}")
    return json.loads(ended.stdout.splitlines()[-1])


def fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def ratios(sides: dict[str, Any]) -> dict[str, dict[str, Any]]:
    if not {"Attaché", "txtai"} <= sides.keys():
        return {}
    ours, theirs = sides["Attaché"]["figures"], sides["txtai"]["figures"]
    found: dict[str, dict[str, Any]] = {}
    for name, most in TARGETS.items():
        if name not in ours:
            continue
        ratio = ours[name] / theirs[name]
        found[name] = {"ratio": round(ratio, 3), "target": f"≤ {most}", "met": "yes" if ratio <= most else "no"}
    for name in (name for name in ours if name.startswith(BETTER_HIGH)):
        met = "yes" if ours[name] >= theirs[name] else "no"
        found[name] = {"ratio": round(ours[name] / max(theirs[name], 1e-9), 3), "target": "≥ 1", "met": met}
    return found


def versions(python: Path) -> dict[str, str]:
    ended = subprocess.run(
        [python, "-m", "pip", "list", "--format", "json"], capture_output=True, text=True, check=True
    )
    named = {each["name"]: each["version"] for each in json.loads(ended.stdout)}
    return {name: named[name] for name in named if name.startswith(("txtai", "llama-index-", "bm25s"))}


if __name__ == "__main__":
    main()
