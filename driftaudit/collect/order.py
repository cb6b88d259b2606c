"""The order of reading: what others stand on first, and access before the assignments that may explain it."""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import TopologicalSorter

from driftaudit.collectors import collections
from driftaudit.collectors._record import Collection

_FIRST = "organization"
_AFTER_ACCESS = ("package_roles", "assignments", "requests")
"""What is approved while we read must not look like access without a reason, so these are read after all access."""


def in_order(names: Iterable[str]) -> list[Collection]:
    """Return the collections of these names in the order in which they are read."""
    wanted = set(names)
    graph = {name: _before(name) for name in sorted(collections())}
    return [collections()[name] for name in TopologicalSorter(graph).static_order() if name in wanted]


def with_owners(names: Iterable[str]) -> set[str]:
    """Return these collections with those that say about what they are asked, and so on upwards."""
    found, looked = set(names), set[str]()
    while looked != found:
        name = min(found - looked)
        looked.add(name)
        found |= _owners(name)
    return found


def _before(name: str) -> list[str]:
    """Return what is read before a collection, by name, so that the order is the same each time."""
    before = _owners(name) | ({_FIRST} - {name})
    if name in _AFTER_ACCESS:
        # Eligible access is asked for group by group, and package_roles say for which.
        before |= {c.name for c in collections().values() if c.is_grants or c.tells_of} - _standing_on(name)
    return sorted(before)


def _owners(name: str) -> set[str]:
    """Return the collections that say about what a collection is asked."""
    collection = collections()[name]
    return {owner for owner in (collection.scoped_by, *collection.scope_stands_on) if owner}


def _standing_on(name: str) -> set[str]:
    """Return the collections whose scopes cannot be known before a collection is read."""
    return {other for other in collections() if name in _owners(other)}
