"""A tenant of any size, made up as it is asked for: what benchmarks read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, overload

from tests.fake_graph.refusals import Refusal
from tests.fake_graph.source import Change, Record

PEOPLE, GROUPS = "10000000", "20000000"


class Rows(Sequence[Record]):
    """Records that are made when they are looked at."""

    def __init__(self, count: int, made: Callable[[int], Record]) -> None:
        """Hold `count` records; `made` makes each from its number."""
        self._count = count
        self._made = made

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Record: ...

    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...

    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        if isinstance(index, slice):
            return [self._made(number) for number in range(*index.indices(self._count))]
        return self._made(range(self._count)[index])


def _id(kind: str, number: int) -> str:
    return f"{kind}-0000-4000-8000-{number:012x}"


def _number(record_id: str) -> int:
    return int(record_id.rpartition("-")[2], 16)


@lru_cache(1)
def _members(people: int) -> list[Record]:
    """Return everybody as a member, twice, so that any stretch of them is one slice."""
    everybody = [{"@odata.type": "#microsoft.graph.user", "id": _id(PEOPLE, number)} for number in range(people)]
    return everybody * 2


@dataclass(frozen=True)
class Generated:
    """A tenant with so many people and groups, and so many members in each group."""

    people: int = 1_000
    groups: int = 100
    members: int = 10
    owners: int = 0
    tenant_id: str = "c0ffee00-0000-4000-8000-000000000001"
    taken_at: str = "2026-09-30T02:00:04Z"
    changes: Sequence[Change] = ()

    def records(self, path: str) -> Sequence[Record] | None:
        """Return people, groups, or who is in one."""
        match path.split("/")[1:]:
            case ["users"]:
                return Rows(self.people, _person)
            case ["groups"]:
                return Rows(self.groups, _group)
            case ["groups", group, "members"]:
                return self._in(group, self.members)
            case ["groups", group, "owners"]:
                return self._in(group, self.owners)
            case ["organization"]:
                return [{"id": self.tenant_id, "displayName": "Contoso Ltd"}]
            case _:
                return None

    def without_service_principals(self, path: str) -> Sequence[Record]:
        """Return the same: there are none."""
        return self.records(path) or []

    def record(self, path: str, record_id: str) -> Record | None:
        """Return one person or one group."""
        rows, number = self.records(path), _number(record_id)
        return rows[number] if rows is not None and number < len(rows) else None

    def directory_object(self, object_id: str) -> Record | None:
        """Return one person or one group by the id alone."""
        return self.record("/groups" if object_id.startswith(GROUPS) else "/users", object_id)

    def refusal(self, collection: str, ids: Sequence[str]) -> Refusal | None:
        """Refuse nothing."""
        return None

    def _in(self, group: str, count: int) -> Sequence[Record] | None:
        number = _number(group)
        if number >= self.groups:
            return None
        start = number * 7 % self.people
        return _members(self.people)[start : start + min(count, self.people)]


def _person(number: int) -> dict[str, Any]:
    return {
        "id": _id(PEOPLE, number),
        "displayName": f"Person {number}",
        "userPrincipalName": f"person{number}@contoso.example",
        "mail": f"person{number}@contoso.example",
        "userType": "Guest" if number % 10 == 0 else "Member",
        "accountEnabled": number % 50 != 0,
        "createdDateTime": "2024-05-06T07:08:09Z",
        "department": f"Department {number % 40}",
        "manager": {"@odata.type": "#microsoft.graph.user", "id": _id(PEOPLE, number // 10)},
    }


def _group(number: int) -> dict[str, Any]:
    return {
        "id": _id(GROUPS, number),
        "displayName": f"Group {number}",
        "securityEnabled": True,
        "mailEnabled": False,
        "groupTypes": [],
        "createdDateTime": "2024-05-06T07:08:09Z",
    }
