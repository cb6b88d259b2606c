"""What driftaudit itself says about a snapshot, in the form of the oracle's answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from driftaudit.audit.checks import checks
from driftaudit.audit.gate import assess, read_gate
from driftaudit.store.database import rows
from driftaudit.store.model import build
from tests.oracle.oracle import CHECKS, Answer
from tests.oracle.packing import MARK
from tests.queries.cases import Row, Tenant
from tests.queries.runner import filled, values

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

_GRANTS = (
    "select principal_id, kind, resource_id, role_id, explanation, confidence, in_package, assignment_id, read_now, "
    "assessable from explained_grants"
)


def asked(connection: Connection, tenant: Tenant, snapshots: Iterable[int]) -> dict[int, Answer]:
    """Fill the empty database with a tenant and return what the model and the checks say about these snapshots."""
    with filled(connection, tenant):
        return {at: _asked(connection, at) for at in snapshots}


def _asked(connection: Connection, at: int) -> Answer:
    build(connection, at, values())
    grants = {}
    for row in rows(connection, _GRANTS):
        told = list(row.values())
        grants[tuple(map(str, told[:4]))] = tuple(told[4:])
    gate, every = read_gate(connection), checks()
    assessed = [name for name in CHECKS if assess(every[name], gate).status != "not_assessed"]
    return Answer(grants, {name: _found(connection, every[name].file.sql, every[name].key) for name in assessed})


def _found(connection: Connection, sql: str, key: tuple[str, ...]) -> dict[tuple[str, ...], tuple[str, str | None]]:
    """Return a check's findings by their key; two with one key are an error."""
    found: dict[tuple[str, ...], tuple[str, str | None]] = {}
    for row in rows(connection, sql):
        about = tuple("" if row[name] is None else str(row[name]) for name in key)
        if about in found:
            raise ValueError(f"Two findings have the key {about}.")
        found[about] = (row["severity"], row["confidence"])
    return found


def parted(whole: Answer) -> Callable[[str], Answer]:
    """Return how to ask what an answer about a pack says about one history: by its mark."""
    grants, assessed = _by_mark(whole.grants), {name: _by_mark(found) for name, found in whole.checks.items()}

    def of(mark: str) -> Answer:
        return Answer(grants.get(mark, {}), {name: found.get(mark, {}) for name, found in assessed.items()})

    return of


def _by_mark(found: dict[tuple[str, ...], Any]) -> dict[str, dict[tuple[str, ...], Any]]:
    """Return entries by the mark of the history that they are about; what is about none is an error."""
    by_mark: dict[str, dict[tuple[str, ...], Any]] = {}
    for key, told in found.items():
        mark = next((begin.group() for value in key if (begin := MARK.match(value))), None)
        if mark is None:
            raise ValueError(f"The key {key} is of no history.")
        by_mark.setdefault(mark, {})[key] = told
    return by_mark


def differences(oracle: Answer, sql: Answer) -> list[Row]:
    """Return where the two do not agree; a check that was not assessed says nothing."""
    found = _differ("explained_grants", oracle.grants, sql.grants)
    for name, told in sql.checks.items():
        found += _differ(name, oracle.checks[name], told)
    return found


def _differ(query: str, oracle: dict[Any, Any], sql: dict[Any, Any]) -> list[Row]:
    """Return the keys that only one of the two has, or to which they say different things."""
    keys = sorted({*oracle, *sql})
    return [
        {"query": query, "key": key, "oracle": oracle.get(key), "sql": sql.get(key)}
        for key in keys
        if not _same(oracle.get(key), sql.get(key))
    ]


def _same(one: Any, other: Any) -> bool:
    """Tell whether two answers agree; where the definitions leave a value open, any will do."""
    if one is None or other is None or len(one) != len(other):
        return one == other
    return all(a == b for a, b in zip(one, other, strict=True) if a is not None or len(one) != 2)
