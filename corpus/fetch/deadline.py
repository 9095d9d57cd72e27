"""One point in time by which all the steps of a fetch must be done."""

import time
from dataclasses import dataclass
from typing import Self

from corpus.errors import FetchFailed


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point in time of the monotonic clock, and how many seconds there were until it."""

    at: float
    total_s: float

    @classmethod
    def after(cls, seconds: float) -> Self:
        """The deadline that is `seconds` from now."""
        return cls(time.monotonic() + seconds, seconds)

    def moved(self, seconds: float) -> "Deadline":
        """The same, so many seconds later."""
        return Deadline(self.at + seconds, self.total_s)

    def left(self) -> float:
        """The seconds that are left, more than 0.

        Raises:
            FetchFailed: none are.
        """
        left = self.at - time.monotonic()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> FetchFailed:
        """What to tell when it has passed."""
        return FetchFailed(f"The page did not come within {self.total_s:g} seconds.", "Try again later.")
