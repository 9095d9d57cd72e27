"""Writes the page of figures with its plots, from what benches saved."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from textwrap import fill
from typing import Any

from bot.render.envelope import shape
from corpus.errors import BadInput
from evals.speed.figures import Bench
from evals.speed.plots import draw_plots
from evals.speed.targets import compare_with_targets

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
# Passages for which the targets against a peer apply.
PEERS_AT = 100_000
_HEAD = """# Performance figures

<!-- Written by `python -m evals bench report`. -->

[performance.md](performance.md) says what is measured, and how."""


def save_figures(bench: Bench, folder: Path) -> None:
    """Write a bench's figures into a folder, one file for each bench and size."""
    content = shape("bench", asdict(bench))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{bench.bench}-{bench.settings['passages']}.json"
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def write_report(figures: Path, page: Path, pictures: Path) -> list[Path]:
    """Write the page and its plots from saved figures; return the plots.

    Raises:
        BadInput: there are no figures, or matplotlib is not installed.
    """
    benches = _read(figures, "[a-z]*-[0-9]*.json", "bench")
    peers = _read(figures, PEERS_FILE, "peers")
    if not benches and not peers:
        raise BadInput(
            f"There are no figures in {figures}.", "Run benches with `--keep FOLDER` first, or `make bench`."
        )
    plots = draw_plots(benches, peers, pictures)
    parts = [_HEAD, _machines([*benches, *peers]), _targets(benches), *(_picture(path, page) for path in plots)]
    parts += [_peers_table(each) for each in peers]
    for name, title in _TITLES.items():
        sizes = [each for each in benches if each["bench"] == name]
        if sizes:
            tables = [*map(_bench_table, sizes)]
            parts += [f"## {title}: `bench {name}`", *([_by_size(sizes), *_folded(tables)] if sizes[1:] else tables)]
    page.write_text("\n\n".join(part for part in parts if part) + "\n", encoding="utf-8")
    return plots


def _read(folder: Path, pattern: str, kind: str) -> list[dict[str, Any]]:
    contents = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob(pattern)]
    of_kind = [each for each in contents if each.get("kind") == kind]
    return sorted(of_kind, key=lambda each: (each.get("bench", ""), each["settings"]["passages"]))


def _targets(benches: Sequence[dict[str, Any]]) -> str:
    """List our own targets; those against a peer are below its tables."""
    rows = []
    for target, bench, found in compare_with_targets(benches):
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
    return f"## Targets\n\n{_table(head, rows)}" if rows else ""


def _by_size(benches: Sequence[dict[str, Any]]) -> str:
    """Put the medians of several sizes side by side."""
    figures = [{each["name"]: each for each in bench["figures"]} for bench in benches]
    units = {name: each["unit"] for of_size in figures for name, each in of_size.items()}
    rows = [
        (f"{name}, {unit}", *(_number(each[name]["median"]) if name in each else "" for each in figures))
        for name, unit in units.items()
    ]
    return _table(("medians by passages", *(_number(each["settings"]["passages"]) for each in benches)), rows)


def _folded(tables: Sequence[str]) -> list[str]:
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
    parts = [title, _table((f"{_number(settings['questions'])} questions", *names), rows)]
    if peers.get("ratios"):
        rows = [(name, _number(each["ratio"]), each["target"], each["met"]) for name, each in peers["ratios"].items()]
        at = "" if settings["passages"] == PEERS_AT else f", which is for {PEERS_AT:,} passages"
        parts.append(_table(("Attaché against txtai", "ratio", f"target{at}", "met"), rows))
    parts += [f"{name} failed in step {side['failed']}" for name, side in sides.items() if side.get("failed")]
    notes = [f"**{name}**: {'; '.join(side['notes'])}" for name, side in sides.items() if side["notes"]]
    parts += [_list(notes), f"{peers['machine']['when']}, load average {peers['machine']['load']}."]
    return "\n\n".join(part for part in parts if part)


def _machines(results: Sequence[dict[str, Any]]) -> str:
    lines = dict.fromkeys(
        f"{each['machine']['processor']}, {each['machine']['cores']} cores, {each['machine']['memory_gb']} GB; "
        + ", ".join(f"{name} {version}" for name, version in each["machine"]["versions"].items())
        for each in results
    )
    return f"## The machine\n\n{_list(lines)}"


def _picture(path: Path, page: Path) -> str:
    folder, path = page.resolve().parent, path.resolve()
    link = path.relative_to(folder) if path.is_relative_to(folder) else path
    return f"![{path.stem.replace('-', ' ')}]({link.as_posix()})"


def _list(items: Iterable[str]) -> str:
    return "\n".join(
        fill(f"- {item}", 120, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False) for item in items
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _number(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1_000 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
