"""Reports: what the service counts apart from everything else, and refuses to whoever asks too often."""

from __future__ import annotations

from collections import deque

from tests.fake_graph.query import Options
from tests.fake_graph.refusals import Refusal
from tests.fake_graph.route import Route

SECONDS = 10


class Reports:
    """The reports that were asked for a short time ago."""

    def __init__(self) -> None:
        """Begin with none."""
        self._asked: deque[int] = deque()

    def count(self, now: int, most: int | None) -> None:
        """Count one more, or refuse it."""
        while self._asked and now - self._asked[0] >= SECONDS:
            self._asked.popleft()
        if most is not None and len(self._asked) >= most:
            wait = self._asked[0] + SECONDS - now
            raise Refusal(429, "TooManyRequests", "Too many requests for reports.", {"retry-after": str(wait)})
        self._asked.append(now)


def is_report(route: Route, options: Options) -> bool:
    """Tell whether a request is for a report: a log, or people with when they signed in."""
    return route.ordered_by is not None or (route.kind == "user" and "signInActivity" in (options.select or ()))
