"""What is read, and in which order: what others stand on first, and access before what may explain it."""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import TopologicalSorter

from driftaudit.collect.tenant import TENANT
from driftaudit.collectors import collections
from driftaudit.collectors._record import Collection
from driftaudit.errors import UsageError

_AFTER_ACCESS = ("package_roles", "assignments", "requests")
"""What is approved while we read must not look like access without a reason, so these are read after all access."""


def known(names: Iterable[str]) -> list[str]:
    """Return the names if there are such collections; raise UsageError if not."""
    wanted = list(names)
    for name in wanted:
        if name not in collections():
            raise UsageError(f"There is no collection {name!r}.", f"There are: {', '.join(collections())}.")
    return wanted


def for_persons() -> list[str]:
    """Return the collections that only a person who signs in may read."""
    return [name for name, collection in collections().items() if collection.needs_person]


def in_order(names: Iterable[str]) -> list[Collection]:
    """Return the collections of these names in the order in which they are read."""
    wanted = set(names)
    graph = {name: _before(name) for name in sorted(collections())}
    return [collections()[name] for name in TopologicalSorter(graph).static_order() if name in wanted]


def with_owners(only: Iterable[str]) -> set[str]:
    """Return the chosen collections with those that say about what they are asked, and so on upwards."""
    found, looked = set(known(only)), set[str]()
    while looked != found:
        name = min(found - looked)
        looked.add(name)
        found |= {*collections()[name].stands_on}
    return found


def with_dependents(left_out: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return what is left out, each with its reason; what stands on it is left out too."""
    reasons = dict(left_out)
    known(reasons)
    added = True
    while added:
        added = {
            name: f"it stands on {owner}, left out too"
            for name, collection in collections().items()
            for owner in collection.stands_on
            if owner in reasons and name not in reasons
        }
        reasons |= added
    return tuple(sorted(reasons.items()))


def _before(name: str) -> list[str]:
    """Return what is read before a collection, by name, so that the order is the same each time."""
    before = {*collections()[name].stands_on, *collections()[name].delta_tells_not_of} | ({TENANT} - {name})
    if name in _AFTER_ACCESS:
        # Eligible access is asked for group by group, and package_roles say for which.
        before |= {c.name for c in collections().values() if (c.is_grants or c.tells_of) and name not in c.stands_on}
    return sorted(before)
