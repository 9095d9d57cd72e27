"""What a test makes go wrong: the next requests to a route fail, wait, lose their connection, or take time."""

import re
from dataclasses import dataclass

# What becomes of a request: see `Faults.add`.
KINDS = (
    *("status", "status after", "rate limit", "shut out", "slow", "slow after"),
    *("cut before", "cut after", "late", "refused"),
)


@dataclass
class Fault:
    method: str
    route: re.Pattern[str]
    kind: str
    value: float
    times: int
    scope: str = "user"


class Faults:
    """Those that are still to come; each hits as many requests as it was given."""

    def __init__(self) -> None:
        self._coming: list[Fault] = []
        self.hits: list[str] = []

    def add(
        self, request: str, kind: str, value: float = 0.0, *, times: int = 1, skip: int = 0, scope: str = "user"
    ) -> None:
        """Makes the next requests go wrong.

        Args:
            request: method and route, `*` for any part: `PATCH /webhooks/*/*/messages/*`.
            kind: `status` and `status after` (answers with `value`, without or after carrying the request out),
                `refused` (Discord's own error with the code `value`), `rate limit` (429, to be tried again after
                `value` seconds), `shut out` (429 of Discord's border, in HTML, for `value` seconds), `slow` and
                `slow after` (waits `value` seconds before or after carrying the request out), `cut before` and
                `cut after` (the connection ends before or after the request is carried out), `late` (the server's clock
                jumps by `value` seconds before it arrives).
            value: see `kind`.
            times: so many requests.
            skip: so many requests pass before.
            scope: whose rate limit it is: `user`, `shared` or `global`.
        """
        if kind not in KINDS:
            raise ValueError(kind)
        method, _, route = request.partition(" ")
        pattern = re.compile("[^/]+".join(map(re.escape, route.split("*"))) + "$")
        if skip:
            self._coming.append(Fault(method, pattern, "pass", 0, skip))
        self._coming.append(Fault(method, pattern, kind, value, times, scope))

    def clear(self) -> None:
        """Lets everything go right again."""
        self._coming.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that hits a request, if one does."""
        for fault in self._coming:
            if fault.method in (method, "*") and fault.route.match(path):
                fault.times -= 1
                if fault.times <= 0:
                    self._coming.remove(fault)
                if fault.kind == "pass":
                    return None
                self.hits.append(f"{fault.kind} {method} {path}")
                return fault
        return None

    @property
    def are_over(self) -> bool:
        """Whether all have hit."""
        return not self._coming
