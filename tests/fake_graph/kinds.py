"""Kinds of records: which fields they have, which of them come unasked, how they are related."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

EM = "/identityGovernance/entitlementManagement"


@dataclass(frozen=True, slots=True)
class Relation:
    """Other records that belong to one: their kind, how many, and where they are listed."""

    kind: str
    many: bool
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record."""

    name: str
    nothing: dict[str, Any] = field(default_factory=dict)
    """Field by field what is sent where nothing is known: null or an empty list."""
    never_null: frozenset[str] = frozenset()
    default: tuple[str, ...] = ()
    not_in_lists: frozenset[str] = frozenset()
    relations: dict[str, Relation] = field(default_factory=dict)

    @property
    def fields(self) -> frozenset[str]:
        """Return every field that can be selected."""
        return frozenset(self.nothing) | self.never_null | {"id"}


@cache
def kinds() -> dict[str, Kind]:
    """Return every kind by name."""
    written = tomllib.loads((Path(__file__).parent / "kinds.toml").read_text("utf-8"))
    known = {name: _kind(name, entry) for name, entry in written.items()}
    return known | {"directoryObject": _any_of("directoryObject", known)}


def _kind(name: str, entry: dict[str, Any]) -> Kind:
    """Return one kind as it is written."""
    named = entry["properties"].split()
    return Kind(
        name,
        {n.removesuffix("[]"): [] if n.endswith("[]") else None for n in named if not n.endswith("!")},
        frozenset(n.removesuffix("!") for n in named if n.endswith("!")),
        tuple(entry.get("default", "").split()),
        frozenset(entry.get("not_in_lists", "").split()),
        {relation: _relation(told) for relation, told in entry.get("relations", {}).items()},
    )


def _relation(told: str) -> Relation:
    kind, _, path = told.partition(" ")
    placed = path.replace("EM/", f"{EM}/") if path else None
    return Relation(kind.removesuffix("[]"), kind.endswith("[]"), placed)


def _any_of(name: str, known: dict[str, Kind]) -> Kind:
    """Return the kind that stands for all that can be a member: it can be asked for the fields of each."""
    nothing: dict[str, Any] = {}
    never_null: frozenset[str] = frozenset()
    for kind in ("user", "group", "servicePrincipal", "device", "orgContact"):
        nothing |= known[kind].nothing
        never_null |= known[kind].never_null
    return Kind(name, nothing, never_null)
