"""What a finding says beside its reason: the path, what was left, who is silent, until when one may restore."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from driftaudit.audit.audit import Finding
from driftaudit.report import words
from driftaudit.report.counts import listed_grants

_NAMED_AT_MOST = 4
_LISTS = {
    "left": "Also left over",
    "gone": "Gone",
    "missing": "Also missing",
    "denied_by": "Denied by",
    "apply_result": "Entra says of it",
    "lifecycle": "Lifecycle in Entra",
}
_OF_MANY = ("left", "missing")
"""Lists whose first entry the finding itself names."""
_INSTEAD = ("silent", "review_name", "open_to")
"""What a finding that is about nobody in particular says of whom it concerns."""


def details(finding: Finding) -> tuple[str, ...]:
    """Return the further facts of a finding, each as one short line."""
    lines = [f"Path: {finding.path}"] if finding.path else []
    lines += [f"Also {held_there(entry)}" for entry in _further_grants(finding)]
    people = finding.data.get("people")
    lines += [f"It opens this to {words.count(people, 'person', 'people')}"] if _is_number(people) else []
    lines += [f"{label}: {said}" for name, label in _LISTS.items() if (said := _said(_beside(finding, name)))]
    return tuple(lines)


def _beside(finding: Finding, name: str) -> Any:
    """Return a value of a check's own column, of grants those that the finding does not name itself."""
    value = finding.data.get(name) if name != "apply_result" or "denied_by" in finding.data else None
    return [one for one in value if not _is_own(finding, one)] if name in _OF_MANY and value else value


def holds(finding: Finding) -> str:
    """Say what is held: the role, or how many grants and packages where it is about all of them."""
    if finding.data.get("missing"):
        return "–"
    if finding.kind or finding.role_name:
        return role(finding.kind, finding.role_name)
    grants, packages = finding.data.get("grants"), finding.data.get("assignments")
    counted = [words.count(grants, "grant")] if _is_number(grants) and grants else []
    counted += [words.count(packages, "package")] if _is_number(packages) and packages else []
    return words.listing(counted) or "–"


def who(finding: Finding) -> str:
    """Name whom a finding is about; of a review that is late, who was asked and is silent."""
    told = (finding.principal_name, finding.principal_id, *map(_said, map(finding.data.get, _INSTEAD)))
    return next(filter(None, told), "Nobody named")


def role(kind: str | None, role_name: str | None) -> str:
    """Return what a role is called."""
    return role_name or words.capitalised((kind or "–").replace("_", " "))


def held_there(entry: Mapping[str, Any]) -> str:
    """Say a role and where: Member of grp-finance."""
    kind, place = entry.get("kind"), entry.get("resource_name") or entry.get("resource_id") or "an unnamed resource"
    preposition = "of" if kind and kind.endswith(("member", "owner")) else "in"
    return f"{role(kind, entry.get('role_name'))} {preposition} {place}"


def _further_grants(finding: Finding) -> list[Mapping[str, str | None]]:
    """Return the grants that the finding covers beside the one it names."""
    return [entry for entry in listed_grants(finding) if not _is_own(finding, entry)]


def _is_own(finding: Finding, entry: Mapping[str, Any]) -> bool:
    told = (entry.get("kind"), entry.get("resource_id"), entry.get("role_id") or "")
    return told == (finding.kind, finding.resource_id, finding.role_id or "")


def _said(value: Any) -> str:
    """Write a value of a check's own column as words; a long list is cut and counted."""
    if isinstance(value, Mapping):
        return held_there(value) if "kind" in value else str(value.get("name") or "")
    if isinstance(value, Sequence) and not isinstance(value, str):
        parts = [said for one in value if (said := _said(one))]
        more = len(parts) - _NAMED_AT_MOST
        return words.listing([*parts[:_NAMED_AT_MOST], f"{words.number(more)} more"] if more > 0 else parts)
    return "" if value is None else str(value)


def _is_number(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
