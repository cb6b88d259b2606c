"""Many tenants in one: cases that share their snapshots are asked at once, each with ids of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain
from typing import Any

from driftaudit.collectors import collections
from driftaudit.collectors._record import Id
from tests.queries.cases import Case, Row, Tenant

_OURS = {"principal", "resource", "scope_origin_id", "web_url"}
_WEB = "https://"


def shares(case: Case) -> bool:
    """Tell whether a case may be asked with others: nothing in it is about how well the whole tenant was read."""
    alone = ("compare", "expect_status", "alone")
    return not (case.tenant.coverage or case.tenant.gaps or any(name in case.asked for name in alone))


def group(case: Case) -> str:
    """Return what cases must share to be asked at once: the query, the snapshots, what is asked."""
    told = [case.asked.get(name) for name in ("at", "parameters", "only")]
    return repr((case.query, case.tenant.snapshots, *told))


def merged(cases: list[Case]) -> Case:
    """Return one case whose tenant holds the tenants of all cases, none of which can see another's rows."""
    tenants = [_tagged(case.tenant, tag(number)) for number, case in enumerate(cases)]
    names = {name for tenant in tenants for name in tenant.rows}
    rows = {name: tuple(chain.from_iterable(t.rows.get(name, ()) for t in tenants)) for name in names}
    return replace(cases[0], tenant=Tenant(tenants[0].snapshots, rows))


def tag(number: int) -> str:
    """Return what stands before every id of one case."""
    return f"case{number}."


def of(number: int, found: Iterable[Row]) -> list[Row]:
    """Return the rows of one case, with the ids that it gave them."""
    mine = tag(number)
    return [_bare(row, mine) for row in found if row["principal_id"].startswith(mine)]


def _bare(value: Any, mine: str) -> Any:
    """Return a value without a case's mark, however deep it stands."""
    if isinstance(value, dict):
        return {name: _bare(inner, mine) for name, inner in value.items()}
    if isinstance(value, list):
        return [_bare(inner, mine) for inner in value]
    return value.replace(mine, "") if isinstance(value, str) else value


def _tagged(tenant: Tenant, mine: str) -> Tenant:
    rows = {name: tuple(_marked(row, _ids(name), mine) for row in found) for name, found in tenant.rows.items()}
    return Tenant(tenant.snapshots, rows)


def _ids(name: str) -> set[str]:
    """Return the columns that hold ids of this tenant, or addresses in it."""
    return {c.name for c in collections()[name].columns if c.type is Id} | _OURS


def _marked(row: Row, ids: set[str], mine: str) -> Row:
    return {name: _mark(value, mine) if name in ids and value else value for name, value in row.items()}


def _mark(value: Any, mine: str) -> Any:
    """Return an id with the mark before it, and before each part of it; an address has it before its host."""
    if not set(value) - set("0-"):
        return value  # zeros name nobody, whoever's they are
    if value.startswith(_WEB):
        return f"{_WEB}{mine}{value.removeprefix(_WEB)}"
    return "/".join(f"{mine}{part}" for part in value.split("/"))
