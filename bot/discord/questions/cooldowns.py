"""How often members and servers may ask: so many questions in the last minute, counted exactly."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable

from bot.discord.errors import TooFast
from bot.discord.scope import Scope

PERIOD_S = 60.0
# Pages that may be turned for every question that may be asked.
PAGES_A_QUESTION = 5
# At most, should so many ask within a minute; those that asked least recently are forgotten first.
MOST_REMEMBERED = 50_000


class Cooldowns:
    """Counts the questions of the last minute.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked: OrderedDict[tuple[str, int], deque[float]] = OrderedDict()

    def turn(self, scope: Scope) -> None:
        """Counts one page that is turned.

        Raises:
            TooFast: this member turns pages too often.
        """
        self._forget()
        window = self._window("pages", scope.user_id)
        wait = self._wait(window, PAGES_A_QUESTION * scope.settings.questions_per_minute_member)
        if wait > 0:
            raise TooFast(wait, whole_server=False)
        window.append(self._clock())

    def take(self, scope: Scope) -> None:
        """Counts one question.

        Raises:
            TooFast: this member, or all of this server together, asked too often; the question is not counted.
        """
        self._forget()
        settings = scope.settings
        own = self._window("member", scope.user_id)
        wait = self._wait(own, settings.questions_per_minute_member)
        if wait > 0:
            raise TooFast(wait, whole_server=False)
        windows = [own]
        if scope.server_id is not None:
            everybody = self._window("server", scope.server_id)
            wait = self._wait(everybody, settings.questions_per_minute_server)
            if wait > 0:
                raise TooFast(wait, whole_server=True)
            windows.append(everybody)
        for window in windows:
            window.append(self._clock())

    def may_be_told(self, user_id: int) -> bool:
        """Whether this member was not told within the last minute that a question is refused; notes that it is told."""
        self._forget()
        window = self._window("told", user_id)
        if window:
            return False
        window.append(self._clock())
        return True

    def _window(self, kind: str, of: int) -> deque[float]:
        window = self._asked.setdefault((kind, of), deque())
        self._asked.move_to_end((kind, of))
        while len(self._asked) > MOST_REMEMBERED:
            self._asked.popitem(last=False)
        while window and window[0] <= self._clock() - PERIOD_S:
            window.popleft()
        return window

    def _forget(self) -> None:
        """Drops those whose minute is over, as far as they stand before all that are younger."""
        over = self._clock() - PERIOD_S
        while self._asked and (not (oldest := next(iter(self._asked.values()))) or oldest[-1] <= over):
            self._asked.popitem(last=False)

    def _wait(self, window: deque[float], allowed: int) -> float:
        """Seconds until there is room for one more."""
        return window[-allowed] + PERIOD_S - self._clock() if len(window) >= allowed else 0.0
