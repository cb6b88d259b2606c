"""Decoded values as Polars frames with the collection's types: ids in lower case, instants in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import polars as pl

from driftaudit.collectors._record import Collection, Column, Day, Id, Ids, Instant, LooseInstant
from driftaudit.exports.decode import DecodedPage, Values
from driftaudit.exports.strict import PageError

DATED = (Instant, Day)
"""Types of which each text must be an instant."""
_TEXTS = pl.List(pl.String())
_TYPES: dict[Any, Any] = {bool: pl.Boolean(), int: pl.Int64(), list[str]: _TEXTS, Ids: _TEXTS}
_TEXT = pl.col("text")
_INSTANT = (
    pl.when(_TEXT != "")
    .then(_TEXT)
    .str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False)
    .dt.replace_time_zone(None)
    .clip(datetime.min, datetime.max)  # an offset moves "never" out of the years that have a name
)


class FrameBuilder:
    """Gathers pages until there are enough rows for one frame."""

    def __init__(self, collection: Collection) -> None:
        """Start with no rows."""
        self._collection = collection
        self._columns = collection.columns
        self._scope = collection.scope_column
        self._lists: Values = {c.name: [] for c in self._columns}
        self._read_at: list[datetime] = []
        self.rows = 0

    def add(self, page: DecodedPage) -> None:
        """Add one page."""
        for name, items in page.values.items():
            self._lists[name].extend(items)
        if self._scope is not None:
            self._lists[self._scope].extend([page.scope] * page.count)
        self._read_at.extend([page.read_at] * page.count)
        self.rows += page.count

    def take(self) -> pl.DataFrame:
        """Return what was gathered as a frame with the collection's columns and `_read_at`; start again."""
        series = [pl.Series(c.name, self._lists[c.name], dtype=_TYPES.get(c.type, pl.String())) for c in self._columns]
        series.append(pl.Series("_read_at", self._read_at, dtype=pl.Datetime("us")))
        frame = pl.DataFrame(series)
        frame = frame.with_columns(*self._conversions(frame))
        self.__init__(self._collection)
        return frame.select(*(c.name for c in self._collection.columns), "_read_at")

    def _conversions(self, frame: pl.DataFrame) -> Iterator[pl.Expr]:
        """Yield the expressions that give ids and instants their kept form."""
        for column in self._columns:
            if column.type is Id:
                yield pl.col(column.name).str.to_lowercase()
            elif column.type is Day:
                yield pl.lit(instants(frame[column.name], column).dt.date()).alias(column.name)
            elif column.type in (Instant, LooseInstant):
                yield pl.lit(instants(frame[column.name], column)).alias(column.name)


def refuse_wrong_instants(collection: Collection, values: Values) -> None:
    """Raise PageError if a text that must be an instant is none."""
    for column in collection.columns:
        if column.type in DATED and any(values[column.name]):
            instants(pl.Series(values[column.name], dtype=pl.String()), column)


def instants(texts: pl.Series, column: Column) -> pl.Series:
    """Return texts as instants in UTC; an empty text is null, any other text that is none fails the page."""
    if texts.null_count() == len(texts):
        return texts.cast(pl.Datetime("us"))
    found = texts.alias("text").to_frame().select(_INSTANT)["text"].alias(texts.name)
    if column.type in DATED and found.null_count() > texts.null_count():
        row = next(iter(((texts != "") & found.is_null()).arg_true()), None)
        if row is not None:
            raise PageError(
                f"Expected an instant such as 2026-09-30T02:00:04Z, got {texts[row][:60]!r} "
                f"- at `$[{row}].{'.'.join(column.source.path)}`"
            )
    return found
