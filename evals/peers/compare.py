"""Compares Attaché with its peers: python -m evals.peers.compare --data FOLDER --work FOLDER --keep FOLDER."""

import argparse
import json
import os
import shutil
import site
import subprocess
import sys
import venv
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from bot.settings import Settings
from evals.peers.exchange import Data
from evals.peers.protocol import export_data
from evals.speed.figures import this_machine
from evals.speed.made import is_made
from index.embedding.models import PACKAGED_MODEL, locate_model

ROOT = Path(__file__).parents[2]
SIDES = {"attache": "Attaché", "txtai": "txtai", "llama": "LlamaIndex", "floor": "FAISS alone"}
STEPS = ("index", "encode", "ask", "change")
# Maximum ratios of Attaché's figures to txtai's, at 100,000 passages.
TARGETS = {
    "index, s": 0.6,
    "query p50, ms": 0.5,
    "query p50, ms, one publisher": 0.3,
    "query p50, ms, one month": 0.3,
    "memory while asked, MB": 1.0,
}
HIGHER_IS_BETTER = "hit@5"


def main() -> None:
    """Run the steps of each side in turns, and save the report after each; exits with 1 if a side failed."""
    args = parse_arguments()
    python = create_environment(args.work / "environment", Path(__file__).with_name("requirements.txt"))
    settings = Settings.load(env_file=None, data_dir=args.data)
    exchange = args.work / "exchange"
    shutil.rmtree(exchange, ignore_errors=True)
    passages = export_data(settings, args.questions, args.most, exchange)
    name = args.set or ("made" if is_made(args.data) else args.data.name)
    args.keep.mkdir(parents=True, exist_ok=True)
    path = args.keep / f"peers-{name}-{passages}.json"
    from_scratch = "index" in args.steps or not path.exists()
    sides: dict[str, Any] = {} if from_scratch else json.loads(path.read_text(encoding="utf-8"))["sides"]
    described = {"set": name, "passages": passages, "questions": len(Data(exchange).questions)}
    failed = False
    # The sides take turns, step by step, so that other load affects all of them equally.
    for step in args.steps:
        for side in args.sides:
            store = args.work / f"store-{side}"
            if step == "index":
                shutil.rmtree(store, ignore_errors=True)
            result = sides.setdefault(SIDES[side], {"figures": {}, "notes": [], "failed": ""})
            if not result["failed"]:
                run_step(python, side, step, exchange, store, result)
            failed |= bool(result["failed"])
            # After each step, so that nothing is lost if a later one never ends.
            path.write_text(json.dumps(build_report(described, sides, python), indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(path.read_text(encoding="utf-8"))
    sys.exit(failed)


def parse_arguments() -> argparse.Namespace:
    """Return the arguments of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a data folder, made or real")
    parser.add_argument("--questions", type=Path, help="JSONL of questions with article_ids; a made folder has its own")
    parser.add_argument("--work", type=Path, required=True, help="folder for the peers' environment and stores")
    parser.add_argument("--keep", type=Path, required=True, help="folder to save the figures in")
    parser.add_argument("--set", help="the set's name in the report; by default made, or the folder's name")
    parser.add_argument("--most", type=int, default=200, help="questions asked")
    parser.add_argument("--sides", nargs="+", choices=SIDES, default=list(SIDES))
    steps = "without index, earlier stores and figures are used again; encode takes the longest"
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=list(STEPS), help=steps)
    return parser.parse_args()


def run_step(python: Path, side: str, step: str, exchange: Path, store: Path, result: dict[str, Any]) -> None:
    """Add the figures of one step to its side's result, or why it failed."""
    try:
        output = run_process(python, side, step, exchange, store)
    except StepFailed as error:
        result["failed"] = f"{step}: {error}"
        return
    figures = result["figures"]
    figures |= {key: float(f"{value:.4g}") for key, value in output["figures"].items()}
    result["notes"] = output["notes"]
    if figures.keys() >= {"index, s", "passages indexed a second", "passages encoded a second"}:
        passages = figures["index, s"] * figures["passages indexed a second"]
        whole = figures["index, s"] + passages / figures["passages encoded a second"]
        figures["index with encoding, reckoned, s"] = float(f"{whole:.4g}")


def build_report(described: dict[str, Any], sides: dict[str, Any], python: Path) -> dict[str, Any]:
    """Return all figures with their ratios, and the machine with the versions of what was compared."""
    machine = asdict(this_machine())
    machine["versions"] |= versions(python)
    return {"kind": "peers", "settings": described, "sides": sides, "ratios": ratios(sides), "machine": machine}


def create_environment(folder: Path, requirements: Path, *, inherit: bool = False) -> Path:
    """Return the Python of an environment, created once for these requirements; `inherit` adds our own packages."""
    python, mark = folder / "bin" / "python", folder / "requirements.txt"
    if not mark.exists() or mark.read_bytes() != requirements.read_bytes():
        venv.create(folder, with_pip=True)
        if inherit:
            ours = next(folder.glob("lib/python*/site-packages")) / "ours.pth"
            ours.write_text("\n".join(site.getsitepackages()) + "\n", encoding="utf-8")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--requirement", requirements], check=True)
        shutil.copy(requirements, mark)
    return python


class StepFailed(Exception):
    """A side's process failed; the message is the last line of its output."""


def run_process(python: Path, name: str, step: str, exchange: Path, store: Path) -> dict[str, Any]:
    """Run one step of one side in a process of its own, Attaché's in this environment."""
    command = [sys.executable if name == "attache" else str(python), "-m", "evals.peers.side"]
    model = PACKAGED_MODEL if name == "attache" else locate_model(PACKAGED_MODEL).location
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    # No telemetry and no downloads.
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
    """Compare Attaché's figures with txtai's, for each target that both have."""
    ours, theirs = (sides.get(name, {"figures": {}})["figures"] for name in ("Attaché", "txtai"))
    compared: dict[str, dict[str, Any]] = {}
    for name in (name for name in ours if name in theirs):
        at_least = name.startswith(HIGHER_IS_BETTER)
        if not at_least and name not in TARGETS:
            continue
        ratio = ours[name] / max(theirs[name], 1e-9)
        met = ours[name] >= theirs[name] if at_least else ratio <= TARGETS[name]
        target = "≥ 1" if at_least else f"≤ {TARGETS[name]}"
        compared[name] = {"ratio": round(ratio, 3), "target": target, "met": "yes" if met else "no"}
    return compared


@cache
def versions(python: Path) -> dict[str, str]:
    """Return the versions of the compared libraries that a Python has."""
    ended = subprocess.run(
        [python, "-m", "pip", "list", "--format", "json"], capture_output=True, text=True, check=True
    )
    named = {each["name"]: each["version"] for each in json.loads(ended.stdout)}
    return {name: named[name] for name in named if name.startswith(("txtai", "llama-index-", "bm25s"))}


if __name__ == "__main__":
    main()
