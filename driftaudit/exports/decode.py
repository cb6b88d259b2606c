"""Strict decoding: a page is a list of records of one collection's shape, or it is an error; never zero rows."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from driftaudit.collectors._record import Collection, Column
from driftaudit.exports.announced import refuse_other
from driftaudit.exports.strict import PageError, decoded
from driftaudit.exports.wire import ABSENT, getter, keeper, record_type

Values = dict[str, list[Any]]
_Read = tuple[Column, Callable[[Any], Any]]
"""A column, and the function that takes its value out of a decoded record."""


@dataclass(frozen=True, slots=True)
class DecodedPage:
    """One answer's records by column, with the scope it was asked for and the instant it was given."""

    values: Values
    count: int
    scope: str | None
    read_at: datetime


class Page(msgspec.Struct):
    """The envelope of an answer; records stay raw until their type is known."""

    value: msgspec.Raw | UnsetType = UNSET
    next_link: str | None = msgspec.field(default=None, name="@odata.nextLink")
    rest_next_link: str | None = msgspec.field(default=None, name="odata.nextLink")
    context: str | None = msgspec.field(default=None, name="@odata.context")
    error: msgspec.Raw | UnsetType = UNSET


class Decoder:
    """Decodes the pages of one collection into columns; remembers which fields were ever present."""

    def __init__(self, collection: Collection) -> None:
        """Build the wire type from the record's paths, so that the record class is the only list of fields."""
        self.collection = collection
        self.present: set[str] = set()
        self._each = collection.record.each
        record: Any = record_type(collection)
        self._list = msgspec.json.Decoder(list[record])
        self._one = msgspec.json.Decoder(record)
        self._page = msgspec.json.Decoder(Page)
        self._whole: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_page_of(record))
        left_out = collection.record.left_out
        self._kept = keeper(left_out) if left_out else None
        self._columns = [(c, getter(c, self._each)) for c in collection.columns if c.source.path]

    def page(self, raw: bytes | msgspec.Raw, wanted: Container[str] | None = None) -> tuple[Values, int, str | None]:
        """Return the page's values by column, its number of records and the link to the next page.

        Without `wanted` columns are all; others are looked at only until a record had them.
        """
        page, records = self._read(raw)
        refuse_other(self.collection, page.context, records)
        if self._kept is not None:
            records = list(filter(self._kept, records))
        columns = self._columns if wanted is None else [told for told in self._columns if self._needs(told[0], wanted)]
        values, count = self._flatten(records, columns)
        self._refuse_unknown_kinds(values.get("kind", ()))
        return values, count, page.next_link or page.rest_next_link

    def _needs(self, column: Column, wanted: Container[str]) -> bool:
        """Tell whether a column must be looked at."""
        return column.name in wanted or column.name == "kind" or (column.nullable and column.name not in self.present)

    def missing_fields(self) -> list[str]:
        """Return the columns whose top-level property no record had; nested absence is null."""
        return [c.name for c, _ in self._columns if c.nullable and c.name not in self.present]

    def _read(self, raw: bytes | msgspec.Raw) -> tuple[Page, list[Any]]:
        """Return the envelope and the records: in one go if nothing is wrong, else step by step to tell what is."""
        with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            whole = self._whole.decode(raw)
            if whole.error is UNSET and whole.value is not UNSET:
                return whole, whole.value
        page = decoded(self._page, raw)
        return page, self._records(page, raw)

    def _records(self, page: Page, raw: bytes | msgspec.Raw) -> list[Any]:
        """Return the records of a list page, or the one record that is the page."""
        if page.error is not UNSET:
            raise PageError("it is an error answer of the service")
        if page.value is not UNSET:
            return decoded(self._list, page.value)
        return [decoded(self._one, raw)]

    def _flatten(self, records: list[Any], columns: Iterable[_Read]) -> tuple[Values, int]:
        """Turn records into one list per column; records that nest give one row per inner record."""
        if self._each is None:
            return {c.name: self._column(c, get, records) for c, get in columns}, len(records)
        pairs = [(outer, inner) for outer in records for inner in outer.each]
        if not pairs and records:
            self.present.update(c.name for c, _ in self._columns)
        outers, inners = [p[0] for p in pairs], [p[1] for p in pairs]
        values = {
            c.name: self._column(c, get, inners if c.source.path[0] == self._each else outers) for c, get in columns
        }
        return values, len(pairs)

    def _refuse_unknown_kinds(self, kinds: Iterable[str]) -> None:
        """Raise PageError for a kind of grant that this version does not know: it would be read as nothing."""
        unknown = sorted(set(kinds) - set(self.collection.kinds)) if self.collection.is_grants else ()
        if unknown:
            raise PageError(f"it holds access of the kind {', '.join(unknown)}, which this version does not know")

    def _column(self, column: Column, get: Callable[[Any], Any], records: Iterable[Any]) -> list[Any]:
        """Return one column's values; an absent property becomes null and is remembered as absent."""
        values = list(map(get, records))
        if not column.nullable:
            return values
        if column.name not in self.present and any(v is not UNSET for v in values):
            self.present.add(column.name)
        return [None if v is UNSET or v is ABSENT else v for v in values]


def _page_of(record: Any) -> Any:
    """Return the envelope of an answer whose records are of this type."""
    value = ("value", list[record] | UnsetType, msgspec.field(default=UNSET))
    return msgspec.defstruct("PageOf", [value], bases=(Page,))
