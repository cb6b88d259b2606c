"""Timelines: when snapshots were taken, and which collections were not read whole in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tests.queries.cases import Row

_FIRST = datetime(2026, 3, 1, 2, 0)
_HOUR, _DAY, _SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
_ODD_STEPS = (
    6 * _HOUR,
    12 * _HOUR,
    _DAY - _SECOND,
    _DAY,
    36 * _HOUR,
    2 * _DAY,
    2 * _DAY + _SECOND,
    3 * _DAY - _SECOND,
    3 * _DAY,
    5 * _DAY,
    30 * _DAY,
    92 * _DAY,
)
RHYTHMS = ("nightly", "quarterly", "irregular", "quarterly, then nightly")
MAY_FAIL = (
    "assignments",
    "requests",
    "package_roles",
    "group_members",
    "group_owners",
    "app_role_assignments",
    "site_members",
    "pim_group_eligibilities",
    "pim_group_assignments",
    "users",
    "groups",
    "service_principals",
    "sites",
    "review_instances",
    "review_decisions",
    "policies",
    "deleted_users",
    "package_incompatibilities",
)
OF_ROLES = (
    "role_assignments",
    "role_eligibilities",
    "role_assignment_schedules",
    "role_definitions",
    "site_role_assignments",
)
"""What may fail as well; in every second timeline one of these."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the histories of one database share."""

    rhythm: str
    snapshots: tuple[datetime, ...]
    finished: tuple[datetime, ...]
    coverage: tuple[Row, ...]

    @property
    def asked(self) -> tuple[int, int]:
        """Return the snapshots that are audited: one in the middle and the last."""
        return _asked(len(self.snapshots))

    def unread(self, collection: str) -> list[int]:
        """Return the snapshots in which a collection was not read whole."""
        return [line["snapshot"] for line in self.coverage if line["collection"] == collection]


def timeline(chance: Random, rhythm: str, failing: int) -> Timeline:
    """Return a random timeline of a rhythm; in one of the snapshots that are audited, a collection is not read whole.

    Which one, `failing` says: timelines that count on go through them all.
    """
    snapshots = [_FIRST]
    for step in _steps(chance, rhythm):
        snapshots.append(snapshots[-1] + step)
    finished = tuple(at + chance.choice((timedelta(), 10 * _SECOND, 2 * _HOUR)) for at in snapshots)
    return Timeline(
        rhythm=rhythm,
        snapshots=tuple(snapshots),
        finished=finished if chance.random() < 0.5 else (),
        coverage=tuple(_coverage(chance, len(snapshots), _failing(failing))),
    )


def _failing(number: int) -> tuple[str, ...]:
    """Return which collections are not read whole in one of the snapshots that are audited."""
    further = OF_ROLES[number // 2 % len(OF_ROLES)]
    return (MAY_FAIL[number % len(MAY_FAIL)], *((further,) if number % 2 else ()))


def _steps(chance: Random, rhythm: str) -> list[timedelta]:
    """Return the time from each snapshot to the next."""
    nights = [_DAY + chance.choice((timedelta(), timedelta(), -_SECOND, _SECOND, 3 * _HOUR)) for _ in range(6)]
    quarters = [chance.choice((90, 91, 92)) * _DAY for _ in range(4)]
    odd = [chance.choice(_ODD_STEPS) for _ in range(6)]
    return {
        "nightly": nights,
        "quarterly": quarters,
        "irregular": odd,
        "quarterly, then nightly": [*quarters[:2], *nights[:4]],
    }[rhythm]


def _asked(length: int) -> tuple[int, int]:
    """Return which of so many snapshots are audited."""
    return (length + 1) // 2, length


def _coverage(chance: Random, length: int, failing: tuple[str, ...]) -> list[Row]:
    """Return which collections failed or came in part: now and then one, seldom in the snapshots that are audited."""
    asked = _asked(length)
    where = chance.choice(asked)
    found = []
    for n in range(1, length + 1):
        for name in (*MAY_FAIL, *OF_ROLES):
            if chance.random() < (0.01 if n in asked else 0.06) or (n == where and name in failing):
                status = chance.choice(("failed", "skipped", "partial"))
                found.append({"snapshot": n, "collection": name, "status": status, "reason": "by chance"})
    return found
