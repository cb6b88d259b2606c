"""What each snapshot showed, which scopes were read in it, and what is known from it afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from driftaudit.collectors import collections
from driftaudit.collectors._record import Collection
from tests.queries.cases import Row, Tenant
from tests.queries.tables import READ, Reading, readings, record, there

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """Something happened after `after` and at the latest at `by`; `after` = `by`: then exactly; None: at any time."""

    after: datetime | None
    by: datetime

    @property
    def long(self) -> timedelta:
        """Return how long the interval is."""
        return timedelta.max if self.after is None else self.by - self.after


def exactly(instant: datetime) -> Interval:
    """Return the interval of what happened at a known instant."""
    return Interval(instant, instant)


def real(told: date | None) -> datetime | None:
    """Return an instant, if it is one: the years 1 and 9999 and their neighbours stand for no date."""
    if told is None or not 1901 < told.year < 9999:
        return None
    return told if isinstance(told, datetime) else datetime(told.year, told.month, told.day)


class Shown:
    """What the snapshots up to the audited one showed of one collection."""

    def __init__(self, tenant: Tenant, collection: Collection, at: int) -> None:
        """Take every record that a snapshot with a reading of its scope has."""
        self._collection = collection
        self._readings: dict[int, Reading] = {n: r for n, r in readings(tenant, collection.name) if n <= at}
        self.records: dict[int, dict[Key, Row]] = {n: {} for n in self._readings}
        for row in tenant.rows.get(collection.name, ()):
            kept = _lowered(record(collection, row))
            for n, reading in self._readings.items():
                if there(row, n) and reading.read and self.scope(kept) not in reading.gaps:
                    self.records[n][self.key(kept)] = kept

    def key(self, kept: Row) -> Key:
        """Return what tells one record from another."""
        if self._collection.is_grants:
            return (kept["kind"], kept["resource_id"], kept["role_id"], kept["principal_id"])
        return tuple(kept[name] for name in self._collection.key)

    def scope(self, kept: Row) -> str | None:
        """Return under which scope a record was read."""
        if self._collection.is_grants and self._collection.scoped_by:
            return kept["resource_id"]
        return kept[self._collection.scope_column] if self._collection.scope_column else None

    def read(self, n: int) -> bool:
        """Tell whether a snapshot has the collection at all."""
        return self._readings[n].status in READ

    def gap(self, n: int, scope: str | None) -> bool:
        """Tell whether a scope was refused in a snapshot."""
        return scope in self._readings[n].gaps

    def looked(self, n: int, scope: str | None = None) -> bool:
        """Tell whether what a snapshot does not show in a scope was not there."""
        if self._collection.scoped_by is None:
            return self._readings[n].status == "complete"
        return self.read(n) and not self.gap(n, scope)

    def looks(self, scope: str | None = None) -> list[int]:
        """Return the snapshots in which a scope was read whole."""
        return [n for n in self._readings if self.looked(n, scope)]

    def known(self, at: int) -> dict[Key, Row]:
        """Return what is known to be there after a snapshot: shown, and not looked for in vain since."""
        found: dict[Key, Row] = {}
        for n in range(1, at + 1):
            gone = [k for k, r in found.items() if k not in self.records[n] and self.looked(n, self.scope(r))]
            for key in gone:
                del found[key]
            found |= self.records[n]
        return found

    def versions(self) -> dict[Key, dict[int, Row]]:
        """Return every record by key, as each snapshot showed it."""
        found: dict[Key, dict[int, Row]] = {}
        for n in sorted(self.records):
            for key, kept in self.records[n].items():
                found.setdefault(key, {})[n] = kept
        return found


def _lowered(kept: Row) -> Row:
    """Return a record with its principal in lower case, in whatever way the service wrote it."""
    name = kept.get("principal_id")
    return {**kept, "principal_id": name.lower()} if name else kept


class History:
    """All that is known when one snapshot is audited; later snapshots do not exist yet."""

    def __init__(self, tenant: Tenant, at: int, grace: timedelta = timedelta(hours=24)) -> None:
        """Keep the tenant's rows, the snapshot and how long a removal may take."""
        self.tenant, self.at, self.grace = tenant, at, grace
        self._shown: dict[str, Shown] = {}
        self._known: dict[tuple[str, int], dict[Key, Row]] = {}

    def shown(self, name: str) -> Shown:
        """Return what was shown of a collection."""
        if name not in self._shown:
            self._shown[name] = Shown(self.tenant, collections()[name], self.at)
        return self._shown[name]

    def known(self, name: str, at: int | None = None) -> dict[Key, Row]:
        """Return the records of a collection that are known to be there, now or after an earlier snapshot."""
        n = self.at if at is None else at
        if (name, n) not in self._known:
            self._known[name, n] = self.shown(name).known(n)
        return self._known[name, n]

    def taken(self, n: int) -> datetime:
        """Return when a snapshot was taken."""
        return self.tenant.snapshots[n - 1]

    @cached_property
    def now(self) -> datetime:
        """Return the instant with which everything is compared."""
        return self.taken(self.at)

    @cached_property
    def finished(self) -> datetime:
        """Return when the audited snapshot was finished: what began meanwhile does not lie ahead."""
        return self.tenant.finished[self.at - 1] if self.tenant.finished else self.now

    def before(self, looks: Iterable[int], n: int) -> datetime | None:
        """Return the newest of these readings before a snapshot."""
        earlier = [m for m in looks if m < n]
        return self.taken(max(earlier)) if earlier else None
