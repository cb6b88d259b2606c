"""Shrinking: the smallest part of a history about which the oracle and driftaudit still differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.oracle.asking import asked, differences
from tests.oracle.oracle import answer
from tests.queries.cases import Row, Tenant

if TYPE_CHECKING:
    from driftaudit.store.database import Connection


Part = tuple[str, int]


def disagreement(connection: Connection, tenant: Tenant, at: int) -> list[Row]:
    """Return where the two differ about one snapshot of one tenant alone."""
    return differences(answer(tenant, at), asked(connection, tenant, [at])[at])


def smallest(connection: Connection, tenant: Tenant, at: int) -> Tenant:
    """Return the smallest part of a tenant about which the two still differ in the same way as about the whole."""
    whole = disagreement(connection, tenant, at)
    return shrunk(tenant, lambda part: whole[0] in disagreement(connection, part, at)) if whole else tenant


def shrunk(tenant: Tenant, differs: Callable[[Tenant], bool]) -> Tenant:
    """Return the tenant without all rows, gaps and coverage that can go while the two still differ."""
    kept = _parts(tenant)
    size = len(kept)
    while size:
        smaller = _without_chunks(tenant, kept, size, differs)
        size = size // 2 if len(smaller) == len(kept) or size > 1 else size
        kept = smaller
    return _made_of(tenant, kept)


def _without_chunks(tenant: Tenant, kept: list[Part], size: int, differs: Callable[[Tenant], bool]) -> list[Part]:
    """Return the parts without each run of so many that can go."""
    start = 0
    while start < len(kept):
        fewer = kept[:start] + kept[start + size :]
        if differs(_made_of(tenant, fewer)):
            kept = fewer
        else:
            start += size
    return kept


def _parts(tenant: Tenant) -> list[Part]:
    """Return everything that may be left out: by its table and its place in it."""
    tables = {**tenant.rows, "gaps": tenant.gaps, "coverage": tenant.coverage, "finished": tenant.finished[:1]}
    return [(name, position) for name, told in tables.items() for position in range(len(told))]


def _made_of(tenant: Tenant, parts: list[Part]) -> Tenant:
    """Return the tenant with these parts only."""
    there = set(parts)
    rows = {name: _those(name, told, there) for name, told in tenant.rows.items()}
    return replace(
        tenant,
        rows={name: told for name, told in rows.items() if told},
        gaps=_those("gaps", tenant.gaps, there),
        coverage=_those("coverage", tenant.coverage, there),
        finished=tenant.finished if ("finished", 0) in there else (),
    )


def _those(name: str, told: tuple[Row, ...], there: set[Part]) -> tuple[Row, ...]:
    """Return the rows of a table that are among the parts."""
    return tuple(row for position, row in enumerate(told) if (name, position) in there)


def shown(tenant: Tenant, at: int, found: list[Row]) -> str:
    """Return a history and a disagreement for a person to read."""
    lines = [f"asked about snapshot {at}"]
    lines += [f"  {n}: {taken:%Y-%m-%d %H:%M:%S}" for n, taken in enumerate(tenant.snapshots, start=1)]
    lines += [f"  finished {told:%Y-%m-%d %H:%M:%S}" for told in tenant.finished]
    for name, rows in tenant.rows.items():
        lines += [f"  {name}: {_told(row)}" for row in rows]
    lines += [f"  gap: {_told(gap)}" for gap in tenant.gaps]
    lines += [f"  not whole: {_told(line)}" for line in tenant.coverage]
    for one in found:
        lines += [f"{one['query']} {one['key']}", f"  oracle: {one['oracle']}", f"  sql:    {one['sql']}"]
    return "\n".join(lines)


def _told(row: Row) -> str:
    """Return a row in one line."""
    return ", ".join(f"{name}={value}" for name, value in row.items() if value is not None)
