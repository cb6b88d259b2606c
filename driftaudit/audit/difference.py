"""Two snapshots compared: who gained and lost which grant in between, why, and what cannot be compared."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

from driftaudit import TOOL
from driftaudit.audit.audit import Snapshot
from driftaudit.foreign_text import inert
from driftaudit.store.database import rows
from driftaudit.store.model import build, set_variables
from driftaudit.store.query_files import QueryFile, bundled_queries

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

GAINED = {
    "direct": "given by hand: no package, rule or directory explains it",
    "account": "the account is new, or was restored with it",
    "resource": "the group, application or site was restored with it",
    "assignment": "an assignment gives or gave it",
    "rule": "a dynamic group's rule gives it",
    "sync": "comes from the on-premises directory",
}
"""Why something is gained, what needs a look first."""
LOST = {
    "direct": "taken away by hand",
    "account": "the account was deleted or is gone",
    "resource": "the group, application or site is gone",
    "ended": "the assignment ended, or the role left its package",
    "rule": "a dynamic group's rule took it away",
    "sync": "taken away in the on-premises directory",
}
"""Why something is lost, what needs a look first."""


@dataclass(frozen=True, slots=True)
class Change:
    """One grant gained or lost, in the order of the columns that JSON and CSV print."""

    change: Literal["gained", "lost"]
    why: str
    """A word of GAINED or LOST."""
    principal_id: str
    principal_name: str
    principal_type: str
    kind: str
    resource_id: str
    resource_name: str
    role_id: str
    role_name: str
    explanation: str | None
    """What explains it in the snapshot in which it is there; null where no package gives the role."""
    confidence: str | None
    assignment_id: str | None
    package_id: str | None
    package_name: str | None

    @property
    def grant(self) -> tuple[str, str, str, str]:
        """Return what was gained or lost, by ids alone."""
        return self.kind, self.resource_id, self.role_id, self.principal_id


@dataclass(frozen=True, slots=True)
class NotCompared:
    """One collection of which something was not read in one of the snapshots."""

    collection: str
    everything: bool
    """Whether nothing of it can be compared."""
    scopes: int | None
    """How many groups, applications or sites cannot; null: none can."""
    grants: int
    """How many grants are known there."""
    snapshot_ids: tuple[int, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one snapshot to another."""

    before: Snapshot
    after: Snapshot
    changes: tuple[Change, ...]
    not_compared: tuple[NotCompared, ...]

    def totals(self, change: Literal["gained", "lost"]) -> dict[str, int]:
        """Return how many grants were gained, or lost, for each reason; every reason is there."""
        counted = Counter(c.why for c in self.changes if c.change == change)
        return {why: counted[why] for why in (GAINED if change == "gained" else LOST)}


def difference(connection: Connection, from_id: int, to_id: int, parameters: Mapping[str, Any]) -> Difference:
    """Compare two snapshots; what was not read in both of them is never told as a change."""
    queries = compare(connection, from_id, to_id)
    build(connection, from_id, parameters, queries["explained_before"].words)
    _keep(connection, queries["explained_before"])
    build(connection, to_id, parameters, queries["changes"].words | queries["uncompared"].words)
    found = rows(connection, queries["changes"].sql)
    unread = rows(connection, queries["uncompared"].sql)
    snapshots = {s["id"]: Snapshot(**s) for s in rows(connection, _SNAPSHOTS)}
    return Difference(
        before=snapshots[from_id],
        after=snapshots[to_id],
        changes=tuple(Change(**row) for row in found),
        not_compared=tuple(
            NotCompared(
                u["collection"],
                u["everything"],
                u["scopes"],
                u["grants"],
                tuple(u["snapshot_ids"]),
                tuple(u["reasons"]),
            )
            for u in unread
        ),
    )


def compare(connection: Connection, from_id: int, to_id: int) -> Mapping[str, QueryFile]:
    """Fill the temporary table compared_grants: every change whose scope was read in both snapshots."""
    queries = bundled_queries("explain")
    set_variables(connection, {"from_id": from_id, "to_id": to_id})
    for name in ("changed_grants", "uncompared_scopes", "compared_grants"):
        _keep(connection, queries[name])
    return queries


_SNAPSHOTS = "select id, taken_at, finished_at, export_sha256 from history.snapshots"


def _keep(connection: Connection, file: QueryFile) -> None:
    """Keep a query's rows as a temporary table of its name."""
    connection.execute(f"create or replace temp table {file.name} as {file.sql}")


def to_json(found: Difference) -> str:
    """Return the difference as JSON; every key is always there, what does not apply is null."""
    told = {
        "format": 1,
        "tool": TOOL,
        "from": _side(found.before),
        "to": _side(found.after),
        "totals": {"gained": found.totals("gained"), "lost": found.totals("lost")},
        "not_compared": [asdict(n) for n in found.not_compared],
        "changes": [asdict(c) for c in found.changes],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _side(snapshot: Snapshot) -> dict[str, Any]:
    """Return which snapshot it is."""
    return {"id": snapshot.id, "taken_at": f"{snapshot.taken_at:%Y-%m-%dT%H:%M:%SZ}"}


def to_csv(found: Difference) -> str:
    """Return the changes as CSV; a cell cannot become a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    names = [f.name for f in fields(Change)]
    writer.writerow(names)
    for change in found.changes:
        told = (getattr(change, name) for name in names)
        writer.writerow([inert(value) if isinstance(value, str) else value for value in told])
    return out.getvalue()
