"""What was read of all that could tell of access: nothing that was not read may sound like no access."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from driftaudit.audit.explain.about import About
from driftaudit.audit.explain.asked import Asked
from driftaudit.audit.explain.story import Read
from driftaudit.store.database import rows
from driftaudit.store.model import set_variables
from driftaudit.store.query_files import bundled_queries

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

_TELLING = {
    "group": ("groups", "group_members", "group_owners", "pim_group_eligibilities", "pim_group_assignments"),
    "application": ("service_principals", "app_role_assignments", "group_members"),
    "site": ("sites", "site_members", "site_role_assignments", "group_members", "group_owners"),
    "directory_role": (
        "role_definitions",
        "role_assignments",
        "role_eligibilities",
        "role_assignment_schedules",
        "group_members",
    ),
}
_PROMISING = ("users", "packages", "package_roles", "assignments", "requests", "review_instances", "review_decisions")
_LISTS = ("groups", "service_principals", "sites", "role_definitions")
_NOT_ACCESS = (
    "pim_group_eligibilities",
    "pim_group_assignments",
    "role_eligibilities",
    "role_assignment_schedules",
    *_PROMISING,
)
"""What is read of these changes what is told of access, not whether there is any."""


def reads(connection: Connection, what: Asked | None, about: About) -> tuple[Read, ...]:
    """Return how much was read of each collection that could tell of access to a resource, or of any access."""
    asked = about.resources | ({what.id} if what is not None else set())
    set_variables(connection, {"resource_ids": sorted(asked), "one_resource": what is not None})
    told = {row["collection"]: row for row in rows(connection, bundled_queries("explain")["reads"].sql)}
    listed = rows(connection, _LISTED)
    types = {r["type"] for r in listed} or set(_TELLING)
    telling = dict.fromkeys(name for kind, names in _TELLING.items() if kind in types for name in names)
    # What stands in a list was asked about, whether that list was read whole or not.
    all_listed = bool(about.resources) and about.resources <= {r["id"] for r in listed if r["present"]}
    return tuple(_read(name, told.get(name), listed=all_listed) for name in (*telling, *_PROMISING))


_LISTED = (
    "select r.type, r.id, r.present from resources as r where r.id in (select unnest(getvariable('resource_ids')))"
)


def _read(name: str, row: dict[str, Any] | None, *, listed: bool) -> Read:
    """Return what is told of one collection; what the export does not name was skipped."""
    if row is None:
        return Read(name, "skipped", "not in the export", False, 0)
    whole = row["whole"] or (listed and name in _LISTS)
    reason = row["reason"]
    if row["gaps"]:
        others = ", ..." if row["gaps"] > len(row["names"]) else ""
        reason = f"{', '.join(row['names'])}{others}: {row['message']}"
    elif whole:
        reason = None
    return Read(name, row["status"], reason, whole and not row["gaps"], row["gaps"])


def surely_absent(read: Iterable[Read], what: Asked) -> bool:
    """Tell whether access that was not found is not there: all that could tell of it was read."""
    aside = set(_NOT_ACCESS) - ({"package_roles"} if what.type == "package" else set())
    return all(r.read for r in read if r.collection not in aside)
