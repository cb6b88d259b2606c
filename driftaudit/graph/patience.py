"""How long the client waits, and how often it asks again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

RETRIED = frozenset({408, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Patience:
    """Limits in seconds and in attempts."""

    attempts: int = 10
    """For faults: four minutes of waiting in all."""
    first_attempts: int = 3
    """As long as nobody has ever answered: a wrong address or no network should be told soon."""
    throttled_attempts: int = 30
    """For "too many requests": each waits as long as the service says."""
    shortest_wait: float = 1.0
    longest_wait: float = 60.0
    connect: float = 30.0
    read: float = 100.0
    whole: float = 300.0
    """For one answer from start to end: a trickle is no answer."""

    def attempts_for(self, status: int | None) -> int:
        """Return how often something that ends with this status is asked in all."""
        return self.throttled_attempts if status == 429 else self.attempts

    def wait(self, attempt: int, chance: float) -> float:
        """Return the pause after so many attempts: doubled each time, scattered by up to a half."""
        doubled = self.shortest_wait * 2 ** min(attempt - 1, 16)
        return min(self.longest_wait, doubled) * (0.5 + chance / 2)


def retry_after(headers: Mapping[str, str], at: str) -> float | None:
    """Return the seconds the service asks to wait; a date counts from the instant of the answer, the service's own."""
    said = headers.get("retry-after", "").strip()
    number = said.partition(".")[0]
    if number.isascii() and number.isdigit():
        return float(number[:9])
    until = instant(said)
    return max(0.0, (until - datetime.fromisoformat(at)).total_seconds()) if until and at else None


def instant(http_date: str) -> datetime | None:
    """Return an HTTP date in UTC, or nothing if it is none."""
    try:
        told = parsedate_to_datetime(http_date)
    except (ValueError, OverflowError):
        return None
    return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
