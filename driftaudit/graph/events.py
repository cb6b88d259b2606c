"""What the client tells while it works, for whoever shows progress."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Retried:
    """Something will be asked again."""

    service: str
    reason: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Throttled:
    """The service asked for a pause; everything waits."""

    seconds: float


Event = Retried | Throttled


def ignore(event: Event) -> None:
    """Tell nobody."""
