"""Decoded values as Polars frames with the collection's types: ids in lower case, instants in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import polars as pl

from driftaudit.collectors._record import Collection, Column, Id, Instant, LooseInstant
from driftaudit.exports.decode import PageError, Values

_TYPES: dict[Any, Any] = {bool: pl.Boolean(), int: pl.Int64(), list[str]: pl.List(pl.String())}
_INSTANT = "%+"


class FrameBuilder:
    """Gathers pages until there are enough rows for one frame."""

    def __init__(self, collection: Collection) -> None:
        """Start with no rows; constants are added when a frame is made."""
        self._collection = collection
        self._columns = [c for c in collection.columns if c.source.constant is None]
        self._scope = collection.scope_column
        self._lists: Values = {c.name: [] for c in self._columns}
        self._read_at: list[datetime] = []
        self.rows = 0

    def add(self, values: Values, count: int, scope: str | None, read_at: datetime) -> None:
        """Add one page that was read at an instant, under a scope."""
        for name, items in values.items():
            self._lists[name].extend(items)
        if self._scope is not None:
            self._lists[self._scope].extend([scope] * count)
        self._read_at.extend([read_at] * count)
        self.rows += count

    def take(self) -> pl.DataFrame:
        """Return what was gathered as a frame with the collection's columns and `_read_at`; start again."""
        series = [pl.Series(c.name, self._lists[c.name], dtype=_TYPES.get(c.type, pl.String())) for c in self._columns]
        series.append(pl.Series("_read_at", self._read_at, dtype=pl.Datetime("us")))
        frame = pl.DataFrame(series)
        frame = frame.with_columns(*self._conversions(frame), *self._constants())
        self.__init__(self._collection)
        return frame.select(*(c.name for c in self._collection.columns), "_read_at")

    def _constants(self) -> Iterator[pl.Expr]:
        """Yield the columns that are the same for every record."""
        for column in self._collection.columns:
            if column.source.constant is not None:
                yield pl.lit(column.source.constant).alias(column.name)

    def _conversions(self, frame: pl.DataFrame) -> Iterator[pl.Expr]:
        """Yield the expressions that give ids and instants their kept form."""
        for column in self._columns:
            if column.type is Id or column.source.claim:
                yield pl.col(column.name).str.to_lowercase()
            elif column.type in (Instant, LooseInstant):
                yield _instants(frame, column).alias(column.name)


def _instants(frame: pl.DataFrame, column: Column) -> pl.Series:
    """Return texts as instants in UTC; an empty text is null, any other text that is none fails the page."""
    texts = frame[column.name]
    texts = texts.set(texts == "", None) if texts.null_count() < len(texts) else texts
    instants = texts.str.to_datetime(_INSTANT, time_unit="us", time_zone="UTC", strict=False).dt.replace_time_zone(None)
    wrong = texts.filter(texts.is_not_null() & instants.is_null())
    if len(wrong) and column.type is Instant:
        raise PageError(f"{'/'.join(column.source.path)} is {wrong[0]!r}, which is no instant")
    return instants
