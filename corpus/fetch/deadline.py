"""The deadline that all steps of one fetch share."""

import time
from dataclasses import dataclass
from typing import Self

from corpus.errors import FetchFailed


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point in time on the monotonic clock, and the timeout in seconds it was set from."""

    at: float
    timeout_s: float

    @classmethod
    def after(cls, seconds: float) -> Self:
        """Return the deadline `seconds` from now."""
        return cls(time.monotonic() + seconds, seconds)

    def extended(self, seconds: float) -> "Deadline":
        """Return this deadline moved `seconds` later."""
        return Deadline(self.at + seconds, self.timeout_s)

    def remaining(self) -> float:
        """Return the seconds until the deadline, more than 0.

        Raises:
            FetchFailed: the deadline has passed.
        """
        seconds = self.at - time.monotonic()
        if seconds <= 0:
            raise self.timed_out()
        return seconds

    def timed_out(self) -> FetchFailed:
        """Return the error for a passed deadline."""
        return FetchFailed(f"The page didn't arrive within {self.timeout_s:g} seconds.", "Try again later.")
