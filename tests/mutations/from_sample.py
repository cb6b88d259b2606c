"""The history of the sample tenant, and what is declared about it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from driftaudit.audit.checks import checks
from driftaudit.bundled import folder
from driftaudit.exports import open_export
from driftaudit.store.load import load
from tests.mutations.histories import Answer, Look, Past, Sitting
from tests.queries.cases import Row
from tests.queries.runner import values

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

CONTOSO = folder("sample_exports") / "contoso"
_COMPARED = (
    "severity",
    "confidence",
    "principal_id",
    "kind",
    "resource_id",
    "role_id",
    "package_id",
    "review_instance_id",
)
_LOST = ("resolved", "unconfirmed")


def pasts() -> Iterator[Past]:
    """Yield the one history, with a sitting at each of its snapshots."""
    declared = json.loads((CONTOSO / "expected.json").read_text("utf-8"))
    yield Past("sample", _fill, tuple(_sitting(at, told) for at, told in enumerate(declared.values(), start=1)))


def _fill(connection: Connection) -> None:
    for day in json.loads((CONTOSO / "expected.json").read_text("utf-8")):
        load(connection, open_export(CONTOSO / day))


def _sitting(at: int, declared: dict[str, Any]) -> Sitting:
    looks = [
        Look(name, f"sample, snapshot {at}", _see, (declared["checks"][name], _wanted(declared["findings"], name)))
        for name in checks()
    ]
    return Sitting(at, values(), tuple(looks))


def _see(answer: Answer) -> Any:
    """Return the status, and the findings in the values that are declared."""
    return answer.status, sorted(map(_told, answer.rows))


def _told(row: Row) -> str:
    listed = row.get("grants")  # a check that only counts them has a number there
    grants = sorted((g["kind"], g["resource_id"], g["role_id"]) for g in (listed if isinstance(listed, list) else ()))
    return str([row["principal_name"], *(row[name] for name in _COMPARED), grants])


def _wanted(findings: list[Row], check: str) -> list[str]:
    """Return the declared findings that are there now; others are known by what was recorded before."""
    there = [f for f in findings if f["check"] == check and f["state"] not in _LOST]
    return sorted(_told(f | {"principal_name": f["principal"]}) for f in there)
