"""Access that is promised and not there: for each role of a live assignment that is not held, the reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from driftaudit.audit.explain.story import Absent, Held, Path, Principal

WHY_ABSENT = {
    "roles_not_read": "not known: what the package gives was not read",
    "role_not_mapped": "not known: this version cannot tell which access this role gives",
    "not_read": "not known: its grants were not read",
    "resource_deleted": "the group, application or site was deleted",
    "resource_gone": "the group, application, site or role stands in no list",
    "principal_deleted": "the account was deleted",
    "principal_gone": "the account stands in no list",
    "principal_disabled": "the account is disabled",
    "delivering": "the assignment is still being delivered",
    "eligible_only": "held as eligible only: it must be activated",
    "dynamic_group": "the group is filled by a rule; no package can add to it",
    "synced_group": "the group comes from the on-premises directory; no package can add to it",
    "through_group": "held through a group, and not directly as the package would give it",
    "guest_unknown_to_site": "SharePoint does not know this guest yet; that comes with the first visit",
    "within_grace": "promised so recently that giving it may still be under way",
    "unexplained": "nothing that was read tells why",
}
"""Why a promised role is not held, the first that holds."""


def absent(promised: Iterable[dict[str, Any]], held: Iterable[Held], principal: Principal) -> tuple[Absent, ...]:
    """Return the promised roles that are not held, each with the reason and with paths that give the same access."""
    there = tuple(held)
    found = []
    for role in promised:
        if not role["held"]:
            through = _through(role, there)
            found.append(Absent(role, _why(role, principal, there, bool(through)), through))
    return tuple(found)


def _through(role: dict[str, Any], held: Iterable[Held]) -> tuple[Path, ...]:
    """Return the paths through groups that give the very role."""
    key = ("kind", "resource_id", "role_id")
    same = [h for h in held if all(h.grant[k] == role[k] for k in key)]
    return tuple(path for h in same for path in h.paths if path.gives_access)


def _why(role: dict[str, Any], principal: Principal, held: Iterable[Held], through: bool) -> str:
    """Return the word of the first reason that holds."""
    in_sites = any(h.grant["kind"] == "site_group" and h.grant["holder_id"] == principal.id for h in held)
    member = role["kind"] == "member"
    holds = {
        "roles_not_read": not role["roles_read"] and role["resource_id"] is None,
        "role_not_mapped": role["kind"] is None,
        "resource_deleted": role["resource_deleted_at"] is not None,
        "not_read": not role["scope_read"],
        "resource_gone": not role["resource_listed"],
        "principal_deleted": principal.status == "deleted",
        "principal_gone": principal.status == "gone",
        "principal_disabled": principal.status == "disabled",
        "delivering": role["life"] == "pending",
        "eligible_only": role["eligible"],
        "dynamic_group": member and role["dynamic"],
        "synced_group": member and role["synced"],
        "through_group": through,
        "guest_unknown_to_site": role["kind"] == "site_group" and principal.type == "guest" and not in_sites,
        "within_grace": role["within_grace"],
    }
    return next((word for word, it_is in holds.items() if it_is), "unexplained")
