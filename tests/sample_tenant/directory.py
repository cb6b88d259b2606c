"""Pages of the directory: the tenant, people, groups and who is in them."""

from __future__ import annotations

from collections.abc import Iterator

from tests.sample_tenant.ids import FOLDERS, TAKEN_AT, TENANT_ID, guid, shifted
from tests.sample_tenant.lines import Line, Record, cut, listed, paged
from tests.sample_tenant.people import LEAVE_AT, PEOPLE
from tests.sample_tenant.person import Person
from tests.sample_tenant.resources import GROUPS, Group
from tests.sample_tenant.words import Role, member, owner
from tests.sample_tenant.world import held, people, principal

REFUSED = {(FOLDERS[1], GROUPS["borealis"].id)}
"""Snapshot and group whose members the service would not list."""
EMPTIED = {(FOLDERS[3], GROUPS["vendors"].id)}
"""Snapshot and group for which the service answered with an empty list, although nobody had left."""

_USER = (
    "id,displayName,userPrincipalName,mail,userType,creationType,externalUserState,accountEnabled,createdDateTime,"
    "department,jobTitle,companyName,employeeType,onPremisesSyncEnabled"
)
_GROUP = (
    "id,displayName,mail,mailEnabled,securityEnabled,groupTypes,membershipRule,membershipRuleProcessingState,"
    "isAssignableToRole,visibility,onPremisesSyncEnabled,resourceProvisioningOptions,createdDateTime,description"
)
_DELETED = "/v1.0/directory/deletedItems/microsoft.graph."


def _made(key: str) -> str:
    """Return when something old was made, some time between 2019 and 2024."""
    return shifted("2019-02-04T07:30:00Z", minutes=int(guid("made", key)[:8], 16) % (6 * 365 * 24 * 60))


def organization(snapshot: int) -> Iterator[Line]:
    """Yield the tenant."""
    select = "id,displayName,createdDateTime,countryLetterCode"
    record = {
        "id": TENANT_ID,
        "displayName": "Contoso Ltd",
        "createdDateTime": "2019-02-03T21:14:55Z",
        "countryLetterCode": "PT",
    }
    yield listed(f"/v1.0/organization?$select={select}", f"organization({select})", [record])


def users(snapshot: int) -> Iterator[Line]:
    """Yield the accounts in three pages, the middle one empty."""
    first, *rest = cut([_user(p, snapshot) for p in people(snapshot)], 40)
    request = f"/v1.0/users?$select={_USER}&$expand=manager($select=id)&$top=999"
    yield from paged(request, f"users({_USER},manager(id))", [first, [], *rest])


def _user(person: Person, snapshot: int) -> Record:
    """Return one account; who has no manager lacks the property."""
    moved = person.moves is not None and snapshot >= person.moves[0]
    department, manager = person.moves[1:] if person.moves and moved else (person.department, person.manager)
    record: Record = {
        "id": person.id,
        "displayName": person.name,
        "userPrincipalName": person.upn,
        "mail": person.mail,
        "userType": "Guest" if person.guest else "Member",
        "creationType": "Invitation" if person.guest else None,
        "externalUserState": ("Accepted" if person.accepted else "PendingAcceptance") if person.guest else None,
        "accountEnabled": person.disabled is None or snapshot < person.disabled,
        "createdDateTime": _made(person.key) if not person.joins else shifted(TAKEN_AT[person.joins], days=-9),
        "department": department,
        "jobTitle": person.title,
        "companyName": person.company or "Contoso Ltd",
        "employeeType": None if person.guest else "Contractor" if person.contractor else "Employee",
        "onPremisesSyncEnabled": True if person.synced else None,
    }
    if manager is not None:
        record["manager"] = {"@odata.type": "#microsoft.graph.user", "id": PEOPLE[manager].id}
    return record


def leave_dates(snapshot: int) -> Iterator[Line]:
    """Yield every account with the day on which the person leaves, where the directory was told."""
    records: list[Record] = [{"id": p.id, "employeeLeaveDateTime": LEAVE_AT.get(p.key)} for p in people(snapshot)]
    select = "id,employeeLeaveDateTime"
    yield listed(f"/v1.0/users?$select={select}&$top=999", f"users({select})", records)


def deleted_users(snapshot: int) -> Iterator[Line]:
    """Yield the accounts that can still be restored."""
    gone = [p for p in PEOPLE.values() if p.deleted(snapshot)]
    select = "id,displayName,userPrincipalName,deletedDateTime"
    records = [
        {
            "id": p.id,
            "displayName": p.name,
            "userPrincipalName": f"{p.id.replace('-', '')}{p.upn}",
            "deletedDateTime": p.deleted_at,
        }
        for p in gone
    ]
    yield listed(f"{_DELETED}user?$select={select}&$top=999", f"users({select})", records)


def deleted_groups(snapshot: int) -> Iterator[Line]:
    """Yield the groups that can still be restored: one, in the two middle snapshots."""
    select = "id,displayName,deletedDateTime"
    record = {
        "id": guid("group", "summer-party"),
        "displayName": "Summer party 2026",
        "deletedDateTime": "2026-07-27T15:02:11Z",
    }
    records = [record] if snapshot in (1, 2) else []
    yield listed(f"{_DELETED}group?$select={select}&$top=999", f"groups({select})", records)


def groups(snapshot: int) -> Iterator[Line]:
    """Yield the groups in two pages."""
    records = [_group(g) for g in sorted(GROUPS.values(), key=lambda g: g.id)]
    yield from paged(f"/v1.0/groups?$select={_GROUP}&$top=999", f"groups({_GROUP})", cut(records, 15))


def _group(group: Group) -> Record:
    """Return one group."""
    mail = group.type in ("unified", "mail", "distribution")
    types = {"unified": ["Unified"], "dynamic": ["DynamicMembership"]}.get(group.type, [])
    return {
        "id": group.id,
        "displayName": group.name,
        "mail": f"{group.key}@contoso.example" if mail else None,
        "mailEnabled": mail,
        "securityEnabled": group.type not in ("unified", "distribution"),
        "groupTypes": types,
        "membershipRule": group.rule,
        "membershipRuleProcessingState": None if group.rule is None else "On",
        "isAssignableToRole": True if group.type == "role" else None,
        "visibility": "Private" if group.type in ("unified", "role") else None,
        "onPremisesSyncEnabled": True if group.type == "synced" else None,
        "resourceProvisioningOptions": ["Team"] if group.team else [],
        "createdDateTime": _made(group.key),
        "description": group.description,
    }


def group_members(snapshot: int) -> Iterator[Line]:
    """Yield the direct members of every group that the service would list; the biggest group has several pages."""
    for group in GROUPS.values():
        if (FOLDERS[snapshot], group.id) not in REFUSED:
            emptied = (FOLDERS[snapshot], group.id) in EMPTIED
            records = [] if emptied else _named(member(group.key), snapshot)
            request = f"/beta/groups/{group.id}/members?$select=id,displayName&$top=999"
            about = "directoryObjects(id,displayName)"
            yield from paged(request, about, cut(records, 30) or [[]], group.id)


def group_owners(snapshot: int) -> Iterator[Line]:
    """Yield the owners of every group."""
    for group in GROUPS.values():
        request = f"/v1.0/groups/{group.id}/owners?$select=id&$top=999"
        yield listed(request, "directoryObjects(id)", _objects(owner(group.key), snapshot), group.id)


def _named(role: Role, snapshot: int) -> list[Record]:
    """Return who holds a role with their names, without which the service says that we may not know more of them."""
    holders = (principal(h.principal) for h in held(role, snapshot))
    return [{"@odata.type": f"#microsoft.graph.{p.type}", "id": p.id, "displayName": p.name} for p in holders]


def _objects(role: Role, snapshot: int) -> list[Record]:
    """Return who holds a role, as bare directory objects."""
    holders = (principal(h.principal) for h in held(role, snapshot))
    return [{"@odata.type": f"#microsoft.graph.{p.type}", "id": p.id} for p in holders]
