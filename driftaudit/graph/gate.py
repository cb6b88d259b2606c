"""The one gate before the service: a pause it asks for is a pause for all, and the time limit is everybody's."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from driftaudit.graph.clock import Clock
from driftaudit.graph.events import Event, Throttled
from driftaudit.graph.failures import DeadlineOver

PERCENTAGE = "x-ms-throttle-limit-percentage"
"""How much of its limit a caller has used; sent from 0.8 on."""
_NEAR_LIMIT = 0.8
_WIDEST_SPACING = 2.0
_NARROWEST_SPACING = 0.02
_SPACING_AFTER_PAUSE = 0.1


class Gate:
    """Lets requests through one after the other, more slowly near the limit and not at all during a pause."""

    def __init__(self, clock: Clock, deadline: float | None, told: Callable[[Event], None]) -> None:
        """Start the time limit, in seconds from now; None is none."""
        self._clock, self._told, self._allowed = clock, told, deadline
        self._ends = None if deadline is None else clock.seconds() + deadline
        self._opens = clock.seconds()
        self._next_slot = clock.seconds()
        self._spacing = 0.0

    async def passed(self) -> None:
        """Return when a request may leave."""
        await self._open()
        if self._spacing:
            await self._slot()
            await self._open()
        self.left()

    def pause(self, seconds: float) -> None:
        """Close the gate for everybody, for so long from now."""
        opens = self._clock.seconds() + seconds
        # Those who waited must not all leave at once.
        self._spacing = max(self._spacing, _SPACING_AFTER_PAUSE)
        if opens > self._opens:
            self._opens = opens
            self._told(Throttled(seconds))

    def heed(self, headers: Mapping[str, str]) -> None:
        """Put a distance between requests if an answer says that the limit is near."""
        used = _percentage(headers.get(PERCENTAGE))
        if used >= _NEAR_LIMIT:
            self._spacing = max(self._spacing, min(_WIDEST_SPACING, used - 0.7))

    def ease(self) -> None:
        """Halve the distance: an answer said nothing of a limit."""
        self._spacing = self._spacing / 2 if self._spacing > _NARROWEST_SPACING else 0.0

    async def rest(self, seconds: float) -> None:
        """Wait, unless the time limit would be over by then."""
        left = self.left()
        if left is not None and seconds >= left:
            raise self.over()
        await self._clock.sleep(seconds)

    def left(self) -> float | None:
        """Return the seconds that are left; raise DeadlineOver if there are none."""
        if self._ends is None:
            return None
        left = self._ends - self._clock.seconds()
        if left <= 0:
            raise self.over()
        return left

    def over(self) -> DeadlineOver:
        """Return the failure of a run that takes too long."""
        return DeadlineOver(
            f"Reading takes longer than the {_words(self._allowed or 0)} allowed for it.",
            "Raise deadline_minutes under [collect]; what was read until now is kept.",
        )

    async def _open(self) -> None:
        while (wait := self._opens - self._clock.seconds()) > 0:
            await self.rest(wait)

    async def _slot(self) -> None:
        """Wait for the next free slot; slots lie one spacing apart."""
        now = self._clock.seconds()
        slot = max(now, self._next_slot)
        self._next_slot = slot + self._spacing
        if slot > now:
            await self.rest(slot - now)


def _percentage(said: str | None) -> float:
    """Return the share of the limit that is used; nonsense is none."""
    try:
        used = float(said or 0)
    except ValueError:
        return 0.0
    return used if 0 <= used < 100 else 0.0


def _words(seconds: float) -> str:
    return f"{seconds / 60:g} minutes" if seconds >= 60 else f"{seconds:g} seconds"
