"""Activations: who has switched on, just now, what privileged identity management lets them."""

from __future__ import annotations

from tests.oracle.grants import GrantLife
from tests.oracle.readings import History, real
from tests.queries.cases import Row


def is_activated(history: History, grant: GrantLife) -> bool:
    """Tell whether a schedule of privileged identity management says that the holder has activated it now."""
    for schedule in _schedules(history):
        asked = (schedule["group_id"], schedule["principal_id"], (schedule["access_id"] or "").lower())
        start, end = real(schedule["start_at"]), real(schedule["end_at"])
        on = (start is None or start <= history.finished) and (end is None or end > history.now)
        named = (schedule["assignment_type"] or "").lower() == "activated"
        if asked == (grant.resource, grant.principal, grant.kind) and named and on:
            return True
    return False


def _schedules(history: History) -> list[Row]:
    """Return the schedules that stand, and those that ended before their time while the snapshot was being taken."""
    standing = history.known("pim_group_assignments")
    before = history.known("pim_group_assignments", history.at - 1)
    lost = [s for key, s in before.items() if key not in standing]
    return [*standing.values(), *(s for s in lost if (end := real(s["end_at"])) and end > history.now)]
