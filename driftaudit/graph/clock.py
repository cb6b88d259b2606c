"""Time as the client uses it: to measure, to wait and to scatter; tests give another one and never wait."""

from __future__ import annotations

import asyncio
import random
import time
from typing import Protocol


class Clock(Protocol):
    """What the client needs to know of time; the date it learns from the service alone."""

    def seconds(self) -> float:
        """Return a count of seconds that only grows."""

    async def sleep(self, seconds: float) -> None:
        """Let others work for so long."""

    def chance(self) -> float:
        """Return a number from 0 up to 1, so that not all wake at once."""


class RealClock:
    """Time as it passes."""

    def __init__(self) -> None:
        """Draw chance from the system: threads and forks must not repeat each other."""
        self._chance = random.SystemRandom()

    def seconds(self) -> float:
        """Return the seconds since some moment."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    def chance(self) -> float:
        """Return a random number."""
        return self._chance.random()
