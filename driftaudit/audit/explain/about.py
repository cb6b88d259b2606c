"""What a question is about: everything, one resource, or the roles of one package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from driftaudit.audit.explain.asked import Asked
from driftaudit.audit.explain.story import Held
from driftaudit.store.database import rows

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

_ROLES = """
select distinct package_id, kind, coalesce(resource_id, lower(scope_origin_id)) as resource_id, role_id
from package_role_lives
"""


@dataclass(frozen=True, slots=True)
class About:
    """What belongs to a question; the sets are empty where everything does."""

    everything: bool
    resources: frozenset[str]
    packages: frozenset[str]
    roles: frozenset[tuple[str | None, str, str | None]]
    """Kind, resource and role; empty where every role on the resources belongs to it."""

    def role(self, row: Mapping[str, Any]) -> bool:
        """Tell whether a grant, or a promised role, belongs to it."""
        if self.everything:
            return True
        if self.roles:
            # A role whose package was not read could be any; the package itself still says whether it matters.
            return (row["kind"], row["resource_id"], row["role_id"]) in self.roles or self._unread(row)
        return row["resource_id"] in self.resources or self._unread(row)

    def _unread(self, row: Mapping[str, Any]) -> bool:
        """Tell whether it is a promise of which only the package is known."""
        return row["resource_id"] is None and row.get("package_id") in self.packages

    def resource(self, resource_id: str | None) -> bool:
        """Tell whether something on this resource belongs to it."""
        return self.everything or resource_id in self.resources

    def package(self, package_id: str | None) -> bool:
        """Tell whether something of this package belongs to it."""
        return self.everything or package_id in self.packages

    def on_the_way(self, held: Iterable[Held]) -> About:
        """Return the same with the groups that the principal is in on the way there, and the packages behind that."""
        first = [p.way.steps[0].grant for h in held for p in h.paths if p.way.steps]
        there = [grant for grant in first if grant is not None]
        return replace(
            self,
            resources=self.resources | {g["resource_id"] for g in there},
            packages=self.packages | {g["package_id"] for g in there if g["package_id"]},
        )


def about(connection: Connection, what: Asked | None) -> About:
    """Return what belongs to a question about a resource, a package, or everything."""
    if what is None:
        return About(True, frozenset(), frozenset(), frozenset())
    told = rows(connection, _ROLES)
    if what.type == "package":
        own = [t for t in told if t["package_id"] == what.id]
        roles = frozenset((t["kind"], t["resource_id"], t["role_id"]) for t in own)
        return About(False, frozenset(t["resource_id"] for t in own) - {None}, frozenset({what.id}), roles)
    giving = frozenset(t["package_id"] for t in told if t["resource_id"] == what.id)
    return About(False, frozenset({what.id}), giving, frozenset())
