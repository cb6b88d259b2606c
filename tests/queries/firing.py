"""One firing case per check, and all of them in one tenant, open last night, to leave out one thing tonight."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from driftaudit.audit.checks import checks
from driftaudit.audit.gate import read_gate
from driftaudit.audit.outcome import outcome
from driftaudit.audit.states import Before, before_computed, findings
from driftaudit.collectors import collections
from driftaudit.store.model import build
from tests.queries.cases import Case, Row, Tenant, cases, world
from tests.queries.runner import empty_database, filled, values
from tests.queries.together import merged, tag

if TYPE_CHECKING:
    from driftaudit.audit.audit import CheckStatus, Finding
    from driftaudit.store.database import Connection

FIRING = {
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
    ),
    "review_denied_access_present": (
        "F34: denied, and the access is there",
        "F6: denied, and held through groups inside the reviewed one",
        "F7: a group holds the application's role, and the person is directly in it",
        "a package denied that gives a site group, and it is there",
    ),
    "review_overdue": ("F39: the end has passed, the round still runs, and one of those asked has not answered",),
    "review_unanswered": ("F36: nobody answered, and the access is there",),
}
"""Cases of each check in which it finds one thing; all on the same nights."""

ALL = [(check, name) for check, names in FIRING.items() for name in names]


def firing(check: str) -> Case:
    """Return a case in which the check finds something."""
    return cases(check)[FIRING[check][0]]


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


@cache
def tonight(copies: int) -> Tenant:
    """Return a tenant that holds each firing case so many times, one after the other, one night later."""
    told = [cases(check)[name] for check, name in ALL for _ in range(copies)]
    return merged([_marked(_one_night_more(case), tag(n)) for n, case in enumerate(told)]).tenant


def _one_night_more(case: Case) -> Case:
    """Return the case with one more night, so that its finding is open before the last."""
    night = case.tenant.snapshots[-1].replace(day=30, month=10)
    last = len(case.tenant.snapshots)
    rows = {
        name: tuple({**r, "in": [*r["in"], last + 1]} if last in r.get("in", []) else r for r in found)
        for name, found in case.tenant.rows.items()
    }
    return replace(case, tenant=Tenant((*case.tenant.snapshots, night), rows))


def _marked(case: Case, mine: str) -> Case:
    """Return the case with the mark of its copy in the ids that stand in lists."""
    name = "package_incompatibilities"
    told = [
        {key: value.replace('"id":"', f'"id":"{mine}') for key, value in row.items()}
        for row in case.tenant.rows.get(name, ())
    ]
    return replace(case, tenant=replace(case.tenant, rows={**case.tenant.rows, name: tuple(told)}))


@cache
def last_night(copies: int) -> Before:
    """Return what was open last night, when everything had been read."""
    tenant = tonight(copies)
    with empty_database() as connection, filled(connection, tenant):
        return before_computed(connection, len(tenant.snapshots), checks(), values())


def without(
    connection: Connection, copies: int, *, coverage: Iterable[Row] = (), gaps: Iterable[tuple[int, str, str]] = ()
) -> Iterator[tuple[str, CheckStatus, dict[int, list[Finding]]]]:
    """Yield for each check its status and the findings of its copies, tonight, without this; a gap names its copy."""
    now = len(tonight(copies).snapshots)
    holes = [{"snapshot": now, "collection": name, "scope": _address(copy, scope)} for copy, name, scope in gaps]
    told = tuple({"snapshot": now, **row} for row in coverage)
    tenant = replace(tonight(copies), coverage=told, gaps=tuple(holes))
    with filled(connection, tenant):
        build(connection, now, values())
        gate = read_gate(connection)
        for check in checks().values():
            result = outcome(connection, check, gate)
            found = list(findings(connection, result, last_night(copies), gate, tenant.snapshots[-1]))
            mine = [n for n in range(len(ALL) * copies) if ALL[n // copies][0] == check.id]
            yield check.id, result.assessment.status, {n: [f for f in found if _is_of(f, n)] for n in mine}


def _address(copy: int, scope: str) -> str:
    return "/".join(f"{tag(copy)}{part}" for part in scope.split("/"))


def _is_of(finding: Finding, copy: int) -> bool:
    """Tell whether a finding is about this copy: by whom it is about, or by the round, which is nobody's."""
    return str(finding.principal_id or finding.review_instance_id).startswith(tag(copy))
