"""How often members and servers may ask: an exact sliding window of one minute."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable

from bot.discord.errors import OnCooldown
from bot.discord.scope import Scope

WINDOW_S = 60.0
# Pages that a member may turn for every question they may ask.
PAGES_PER_QUESTION = 5
# A limit on memory; the members and servers that asked least recently are dropped first.
MAX_TRACKED = 50_000


class Cooldowns:
    """Counts the questions of the last minute.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._windows: OrderedDict[tuple[str, int], deque[float]] = OrderedDict()

    def count_page(self, scope: Scope) -> None:
        """Count one turned page.

        Raises:
            OnCooldown: this member turns pages too often.
        """
        self._drop_expired()
        window = self._window("pages", scope.user_id)
        wait = self._wait(window, PAGES_PER_QUESTION * scope.settings.questions_per_minute_member)
        if wait > 0:
            raise OnCooldown(wait, whole_server=False)
        window.append(self._clock())

    def wait_s(self, scope: Scope) -> float:
        """Return the seconds until this member may ask again; 0 if now."""
        settings = scope.settings
        waits = [self._wait(self._window("member", scope.user_id), settings.questions_per_minute_member)]
        if scope.server_id is not None:
            everybody = self._window("server", scope.server_id)
            waits.append(self._wait(everybody, settings.questions_per_minute_server))
        return max(waits)

    def count_question(self, scope: Scope) -> None:
        """Count one question.

        Raises:
            OnCooldown: this member, or the server as a whole, asked too often; the question is not counted.
        """
        self._drop_expired()
        settings = scope.settings
        own = self._window("member", scope.user_id)
        wait = self._wait(own, settings.questions_per_minute_member)
        if wait > 0:
            raise OnCooldown(wait, whole_server=False)
        windows = [own]
        if scope.server_id is not None:
            everybody = self._window("server", scope.server_id)
            wait = self._wait(everybody, settings.questions_per_minute_server)
            if wait > 0:
                raise OnCooldown(wait, whole_server=True)
            windows.append(everybody)
        for window in windows:
            window.append(self._clock())

    def should_notify(self, user_id: int) -> bool:
        """Return whether to tell this member that a question is refused; at most once a minute."""
        self._drop_expired()
        window = self._window("told", user_id)
        if window:
            return False
        window.append(self._clock())
        return True

    def _window(self, kind: str, of: int) -> deque[float]:
        window = self._windows.setdefault((kind, of), deque())
        self._windows.move_to_end((kind, of))
        while len(self._windows) > MAX_TRACKED:
            self._windows.popitem(last=False)
        while window and window[0] <= self._clock() - WINDOW_S:
            window.popleft()
        return window

    def _drop_expired(self) -> None:
        """Drop expired windows from the front, where the least recently used ones are."""
        expired = self._clock() - WINDOW_S
        while self._windows and (not (oldest := next(iter(self._windows.values()))) or oldest[-1] <= expired):
            self._windows.popitem(last=False)

    def _wait(self, window: deque[float], allowed: int) -> float:
        """Return the seconds until one more is allowed."""
        return window[-allowed] + WINDOW_S - self._clock() if len(window) >= allowed else 0.0
