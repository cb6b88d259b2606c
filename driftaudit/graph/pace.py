"""A pace: no more than so many requests in any so many seconds, where a service allows only so few."""

from __future__ import annotations

from collections import deque

REPORTS = "reports"
PACES = {REPORTS: (5, 10.0)}
"""By service, how many requests in how many seconds; whoever asks faster is refused."""


class Pace:
    """Says when the next request may leave."""

    def __init__(self, most: int, seconds: float) -> None:
        """Let so many requests leave in any so many seconds."""
        self._seconds = seconds
        self._left: deque[float] = deque(maxlen=most)

    def wait(self, now: float) -> float:
        """Return how many seconds from now the request may leave, which takes its place."""
        is_full = len(self._left) == self._left.maxlen
        leaves = max(now, self._left[0] + self._seconds) if is_full else now
        self._left.append(leaves)
        return leaves - now
