"""Numbers of a text: by value, however they are written, and how they are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.verdict.numbers import Comparison, read_numbers


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("300 sailors", [300]),
        ("1,250 sailors and 12,000,000 crowns", [1250, 12_000_000]),
        ("2.5 percent", [2.5]),
        ("twelve boats", [12]),
        ("Twenty-one boats", [21]),
        ("thirty five boats", [35]),
        ("three hundred sailors", [300]),
        ("three hundred and fifty sailors", [350]),
        ("two hundred thousand crowns", [200_000]),
        ("two thousand and ten villagers", [2010]),
        ("a hundred sailors", [100]),
        ("a hundred and fifty sailors", [150]),
        ("a dozen boats and two dozen men", [12, 24]),
        ("5 million crowns", [5_000_000]),
        ("$5bn, €300m and 40k", [5e9, 3e8, 4e4]),
        ("1.5 billion", [1.5e9]),
        ("5 km from port", [5]),
        ("zero casualties", [0]),
        # Years are dates.
        ("in 2031, before 1999", []),
        ("2,031 crowns", [2031]),
        # Parts of names and words are no numbers.
        ("the M23 and the G20", []),
        ("someone weighed the tone of the tent", []),
        ("between three and four people", [3, 4]),
        ("", []),
    ],
)
def test_a_number_is_read_by_its_value(text: str, values: list[float]) -> None:
    assert [each.value for each in read_numbers(text)] == values


@pytest.mark.parametrize(
    ("text", "comparison"),
    [
        ("300 died", Comparison.EQUAL),
        ("exactly 300 died", Comparison.EQUAL),
        ("more than 300 died", Comparison.MORE),
        ("over three hundred died", Comparison.MORE),
        ("no more than 300 died", Comparison.AT_MOST),
        ("up to 300 died", Comparison.AT_MOST),
        ("fewer than 300 died", Comparison.FEWER),
        ("under 300 died", Comparison.FEWER),
        ("no fewer than 300 died", Comparison.AT_LEAST),
        ("at least 300 died", Comparison.AT_LEAST),
        ("At Least  300 died", Comparison.AT_LEAST),
        ("more men than 300", Comparison.EQUAL),
        ("all over, 300 died", Comparison.EQUAL),
    ],
)
def test_what_stands_before_a_number_compares_it(text: str, comparison: Comparison) -> None:
    [found] = read_numbers(text)
    assert found.comparison is comparison


@pytest.mark.parametrize(
    ("asked", "admitted", "refused"),
    [
        ("300", {"300", "three hundred", "at least 300"}, {"299", "301", "more than 301"}),
        ("more than 300", {"301", "500", "more than 300", "at least 301"}, {"300", "299", "up to 400", "at least 300"}),
        ("fewer than 300", {"299", "0", "fewer than 300", "up to 299"}, {"300", "301", "more than 200", "at most 300"}),
        ("at least 300", {"300", "301", "more than 300", "at least 300"}, {"299", "fewer than 400", "up to 300"}),
        ("at most 300", {"300", "0", "fewer than 300", "up to 300"}, {"301", "at least 300", "more than 200"}),
    ],
)
def test_what_a_number_admits(asked: str, admitted: set[str], refused: set[str]) -> None:
    [number] = read_numbers(asked)
    assert {told for told in admitted | refused if number.admits(read_numbers(told)[0])} == admitted


@given(st.text(max_size=200) | st.lists(st.sampled_from("a one hundred and 5 , . million - 9 bn no at least".split())))
def test_numbers_lie_in_the_text_in_order_and_are_never_negative(text: str | list[str]) -> None:
    text = text if isinstance(text, str) else " ".join(text)
    end = 0
    for each in read_numbers(text):
        assert end <= each.start < each.end <= len(text)
        assert each.value >= 0
        end = each.end


@given(st.integers(min_value=0, max_value=999_999))
def test_a_number_is_the_same_with_commas_and_without(value: int) -> None:
    [grouped] = read_numbers(f"{value:,} men")
    assert grouped.value == value
    if not 1900 <= value < 2100:
        [plain] = read_numbers(f"{value} men")
        assert plain.value == value
