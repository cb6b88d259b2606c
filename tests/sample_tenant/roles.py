"""Pages of the directory's roles: which there are, who holds them, who may activate them and who did."""

from __future__ import annotations

from collections.abc import Iterator

from tests.sample_tenant.ids import fraction, guid, opaque, shifted
from tests.sample_tenant.lines import Line, Record, listed
from tests.sample_tenant.resources import DIRECTORY_ROLES, DirectoryRole
from tests.sample_tenant.words import Activation, Holding, directory_role, eligible_role
from tests.sample_tenant.world import ACTIVATIONS, held, principal

_ROLES = "roleManagement/directory"
_SELECT = "$select=id,displayName,description,isBuiltIn,isEnabled,templateId"
_HOURS = 8


def role_definitions(snapshot: int) -> Iterator[Line]:
    """Yield the roles that there are."""
    records = [
        {
            "id": role.id,
            "displayName": role.name,
            "description": role.description,
            "isBuiltIn": True,
            "isEnabled": True,
            "templateId": role.id,
        }
        for role in DIRECTORY_ROLES.values()
    ]
    about = f"{_ROLES}/roleDefinitions({_SELECT.removeprefix('$select=')})"
    yield listed(f"/v1.0/{_ROLES}/roleDefinitions?{_SELECT}", about, records)


def role_assignments(snapshot: int) -> Iterator[Line]:
    """Yield who holds which role."""
    roles = [(role, h) for role in DIRECTORY_ROLES.values() for h in held(directory_role(role.key), snapshot)]
    records = [_named(role, h.principal) | {"id": _id("assignment", role, h.principal)} for role, h in roles]
    yield listed(f"/v1.0/{_ROLES}/roleAssignments", f"{_ROLES}/roleAssignments", records)


def role_eligibilities(snapshot: int) -> Iterator[Line]:
    """Yield who may activate which role."""
    roles = [(role, h) for role in DIRECTORY_ROLES.values() for h in held(eligible_role(role.key), snapshot)]
    records = [_eligibility(role, holding) for role, holding in roles]
    yield _instances("roleEligibilityScheduleInstances", records)


def role_assignment_schedules(snapshot: int) -> Iterator[Line]:
    """Yield who holds which role by a schedule: for ever, or for some hours."""
    records = []
    for role in DIRECTORY_ROLES.values():
        active = [a for a in ACTIVATIONS if a.role == directory_role(role.key) and a.seen[snapshot] == "x"]
        activated = {a.principal for a in active}
        assigned = [h for h in held(directory_role(role.key), snapshot) if h.principal not in activated]
        records += [*(_assigned(role, holding) for holding in assigned), *(_activated(role, a) for a in active)]
    yield _instances("roleAssignmentScheduleInstances", records)


def _instances(what: str, records: list[Record]) -> Line:
    """Return a list of schedules."""
    return listed(f"/v1.0/{_ROLES}/{what}", f"{_ROLES}/{what}", records)


def _named(role: DirectoryRole, key: str) -> Record:
    """Return what every record says: who, which role, and where it holds."""
    return {"principalId": principal(key).id, "roleDefinitionId": role.id, "directoryScopeId": "/"}


def _id(what: str, role: DirectoryRole, key: str) -> str:
    """Return the id of a role assignment or of a schedule, the same in every snapshot."""
    return opaque(f"directory-role-{what}", f"{role.key}/{key}")


def _scheduled(role: DirectoryRole, key: str, start: str | None, end: str | None) -> Record:
    """Return what all schedules say."""
    dates = {"startDateTime": start and fraction(start), "endDateTime": end and fraction(end)}
    return _named(role, key) | {"appScopeId": None, "memberType": "Direct", **dates}


def _eligibility(role: DirectoryRole, holding: Holding) -> Record:
    """Return who may activate a role, since when and until when."""
    key, schedule = holding.principal, guid("role-eligibility", f"{role.key}/{holding.principal}")
    assert holding.granted is not None, f"{key} is eligible for {role.key} without a date"
    told = _scheduled(role, key, holding.granted, holding.ends)
    return {"id": _id("eligibility", role, key), "roleEligibilityScheduleId": schedule, **told}


def _assigned(role: DirectoryRole, holding: Holding) -> Record:
    """Return who holds a role without having activated it."""
    key = holding.principal
    told = _scheduled(role, key, holding.granted, holding.ends) | {"assignmentType": "Assigned"}
    schedule = guid("role-assignment", f"{role.key}/{key}")
    return {"id": _id("assigned", role, key), "roleAssignmentScheduleId": schedule, **told}


def _activated(role: DirectoryRole, activation: Activation) -> Record:
    """Return who activated a role for some hours."""
    key, start = activation.principal, activation.start
    told = _scheduled(role, key, start, shifted(start, hours=_HOURS)) | {"assignmentType": "Activated"}
    schedule = guid("role-activation", f"{role.key}/{key}/{start}")
    return {"id": _id("activated", role, key), "roleAssignmentScheduleId": schedule, **told}
