"""Who is who: accounts, groups, applications, and which group is inside which."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from driftaudit.collectors import collections
from tests.oracle.readings import History
from tests.queries.cases import Row

if TYPE_CHECKING:
    from tests.oracle.grants import GrantLife

LISTS = ("users", "groups", "service_principals")
OWNERS = "_o"
"""What SharePoint puts behind a group's id to name its owners."""
EVERYBODY = ("everyone", "everyone_except_external")
"""Claims by which SharePoint lets in everybody."""
PERSONS = ("user", "guest", "service_principal", "unknown")


def listed(history: History, principal: str, n: int) -> bool:
    """Tell whether a list had somebody after a snapshot."""
    return any((principal,) in history.known(name, n) for name in LISTS)


def principal_type(history: History, principal: str) -> str:
    """Return what somebody is, by the newest list that had them, else as the service called them."""
    for n in range(history.at, 0, -1):
        for name in LISTS:
            found = history.shown(name).records[n].get((principal,))
            if found:
                return _type(name, found)
    return _called(history, principal)


def _type(name: str, found: Row) -> str:
    """Return what a record of a list is."""
    if name == "users":
        return "guest" if (found["user_type"] or "").lower() == "guest" else "user"
    return {"groups": "group", "service_principals": "service_principal"}[name]


def _called(history: History, principal: str) -> str:
    """Return what the service calls the holder of a grant; everybody is a group of sorts."""
    if principal in EVERYBODY:
        return "group"
    for name, collection in collections().items():
        if collection.is_grants:
            for n in range(1, history.at + 1):
                for kept in history.shown(name).records[n].values():
                    if kept["principal_id"] == principal and kept.get("principal_type"):
                        return kept["principal_type"]
    if principal.endswith(OWNERS) and principal_type(history, principal.removesuffix(OWNERS)) == "group":
        return "group"
    return "unknown"


def is_person(history: History, principal: str) -> bool:
    """Tell whether somebody counts as a person: not a group, a device or a contact."""
    return principal_type(history, principal) in PERSONS


def newest(history: History, name: str, id_: str) -> Row | None:
    """Return the newest record of a list that any snapshot showed."""
    shown = history.shown(name).records
    return next((shown[n][id_,] for n in range(history.at, 0, -1) if (id_,) in shown[n]), None)


def dynamic(history: History, group: str) -> bool:
    """Tell whether a rule fills a group."""
    found = newest(history, "groups", group)
    return bool(found and "DynamicMembership" in (found["group_types"] or ()))


def synced(history: History, group: str) -> bool:
    """Tell whether an on-premises directory fills a group."""
    found = newest(history, "groups", group)
    return bool(found and found["synced"])


def inside(group: str, memberships: Iterable[GrantLife]) -> set[str]:
    """Return a group and all groups inside it, however deep; groups that hold each other come to an end."""
    edges = [(m.resource, m.principal) for m in memberships]
    found, more = {group}, [group]
    while more:
        outer = more.pop()
        for holder, held in edges:
            if holder == outer and held not in found:
                found.add(held)
                more.append(held)
    return found
