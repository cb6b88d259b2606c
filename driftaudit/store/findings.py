"""Findings over time: what was open before a snapshot, and how a new result becomes intervals."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from driftaudit.store.database import registered, rows, value

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

COMMON = (
    "severity",
    "confidence",
    "principal_id",
    "resource_id",
    "kind",
    "role_id",
    "path",
    "package_id",
    "policy_id",
    "catalog_id",
    "assignment_id",
    "request_id",
    "review_instance_id",
    "owner_id",
    "since",
    "since_exact",
    "reason",
    "fix",
)
"""The columns that every check has; further ones go to `data`."""
STABLE = ("key", "check_id", "principal_type", *COMMON)
"""What is recorded of a finding; everything else may change from day to day and goes to `data`."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What is known of a finding before a snapshot."""

    opened_at: datetime
    """When it opened last."""
    open: bool
    row: Mapping[str, Any]
    """Its newest recorded columns."""


@dataclass(frozen=True, slots=True)
class Run:
    """What is known of one check in one snapshot."""

    check_id: str
    status: str
    reason: str | None
    finding_count: int
    sql_sha256: str


def prior(connection: Connection, snapshot_id: int) -> dict[str, Prior]:
    """Return every finding recorded before a snapshot, by key; a changed reason does not reopen it."""
    found = rows(
        connection,
        f"""
        with lives as (
            select f.*, case when f.valid_to <= ? - 1 then f.valid_to end as until,
                lag(f.valid_to) over (partition by f.key order by f.valid_from) is not distinct from f.valid_from
                    as continues
            from history.findings as f where f.valid_from < ?
        ),
        streaks as (
            select l.*, max(case when l.continues then null else l.valid_from end)
                over (partition by l.key order by l.valid_from) as opened
            from lives as l
        )
        select {", ".join(f"s.{c}" for c in STABLE)}, s.until is null as still_open, n.taken_at as opened_at
        from streaks as s join history.snapshots as n on n.id = s.opened
        qualify row_number() over (partition by s.key order by s.valid_from desc) = 1
        """,
        [snapshot_id, snapshot_id],
    )
    return {f["key"]: Prior(f["opened_at"], f["still_open"], {c: f[c] for c in STABLE}) for f in found}


def assessed_before(connection: Connection, snapshot_id: int) -> set[str]:
    """Return the checks that were assessed, if only in part, in an earlier snapshot."""
    found = rows(
        connection,
        "select distinct check_id from history.check_runs where snapshot_id < ? and status <> 'not_assessed'",
        [snapshot_id],
    )
    return {f["check_id"] for f in found}


def recorded_parameters(connection: Connection, snapshot_id: int) -> dict[str, Any] | None:
    """Return the parameters with which a snapshot's findings were recorded, or None if none were."""
    told = value(
        connection, "select any_value(parameters) from history.check_runs where snapshot_id = ?", [snapshot_id]
    )
    return None if told is None else json.loads(told)


def runs(connection: Connection, snapshot_id: int) -> list[dict[str, Any]]:
    """Return every recorded check run up to a snapshot, oldest first, with the snapshot's instant."""
    return rows(
        connection,
        "select r.*, s.taken_at from history.check_runs as r join history.snapshots as s on s.id = r.snapshot_id "
        "where r.snapshot_id <= ? order by r.snapshot_id, r.check_id",
        [snapshot_id],
    )


def record(
    connection: Connection,
    snapshot_id: int,
    *,
    found: Iterable[Mapping[str, Any]],
    unconfirmed: Iterable[str],
    results: Iterable[Run],
    parameters: Mapping[str, Any],
) -> None:
    """Write down a snapshot's findings as intervals; what could not be confirmed stays open."""
    kept = sorted(set(unconfirmed))
    _stage(connection, found)
    connection.execute("create or replace temp table kept as select unnest(?::varchar[]) as key", [kept])
    same = " and ".join(f"t.{c} is not distinct from s.{c}" for c in STABLE)
    connection.execute(
        f"merge into history.findings as t using staged_findings as s on t.valid_to is null and {same} "
        f"when not matched then insert ({', '.join(STABLE)}, valid_from) "
        f"values ({', '.join(f's.{c}' for c in STABLE)}, {snapshot_id}) "
        "when not matched by source and t.valid_to is null and t.key not in (select key from kept) "
        f"then update set valid_to = {snapshot_id}"
    )
    connection.execute(f"insert into history.unconfirmed select {snapshot_id}, key from kept")
    told = json.dumps(dict(parameters), sort_keys=True)
    for run in results:
        connection.execute(
            "insert into history.check_runs values (?, ?, ?, ?, ?, ?, ?)",
            [snapshot_id, run.check_id, run.status, run.reason, run.finding_count, run.sql_sha256, told],
        )


def _stage(connection: Connection, found: Iterable[Mapping[str, Any]]) -> None:
    """Put the findings' recorded columns into a temporary table."""
    import polars as pl

    types: dict[str, Any] = dict.fromkeys(STABLE, pl.String())
    types |= {"since": pl.Datetime("us"), "since_exact": pl.Boolean()}
    frame = pl.DataFrame([[f[c] for c in STABLE] for f in found], schema=types, orient="row")
    with registered(connection, "frame", frame):
        connection.execute("create or replace temp table staged_findings as from frame")
