"""Which collections a run reads: what was chosen, and what that stands on."""

from __future__ import annotations

from collections.abc import Iterable

from driftaudit.collectors import collections
from driftaudit.errors import UsageError


def with_owners(only: Iterable[str]) -> tuple[str, ...]:
    """Return the chosen collections and those whose records say what they are asked about."""
    chosen, before = set(_known(only)), -1
    while len(chosen) > before:
        before = len(chosen)
        chosen |= {owner for name in chosen for owner in _owners(name)}
    return tuple(sorted(chosen))


def with_dependents(skipped: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return what is left out, each with its reason; what stands on it is left out too."""
    reasons = {name: reason for name, reason in skipped if _known([name])}
    added = True
    while added:
        added = {
            name: f"it stands on {owner}, left out too"
            for name in collections()
            for owner in _owners(name)
            if owner in reasons and name not in reasons
        }
        reasons |= added
    return tuple(sorted(reasons.items()))


def _known(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names if there are such collections; raise UsageError if not."""
    names = tuple(names)
    for name in names:
        if name not in collections():
            raise UsageError(f"There is no collection {name!r}.", f"There are: {', '.join(collections())}.")
    return names


def _owners(name: str) -> tuple[str, ...]:
    """Return the collections without which nobody knows what to ask for."""
    collection = collections()[name]
    return tuple(owner for owner in (collection.scoped_by, *collection.scope_stands_on) if owner)
