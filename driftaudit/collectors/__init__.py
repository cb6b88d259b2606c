"""What is read: one file per collection; the folder is the registry."""

from __future__ import annotations

import pkgutil
from dataclasses import replace
from functools import cache
from importlib import import_module

from driftaudit.collectors._record import Collection


@cache
def collections() -> dict[str, Collection]:
    """Return every collection by name, found by looking into this folder."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_"))
    return {name: replace(import_module(f"{__name__}.{name}").COLLECTION, name=name) for name in names}
