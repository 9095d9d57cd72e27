"""Draws marks of publishers over time as a PNG: who reported when, who claimed and who denied."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

# Half of this is how wide a phone shows a picture: letters of 9 points then have 12 pixels.
WIDTH_PIXELS = 840
_DPI = 200
_WIDTH_INCHES = WIDTH_PIXELS / _DPI
_ROW_INCHES = 0.27
_POINTS = 8.5
# Rows of a picture that fits a screen.
MAX_ROWS = 14
# Marks of one publisher on one day that are drawn beside each other.
_MAX_STACKED = 5
_LONGEST_LABEL = 20
_LONGEST_TITLE = 52
# Text, ground, text of silent publishers, lines. The first three contrast by 4.5 to 1 and more (WCAG 2.2, 1.4.3).
_DARK = ("#f2f3f5", "#1e1f22", "#a3a7ad", "#5c6066")
_LIGHT = ("#1c1d20", "#ffffff", "#63676d", "#b5b9bf")
# Where the rows of marks begin and end, as a share of the width.
_LEFT, _RIGHT = 0.35, 0.97
_LEGEND_COLUMNS = 3
# Room beside the first and the last mark as a share of what lies between them: half a date is that wide.
_SIDE = 0.22


@dataclass(frozen=True, slots=True)
class Style:
    """How a kind of mark looks, on a dark and on a light ground; shapes differ too, for those who see few colours."""

    shape: str
    dark: str
    light: str


# Kinds of marks by name; a mark of another name is drawn as `reported`.
STYLES = {
    "reported": Style("o", "#7aa7ff", "#1d5fd1"),
    "claimed": Style("^", "#ffb454", "#b35c00"),
    "denied": Style("X", "#ff7a76", "#c01f1f"),
    "confirmed": Style("s", "#64d28c", "#14803c"),
    "unconfirmed": Style("D", "#c9a6ff", "#7040b8"),
    "changed": Style("*", "#ffe066", "#8a6d00"),
    "copied": Style("o", "#9aa0a6", "#70757a"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: a day (`YYYY-MM-DD`), a kind of `STYLES`, and whether it gets a ring for what is new."""

    day: str
    kind: str
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A publisher with its marks; a row without any is drawn in grey. `group` is the heading that it stands under."""

    label: str
    marks: tuple[Mark, ...]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """What to draw: at most MAX_ROWS rows in order, and the legend's words by kind, of which those used are shown.

    The kind `new` stands for the ring.
    """

    title: str
    rows: tuple[ChartRow, ...]
    legend: dict[str, str]


def draw_chart(chart: Chart, format_day: Callable[[date], str], *, dark: bool = True) -> bytes:
    """Return the chart as PNG, `WIDTH_PIXELS` wide.

    Args:
        chart: what to draw.
        format_day: writes the days below the rows.
        dark: whether the ground is dark.
    """
    return _Painter(chart, dark=dark).paint(format_day)


class _Painter:
    """Draws one chart."""

    def __init__(self, chart: Chart, *, dark: bool) -> None:
        # PLC0415: matplotlib takes half a second to import, and only pictures need it.
        from matplotlib.figure import Figure  # noqa: PLC0415 - heavy

        self._chart = chart
        self._is_dark = dark
        self._ink, self._ground, self._grey, self._faint = _DARK if dark else _LIGHT
        self._lines = _lines(chart.rows[:MAX_ROWS])
        marks = [mark for row in chart.rows for mark in row.marks]
        kinds = {mark.kind for mark in marks} | ({"new"} if any(mark.is_new for mark in marks) else set())
        self._legend = [(kind, words) for kind, words in chart.legend.items() if kind in kinds]
        below = 0.32 + _ROW_INCHES * -(-len(self._legend) // _LEGEND_COLUMNS)
        self._height = below + _ROW_INCHES * len(self._lines) + 0.4
        self._figure: Any = Figure(figsize=(_WIDTH_INCHES, self._height), dpi=_DPI, facecolor=self._ground)
        box = (_LEFT, below / self._height, _RIGHT - _LEFT, _ROW_INCHES * len(self._lines) / self._height)
        self._axes: Any = self._figure.add_axes(box, facecolor=self._ground)

    def paint(self, format_day: Callable[[date], str]) -> bytes:
        first, last = _bounds(self._chart.rows)
        margin = max(0.5, (last - first) * _SIDE)
        self._axes.set(xlim=(first - margin, last + margin), ylim=(len(self._lines) - 0.4, -0.6), xticks=[], yticks=[])
        for side in ("top", "left", "right"):
            self._axes.spines[side].set_visible(False)
        self._axes.spines["bottom"].set_color(self._faint)
        self._write(
            self._figure, 0.02, 1 - 0.17 / self._height, _short(self._chart.title, _LONGEST_TITLE), weight="bold"
        )
        for at, line in enumerate(self._lines):
            self._draw_line(line, at)
        # Room on both sides, so that the first and the last day stand right below their marks.
        y = -0.06 / (_ROW_INCHES * len(self._lines))
        for day in dict.fromkeys((first, last)):
            below = {"transform": self._axes.get_xaxis_transform(), "ha": "center", "va": "top"}
            self._write(self._axes, day, y, format_day(date.fromordinal(day)), **below)
        self._draw_legend()
        buffer = io.BytesIO()
        self._figure.savefig(buffer, format="png", dpi=_DPI, facecolor=self._ground, metadata={"Software": None})
        return buffer.getvalue()

    def _draw_line(self, line: ChartRow | str, at: int) -> None:
        across = {"transform": self._axes.get_yaxis_transform()}
        left = (0.02 - _LEFT) / (_RIGHT - _LEFT)
        if isinstance(line, str):
            self._write(self._axes, left, at, line, style="italic", **across)
            return
        color = self._ink if line.marks else self._grey
        self._write(self._axes, left, at, _short(line.label, _LONGEST_LABEL), color=color, **across)
        if line.marks:
            self._axes.axhline(at, color=self._faint, linewidth=0.5, zorder=0)
        for day, grouped in groupby(sorted(line.marks, key=lambda mark: mark.day), key=lambda mark: mark.day):
            shown = list(grouped)[:_MAX_STACKED]
            size = 26 if len(shown) == 1 else 16
            for place, mark in enumerate(shown):
                height = at + (place - (len(shown) - 1) / 2) * 0.3 / max(1, len(shown) - 2)
                self._draw_mark(mark, date.fromisoformat(day).toordinal(), height, size)

    def _draw_mark(self, mark: Mark, when: int, height: float, size: int) -> None:
        face, edge, shape = self._look(mark.kind)
        look = {"facecolors": face, "edgecolors": edge, "linewidths": 0.9}
        self._axes.scatter([when], [height], marker=shape, s=size, zorder=3, **look)
        if mark.is_new:
            ring = {"facecolors": "none", "edgecolors": self._ink, "linewidths": 0.8}
            self._axes.scatter([when], [height], marker="o", s=3.3 * size, zorder=2, **ring)

    def _draw_legend(self) -> None:
        from matplotlib.lines import Line2D  # noqa: PLC0415 - heavy

        rows = -(-len(self._legend) // _LEGEND_COLUMNS)
        for place, (kind, words) in enumerate(self._legend):
            face, edge, shape = self._look(kind)
            x = 0.035 + 0.32 * (place % _LEGEND_COLUMNS)
            y = (0.14 + _ROW_INCHES * (rows - 1 - place // _LEGEND_COLUMNS)) / self._height
            look: dict[str, Any] = {
                "marker": shape,
                "markersize": 5.5,
                "markerfacecolor": face,
                "markeredgecolor": edge,
            }
            place_of: dict[str, Any] = {"transform": self._figure.transFigure, "figure": self._figure}
            self._figure.add_artist(Line2D([x], [y], linestyle="none", **look, **place_of))
            self._write(self._figure, x + 0.025, y, _short(words, 22))

    def _look(self, kind: str) -> tuple[str, str, str]:
        """Return the colours inside and around, and the shape; copies are hollow, as they say nothing of their own."""
        if kind == "new":
            return "none", self._ink, "o"
        style = STYLES.get(kind, STYLES["reported"])
        color = style.dark if self._is_dark else style.light
        return "none" if kind == "copied" else color, color, style.shape

    def _write(self, where: Any, x: float, y: float, text: str, **look: Any) -> None:  # noqa: ANN401 - matplotlib's
        options = {"color": self._ink, "fontsize": _POINTS, "va": "center", "parse_math": False, **look}
        where.text(x, y, _drawable(text), **options)


def _lines(rows: Sequence[ChartRow]) -> list[ChartRow | str]:
    """Return the rows with the heading of each group before its first one."""
    lines: list[ChartRow | str] = []
    group = ""
    for row in rows:
        if row.group != group and row.group:
            lines.append(row.group)
        group = row.group
        lines.append(row)
    return lines


def _bounds(rows: Sequence[ChartRow]) -> tuple[int, int]:
    days = [date.fromisoformat(mark.day).toordinal() for row in rows for mark in row.marks]
    return (min(days), max(days)) if days else (1, 1)


def _short(text: str, longest: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _drawable(text: str) -> str:
    """Return the text with a dot for each character that the font lacks, such as Chinese ones."""
    known = _characters()
    return "".join(char if ord(char) in known or char == " " else "·" for char in text)


def _characters() -> set[int]:
    from matplotlib import font_manager  # noqa: PLC0415 - heavy

    return set(font_manager.get_font(font_manager.findfont("DejaVu Sans")).get_charmap())
