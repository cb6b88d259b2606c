"""Pages of entitlement management: what the assignments gave, under the names of the beta version."""

from __future__ import annotations

from collections.abc import Iterator

from tests.sample_tenant.assignments import bare, subject
from tests.sample_tenant.entitlement import role_and_scope
from tests.sample_tenant.ids import guid
from tests.sample_tenant.lines import EM, Line, Record, cut, paged
from tests.sample_tenant.packages import PACKAGES
from tests.sample_tenant.words import Assignment, Role
from tests.sample_tenant.world import asked_for, is_listed, roles_of, state_of

_EXPANDED = (
    "accessPackageSubject",
    "accessPackageResourceRole",
    "accessPackageResourceScope",
    "accessPackageAssignments",
)
_ROLES = "accessPackageAssignmentResourceRoles"
_STATUSES = {"delivered": "Fulfilled", "delivering": "PendingFulfillment"}


def delivered_roles(snapshot: int) -> Iterator[Line]:
    """Yield what is delivered or under way: one record per person and role, with all assignments that gave it."""
    request = f"{EM.replace('v1.0', 'beta')}/{_ROLES}?$expand={','.join(_EXPANDED)}"
    about = f"identityGovernance/entitlementManagement/{_ROLES}({','.join(f'{name}()' for name in _EXPANDED)})"
    yield from paged(request, about, cut(list(_records(snapshot).values()), 100))


def _records(snapshot: int) -> dict[str, Record]:
    """Return every record by its id."""
    records: dict[str, Record] = {}
    for assignment in asked_for(snapshot):
        state = state_of(assignment, snapshot)
        if state in _STATUSES and is_listed(assignment, snapshot):
            for role, _ in roles_of(PACKAGES[assignment.package], snapshot):
                key = guid("delivered-role", f"{assignment.principal}/{role.kind}/{role.resource}/{role.name}")
                record = records.setdefault(key, _record(key, assignment, role, _STATUSES[state]))
                record["accessPackageAssignments"].append(_assignment(assignment, snapshot))
    return records


def _record(key: str, assignment: Assignment, role: Role, status: str) -> Record:
    """Return one record that names no assignment yet."""
    what, where = role_and_scope(role)
    return {
        "id": key,
        "originId": where["originId"],
        "originSystem": where["originSystem"],
        "status": status,
        "accessPackageSubject": _short(subject(assignment.principal), "objectId") | {"type": "User"},
        "accessPackageResourceRole": _short(what, "originId", "originSystem"),
        "accessPackageResourceScope": _short(where, "originId", "originSystem"),
        "accessPackageAssignments": [],
    }


def _short(told: Record, *names: str) -> Record:
    """Return the id and these properties of a record: a hundred whole ones would be most of the export."""
    return {name: told[name] for name in ("id", *names)}


def _assignment(assignment: Assignment, snapshot: int) -> Record:
    """Return an assignment; the beta version writes states with a capital letter."""
    told = bare(assignment, snapshot)
    return {"id": told["id"], "assignmentState": f"{told['state'][0].upper()}{told['state'][1:]}"}
