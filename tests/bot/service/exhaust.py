"""Runs work in steps to its end."""

from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")


def exhaust(steps: Generator[None, None, T]) -> tuple[int, T]:
    """How many turns others had, and the result."""
    turns = 0
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return turns, done.value
        turns += 1
