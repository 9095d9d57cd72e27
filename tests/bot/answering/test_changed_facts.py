"""Which facts an edit changed: numbers and dates by value, names, negation; other words for the same are none."""

import pytest

from bot.answering.changed_facts import changed_facts
from corpus.history import Change, ChangeKind


def facts(before: str, after: str, language: str | None = "en", kind: ChangeKind = ChangeKind.CHANGED) -> list[str]:
    found = changed_facts(Change(kind, before, after), language)
    return [f"{each.fact.value}: {each.before} > {each.after}" for each in found]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Eleven people died.", "Seven people died.", ["number: Eleven > Seven"]),
        ("It held 60 men.", "It held sixty men.", []),
        ("Some died.", "Twelve died.", []),
        (
            "It fell on 9 September 2024.",
            "It fell on 10 September 2024.",
            ["date: 9 September 2024 > 10 September 2024"],
        ),
        ("It fell on Monday.", "It fell on Tuesday.", ["date: Monday > Tuesday"]),
        ("Iranian ships left.", "Iraqi ships left.", ["name: Iranian > Iraqi"]),
        ("The minister, Anna Brandt, left.", "The minister, Ida Brandt, left.", ["name: Anna > Ida"]),
        ("He did sign it.", "He did not sign it.", ["negation:  > not"]),
        ("She didn\u2019t sign it.", "She signed it.", ["negation: didn\u2019t > "]),
        ("It was not, never, sold.", "It was sold.", []),
        ("Big ships left.", "Large ships sailed.", []),
        ("“Yes,” he said.", "“No,” he said.", ["negation:  > no"]),
        ("", "", []),
    ],
)
def test_a_fact_counts_where_one_value_went_and_another_came(before: str, after: str, expected: list[str]) -> None:
    assert facts(before, after) == expected


def test_other_languages_have_digits_months_weekdays_and_negations() -> None:
    assert facts("Er starb am Montag.", "Er starb am Dienstag.", "de") == ["date: Montag > Dienstag"]
    assert facts("Der Minister kam.", "Der Kanzler kam nicht.", "de") == ["negation:  > nicht"]
    assert facts("Le 3 mars, il est mort.", "Le 3 avril, il est mort.", "fr") == ["date: mars > avril"]
    assert facts("有 3 人。", "有 4 人。", "zh") == ["number: 3 > 4"]
    assert facts("It was 3.", "It was 4.", "no-such-language!") == ["number: 3 > 4"]


def test_a_headline_with_capitals_everywhere_names_what_the_alias_table_knows() -> None:
    headline = ChangeKind.HEADLINE
    assert facts("Dam Breaks In Iran", "Dam Leaks In Iraq", kind=headline) == ["name: Iran > Iraq"]
    assert facts("Dam Breaks In Keldor", "Dam Leaks In Keldor", kind=headline) == []


def test_long_texts_and_other_kinds_of_changes_have_no_facts() -> None:
    assert facts("It was 3. " * 300, "It was 4. " * 300) == []
    assert facts("It was 3.", "It was 4.", kind=ChangeKind.MOVED) == []
