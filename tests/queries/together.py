"""Many tenants in one: cases that share their snapshots are asked at once, each with ids of its own."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import replace
from itertools import chain
from typing import Any

from driftaudit.audit.checks import checks
from driftaudit.collectors import collections
from driftaudit.collectors._record import Id
from tests.queries.cases import Case, Row, Tenant

_OURS = {"principal", "resource", "scope_origin_id", "web_url"}
_EVERYBODYS = {"catalog_role_assignments": {"role_definition_id"}, "service_principals": {"owner_tenant_id"}}
"""Columns whose ids are the same in every tenant."""
_BEFORE = ("https://", "/accesspackagecatalog/")
"""What stands before a host in an address, and before a catalog in a scope."""
_TAG = re.compile(rf"(?:{'|'.join(_BEFORE)})?case(\d+)\.")
_CHANGED = re.compile(r'("displayName":"\w+\.ObjectID","newValue":"(?:\\")?)')
"""What stands before an id among the values that an event of the log changed."""
_NOBODYS = {"everyone", "everyone_except_external"}
"""Ids that mean the same in every tenant."""
_OWNERS = (
    "principal_id",
    "review_instance_id",
    "id",
    "account_id",
    "package_id",
    "resource_id",
    "catalog_id",
    "site_id",
    "event_id",
)
"""Columns by which a row is somebody's."""


def shares(case: Case) -> bool:
    """Tell whether a case may be asked with others: nothing in it is about how well the whole tenant was read."""
    told = ("compare", "expect_status", "alone")
    lowered = case.tenant.gaps and case.query in checks()
    return not (case.tenant.coverage or lowered or any(name in case.asked for name in told))


def group(case: Case) -> str:
    """Return what cases must share to be asked at once: the snapshots, whether all was read, what is asked."""
    told = [case.asked.get(name) for name in ("at", "parameters")]
    return repr((case.tenant.snapshots, case.tenant.finished, bool(case.tenant.gaps), *told))


def groups(cases: Iterable[Case]) -> list[list[Case]]:
    """Return the cases that are asked at once, the most first."""
    found: dict[str, list[Case]] = {}
    for case in cases:
        found.setdefault(group(case), []).append(case)
    return sorted(found.values(), key=len, reverse=True)


def merged(cases: list[Case]) -> Case:
    """Return one case whose tenant holds the tenants of all cases, none of which can see another's rows."""
    tenants = [_tagged(case.tenant, tag(number)) for number, case in enumerate(cases)]
    names = dict.fromkeys(name for tenant in tenants for name in tenant.rows)
    rows = {name: tuple(chain.from_iterable(t.rows.get(name, ()) for t in tenants)) for name in names}
    gaps = tuple(chain.from_iterable(t.gaps for t in tenants))
    return replace(cases[0], tenant=replace(tenants[0], rows=rows, gaps=gaps))


def tag(number: int) -> str:
    """Return what stands before every id of one case."""
    return f"case{number}."


def of(number: int, found: Iterable[Row]) -> list[Row]:
    """Return the rows of one case, with the ids that it gave them."""
    return by_case(found, {number}).get(number, [])


def by_case(found: Iterable[Row], asking: Container[int]) -> dict[int, list[Row]]:
    """Return the rows of the cases that ask, by their number; a row that is no case's at all is an error."""
    told: dict[int, list[Row]] = {}
    for row in found:
        mark = _TAG.match(owner(row))
        if mark is None:
            raise ValueError(f"no case has this row: {row}")
        if int(mark[1]) in asking:
            told.setdefault(int(mark[1]), []).append(_bare(row, tag(int(mark[1]))))
    return told


def owner(row: Row) -> str:
    """Return the id that says whose a row is: somebody's, or what it is about, where that is nobody or everybody."""
    told = [row[name] for name in _OWNERS if row.get(name)]
    return next((id_ for id_ in told if _TAG.match(id_)), "")


def _bare(value: Any, mine: str) -> Any:
    """Return a value without a case's mark, however deep it stands."""
    if isinstance(value, dict):
        return {name: _bare(inner, mine) for name, inner in value.items()}
    if isinstance(value, list):
        return [_bare(inner, mine) for inner in value]
    return value.replace(mine, "") if isinstance(value, str) else value


def _tagged(tenant: Tenant, mine: str) -> Tenant:
    rows = {name: tuple(_marked(row, _ids(name), mine) for row in found) for name, found in tenant.rows.items()}
    gaps = tuple({**gap, "scope": _mark(gap["scope"], mine)} for gap in tenant.gaps)
    return replace(tenant, rows=rows, gaps=gaps)


def _ids(name: str) -> set[str]:
    """Return the columns that hold ids of this tenant, or addresses in it."""
    return {c.name for c in collections()[name].columns if c.type is Id} - _EVERYBODYS.get(name, set()) | _OURS


def _marked(row: Row, ids: set[str], mine: str) -> Row:
    return {name: _mark(value, mine) if name in ids and value else _inside(value, mine) for name, value in row.items()}


def _inside(value: Any, mine: str) -> Any:
    """Return a value with the mark before the ids that stand in its JSON."""
    if not isinstance(value, str):
        return value
    return _CHANGED.sub(rf"\g<1>{mine}", value.replace('"id":"', f'"id":"{mine}'))


def _mark(value: Any, mine: str) -> Any:
    """Return an id with the mark before each part of it, an address before its host, a catalog's path before its id."""
    if not set(value) - set("0-/") or value in _NOBODYS:
        return value  # zeros name nobody, whoever's they are; a slash is the whole directory
    for before in _BEFORE:
        if value.startswith(before):
            return f"{before}{mine}{value.removeprefix(before)}"
    return "/".join(f"{mine}{part}" for part in value.split("/"))
