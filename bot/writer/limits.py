"""What bounds the use of a model: tokens an hour and a day for each account, and a rest after failures."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.writer.written import Outcome

_HOUR_S, _DAY_S = 3600.0, 86_400.0
# Tokens are counted by the minute, so that a day takes at most this many entries.
_SLOT_S = 60.0
# After so many failures in a row the model rests, twice as long each time.
FAILURES = 3
FIRST_REST_S = 60.0
LONGEST_REST_S = 900.0
# What the server's state explains; nonsense and refusals depend on the question.
_SERVER_FAULTS = frozenset((Outcome.TIMEOUT, Outcome.UNREACHABLE, Outcome.BROKEN, Outcome.LIMITED, Outcome.REJECTED))

# Nothing was requested, or the question was taken back meanwhile.
_SAY_NOTHING = frozenset((Outcome.BUDGET, Outcome.BUSY))


@dataclass(frozen=True, slots=True)
class TokenLimits:
    """Maximum numbers of tokens: for one answer, and of one account in an hour and a day."""

    answer: int
    hour: int
    day: int


class TokenBudget:
    """Counts what each account has used.

    Args:
        limits: the maximum numbers.
        clock: monotonic seconds.
    """

    def __init__(self, limits: TokenLimits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._used: dict[str, deque[tuple[float, int]]] = {}

    @property
    def per_answer(self) -> int:
        """Tokens that one answer may take."""
        return self._limits.answer

    def has_room(self, account: str) -> bool:
        """Return whether an account may use the model now."""
        now = self._clock()
        return self._since(account, now - _HOUR_S) < self._limits.hour and (
            self._since(account, now - _DAY_S) < self._limits.day
        )

    def spend(self, account: str, tokens: int) -> None:
        """Count tokens."""
        now, used = self._clock(), self._used.setdefault(account, deque())
        if used and now - used[-1][0] < _SLOT_S:
            used[-1] = (used[-1][0], used[-1][1] + tokens)
        else:
            used.append((now, tokens))
        for name in [name for name, slots in self._used.items() if slots[-1][0] < now - _DAY_S]:
            del self._used[name]

    def _since(self, account: str, start: float) -> int:
        used = self._used.get(account, deque())
        while used and used[0][0] < self._clock() - _DAY_S:
            used.popleft()
        return sum(tokens for at, tokens in used if at >= start)


class Breaker:
    """Lets a failing model rest; afterwards one request tries it.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._rest_s = FIRST_REST_S
        self._until = 0.0
        self._is_trying = False

    @property
    def is_resting(self) -> bool:
        """Whether no request may be made now."""
        return self._failures >= FAILURES and (self._clock() < self._until or self._is_trying)

    def begin(self) -> None:
        """Note that a request is made."""
        self._is_trying = True

    def end(self, outcome: Outcome) -> bool:
        """Note how a request ended, and return whether the model begins to rest."""
        self._is_trying = False
        if outcome in _SAY_NOTHING:
            return False
        if outcome not in _SERVER_FAULTS:
            self._failures, self._rest_s = 0, FIRST_REST_S
            return False
        self._failures += 1
        # Requests that began before the rest fail together; that is no reason to rest longer.
        if self._failures < FAILURES or self._clock() < self._until:
            return False
        self._until = self._clock() + self._rest_s
        self._rest_s = min(2 * self._rest_s, LONGEST_REST_S)
        return True
