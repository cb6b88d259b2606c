"""The pace of reports: five in any ten seconds, and nobody else waits for them."""

from __future__ import annotations

import pytest

from driftaudit.graph.address import service_of
from driftaudit.graph.pace import PACES, REPORTS, Pace


def test_five_leave_at_once_and_the_next_ones_as_the_first_grow_old() -> None:
    pace = Pace(*PACES[REPORTS])
    assert [pace.wait(0.0) for _ in range(5)] == [0.0] * 5
    assert pace.wait(4.0) == 6.0
    assert pace.wait(4.0) == 6.0
    assert pace.wait(30.0) == 0.0


def test_whoever_asks_slowly_never_waits() -> None:
    pace = Pace(2, 10.0)
    assert [pace.wait(at) for at in (0.0, 5.0, 10.0, 15.0, 20.0)] == [0.0] * 5


def test_any_stretch_of_time_holds_no_more_than_the_limit() -> None:
    pace = Pace(3, 10.0)
    left = [now + pace.wait(now) for now in (0.0, 1.0, 1.0, 1.5, 2.0, 9.0, 9.0, 25.0)]
    assert left == sorted(left)
    assert all(later - sooner >= 10.0 for sooner, later in zip(left, left[3:], strict=False))


@pytest.mark.parametrize(
    ("request_", "service"),
    [
        ("/v1.0/auditLogs/directoryAudits?$top=999", REPORTS),
        ("/v1.0/users?$select=id,signInActivity&$filter=userType%20eq%20'Guest'", REPORTS),
        ("/v1.0/users?$select=id,displayName", "directory"),
    ],
)
def test_reports_are_a_service_of_their_own(request_: str, service: str) -> None:
    assert service_of(request_) == service
