"""Paths: the ways by which a principal holds a grant, itself or through groups, and whether each gives access."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

EVERYBODY = {"everyone": "Everyone", "everyone_except_external": "Everyone except external users"}
"""Classes of SharePoint that nobody is put into, by the ids that stand for them."""


@dataclass(frozen=True, slots=True)
class Step:
    """One group on the way, and how the one before it belongs to it."""

    id: str
    name: str
    via: str
    """member, owner, eligible_member, eligible_owner or class."""
    grant: Mapping[str, Any] | None
    """The grant by which it belongs, a row of held_grants; null for a class, which nobody is put into."""

    @property
    def read_now(self) -> bool:
        """Tell whether that was read in this very snapshot."""
        return self.grant is None or bool(self.grant["read_now"])


@dataclass(frozen=True, slots=True)
class Way:
    """The groups between a principal and the holder of a grant; none where it holds the grant itself."""

    steps: tuple[Step, ...]

    def holder(self, principal: str) -> str:
        """Return who holds the grant at its end."""
        return self.steps[-1].id if self.steps else principal


def ways(principal: str, grants: Iterable[Mapping[str, Any]], classes: Iterable[str]) -> dict[str, list[Way]]:
    """Return the shortest way to each holder from each group that the principal is in itself; circles end."""
    links = _links(grants)
    found: dict[str, list[Way]] = {principal: [Way(())]}
    first = [*links.get(principal, ()), *(Step(c, EVERYBODY[c], "class", None) for c in classes)]
    for step in first:
        for way in _shortest(principal, step, links):
            found.setdefault(way.steps[-1].id, []).append(way)
    return found


def _links(grants: Iterable[Mapping[str, Any]]) -> dict[str, list[Step]]:
    """Return where each holder gets to in one step: groups it is in, and the owners of groups it owns."""
    links: dict[str, dict[str, Step]] = {}
    # Who is a member and eligible too is a member: what is only eligible comes last and changes nothing then.
    for g in sorted(grants, key=lambda g: g["kind"].startswith("eligible_")):
        step = _step(g) if g["open"] else None
        if step is not None:
            links.setdefault(g["holder_id"], {}).setdefault(step.id, step)
    return {holder: list(steps.values()) for holder, steps in links.items()}


def _step(grant: Mapping[str, Any]) -> Step | None:
    """Return where a grant leads: into the group, or among its owners; null where it leads nowhere."""
    group, name, kind = grant["resource_id"], grant["resource_name"], grant["kind"]
    if kind in ("member", "eligible_member"):
        return Step(group, name, kind, grant)
    if kind in ("owner", "eligible_owner"):
        return Step(f"{group}_o", f"Owners of {name}", kind, grant)
    return None


def _shortest(principal: str, first: Step, links: Mapping[str, list[Step]]) -> Iterable[Way]:
    """Yield the shortest way to everything that can be reached through one group, nearest first."""
    queue = deque([Way((first,))])
    seen = {principal, first.id}
    while queue:
        way = queue.popleft()
        yield way
        for step in links.get(way.steps[-1].id, ()):
            if step.id not in seen:
                seen.add(step.id)
                queue.append(Way((*way.steps, step)))


def passes(way: Way, principal: str, resource_id: str) -> bool:
    """Tell whether a way goes through the very resource that it would lead to: a circle, which gives nothing new."""
    return resource_id == principal or any(step.id == resource_id for step in way.steps)


def refusal(kind: str, way: Way) -> str | None:
    """Return why a path gives no access now, or None where it does."""
    if kind.startswith("eligible_"):
        return "it is eligible only, and has to be activated first"
    for step in way.steps:
        if step.via.startswith("eligible_"):
            return f"it is eligible only for “{step.name}”, which has to be activated first"
    if kind == "app_role" and len(way.steps) > 1:
        return "an application honours direct members of an assigned group only; the nesting does not count"
    if kind == "directory_role" and len(way.steps) > 1:
        return "a directory role reaches direct members of a group only; the nesting does not count"
    if kind == "owner" and way.steps:
        return "a group that is an owner makes none of its members an owner"
    return None
