"""The tally: how many of the random histories reached what they must reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.oracle.packing import Made
from tests.oracle.reached import Seen, reached
from tests.oracle.timeline import Timeline

Counts = Counter[tuple[str, str]]
"""How many histories reached something of a group."""


@dataclass
class Tally:
    """What was reached, by group and name."""

    histories: int = 0
    counts: Counts = field(default_factory=Counter)

    def note(self, made: Made, timeline: Timeline, seen: Iterable[Seen]) -> None:
        """Count what one history reached in the snapshots that were audited, everything once."""
        self.histories += 1
        self.counts.update({found for one in seen for found in reached(made, timeline, one)})

    def add(self, other: Tally) -> None:
        """Count what another tally counted, too."""
        self.histories += other.histories
        self.counts.update(other.counts)

    def table(self, wanted: Iterable[tuple[str, str]] = ()) -> str:
        """Return the counts as lines for a terminal; what is wanted and was never reached stands there with 0."""
        told = {entry: self.counts[entry] for entry in [*self.counts, *wanted]}
        lines = [f"{group:14}{name:68}{n:>7}" for (group, name), n in sorted(told.items())]
        return "\n".join([f"reached by how many of {self.histories:,} histories", *lines])

    def missing(self, least: int, wanted: Iterable[tuple[str, str]]) -> dict[str, int]:
        """Return what fewer histories than these reached."""
        return {
            f"{group}: {name}": self.counts[group, name] for group, name in wanted if self.counts[group, name] < least
        }
