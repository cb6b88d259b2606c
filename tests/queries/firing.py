"""One firing case per check, and all of them in one tenant, open last night, to leave out one thing tonight."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from driftaudit.audit.checks import checks
from driftaudit.audit.gate import read_gate
from driftaudit.audit.outcome import outcome
from driftaudit.audit.states import Before, before_computed, findings
from driftaudit.collectors import collections
from driftaudit.store.model import build
from tests.queries.cases import Case, Tenant, cases, world
from tests.queries.runner import empty_database, filled, values
from tests.queries.together import merged, tag

if TYPE_CHECKING:
    from driftaudit.audit.audit import CheckStatus, CollectionStatus, Finding
    from driftaudit.audit.checks import Check
    from driftaudit.store.database import Connection

FIRING = {
    "app_open_to_everyone": ("F20: anybody may use an application that a package gives",),
    "assignment_without_access": (
        "F25: delivered, and the person is not in the group",
        "F26: a guest whom SharePoint knows",
        "F18: somebody else is eligible",
    ),
    "bundle_partly_removed": ("F1: it ended, one role is gone and the other is left over",),
    "grant_of_removed_role": (
        "F8: the role left the package two nights ago, and its assignee holds it still",
        "a role of an application, dated before the role left",
    ),
    "grant_outside_package": (
        "added by hand: the person's package gives something else",
        "F10: membership of the team's group and of its site are two facts",
        "F18: made eligible by hand, and the package gives eligibility",
        "F18: a member for good beside a packaged eligibility",
    ),
    "grant_past_expiry": (
        "F1: the assignment expired and the access never left",
        "F18: an eligibility past its end",
    ),
    "guest_without_assignment": (
        "F45: a guest in a group, without any assignment",
        "owner of a group that has a rule",
    ),
    "incompatible_packages_held": (
        "F33: both packages are held",
        "F33: a package is held, and the person is in the incompatible group",
    ),
    "leaver_with_access": (
        "disabled, and in a group that no package gives",
        "a role of an application alone",
        "F9: deleted and restorable, and its assignment is there",
        "an account that is in no list any more, and still in a site group",
        "the day of leaving has passed",
    ),
    "nested_group_opens_package": (
        "F6: a group inside a packaged group lets its members in",
        "F7: an application honours direct members only",
        "a Microsoft 365 group on a site that is not its own",
        "a group holds a role of the directory that a package gives",
    ),
    "pim_mismatch": (
        "F18: membership promised, and the person is only eligible",
        "F18: eligible for a role of the directory, and not for as long as the package",
    ),
    "review_denied_access_present": (
        "F34: denied, and the access is there",
        "F6: denied, and held through groups inside the reviewed one",
        "F7: a group holds the application's role, and the person is directly in it",
        "a package denied that gives a site group, and it is there",
    ),
    "review_overdue": ("F39: the end has passed, the round still runs, and one of those asked has not answered",),
    "review_unanswered": ("F36: nobody answered, and the access is there",),
    "site_open_to_everyone": (
        "everybody but guests is in a group of a site that a package gives",
        "everybody has a permission level on a site that a package gives",
    ),
}
"""Cases of each check in which it finds one thing; all on the same nights."""

ALL = [(check, name) for check, names in FIRING.items() for name in names]


def scopes(check: str, name: str, collection: str) -> list[str]:
    """Return the scopes that a case is about; of what is only in the world, nobody holds anything."""
    owner = collections()[collection].scoped_by
    told = cases(check)[name].tenant
    about = _about(told)
    rows = [row for row in told.rows.get(str(owner), ()) if row["id"] in about]
    return sorted(f"{row['definition_id']}/{row['id']}" if owner == "review_instances" else row["id"] for row in rows)


def _about(tenant: Tenant) -> set[str]:
    """Return every text in the rows that a case adds to the world or changes in it, and what packages join to them."""
    new = [row for name, rows in tenant.rows.items() for row in rows if row not in world().rows.get(name, ())]
    found = {text for row in new for value in row.values() for text in _texts(value)}
    joined = [{role["package_id"], role["scope_origin_id"]} for role in tenant.rows["package_roles"]]
    return found.union(*(both for both in joined if both & found))


def _texts(value: Any) -> Iterable[str]:
    """Return what could be ids in a value: JSON in pieces."""
    return (value, *value.split('"')) if isinstance(value, str) else ()


@dataclass(frozen=True, slots=True)
class Copy:
    """One firing case in the tenant that holds all of them."""

    check: str
    name: str
    number: int
    place: int
    """Which of the scopes of its case it may lose, where there are several."""


@cache
def copies(*, many: bool) -> tuple[Copy, ...]:
    """Return each firing case once, or as many times as it has scopes of one kind that could be lost."""
    scoped = [name for name, collection in collections().items() if collection.scoped_by]
    times = [max(1, *(len(scopes(check, name, of)) for of in scoped)) if many else 1 for check, name in ALL]
    told = [(check, name, place) for (check, name), n in zip(ALL, times, strict=True) for place in range(n)]
    return tuple(Copy(check, name, number, place) for number, (check, name, place) in enumerate(told))


@cache
def tonight(*, many: bool) -> Tenant:
    """Return a tenant that holds these copies side by side, one night later."""
    told = [_one_night_more(cases(c.check)[c.name]) for c in copies(many=many)]
    return merged(told).tenant


def _one_night_more(case: Case) -> Case:
    """Return the case with one more night, so that its finding is open before the last."""
    night = case.tenant.snapshots[-1].replace(day=30, month=10)
    last = len(case.tenant.snapshots)
    rows = {
        name: tuple({**r, "in": [*r["in"], last + 1]} if last in r.get("in", []) else r for r in found)
        for name, found in case.tenant.rows.items()
    }
    return replace(case, tenant=Tenant((*case.tenant.snapshots, night), rows))


@cache
def last_night(*, many: bool) -> Before:
    """Return what was open last night, when everything had been read."""
    tenant = tonight(many=many)
    with empty_database() as connection, filled(connection, tenant):
        return before_computed(connection, len(tenant.snapshots), checks(), values())


@dataclass(frozen=True, slots=True)
class Told:
    """What one check says tonight."""

    check: Check
    status: CheckStatus
    found: tuple[tuple[Finding, ...], ...]
    """The findings about each copy of its cases."""


def less_of(connection: Connection, collection: str, status: CollectionStatus) -> Iterator[Told]:
    """Yield what each check says if a collection was read less well tonight."""
    told = {"snapshot": len(tonight(many=False).snapshots), "collection": collection, "status": status}
    yield from _told(connection, replace(tonight(many=False), coverage=(told,)), many=False)


def without_scopes(connection: Connection, collection: str, *, deleted: bool = False) -> Iterator[Told]:
    """Yield what each check says if each copy lost one scope of a collection tonight, until all are lost in turn.

    What was deleted after it was listed leaves the collection complete.
    """
    tenant = tonight(many=True)
    gaps = [
        {"snapshot": len(tenant.snapshots), "collection": collection, "scope": _address(copy, scope)}
        for copy in copies(many=True)
        for scope in scopes(copy.check, copy.name, collection)[copy.place : copy.place + 1]
    ]
    told = {"snapshot": len(tenant.snapshots), "collection": collection, "status": "complete"}
    coverage = (told,) if deleted else ()
    yield from _told(connection, replace(tenant, gaps=tuple(gaps), coverage=coverage), many=True)


def _told(connection: Connection, tenant: Tenant, *, many: bool) -> Iterator[Told]:
    """Yield what each check says of the last night of a tenant."""
    with filled(connection, tenant):
        build(connection, len(tenant.snapshots), values())
        gate = read_gate(connection)
        for check in checks().values():
            result = outcome(connection, check, gate)
            found = tuple(findings(connection, result, last_night(many=many), gate, tenant.snapshots[-1]))
            mine = [copy for copy in copies(many=many) if copy.check == check.id]
            of_copies = tuple(tuple(f for f in found if _is_about(f, copy)) for copy in mine)
            yield Told(check, result.assessment.status, of_copies)


def _address(copy: Copy, scope: str) -> str:
    """Return a scope as the copy's rows have it, mark and all."""
    return "/".join(f"{tag(copy.number)}{part}" for part in scope.split("/"))


def _is_about(finding: Finding, copy: Copy) -> bool:
    """Tell whether a finding is about this copy: by whom it is about, or what, where that is nobody or everybody."""
    told = (finding.principal_id, finding.review_instance_id, finding.resource_id)
    return any(str(id_).startswith(tag(copy.number)) for id_ in told)
