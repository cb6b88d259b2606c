"""The service's clock: stands at the snapshot's `taken_at` and moves forward as requests come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime


class Clock:
    """A clock that nothing but requests moves."""

    def __init__(self, taken_at: str, step: float = 0.1) -> None:
        """Start at `taken_at`; each request takes `step` seconds."""
        self._moment = datetime.fromisoformat(taken_at).astimezone(UTC)
        self._step = timedelta(seconds=step)
        self._asked = False

    def tick(self) -> None:
        """Let one request come; the first one finds the clock where it started."""
        if self._asked:
            self._moment += self._step
        self._asked = True

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._moment += timedelta(seconds=seconds)

    def timestamp(self) -> int:
        """Return the time in seconds since 1970."""
        return int(self._moment.timestamp())

    def iso(self) -> str:
        """Return the time as errors carry it."""
        return self._moment.strftime("%Y-%m-%dT%H:%M:%S")

    def http(self, shift: float = 0) -> str:
        """Return the time as a `Date` header, `shift` seconds away."""
        return format_datetime(self._moment + timedelta(seconds=shift), usegmt=True)
