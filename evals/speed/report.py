"""Writes the page of figures, with its plots, from what benches kept."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.render.envelope import shape
from corpus.errors import BadInput
from evals.speed.figures import Bench
from evals.speed.plots import draw_plots
from evals.speed.targets import reached

_TITLES = {
    "encode": "Encoding",
    "build": "Building the index",
    "query": "Searching",
    "answer": "Answering",
    "load": "Many at once",
    "start": "Starting",
    "memory": "Memory",
}
PEERS_FILE = "peers-*.json"
# The targets against a peer hold for corpora of about this size; other sizes tell how they move.
PEERS_AT = 100_000
# What stands above it on the page is prose, and stays; what follows is written anew.
MARK = "<!-- What follows is written by `python -m evals bench report`. -->"
_TITLE = "# How fast it is, and how to measure it again"


def keep_figures(bench: Bench, folder: Path) -> None:
    """Writes what a bench found into a folder, one file for each bench and size."""
    found = shape("bench", asdict(bench))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{bench.bench}-{bench.settings['passages']}.json"
    path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def write_report(figures: Path, page: Path, pictures: Path) -> list[Path]:
    """Writes the figures below the page's prose, and the plots; returns the plots.

    Raises:
        BadInput: no bench kept figures there, or matplotlib is not installed.
    """
    benches = _read(figures, "[a-z]*-[0-9]*.json", "bench")
    peers = _read(figures, PEERS_FILE, "peers")
    if not benches and not peers:
        raise BadInput(
            f"There are no figures in {figures}.", "Run benches with `--keep FOLDER` first, or `make bench`."
        )
    written = draw_plots(benches, peers, pictures)
    before = page.read_text(encoding="utf-8") if page.exists() else _TITLE
    parts = [before.partition(MARK)[0].rstrip(), MARK, _machines([*benches, *peers])]
    parts += [_targets(benches), *(_picture(path, page) for path in written)]
    parts += [_peers_table(each) for each in peers]
    for name, title in _TITLES.items():
        mine = [each for each in benches if each["bench"] == name]
        if mine:
            tables = [*map(_bench_table, mine)]
            parts += [f"## {title}: `bench {name}`", *([_by_size(mine), *_folded(tables)] if mine[1:] else tables)]
    page.write_text("\n\n".join(part for part in parts if part) + "\n", encoding="utf-8")
    return written


def _read(folder: Path, pattern: str, kind: str) -> list[dict[str, Any]]:
    found = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob(pattern)]
    mine = [each for each in found if each.get("kind") == kind]
    return sorted(mine, key=lambda each: (each.get("bench", ""), each["settings"]["passages"]))


def _targets(benches: Sequence[dict[str, Any]]) -> str:
    """Which of the targets that hold for one side alone were reached; those against a peer stand below its tables."""
    rows = []
    for target, bench, found in reached(benches):
        value = float(found[target.statistic])
        rows.append(
            (
                f"{target.bench}: {found['name']}{', 95th percentile' if target.statistic == 'p95' else ''}",
                _number(bench["settings"]["passages"]),
                f"{_number(value)} {target.unit}",
                f"{'≥' if target.at_least else '≤'} {_number(target.value)}",
                "yes" if target.met_by(value) else "no",
            )
        )
    head = ("figure", "passages", "measured", "target", "met")
    return f"## What it should reach\n\n{_table(head, rows)}" if rows else ""


def _by_size(benches: Sequence[dict[str, Any]]) -> str:
    """The medians of several sizes beside one another."""
    found = [{each["name"]: each for each in bench["figures"]} for bench in benches]
    units = {name: each["unit"] for figures in found for name, each in figures.items()}
    rows = [
        (f"{name}, {unit}", *(_number(each[name]["median"]) if name in each else "" for each in found))
        for name, unit in units.items()
    ]
    return _table(("medians by passages", *(_number(each["settings"]["passages"]) for each in benches)), rows)


def _folded(tables: Sequence[str]) -> list[str]:
    """Tables that a page shows when a reader asks for them."""
    return ["<details><summary>With spread and ratios</summary>", *tables, "</details>"]


def _bench_table(bench: dict[str, Any]) -> str:
    settings = ", ".join(f"{name.replace('_', ' ')} {_number(value)}" for name, value in bench["settings"].items())
    rows = [
        (
            each["name"],
            f"{_number(each['median'])} {each['unit']}",
            _number(each["p95"]),
            _number(each["iqr"]),
            str(each["count"]),
            "" if each["ratio"] is None else _number(each["ratio"]),
        )
        for each in bench["figures"]
    ]
    head = (settings, "median", "p95", "IQR", "times", f"ratio to “{bench['baseline']}”")
    return _table(head, rows) + f"\n\n{bench['machine']['when']}, load average {bench['machine']['load']}."


def _peers_table(peers: dict[str, Any]) -> str:
    sides = peers["sides"]
    names = list(sides)
    measures = list(dict.fromkeys(name for side in sides.values() for name in side["figures"]))
    rows = [(name, *(_number(sides[side]["figures"].get(name)) for side in names)) for name in measures]
    settings = peers["settings"]
    title = f"## Side by side: {settings['set']}, {_number(settings['passages'])} passages"
    lines = [title, _table((f"{_number(settings['questions'])} questions", *names), rows)]
    if peers.get("ratios"):
        rows = [(name, _number(each["ratio"]), each["target"], each["met"]) for name, each in peers["ratios"].items()]
        held = "" if settings["passages"] == PEERS_AT else f", which is for {PEERS_AT:,} passages"
        lines.append(_table(("Attaché against txtai", "ratio", f"target{held}", "met"), rows))
    lines += [f"{name} could not end its step {side['failed']}" for name, side in sides.items() if side.get("failed")]
    notes = [f"- **{name}**: {'; '.join(side['notes'])}" for name, side in sides.items() if side["notes"]]
    lines += ["\n".join(notes), f"{peers['machine']['when']}, load average {peers['machine']['load']}."]
    return "\n\n".join(line for line in lines if line)


def _machines(found: Sequence[dict[str, Any]]) -> str:
    lines = dict.fromkeys(
        f"- {each['machine']['processor']}, {each['machine']['cores']} cores, {each['machine']['memory_gb']} GB; "
        + ", ".join(f"{name} {version}" for name, version in each["machine"]["versions"].items())
        for each in found
    )
    return "## The machine\n\n" + "\n".join(lines)


def _picture(path: Path, page: Path) -> str:
    return f"![{path.stem.replace('-', ' ')}]({_relative(path, page)})"


def _relative(path: Path, page: Path) -> str:
    folder = page.resolve().parent
    resolved = path.resolve()
    return resolved.relative_to(folder).as_posix() if resolved.is_relative_to(folder) else resolved.as_posix()


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _number(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1_000 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
