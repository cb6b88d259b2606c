"""Without a permission a run says so, names it, and no check that needs the data passes for clean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest

from driftaudit.audit.audit import Coverage
from driftaudit.audit.checks import checks, parameters
from driftaudit.audit.gate import Gate, assess, read_gate
from driftaudit.audit.outcome import outcome
from driftaudit.collectors import collections
from driftaudit.exports import open_export
from driftaudit.exports.manifest import Entry
from driftaudit.store.load import load
from driftaudit.store.model import build
from tests.collect.runs import Run, manifest
from tests.fake_graph import Fake, serving
from tests.fake_graph.caller import NEWEST
from tests.fake_graph.permissions import EVERYTHING
from tests.store.conftest import Connection, empty

SHAREPOINT = "Sites.FullControl.All"
EITHER = ("Group.Read.All", "GroupMember.Read.All")
ROLES = "RoleManagement.Read.Directory"
SCHEDULES = ("RoleAssignmentSchedule.Read.Directory", "RoleEligibilitySchedule.Read.Directory")
"""What they open, the wider permission for roles opens too."""
UNUSED = {"GroupMember.Read.All", "Member.Read.Hidden", "Device.Read.All", "OrgContact.Read.All", *SCHEDULES}
"""Without one of these alone the sample is read as before: another opens the same, or it has nothing of the kind."""
LACKING: list[tuple[str, ...]] = [(one,) for one in EVERYTHING if one not in UNUSED]
LACKING += [EITHER, (SHAREPOINT,), *((ROLES, schedule) for schedule in SCHEDULES)]
Read = Callable[[tuple[str, ...]], Path]
TO_THE_END = [EITHER, ("Application.Read.All",), (SHAREPOINT,), (ROLES, *SCHEDULES)]


@pytest.fixture(scope="module")
def fake() -> Iterator[Fake]:
    """Return the newest sample, served."""
    with serving(NEWEST) as fake:
        yield fake


@dataclass(frozen=True)
class Audited:
    """What the checks say of one store."""

    gate: Gate
    statuses: Mapping[str, str]
    keys: dict[str, set[str]]


@pytest.fixture(scope="module")
def whole(made_history: Connection) -> Audited:
    """Return the audit of the sample where everything was read."""
    return audit_of(made_history, NEWEST)


def audit_of(connection: Connection, folder: Path) -> Audited:
    """Return what the checks say of an export that is loaded into an empty history."""
    empty(connection)
    load(connection, open_export(folder))
    build(connection, 1, parameters(checks().values(), {}))
    gate = read_gate(connection)
    told = {name: outcome(connection, check, gate) for name, check in checks().items()}
    statuses = {name: result.assessment.status for name, result in told.items()}
    return Audited(gate, statuses, {name: set(result.found) for name, result in told.items()})


@pytest.fixture(scope="module")
def read_without(fake: Fake, tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Return what gives the export of a sign-in that lacks permissions."""

    @cache
    def read(permissions: tuple[str, ...]) -> Path:
        sharepoint = () if SHAREPOINT in permissions else (SHAREPOINT,)
        exports = tmp_path_factory.mktemp("without")
        return Run(fake, exports, without=frozenset(permissions), sharepoint_roles=sharepoint).collected()

    return read


def lost(folder: Path) -> dict[str, Entry]:
    """Return what the manifest says of the collections that were not read whole."""
    return {name: e for name, e in manifest(folder).collections.items() if e.status in ("failed", "partial")}


def less(gate: Gate, missing: dict[str, Entry]) -> Gate:
    """Return what the coverage allows if these collections were not read whole."""
    worse = {name: Coverage(name, e.status, e.reason, 0, 0, tuple(e.missing_fields)) for name, e in missing.items()}
    return replace(gate, coverage={**gate.coverage, **worse})


@pytest.mark.parametrize("permissions", LACKING, ids="+".join)
def test_without_a_permission_it_is_named_and_no_check_that_needs_the_data_is_green(
    read_without: Read, whole: Audited, permissions: tuple[str, ...]
) -> None:
    missing = lost(read_without(permissions))
    assert missing
    assert any(permission in str(entry.reason) for entry in missing.values() for permission in permissions)
    for name, collection in collections().items():
        assert name in missing or collection.needs_person or collection.scoped_by not in missing
    for check in checks().values():
        told = assess(check, less(whole.gate, missing))
        assert told.status != "assessed" or not missing.keys() & set(check.needs.all), check.id


@pytest.mark.parametrize("permissions", TO_THE_END, ids="+".join)
def test_what_is_green_without_a_permission_found_all_there_is(
    read_without: Read, made_history: Connection, whole: Audited, permissions: tuple[str, ...]
) -> None:
    told = audit_of(made_history, read_without(permissions))
    green = {name for name, status in told.statuses.items() if status == "assessed"}
    assert green < whole.keys.keys()
    assert {name: told.keys[name] for name in green} == {name: whole.keys[name] for name in green}


@pytest.mark.parametrize("permission", sorted(UNUSED & set(EVERYTHING)))
def test_where_another_permission_opens_the_same_nothing_is_lost(read_without: Read, permission: str) -> None:
    assert lost(read_without((permission,))) == {}
