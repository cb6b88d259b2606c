"""Permissions: what each one buys and what is lost without it, and what a sign-in holds too little or too much of."""

from __future__ import annotations

from collections.abc import Collection as Names
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from driftaudit.audit.permission_ids import GRAPH, IDS, SHAREPOINT, Ids
from driftaudit.collectors import collections

if TYPE_CHECKING:
    from driftaudit.audit.checks import Check

Level = Literal["core", "sites", "delegated"]
LEVELS: tuple[Level, ...] = ("core", "sites", "delegated")
APIS = {GRAPH: "Microsoft Graph", SHAREPOINT: "SharePoint"}
NOTHING: frozenset[str] = frozenset()
_FURTHER = {"Member.Read.Hidden": ("group_members",)}
"""What no collection needs as a whole, but some of its scopes do: groups may hide who is in them."""
_WIDER = {
    "Directory": ("Application", "Group", "GroupMember", "Organization", "User"),
    "Group": ("GroupMember",),
    "RoleManagement": ("RoleAssignmentSchedule", "RoleEligibilitySchedule"),
}
"""Areas whose permission opens others too."""
_SIGN_IN_ONLY = {"User.Read", "email", "offline_access", "openid", "profile"}
"""What every sign-in of a person carries along."""


@dataclass(frozen=True, slots=True)
class Permission:
    """One permission, and what hangs on it."""

    name: str
    api: str
    """The application id of the interface that asks for it."""
    collections: tuple[str, ...]
    """What it reads; empty without it."""
    dependents: tuple[str, ...]
    """What has other permissions, but is asked for by the records that this one reads."""
    partly: tuple[str, ...]
    """What is read without it too, but not whole."""
    blocked: tuple[str, ...]
    """Checks that cannot be assessed without it."""
    weakened: tuple[str, ...]
    """Checks that see less without it."""

    @property
    def ids(self) -> Ids:
        """Return the ids by which an app registration names it."""
        return IDS[self.api][self.name]

    @property
    def is_for_sites(self) -> bool:
        """Tell whether it is about SharePoint's sites."""
        return self.name.startswith("Sites.")


def permissions(checks: Iterable[Check], left_out: Names[str] = NOTHING) -> list[Permission]:
    """Return every permission that reads what is not left out, by interface and name."""
    wanted: dict[tuple[str, str], list[str]] = {}
    for name, collection in collections().items():
        if name not in left_out:
            wanted.setdefault(_named(collection.permission), []).append(name)
    for permission, partly in _FURTHER.items():
        if not set(partly) <= set(left_out):
            wanted.setdefault((GRAPH, permission), [])
    known = list(checks)
    return [_permission(api, name, tuple(read), known) for (api, name), read in sorted(wanted.items())]


def at_level(known: Iterable[Permission], level: Level) -> list[Permission]:
    """Return the permissions of a level; a person who signs in cannot list all sites."""
    return [permission for permission in known if level == "sites" or not permission.is_for_sites]


def opened_by(held: frozenset[str], wanted: str) -> str | None:
    """Return the held permission that opens what another one is for: itself, or a wider one."""
    area, _, tail = wanted.partition(".")
    areas = [area, *(wide for wide, narrow in _WIDER.items() if area in narrow)]
    tails = [tail, tail.replace("Read.", "ReadWrite.")]
    if area == "Sites" and tail.startswith("Read."):
        tails += ["Manage.All", "FullControl.All"]
    return next((name for a in areas for t in tails if (name := f"{a}.{t}") in held), None)


def missing(known: Iterable[Permission], held: Mapping[str, frozenset[str]]) -> list[Permission]:
    """Return the permissions whose data nothing held opens; `held` is by interface."""
    return [p for p in known if p.api in held and not opened_by(held[p.api], p.name)]


@dataclass(frozen=True, slots=True)
class Needless:
    """A permission that is held and not needed, or stronger than needed."""

    name: str
    writes: bool
    instead: tuple[str, ...]
    """What would do, if anything it opens is needed."""


def needless(known: Iterable[Permission], held: frozenset[str], api: str = GRAPH) -> list[Needless]:
    """Return what is held in vain at one interface; what writes stands first."""
    wanted = [p.name for p in known if p.api == api]
    opening = {name: opened_by(held, name) for name in wanted}
    found = [
        Needless(name, not _only_reads(name), tuple(w for w, opener in opening.items() if opener == name))
        for name in sorted(held - set(wanted) - _SIGN_IN_ONLY)
    ]
    return sorted(found, key=lambda n: not n.writes)


def _only_reads(name: str) -> bool:
    """Tell whether a permission's name promises that it only reads."""
    what = name.split(".")[1:2]
    return bool(what) and what[0].startswith("Read") and not what[0].startswith("ReadWrite")


def _named(permission: str) -> tuple[str, str]:
    """Return the interface and the name of a permission as a collection writes it."""
    name, _, of = permission.partition(" ")
    return (SHAREPOINT if of == "(SharePoint)" else GRAPH), name


def _permission(api: str, name: str, read: tuple[str, ...], checks: list[Check]) -> Permission:
    """Return a permission with everything that hangs on it."""
    lost, partly = _with_dependents(read), _FURTHER.get(name, ())
    blocked = [c.id for c in checks if not lost.isdisjoint(c.needs.reads | c.needs.requires)]
    touched = [c.id for c in checks if not (lost | set(partly)).isdisjoint(c.needs.all)]
    return Permission(
        name,
        api,
        read,
        tuple(sorted(lost - set(read))),
        partly,
        tuple(blocked),
        tuple(c for c in touched if c not in blocked),
    )


def _with_dependents(read: Iterable[str]) -> set[str]:
    """Return these collections and all that are asked for by their records."""
    lost, before = set(read), 0
    while len(lost) > before:
        before = len(lost)
        lost |= {name for name, c in collections().items() if c.scoped_by in lost}
    return lost
