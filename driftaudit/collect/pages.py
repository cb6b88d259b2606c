"""Pages as they come in: each is of its collection's shape, and what it tells beyond its records is counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from driftaudit.collectors._record import Collection
from driftaudit.exports.decode import Decoder, Values
from driftaudit.exports.frames import DATED, refuse_wrong_instants

_SHORTEST_INSTANT = len("2026-09-30T02:00:04Z")


@dataclass(frozen=True, slots=True)
class Taken:
    """What one page holds."""

    values: Values
    rows: int
    limited: int
    """Records of which no more may be read than their id and type."""


class Pages:
    """Takes the pages of one collection."""

    def __init__(self, collection: Collection, kept: frozenset[str] = frozenset(), *, seek_empty: bool = False) -> None:
        """Make the decoders from the record, which is the only list of fields; `kept` columns are handed on."""
        self._collection = collection
        self._decoder = Decoder(collection)
        self._instants = [c.name for c in collection.columns if c.type in DATED]
        self._kept = kept.union(self._instants)
        self._probed = _probing(collection.probe) if collection.probe else None
        self._empty = {c.name for c in collection.columns if seek_empty and c.nullable and c.source.path}

    def take(self, body: bytes) -> Taken:
        """Return what a page holds; one that is not of the collection's shape is a PageError."""
        values, rows, _ = self._decoder.page(body, self._kept | self._empty)
        if not all(_are_instants(values[name]) for name in self._instants):
            refuse_wrong_instants(self._collection, values)
        self._empty -= {name for name in self._empty if any(value is not None for value in values[name])}
        return Taken(values, rows, self._limited(body))

    def missing_fields(self) -> list[str]:
        """Return the columns whose property no record had."""
        return self._decoder.missing_fields()

    def empty_fields(self) -> list[str]:
        """Return the columns that were null in every record, if they were to be sought."""
        return sorted(self._empty)

    def _limited(self, body: bytes) -> int:
        """Count the records in which the service left out even what every such record has."""
        if self._probed is None:
            return 0
        return sum(record.probe is None for record in self._probed.decode(body).value)


def _probing(field: str) -> msgspec.json.Decoder[Any]:
    """Return a decoder that looks at one field of each record and at nothing else."""
    record: Any = msgspec.defstruct("Probed", [("probe", Any, msgspec.field(name=field, default=None))], gc=False)
    page = msgspec.defstruct("ProbedPage", [("value", list[record])])
    return msgspec.json.Decoder(page)


def _are_instants(texts: Iterable[str | None]) -> bool:
    """Tell whether texts are instants as they are usually written; what is not gets a closer look."""
    told = [text for text in texts if text is not None]
    try:
        list(map(datetime.fromisoformat, told))
    except ValueError:
        return False
    return min(map(len, told), default=_SHORTEST_INSTANT) >= _SHORTEST_INSTANT
