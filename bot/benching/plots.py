"""The plots of the report: latency, throughput and memory against the size of the corpus."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from corpus.errors import BadInput

Points = dict[str, list[tuple[float, float]]]


def draw_plots(benches: Sequence[dict[str, Any]], peers: Sequence[dict[str, Any]], folder: Path) -> list[Path]:
    """Draws what there are figures for; returns the files.

    Raises:
        BadInput: matplotlib is not installed.
    """
    plots = {
        "bench-latency": ("median of a search, ms", _latency(benches, peers)),
        "bench-throughput": ("passages indexed a second", _throughput(benches, peers)),
        "bench-memory": ("resident memory, MB", _memory(benches, peers)),
    }
    folder.mkdir(parents=True, exist_ok=True)
    return [
        _draw(folder / f"{name}.png", label, points) for name, (label, points) in plots.items() if any(points.values())
    ]


def _latency(benches: Sequence[dict[str, Any]], peers: Sequence[dict[str, Any]]) -> Points:
    points = _peer_points(peers, "query p50, ms")
    for each in benches:
        if each["bench"] == "query":
            for figure in each["figures"]:
                if figure["name"].startswith("search, "):
                    _add(points, f"attache bench query: {figure['name']}", each, figure["median"])
    return points


def _throughput(benches: Sequence[dict[str, Any]], peers: Sequence[dict[str, Any]]) -> Points:
    points = _peer_points(peers, "passages indexed a second")
    for each in benches:
        if each["bench"] == "build":
            _add(points, "attache bench build: from stored vectors", each, each["settings"]["passages_per_s"])
    return points


def _memory(benches: Sequence[dict[str, Any]], peers: Sequence[dict[str, Any]]) -> Points:
    points = _peer_points(peers, "memory while asked, MB")
    for each in benches:
        if each["bench"] == "memory":
            for figure in each["figures"]:
                if figure["name"].endswith("answered"):
                    _add(points, "attache bench memory: all", each, figure["median"])
    return points


def _peer_points(peers: Sequence[dict[str, Any]], name: str) -> Points:
    points: Points = {}
    for each in peers:
        for side, found in each["sides"].items():
            value = found["figures"].get(name)
            if value is not None and each["settings"]["set"].startswith("made"):
                _add(points, side, each, value)
    return points


def _add(points: Points, name: str, bench: dict[str, Any], value: float) -> None:
    points.setdefault(name, []).append((float(bench["settings"]["passages"]), float(value)))


def _draw(path: Path, label: str, points: Points) -> Path:
    # PLC0415: an optional extra that no other command needs.
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415 - see above
    except ImportError as error:
        raise BadInput("The plots need matplotlib.", "Install it: `pip install -e '.[bench]'`.") from error

    # Without pyplot there is no global state and no window.
    drawing = Figure(figsize=(8, 5), layout="constrained")
    axes = drawing.add_subplot()
    for name, pairs in sorted(points.items()):
        ordered = sorted(pairs)
        axes.plot([x for x, _ in ordered], [y for _, y in ordered], marker="o", label=name)
    axes.set(xscale="log", yscale="log", xlabel="passages in the corpus", ylabel=label)
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend(fontsize="small")
    drawing.savefig(path, dpi=110)
    return path
