"""The coverage gate: whether a check could be assessed on what was read, and what that means for each finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from driftaudit.audit.audit import CheckStatus, Coverage
from driftaudit.collectors import collections
from driftaudit.store.database import rows, value

if TYPE_CHECKING:
    from driftaudit.audit.checks import Check
    from driftaudit.store.database import Connection

_READ = ("complete", "partial")


@dataclass(frozen=True, slots=True)
class Gate:
    """What one snapshot's coverage allows."""

    coverage: dict[str, Coverage]
    gaps: dict[str, frozenset[str]]
    """Scopes that were not read, by collection."""
    collection_of: dict[str, str]
    """The collection that holds each kind of grant."""
    packaged_kinds: frozenset[str]
    """Kinds of grant that packages give or gave."""
    unmapped_roles: int
    """Package roles that cannot be mapped to a kind of grant."""
    blind_grants: int
    """Grants that would be findings if we knew for whom, or with which roles, an assignment is under way."""
    resources_of: dict[str, frozenset[str]]
    """Resources that each package gives or gave access to."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """Whether one check could be assessed, and what stood in its way."""

    status: CheckStatus
    reason: str | None
    unread_kinds: frozenset[str] = frozenset()
    """Kinds of grant that were not read at all."""
    unread_scopes: frozenset[str] = frozenset()
    """Resources whose grants were not read."""
    everywhere: bool = False
    """Whether what is missing could concern any finding."""


def read_gate(connection: Connection) -> Gate:
    """Return the gate of the snapshot for which the model was built."""
    told = rows(connection, "from coverage order by collection")
    gaps: dict[str, set[str]] = {}
    for gap in rows(connection, "select collection, scope from gaps"):
        gaps.setdefault(gap["collection"], set()).add(gap["scope"])
    roles = rows(connection, "select package_id, kind, resource_id, in_package from package_role_lives")
    return Gate(
        coverage={t["collection"]: _coverage(t) for t in told},
        gaps={name: frozenset(scopes) for name, scopes in gaps.items()},
        collection_of={k["kind"]: k["collection"] for k in rows(connection, "from history.kinds")},
        packaged_kinds=frozenset(r["kind"] for r in roles if r["kind"]),
        unmapped_roles=sum(r["kind"] is None and r["in_package"] for r in roles),
        blind_grants=value(
            connection,
            "select count(*) from explained_grants where not assessable "
            "and explanation in ('none', 'readded', 'pre_existing', 'ended', 'ended_censored')",
        ),
        resources_of=_resources_of(roles),
    )


def _coverage(told: dict[str, Any]) -> Coverage:
    """Return one row of the view `coverage`."""
    return Coverage(
        told["collection"], told["status"], told["reason"], told["rows"], told["gaps"], tuple(told["missing_fields"])
    )


def _resources_of(roles: Iterable[dict[str, Any]]) -> dict[str, frozenset[str]]:
    """Return the resources of each package."""
    found: dict[str, set[str]] = {}
    for role in roles:
        found.setdefault(role["package_id"], set()).add(role["resource_id"])
    return {package: frozenset(resources) for package, resources in found.items()}


def assess(check: Check, gate: Gate) -> Assessment:
    """Say whether a check could be assessed: nothing missing passes for clean."""
    blocking = [*_blocking(check.needs.reads | check.needs.requires, gate), *_uncertain(check, gate)]
    if blocking:
        return Assessment("not_assessed", "; ".join(blocking), everywhere=True)
    return _assess_partial(check, gate)


def _blocking(needed: Mapping[str, tuple[str, ...]], gate: Gate) -> Iterable[str]:
    """Yield what makes a check impossible: a collection or a field that is not there."""
    for name, fields in needed.items():
        coverage = gate.coverage.get(name)
        if coverage is None or coverage.status not in _READ:
            yield f"{_said(name)} were not read{_because(coverage)}"
            continue
        missing = [f for f in fields if f in coverage.missing_fields]
        if missing:
            yield f"{_said(name)} came without {', '.join(missing)}"


def _uncertain(check: Check, gate: Gate) -> Iterable[str]:
    """Yield what was read in part although the absence of its rows is the evidence.

    An assignment on a page that was not read would make its access look like access without a reason. Where the
    service is asked scope by scope, the queries themselves are silent on what lies in a gap.
    """
    for name in check.needs.requires:
        coverage = gate.coverage.get(name)
        if coverage is not None and coverage.status == "partial" and collections()[name].scoped_by is None:
            yield _partly(name, gate)


def _because(coverage: Coverage | None) -> str:
    """Return why a collection was not read, in brackets."""
    reason = coverage.reason if coverage else "not in the export"
    return f" ({reason})" if reason else ""


def _assess_partial(check: Check, gate: Gate) -> Assessment:
    """Say what is missing of the collections that are there in part, or that hold one of several kinds of grant."""
    told: list[str] = []
    kinds: set[str] = set()
    scopes: set[str] = set()
    everywhere = False
    for name in check.needs.reads | check.needs.requires:
        if gate.coverage[name].status == "partial":
            told.append(_partly(name, gate))
            everywhere = True
    read_any = not check.needs.packaged or not gate.packaged_kinds
    for name, of_name in _packaged(check, gate):
        coverage = gate.coverage.get(name)
        if coverage is None or coverage.status not in _READ:
            told.append(f"{_said(name)} were not read{_because(coverage)}")
            kinds |= of_name
        else:
            read_any = True
            if coverage.status == "partial":
                told.append(_partly(name, gate))
                scopes |= gate.gaps.get(name, frozenset())
                kinds |= of_name if name not in gate.gaps else set()
    if check.needs.packaged:
        told += _unreadable(gate)
        everywhere = everywhere or gate.blind_grants > 0
    if not read_any:
        return Assessment("not_assessed", "; ".join(told), everywhere=True)
    status: CheckStatus = "partial" if told else "assessed"
    return Assessment(status, "; ".join(told) or None, frozenset(kinds), frozenset(scopes), everywhere)


def _packaged(check: Check, gate: Gate) -> Iterable[tuple[str, set[str]]]:
    """Yield the collections of grants that the check needs because packages give their kinds, with those kinds."""
    for name in check.needs.packaged:
        kinds = {kind for kind, collection in gate.collection_of.items() if collection == name}
        if kinds & gate.packaged_kinds:
            yield name, kinds


def _partly(name: str, gate: Gate) -> str:
    """Say that a collection was read in part, and why."""
    return f"{_said(name)} were read in part{_because(gate.coverage[name])}"


def _said(name: str) -> str:
    """Return a collection's name as a sentence says it."""
    return name.replace("_", " ")


def _unreadable(gate: Gate) -> Iterable[str]:
    """Yield what packages give and no collection of this version holds."""
    unknown = sorted(gate.packaged_kinds - gate.collection_of.keys())
    if unknown:
        yield f"packages give roles of the kind {', '.join(unknown)}, which this version does not read"
    if gate.unmapped_roles:
        yield f"{gate.unmapped_roles} package roles cannot be mapped to a kind of grant"
    if gate.blind_grants:
        yield f"{gate.blind_grants} grants cannot be judged: what a package under way gives, or to whom, is not known"


def may_hide(assessment: Assessment, gate: Gate, check: Check, finding: Mapping[str, Any]) -> bool:
    """Tell whether what was not read could be the only reason why a finding is not seen any more."""
    if assessment.everywhere or finding["kind"] in assessment.unread_kinds:
        return True
    return bool(_resources(check, gate, finding) & assessment.unread_scopes)


def _resources(check: Check, gate: Gate, finding: Mapping[str, Any]) -> frozenset[str]:
    """Return the resources that a finding could be about: its own, or any of its package's."""
    if "resource_id" in check.key:
        return frozenset({finding["resource_id"]})
    return gate.resources_of.get(finding["package_id"], frozenset()) | {finding["resource_id"]}
