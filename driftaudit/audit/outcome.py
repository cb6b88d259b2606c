"""One check on one snapshot: its rows, each with the identity that it keeps over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from driftaudit.audit.gate import Assessment, Gate, assess, read_gate
from driftaudit.errors import UsageError
from driftaudit.store.database import rows
from driftaudit.store.findings import COMMON
from driftaudit.store.model import build

if TYPE_CHECKING:
    from driftaudit.audit.checks import Check
    from driftaudit.store.database import Connection

NAMED = """
select f.*, p.name as "principal.name", p.type as "principal.type",
    coalesce(r.name, case when f.resource_id = f.package_id then k.name end) as "resource.name",
    role_label(n.name, f.kind, f.role_id) as "role.name", k.name as "package.name", o.name as "owner.name"
from ({sql}) as f
left join principals as p on p.id = f.principal_id
left join resources as r on r.id = f.resource_id
left join role_names as n on n.kind = f.kind and n.resource_id = f.resource_id and n.role_id = f.role_id
left join package_names as k on k.id = f.package_id
left join principals as o on o.id = f.owner_id
"""


_NAMING = {"principals", "resources", "role_names", "package_names"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One check's result on one snapshot."""

    check: Check
    assessment: Assessment
    found: dict[str, dict[str, Any]]
    """Rows by the key of their finding."""


def outcomes(
    connection: Connection,
    snapshot_id: int,
    checks: Iterable[Check],
    parameters: Mapping[str, Any],
    *,
    whole: bool = False,
) -> tuple[Gate, list[Outcome]]:
    """Run checks on a snapshot, with what was read of it; of the model only what they need is built, or the `whole`."""
    checks = list(checks)
    packaged = any(check.needs.packaged for check in checks)
    names = _NAMING | {"explained_grants"} if packaged else _NAMING
    build(connection, snapshot_id, parameters, None if whole else names.union(*(check.file.words for check in checks)))
    gate = read_gate(connection, packaged=packaged)
    return gate, [outcome(connection, check, gate) for check in checks]


def outcome(connection: Connection, check: Check, gate: Gate) -> Outcome:
    """Run one check if its data is there."""
    assessment = assess(check, gate)
    if assessment.status == "not_assessed":
        return Outcome(check, assessment, {})
    found = rows(connection, NAMED.format(sql=check.file.sql))
    lacking = [c for c in (*COMMON, *check.key) if found and c not in found[0]]
    if lacking:
        raise UsageError(f"{check.file.path} does not select {lacking[0]}.", "See CONTRIBUTING for a check's columns.")
    return Outcome(check, assessment, {finding_key(check, row): row for row in found})


def finding_key(check: Check, row: Mapping[str, Any]) -> str:
    """Return a finding's identity: the check and a hash over the values of its key, ids in lower case."""
    values = "\x1f".join("" if row[c] is None else str(row[c]).lower() for c in check.key)
    return f"{check.id}/{sha256(values.encode()).hexdigest()[:12]}"
