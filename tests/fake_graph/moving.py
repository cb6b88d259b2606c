"""A tenant in which something happens: people join and leave, are deleted and come back, and so do groups."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from tests.fake_graph.refusals import Refusal
from tests.fake_graph.source import Change, Record

USER, GROUP, ROBOT = "#microsoft.graph.user", "#microsoft.graph.group", "#microsoft.graph.servicePrincipal"
_LISTS = {"users": USER, "groups": GROUP, "servicePrincipals": ROBOT}
_DELETED = {"microsoft.graph.user": USER, "microsoft.graph.group": GROUP}
_KINDS = {USER: "10000000", GROUP: "20000000", ROBOT: "30000000"}


class Moving:
    """Everybody in memory; the service tells of groups only what the documentation promises.

    Who is deleted keeps the memberships and is not seen in them; that somebody is deleted, comes back or is gone for
    good is no change of a group.
    """

    tenant_id = "c0ffee00-0000-4000-8000-000000000002"
    taken_at = "2026-09-01T02:00:00Z"

    def __init__(self, people: int = 40, groups: int = 30, robots: int = 5, members: int = 4, seed: int = 1) -> None:
        """Make a tenant; the same seed makes the same one, and lets the same happen to it."""
        self.chance = random.Random(seed)
        self.changes: list[Change] = []
        self.there: dict[str, dict[str, Record]] = {USER: {}, GROUP: {}, ROBOT: {}}
        self.bin: dict[str, dict[str, Record]] = {USER: {}, GROUP: {}, ROBOT: {}}
        self.members: dict[str, dict[str, Record]] = {}
        self._made = 0
        everybody = [self.create(USER) for _ in range(people)] + [self.create(ROBOT) for _ in range(robots)]
        for _ in range(groups):
            group = self.create(GROUP)
            for member in self.chance.sample(everybody, min(members, len(everybody))):
                self.join(group, member)

    def records(self, path: str) -> Sequence[Record] | None:
        """Return a list as it is now."""
        match path.split("/")[1:]:
            case [name] if name in _LISTS:
                return list(self.there[_LISTS[name]].values())
            case ["directory", "deletedItems", kind] if kind in _DELETED:
                return list(self.bin[_DELETED[kind]].values())
            case ["groups", group, "members"] if group in self.there[GROUP]:
                return [m for m in self.members[group].values() if m["id"] in self.there[m["@odata.type"]]]
            case [_, member, "memberOf"]:
                return [self.there[GROUP][g] for g, held in self.members.items() if member in held and self._is(g)]
            case ["organization"]:
                return [{"id": self.tenant_id, "displayName": "Contoso Ltd"}]
            case _:
                return None

    def without_service_principals(self, path: str) -> Sequence[Record]:
        """Return a group's members as v1.0 lists them."""
        return [record for record in self.records(path) or () if record["@odata.type"] != ROBOT]

    def record(self, path: str, record_id: str) -> Record | None:
        """Return one record of a list."""
        return self.there[_LISTS[path.strip("/")]].get(record_id)

    def directory_object(self, object_id: str) -> Record | None:
        """Return what is known of anybody."""
        return next((held[object_id] for held in self.there.values() if object_id in held), None)

    def refusal(self, collection: str, ids: Sequence[str]) -> Refusal | None:
        """Refuse nothing."""
        return None

    def create(self, kind: str) -> Record:
        """Let somebody be there who was not."""
        self._made += 1
        name = f"{kind.rpartition('.')[2]} {self._made}"
        record = {"@odata.type": kind, "id": f"{_KINDS[kind]}-0000-4000-8000-{self._made:012x}", "displayName": name}
        self.there[kind][record["id"]] = record
        if kind == GROUP:
            self.members[record["id"]] = {}
            self.changes.append(Change(record["id"]))
        return record

    def join(self, group: Record, member: Record) -> None:
        """Put somebody into a group."""
        if member["id"] not in self.members[group["id"]] and member["id"] != group["id"]:
            self.members[group["id"]][member["id"]] = member
            self.changes.append(Change(group["id"], member))

    def leave(self, group: Record, member: Record) -> None:
        """Take somebody out of a group."""
        if self.members[group["id"]].pop(member["id"], None):
            self.changes.append(Change(group["id"], member, "deleted"))

    def delete(self, record: Record) -> None:
        """Move somebody to the bin; what is deleted there keeps its memberships."""
        kind = record["@odata.type"]
        self.bin[kind][record["id"]] = self.there[kind].pop(record["id"])
        if kind == GROUP:
            self.changes.append(Change(record["id"], removed="changed"))

    def restore(self, record: Record) -> None:
        """Bring somebody back."""
        kind = record["@odata.type"]
        self.there[kind][record["id"]] = self.bin[kind].pop(record["id"])
        if kind == GROUP:
            self.changes.append(Change(record["id"]))

    def purge(self, record: Record) -> None:
        """Let somebody be gone for good, with all memberships."""
        del self.bin[record["@odata.type"]][record["id"]]
        self.members.pop(record["id"], None)
        for held in self.members.values():
            held.pop(record["id"], None)

    def happen(self, times: int) -> None:
        """Let so many things happen, by chance."""
        for _ in range(times):
            self.chance.choices(*zip(*self._possible(), strict=True))[0]()

    def _possible(self) -> list[tuple[Callable[[], None], int]]:
        """Return what can happen, and how often."""
        some = lambda *kinds: self.chance.choice([r for kind in kinds for r in self.there[kind].values()])  # noqa: E731
        binned = [record for held in self.bin.values() for record in held.values()]
        group = some(GROUP)
        inside = list(self.members[group["id"]].values())
        found: list[tuple[Callable[[], None], int]] = [
            (lambda: self.join(group, some(USER, ROBOT)), 6),
            (lambda: self.join(group, some(GROUP)), 2),
            (lambda: self.delete(some(USER, ROBOT)), 2),
            (lambda: self.delete(some(GROUP)), 1),
            (lambda: self.join(self.create(GROUP), some(USER)), 1),
            (lambda: self.join(group, self.create(USER)), 1),
            (lambda: None, 1),
        ]
        if inside:
            found.append((lambda: self.leave(group, self.chance.choice(inside)), 6))
        if binned:
            found += [
                (lambda: self.restore(self.chance.choice(binned)), 2),
                (lambda: self.purge(self.chance.choice(binned)), 1),
            ]
        return found

    def _is(self, group: str) -> bool:
        return group in self.there[GROUP]
