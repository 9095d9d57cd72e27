"""Rate limits: a bucket for each route and its major parameter, and the global one."""

import hashlib
from dataclasses import dataclass

from tests.wire.clock import Clock

# Requests in so many seconds; Discord tells the real ones only in headers, these are what its headers have said.
LIMITS = {
    "POST /channels/{channel}/messages": (5, 5.0),
    "PATCH /channels/{channel}/messages/{message}": (5, 5.0),
    "DELETE /channels/{channel}/messages/{message}": (5, 5.0),
    "POST /channels/{channel}/typing": (5, 5.0),
    "POST /channels/{channel}/messages/{message}/threads": (50, 300.0),
    "PUT /channels/{channel}/messages/{message}/reactions/{emoji}/@me": (1, 0.25),
    "POST /webhooks/{application}/{token}": (5, 2.0),
    "PATCH /webhooks/{application}/{token}/messages/{message}": (5, 2.0),
    "POST /users/@me/channels": (10, 10.0),
}
OTHERS = (50, 1.0)
# discord.com/developers/docs/topics/rate-limits, "Global rate limit"; interactions are not bound by it.
GLOBAL = (50, 1.0)


@dataclass
class Window:
    limit: int
    per_s: float
    began: float = 0.0
    taken: int = 0

    def take(self, now: float) -> float:
        """Counts a request; seconds to wait where there is no room for it, else 0."""
        # A clock that jumps back begins a new window, too.
        if not self.began <= now < self.began + self.per_s:
            self.began, self.taken = now, 0
        if self.taken >= self.limit:
            return self.began + self.per_s - now
        self.taken += 1
        return 0.0

    def headers(self, now: float, name: str) -> dict[str, str]:
        reset = self.began + self.per_s
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.limit - self.taken),
            "X-RateLimit-Reset": f"{reset:.3f}",
            "X-RateLimit-Reset-After": f"{max(0.0, reset - now):.3f}",
            "X-RateLimit-Bucket": name,
        }


class Buckets:
    """All windows of one bot."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.limits = dict(LIMITS)
        self._windows: dict[tuple[str, str], Window] = {}
        self.whole = Window(*GLOBAL)

    def take(self, route: str, major: str) -> tuple[float, bool, dict[str, str]]:
        """Counts a request: seconds to wait, whether that is the global limit, and the headers to send."""
        now = self._clock.now()
        window = self._windows.setdefault((route, major), Window(*self.limits.get(route, OTHERS)))
        bound = not route.startswith(("POST /interactions", "POST /webhooks", "PATCH /webhooks", "GET /attachments"))
        name = hashlib.sha256(route.encode()).hexdigest()[:20]
        if bound and (wait := self.whole.take(now)) > 0:
            return wait, True, {}
        wait = window.take(now)
        return wait, False, window.headers(now, name)

    def shorten(self, times: float) -> None:
        """Makes every window but the global one so many times shorter, so that a test waits less for its end."""
        self.limits = {route: (limit, per_s / times) for route, (limit, per_s) in self.limits.items()}

    def forget(self) -> None:
        """Empties windows that are over; a long load would keep them all."""
        now = self._clock.now()
        self._windows = {key: each for key, each in self._windows.items() if each.began + each.per_s > now}
