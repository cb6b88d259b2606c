"""The coverage gate: whether a check could be assessed on what was read, and what that means for each finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from driftaudit.audit.audit import CheckStatus, Coverage
from driftaudit.collectors import collections
from driftaudit.store.database import rows, value

if TYPE_CHECKING:
    from driftaudit.audit.checks import Check
    from driftaudit.store.database import Connection

_READ = ("complete", "partial")
_BLIND = (
    "select count(*) from explained_grants where not assessable "
    "and explanation in ('none', 'readded', 'pre_existing', 'ended', 'ended_censored')"
)


@dataclass(frozen=True, slots=True)
class Gate:
    """What one snapshot's coverage allows."""

    coverage: dict[str, Coverage]
    gaps: dict[str, frozenset[str]]
    """Scopes that were not read, by collection."""
    collection_of: dict[str, str]
    """The collection that holds each kind of grant."""
    tells_of: dict[str, frozenset[str]]
    """The kinds of grant that each collection holds, or about which it tells more."""
    packaged_kinds: frozenset[str]
    """Kinds of grant that packages give or gave."""
    unmapped_roles: int
    """Package roles that cannot be mapped to a kind of grant."""
    left_out_roles: int
    """Package roles of resources whose grants are left unread by rule."""
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


def read_gate(connection: Connection, *, packaged: bool = True) -> Gate:
    """Return the gate of the snapshot for which the model was built; `packaged`: for checks of what packages give."""
    told = rows(connection, "from coverage order by collection")
    gaps: dict[str, set[str]] = {}
    for gap in rows(connection, "select collection, scope from gaps"):
        gaps.setdefault(gap["collection"], set()).add(gap["scope"])
    roles = rows(connection, "select package_id, kind, resource_id, in_package from package_role_lives")
    return Gate(
        coverage={t["collection"]: _coverage(t) for t in told},
        gaps={name: frozenset(scopes) for name, scopes in gaps.items()},
        collection_of={k["kind"]: k["collection"] for k in rows(connection, "from history.kinds")},
        tells_of={name: frozenset(c.kinds + c.tells_of) for name, c in collections().items()},
        packaged_kinds=frozenset(r["kind"] for r in roles if r["kind"]),
        unmapped_roles=sum(r["kind"] is None and r["in_package"] for r in roles),
        left_out_roles=value(
            connection,
            "select count(*) from package_role_lives as k join resources as r on r.id = k.resource_id "
            "where k.in_package and r.left_out",
        ),
        blind_grants=value(connection, _BLIND) if packaged else 0,
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
    found = _Missing(gate)
    for name in check.needs.reads | check.needs.requires:
        found.look(name, everywhere=True)
    for name, kinds in _wanted(check, gate):
        found.look(name, kinds, everywhere=not kinds)
    if check.needs.packaged:
        found.told += _unreadable(gate)
        found.everywhere = found.everywhere or gate.blind_grants > 0
    wanted = [name for name, kinds in _wanted(check, gate) if kinds]
    if wanted and not any(_was_read(name, gate) for name in wanted):
        return Assessment("not_assessed", "; ".join(found.told), everywhere=True)
    status: CheckStatus = "partial" if found.told else "assessed"
    return Assessment(
        status, "; ".join(found.told) or None, frozenset(found.kinds), frozenset(found.scopes), found.everywhere
    )


@dataclass
class _Missing:
    """What a check lacks, gathered collection by collection."""

    gate: Gate
    told: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    scopes: set[str] = field(default_factory=set)
    everywhere: bool = False

    def look(self, name: str, kinds: frozenset[str] = frozenset(), *, everywhere: bool = False) -> None:
        """Note what was not read of one collection, and which findings that could hide."""
        coverage, gaps = self.gate.coverage.get(name), self.gate.gaps.get(name, frozenset())
        if coverage is not None and coverage.status == "complete":
            self._spare(name, gaps, everywhere=everywhere)
            return
        if coverage is None or coverage.status not in _READ:
            self.told.append(f"{_said(name)} were not read{_because(coverage)}")
            self.kinds |= kinds
        else:
            self.told.append(_partly(name, self.gate))
            self.scopes |= gaps
            self.kinds |= kinds if not gaps else set()
        self.everywhere = self.everywhere or everywhere

    def _spare(self, name: str, gaps: frozenset[str], *, everywhere: bool) -> None:
        """Note what was deleted after it was listed: nothing is lost, but what was found about it is not disproven."""
        self.scopes |= gaps
        # What is looked at whole may lead to a finding by ways that the finding does not name.
        everywhere = everywhere or name not in self.gate.collection_of.values()
        self.everywhere = self.everywhere or (bool(gaps) and everywhere)


def _was_read(name: str, gate: Gate) -> bool:
    """Tell whether anything of a collection was read."""
    coverage = gate.coverage.get(name)
    return coverage is not None and coverage.status in _READ


def _wanted(check: Check, gate: Gate) -> Iterable[tuple[str, frozenset[str]]]:
    """Yield the collections that the check takes as they come, with the kinds of grant that each tells of."""
    for name in check.needs.packaged:
        if kinds := gate.tells_of.get(name, frozenset()) & gate.packaged_kinds:
            yield name, kinds
    for name in check.needs.any_of:
        yield name, gate.tells_of.get(name, frozenset())


def _partly(name: str, gate: Gate) -> str:
    """Say that a collection was read in part, and why."""
    return f"{_said(name)} were read in part{_because(gate.coverage[name])}"


def _said(name: str) -> str:
    """Return a collection's name as a sentence says it."""
    return name.replace("_", " ")


def _unreadable(gate: Gate) -> Iterable[str]:
    """Yield what packages give and no collection of this version holds."""
    if gate.unmapped_roles:
        yield f"{gate.unmapped_roles} package roles cannot be mapped to a kind of grant"
    if gate.left_out_roles:
        yield f"packages give {gate.left_out_roles} roles of Microsoft's own applications or personal sites, never read"
    if gate.blind_grants:
        yield f"{gate.blind_grants} grants cannot be judged: what a package under way gives, or to whom, is not known"


def may_hide(assessment: Assessment, gate: Gate, check: Check, finding: Mapping[str, Any]) -> bool:
    """Tell whether what was not read could be the only reason why a finding is not seen any more."""
    if assessment.everywhere or finding["kind"] in assessment.unread_kinds:
        return True
    if "kind" not in check.key and assessment.unread_kinds:
        return True  # it may rest on several kinds, of which only one is recorded
    if assessment.unread_scopes and (check.needs.any_of or finding["resource_id"] is None):
        return True  # it may rest on anything, or on what is not recorded
    return bool(_resources(check, gate, finding) & assessment.unread_scopes)


def _resources(check: Check, gate: Gate, finding: Mapping[str, Any]) -> frozenset[str]:
    """Return the resources that a finding could be about: its own, or any of its package's."""
    if "resource_id" in check.key and finding["resource_id"] != finding["package_id"]:
        return frozenset({finding["resource_id"]})
    return gate.resources_of.get(finding["package_id"], frozenset()) | {finding["resource_id"]}
