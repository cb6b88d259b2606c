"""Histories of the oracle: the random ones with which it is compared, and what is compared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from driftaudit.audit.checks import checks
from tests.mutations.histories import Answer, Look, Past, Sitting
from tests.oracle.oracle import CHECKS
from tests.oracle.packing import pack
from tests.oracle.test_oracle import HISTORIES, PACKS
from tests.queries.runner import values
from tests.queries.tables import fill

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

_GRANT = ("principal_id", "kind", "resource_id", "role_id")
_TOLD = ("explanation", "confidence", "in_package", "assignment_id", "read_now", "assessable")
_UNSURE = {"review_unanswered"}
"""Checks whose confidence the oracle leaves open."""


def pasts() -> Iterator[Past]:
    """Yield the packs of random histories."""
    for seed in range(PACKS):
        asked = pack(seed, 1).timeline.asked
        yield Past(f"random histories {seed}", partial(_fill, seed=seed), tuple(map(_sitting, asked)))


def _fill(connection: Connection, seed: int) -> None:
    fill(connection, pack(seed, HISTORIES).tenant)


def _sitting(at: int) -> Sitting:
    """Return a sitting with a look at each query that the oracle answers, too."""
    looks = [Look("explained_grants", f"snapshot {at}", partial(_see, columns=(*_GRANT, *_TOLD)), None)]
    for name in CHECKS:
        sure = () if name in _UNSURE else ("confidence",)
        columns = (*checks()[name].key, "severity", *sure)
        looks.append(Look(name, f"snapshot {at}", partial(_see, columns=columns), None))
    return Sitting(at, values(), tuple(looks))


def _see(answer: Answer, columns: tuple[str, ...]) -> Any:
    """Return what the oracle is compared with; a check that was not assessed says nothing."""
    if answer.status == "not_assessed":
        return None
    return sorted(str([row[name] for name in columns]) for row in answer.rows)
