"""What a first reading gets wrong: each scenario is asked of every check, and comes out as the one line says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from driftaudit.audit.checks import checks
from driftaudit.audit.run import run
from tests.queries.cases import Case, all_cases
from tests.queries.runner import empty_database, filled, values
from tests.queries.together import merged, shares, tag

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

SILENT: tuple[str, ...] = ()
PAST, OUTSIDE = ("grant_past_expiry",), ("grant_outside_package",)
REMOVED, NESTED = ("grant_of_removed_role",), ("nested_group_opens_package",)
SCENARIOS = {
    "one snapshot a quarter, the assignment began and ended in between, access never left": PAST,
    "one snapshot a quarter, the assignment vanished in between": PAST,
    "one snapshot a quarter, the role left the package in between": REMOVED,
    "a left-over is missing from ONE nightly snapshot": PAST,
    "user soft-deleted, assignment ended meanwhile, user restored with the access": PAST,
    "PIM activation of a packaged eligible member, Member packaged elsewhere": SILENT,
    "deliveryFailed, though this role was delivered": SILENT,
    "assignment scheduled for next week, grant added by hand today": OUTSIDE,
    "dynamic All-Staff group nested in a packaged group": NESTED,
    "packaged child nested in a packaged group (a cheap package opens a dear one)": NESTED,
    "a group on a packaged app role or site group": (*NESTED, *NESTED),
    "one role of the bundle never delivered, the rest left over": PAST,
    "Member promised, person is eligible only": ("pim_mismatch",),
    "Deny, removed, new assignment before the next snapshot": SILENT,
    "Deny on package P, role shared with live P2": SILENT,
    "NotReviewed, person had lost the access during the round": SILENT,
    "NotReviewed in an old round, answered in the newest": SILENT,
    "disabled account, or guest, whose only grant is a dynamic “everybody” group": SILENT,
    "guest inside grace, or being delivered": SILENT,
    "an update rewrote the assignment's start": PAST,
    "a new request is delivering over a 40-day-old left-over": PAST,
    "auto-assignment policy without approval, justification, expiry": SILENT,
    "empty target, principal holds the role: not assessable for that package while pending": OUTSIDE,
    "role moved from one package to another, the first one's assignee keeps it": REMOVED,
    "the same group in two packages, both ended: one finding, the later end; the other in data": PAST,
    "site URL changed, the package still holds the old one": SILENT,
    "GUIDs in another letter case": SILENT,
    "guest re-invited with a new object id: the old finding is resolved, a new one opens": PAST,
}
"""Which checks speak, once per finding; those about which nothing is written here are silent. The case of the empty
target has a second role in it, which is nobody's, to show that only the package under way is not judged."""


def told(case: Case) -> str:
    """Return the scenario that a case is called after."""
    return case.name.removeprefix("scenario: ")


CASES = [case for case in all_cases() if case.name.startswith("scenario: ") and told(case) in SCENARIOS]


@pytest.fixture(scope="module")
def database() -> Iterator[Connection]:
    with empty_database() as connection:
        yield connection


@pytest.fixture(scope="module")
def findings(database: Connection) -> dict[tuple[str, str], list[str]]:
    """Return the checks that speak in each case; those on the same nights are asked at once."""
    groups: dict[str, list[Case]] = {}
    for number, case in enumerate(CASES):
        alone = number if not shares(case) else None
        groups.setdefault(repr((case.tenant.snapshots, case.at, alone)), []).append(case)
    found: dict[tuple[str, str], list[str]] = {}
    for cases in groups.values():
        whole = merged(cases)
        with filled(database, whole.tenant):
            audit = run(database, whole.at, checks(), values())
        for number, case in enumerate(cases):
            mine = [f for f in audit.findings if str(f.principal_id).startswith(tag(number))]
            found[case.query, case.name] = sorted(f.check for f in mine)
    return found


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_has_a_case(scenario: str) -> None:
    assert scenario in map(told, CASES)


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case.query}: {case.name}") for case in CASES])
def test_a_scenario_comes_out_as_written(findings: dict[tuple[str, str], list[str]], case: Case) -> None:
    assert findings[case.query, case.name] == list(SCENARIOS[told(case)])
