"""Draws the report's plots: latency, throughput, memory and start time by size of the corpus."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from corpus.errors import BadInput
from evals.speed.targets import TARGETS, Target, matching_figures

OURS = "Attaché"
# One colour for each side, distinguishable with colour blindness (Okabe, Ito 2008, "Color Universal Design"); our own
# benches, which ask other questions than the comparison, are lighter.
COLOURS = {OURS: "#0072B2", "txtai": "#D55E00", "LlamaIndex": "#009E73", "FAISS alone": "#666666"}
_BENCH = "#56B4E9"
# Minimum ratio of an axis's highest to its lowest value: less would make noise look like growth.
_MIN_SPAN = 30
_FILTERS = ("", ", one publisher", ", one month")

Points = list[tuple[float, float]]


@dataclass(frozen=True)
class Line:
    """Values by passages; `style` is one of matplotlib's."""

    side: str
    name: str
    points: Points
    style: str = "-"


@dataclass(frozen=True)
class Panel:
    """One pair of axes; `limits` are targets as name, passages and value, `slope` draws a line of linear growth."""

    title: str
    unit: str
    lines: list[Line]
    limits: Sequence[tuple[str, float, float]] = ()
    slope: bool = True


def draw_plots(benches: Sequence[dict[str, Any]], peers: Sequence[dict[str, Any]], folder: Path) -> list[Path]:
    """Draw the plots that there are figures for; return the files.

    Raises:
        BadInput: matplotlib is not installed.
    """
    plots = {
        "bench-latency": _latency(benches, peers),
        "bench-throughput": _throughput(benches, peers),
        "bench-memory": _memory(benches, peers),
        "bench-start": _start(benches),
    }
    folder.mkdir(parents=True, exist_ok=True)
    filled = {name: [panel for panel in panels if panel.lines] for name, panels in plots.items()}
    return [_draw(folder / f"{name}.png", panels) for name, panels in filled.items() if panels]


def _latency(benches: Sequence[dict[str, Any]], peers: Sequence[dict[str, Any]]) -> list[Panel]:
    panels = []
    for suffix in _FILTERS:
        name = suffix.removeprefix(", ") or "no filter"
        figure = f"search, {name}"
        lines = [*_peer_lines(peers, f"query p50, ms{suffix}")]
        lines += _bench_line(benches, "query", figure, "bench query, median", "--")
        lines += _bench_line(benches, "query", figure, "bench query, 95th percentile", ":", "p95")
        limits = [
            (f"{each.value:g} ms, {'median' if each.statistic == 'median' else '95th percentile'}", each.at, each.value)
            for each in _targets("query")
            if each.figure == figure
        ]
        panels.append(Panel(f"A search, {name.replace('one', 'within one')}", "ms", lines, limits))
    return panels


def _throughput(benches: Sequence[dict[str, Any]], peers: Sequence[dict[str, Any]]) -> list[Panel]:
    build = Line(
        "bench",
        f"{OURS}, bench build: the index alone",
        [_point(each, each["settings"]["passages_per_s"]) for each in benches if each["bench"] == "build"],
        "--",
    )
    indexing = [*_peer_lines(peers, "passages indexed a second"), *([build] if build.points else [])]
    limits = [(f"{each.value:g} s for all", each.at, each.at / each.value) for each in _targets("build")]
    answering = [
        *_bench_line(benches, "load", "answers a second, one at a time", "one at a time"),
        *_bench_line(benches, "load", "answers a second, at once", "many at once", "--"),
    ]
    return [
        Panel("Indexing from stored vectors", "passages a second", indexing, limits, slope=False),
        Panel("Answering in full", "answers a second", answering, slope=False),
    ]


def _memory(benches: Sequence[dict[str, Any]], peers: Sequence[dict[str, Any]]) -> list[Panel]:
    lines = [*_peer_lines(peers, "memory while asked, MB")]
    lines += _bench_line(benches, "memory", "answered", "bench memory, whole answers", "--")
    limits = [(f"{each.value:,g} MB", each.at, each.value) for each in _targets("memory")]
    return [
        Panel("Memory while answering, with the model", "MB resident", lines, limits),
        Panel("Peak memory while indexing", "MB resident", [*_peer_lines(peers, "memory while indexing, MB")]),
        Panel("Disk", "MB", [*_peer_lines(peers, "disk, MB")]),
    ]


def _start(benches: Sequence[dict[str, Any]]) -> list[Panel]:
    lines = [
        *_bench_line(benches, "start", "first answer", "process, model, index, first answer"),
        *_bench_line(benches, "build", "open:", "of it reading and verifying the index", "--"),
    ]
    limits = [(f"{each.value:g} s", each.at, each.value) for each in _targets("start")]
    return [Panel("From the start of the process to the first answer", "seconds", lines, limits)]


def _targets(bench: str) -> list[Target]:
    return [each for each in TARGETS if each.bench == bench]


def _peer_lines(peers: Sequence[dict[str, Any]], name: str) -> Iterator[Line]:
    """Yield a line for each side over the made corpora, which differ only in size."""
    made = [each for each in peers if each["settings"]["set"] == "made"]
    for side in dict.fromkeys(chain.from_iterable(each["sides"] for each in made)):
        values = [(each, each["sides"].get(side, {"figures": {}})["figures"].get(name)) for each in made]
        points = [_point(each, value) for each, value in values if value is not None]
        if points:
            yield Line(side, side, points)


def _bench_line(
    benches: Sequence[dict[str, Any]], bench: str, figure: str, name: str, style: str = "-", statistic: str = "median"
) -> Iterator[Line]:
    """Yield a line of one bench's figure, whose name begins or ends with `figure`, if there are any."""
    points = [_point(each, found[statistic]) for each in benches for found in matching_figures(each, bench, figure)]
    if points:
        yield Line("bench", f"{OURS}, {name}", points, style)


def _point(bench: dict[str, Any], value: float) -> tuple[float, float]:
    return float(bench["settings"]["passages"]), float(value)


def _draw(path: Path, panels: Sequence[Panel]) -> Path:
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415 - heavy
    except ImportError as error:
        raise BadInput("The plots need matplotlib.", "Install it: `pip install -e .`.") from error

    # Without pyplot there is no global state and no window; a white background is readable on dark pages, too.
    drawing = Figure(figsize=(max(6.5, 4.6 * len(panels)), 5.2), layout="constrained", facecolor="white")
    legend: dict[str, Any] = {}
    for axes, panel in zip(drawing.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        legend |= _draw_panel(axes, panel)
    drawing.legend(
        legend.values(), legend.keys(), loc="outside lower center", ncols=min(4, len(panels) + 1), fontsize=9
    )
    drawing.savefig(path, dpi=90, metadata={"Software": None})
    return path


def _draw_panel(axes: Any, panel: Panel) -> dict[str, Any]:  # noqa: ANN401 - matplotlib has no types
    """Draw one panel; return its legend's artists by name."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter  # noqa: PLC0415 - heavy

    legend = {}
    for line in panel.lines:
        (legend[line.name],) = axes.plot(
            *zip(*sorted(line.points), strict=True),
            color=COLOURS.get(line.side, _BENCH),
            linestyle=line.style,
            marker="o",
            markersize=5,
            linewidth=1.6,
        )
    for name, passages, value in panel.limits:
        legend["target"] = axes.plot(passages, value, linestyle="", marker="_", markersize=22, mew=3, color="black")[0]
        axes.annotate(
            name, (passages, value), (-15, 0), textcoords="offset points", ha="right", va="center", fontsize=8
        )
    axes.set(xscale="log", yscale="log", title=panel.title, xlabel="passages in the corpus", ylabel=panel.unit)
    _widen(axes)
    if panel.slope:
        legend["linear growth"] = _draw_slope(axes)
    axes.grid(visible=True, which="major", alpha=0.4)
    axes.grid(visible=True, which="minor", alpha=0.15)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _short(value)))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    return legend


def _widen(axes: Any) -> None:  # noqa: ANN401 - matplotlib has no types
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    margin = max(1.3, (_MIN_SPAN * low / high) ** 0.5)
    axes.set(xlim=(left / 1.5, right * 1.5), ylim=(low / margin, high * margin))


def _draw_slope(axes: Any) -> Any:  # noqa: ANN401 - matplotlib has no types
    """Draw a line of linear growth through the middle of the axes."""
    limits = (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    middle = (low * high) ** 0.5 / (left * right) ** 0.5
    (drawn,) = axes.plot((left, right), (left * middle, right * middle), color="#BBBBBB", linewidth=1, zorder=0)
    axes.set(xlim=limits[0], ylim=limits[1])
    return drawn


def _short(passages: float) -> str:
    for unit, size in (("M", 1e6), ("k", 1e3)):
        if passages >= size:
            return f"{passages / size:g} {unit}"
    return f"{passages:g}"
