"""Cases: the rows that a tenant has, snapshot by snapshot, and what a query must make of them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
Row = dict[str, Any]
_PLAIN = ("name", "snapshots", "finished", "like", "twin_of", "change", "without", "coverage", "gaps")
_ASKED = ("at", "parameters", "expect", "expect_status", "expect_reason", "road", "compare", "only", "alone")


@dataclass(frozen=True, slots=True)
class Tenant:
    """What there is in the tenant; `in` names the snapshots in which a row is there, all if it says nothing."""

    snapshots: tuple[datetime, ...]
    rows: dict[str, tuple[Row, ...]]
    coverage: tuple[Row, ...] = ()
    """Collections that were not read whole: snapshot, collection, status, reason, missing_fields."""
    gaps: tuple[Row, ...] = ()
    """Scopes that were not read: snapshot, collection, scope."""
    finished: tuple[datetime, ...] = ()
    """When each snapshot was finished; without it, nobody knows."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question to one query."""

    query: str
    name: str
    tenant: Tenant
    asked: Row
    twin_of: str | None = None

    @property
    def at(self) -> int:
        """Return the snapshot that is asked about."""
        return int(self.asked.get("at", len(self.tenant.snapshots)))


@cache
def world() -> Tenant:
    """Return the tenant with which every case begins: people, groups and packages, and nobody in anything."""
    told = _read("world")
    rows = {name: tuple(found) for name, found in told.items() if name != "snapshots"}
    return Tenant(tuple(told["snapshots"]), rows)


def queries() -> list[str]:
    """Return the checks and views for which there are cases."""
    return sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != "world")


@cache
def cases(query: str) -> dict[str, Case]:
    """Return the cases of one query by name."""
    found: dict[str, Case] = {}
    for told in _read(query)["case"]:
        if told["name"] in found:
            raise ValueError(f"{query}: two cases are called {told['name']!r}")
        found[told["name"]] = _case(query, told, found)
    return found


def all_cases() -> list[Case]:
    """Return every case of every query."""
    return [case for query in queries() for case in cases(query).values()]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


def _case(query: str, told: Row, before: dict[str, Case]) -> Case:
    """Return a case: another one, or the world, first changed, then with further rows."""
    model = told.get("like") or told.get("twin_of")
    tenant = before[model].tenant if model else world()
    for change in told.get("change", ()):
        tenant = _changed(tenant, change)
    for gone in told.get("without", ()):
        tenant = _changed(tenant, gone, drop=True)
    asked = {key: told[key] for key in _ASKED if key in told}
    return Case(query, told["name"], _extended(tenant, told), asked, told.get("twin_of"))


def _extended(tenant: Tenant, told: Row) -> Tenant:
    """Return the tenant with the rows, snapshots and gaps that a case adds."""
    rows = {key: value for key, value in told.items() if key not in (*_PLAIN, *_ASKED)}
    return Tenant(
        snapshots=tuple(told.get("snapshots", tenant.snapshots)),
        rows={name: (*tenant.rows.get(name, ()), *rows.get(name, ())) for name in {**tenant.rows, **rows}},
        coverage=(*tenant.coverage, *told.get("coverage", ())),
        gaps=(*tenant.gaps, *told.get("gaps", ())),
        finished=tuple(told.get("finished", tenant.finished)),
    )


def _changed(tenant: Tenant, change: Row, *, drop: bool = False) -> Tenant:
    """Return the tenant with one row changed: the table, values that find the row, and `to`, its new values."""
    table, where = change["table"], {k: v for k, v in change.items() if k not in ("table", "to")}
    rows = tenant.rows[table]
    (chosen,) = [row for row in rows if matches(row, where)]
    new = () if drop else ({**chosen, **change["to"]},)
    kept: Iterable[Row] = (r for row in rows for r in (new if row is chosen else (row,)))
    return replace(tenant, rows={**tenant.rows, table: tuple(kept)})


def matches(row: Row, where: Row) -> bool:
    """Tell whether a row has all these values."""
    return all(row.get(key) == value for key, value in where.items())


def differences(one: Tenant, other: Tenant) -> list[str]:
    """Return the fields in which two tenants differ; a row that only one of them has counts as all its fields."""
    found = [
        name for name in ("snapshots", "finished", "coverage", "gaps") if getattr(one, name) != getattr(other, name)
    ]
    for table in sorted({*one.rows, *other.rows}):
        mine, theirs = one.rows.get(table, ()), other.rows.get(table, ())
        if len(mine) != len(theirs):
            return [f"the number of {table}", *found]
        for left, right in zip(mine, theirs, strict=True):
            found += [f"{table}.{key}" for key in sorted({*left, *right}) if left.get(key) != right.get(key)]
    return found
