"""States: what is new, still open, reopened, resolved or could not be confirmed, against what was open before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from driftaudit.audit.audit import Finding
from driftaudit.audit.gate import Gate, may_hide
from driftaudit.audit.outcome import NAMED, Outcome, outcomes
from driftaudit.store import findings as store_findings
from driftaudit.store.database import registered, rows
from driftaudit.store.findings import COMMON, Prior

if TYPE_CHECKING:
    from driftaudit.audit.checks import Check
    from driftaudit.store.database import Connection


_NAMED_BY = ("principal_id", "resource_id", "kind", "role_id", "package_id", "owner_id")


@dataclass(frozen=True, slots=True)
class Before:
    """What an audit compares with."""

    prior: dict[str, Prior]
    assessed: set[str]
    """Checks that were assessed before; a check's first run finds nothing new."""


def before_recorded(connection: Connection, snapshot_id: int) -> Before:
    """Return what was recorded before the snapshot."""
    return Before(
        store_findings.prior(connection, snapshot_id), store_findings.assessed_before(connection, snapshot_id)
    )


def before_computed(
    connection: Connection, snapshot_id: int, checks: Mapping[str, Check], parameters: Mapping[str, Any]
) -> Before:
    """Return what the same checks find on the snapshot before, for checks or parameters that are not recorded."""
    earlier = rows(
        connection,
        "select id, taken_at from history.snapshots where id < ? order by id desc limit 1",
        [snapshot_id],
    )
    if not earlier:
        return Before({}, set())
    _, found = outcomes(connection, earlier[0]["id"], checks.values(), parameters)
    prior = {
        key: Prior(earlier[0]["taken_at"], True, row | {"key": key, "check_id": o.check.id})
        for o in found
        for key, row in o.found.items()
    }
    return Before(prior, {o.check.id for o in found if o.assessment.status != "not_assessed"})


def findings(connection: Connection, result: Outcome, before: Before, gate: Gate, now: datetime) -> Iterable[Finding]:
    """Yield a check's findings with their states: those found, then those that were open and are not found now."""
    first = result.check.id not in before.assessed
    for key, row in result.found.items():
        yield _found(result.check, key, row, before.prior.get(key), first=first, now=now)
    yield from _lost(connection, result, before, gate, now)


def _found(
    check: Check, key: str, row: Mapping[str, Any], known: Prior | None, *, first: bool, now: datetime
) -> Finding:
    """Return a finding that the check selected."""
    state = "first_assessed" if first and known is None else "new"
    if known is not None:
        state = "open" if known.open else "reopened"
    opened_at = known.opened_at if known is not None and known.open else now
    extra = {c: v for c, v in row.items() if c not in COMMON and "." not in c and v is not None}
    return _finding(row, key=key, check=check.id, state=state, opened_at=opened_at, resolved_at=None, data=extra)


def _lost(connection: Connection, result: Outcome, before: Before, gate: Gate, now: datetime) -> Iterable[Finding]:
    """Yield the findings that were open and were not found now: resolved, or not confirmed."""
    check, blind = result.check, result.assessment.status == "not_assessed"
    gone = {
        key: known
        for key, known in before.prior.items()
        if known.open and known.row["check_id"] == check.id and key not in result.found
    }
    names = _names(connection, gone)
    for key, known in gone.items():
        hidden = blind or may_hide(result.assessment, gate, check, known.row)
        yield _finding(
            {**known.row, **names[key]},
            key=key,
            check=check.id,
            state="unconfirmed" if hidden else "resolved",
            opened_at=known.opened_at,
            resolved_at=None if hidden else now,
            data={},
        )


def _finding(row: Mapping[str, Any], **state: Any) -> Finding:
    """Return a row of a check with names as a finding."""
    return Finding(
        exception=None,
        principal_name=row["principal.name"],
        principal_type=row["principal.type"],
        resource_name=row["resource.name"],
        role_name=row["role.name"],
        package_name=row["package.name"],
        owner_name=row["owner.name"],
        **{c: row[c] for c in COMMON},
        **state,
    )


def _names(connection: Connection, gone: Mapping[str, Prior]) -> dict[str, dict[str, Any]]:
    """Return the names in recorded findings as they are known now, by key; one query, however many there are."""
    if not gone:
        return {}
    import polars as pl

    types = dict.fromkeys(("key", *_NAMED_BY), pl.String())
    lost = pl.DataFrame([[key, *(k.row[c] for c in _NAMED_BY)] for key, k in gone.items()], schema=types, orient="row")
    with registered(connection, "lost", lost):
        found = rows(connection, NAMED.format(sql="from lost"))
    return {f["key"]: {c: v for c, v in f.items() if "." in c} for f in found}
