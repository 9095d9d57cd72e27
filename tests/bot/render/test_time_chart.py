"""Pictures over time: their size, and that no name or day breaks them."""

from io import BytesIO

import pytest

from bot.render.time_chart import MAX_ROWS, STYLES, WIDTH_PIXELS, Chart, ChartRow, Mark, draw_chart

pytest.importorskip("matplotlib")
Image = pytest.importorskip("PIL.Image")
HOSTILE = ["$\\frac{1}{2}$", "新华社通讯社", "a" * 500, "\n\t", "é̷̢" * 30, ""]


@pytest.mark.parametrize("dark", [True, False])
def test_every_kind_and_name_is_drawn_as_wide_as_two_phone_pixels_each(dark: bool) -> None:
    kinds = [Mark(f"2024-09-{day:02}", kind, is_new=day % 2 == 0) for day, kind in enumerate(STYLES, start=1)]
    rows = [ChartRow(name, tuple(kinds), "Group" if number % 2 else "") for number, name in enumerate(HOSTILE)]
    rows += [ChartRow(f"Paper {number}", ()) for number in range(MAX_ROWS)]
    chart = Chart(HOSTILE[0] * 20, tuple(rows), {**dict.fromkeys(STYLES, "a kind of mark"), "new": "new"})
    image = Image.open(BytesIO(draw_chart(chart, str, dark=dark)))
    assert image.size[0] == WIDTH_PIXELS
    assert image.size[1] < 2 * WIDTH_PIXELS
    corner = image.convert("RGB").getpixel((1, 1))
    assert (max(corner) < 60) is dark


def test_one_day_with_many_marks_and_a_span_of_centuries_are_drawn() -> None:
    many = ChartRow("Paper", tuple(Mark("2024-02-29", "denied") for _ in range(40)))
    assert draw_chart(Chart("One day", (many,), {"denied": "denied"}), str)
    wide = ChartRow("Paper", (Mark("0001-01-01", "reported"), Mark("9999-12-31", "reported")))
    assert draw_chart(Chart("All days", (wide,), {}), str)
