"""One answer: everything known of a principal's access, to one resource or to all, at one snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from driftaudit.audit.audit import Snapshot, Tenant
from driftaudit.audit.explain.asked import Asked
from driftaudit.audit.explain.paths import Way

Verdict = Literal["holds", "not_confirmed", "eligible_only", "no_access", "not_known"]
"""Not confirmed: it was there when its scope was last read. Not known: what could tell was not read."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asked about, as the snapshot knows it."""

    id: str
    name: str
    sign_in_name: str | None
    type: str
    status: Literal["present", "disabled", "deleted", "gone", "unlisted"]
    """Gone: listed before, and not now. Unlisted: in no list that was ever read up to the snapshot."""
    deleted_at: datetime | None
    leave_at: datetime | None
    """When the person leaves or left the organisation, where somebody keeps that date."""


@dataclass(frozen=True, slots=True)
class Path:
    """One way by which the principal holds a grant."""

    way: Way
    gives_access: bool
    why_not: str | None


@dataclass(frozen=True, slots=True)
class Held:
    """One grant that the principal holds, itself or through groups, with all its paths."""

    grant: dict[str, Any]
    """A row of held_grants."""
    paths: tuple[Path, ...]

    @property
    def gives_access(self) -> bool:
        """Tell whether one of the paths gives access."""
        return any(path.gives_access for path in self.paths)

    @property
    def confirmed(self) -> bool:
        """Tell whether a path that gives access, or else any path, was read in this very snapshot."""
        counted = [p for p in self.paths if p.gives_access] or self.paths
        return self.grant["read_now"] and any(all(s.read_now for s in p.way.steps) for p in counted)


@dataclass(frozen=True, slots=True)
class Absent:
    """One role that an assignment promises and the principal does not hold itself."""

    role: dict[str, Any]
    """A row of promised_roles."""
    why: str
    """A word of WHY_ABSENT, the first that holds."""
    through: tuple[Path, ...]
    """Paths that give the same access through groups."""


@dataclass(frozen=True, slots=True)
class Read:
    """How much of one collection that could tell was read."""

    collection: str
    status: str
    reason: str | None
    read: bool
    """Whether all that matters to the question was read."""
    gaps: int
    """Scopes that were not read; of the resource asked about, 1 or 0."""


@dataclass(frozen=True, slots=True)
class Story:
    """The answer to: why does, or does not, this principal have access."""

    tool: str
    tenant: Tenant
    snapshot: Snapshot
    principal: Principal
    resource: Asked | None
    verdict: Verdict | None
    """Null where no resource was asked about."""
    held: tuple[Held, ...]
    held_before: tuple[dict[str, Any], ...]
    """Lives of the principal's own grants that are over."""
    absent: tuple[Absent, ...]
    owners: dict[str, tuple[dict[str, Any], ...]]
    """Owners of each resource, by its id."""
    activations: tuple[dict[str, Any], ...]
    assignments: tuple[dict[str, Any], ...]
    requests: tuple[dict[str, Any], ...]
    decisions: tuple[dict[str, Any], ...]
    findings: tuple[dict[str, Any], ...]
    reads: tuple[Read, ...]
