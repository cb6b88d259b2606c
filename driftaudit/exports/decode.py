"""Strict decoding: a page is a list of records of one collection's shape, or it is an error; never zero rows."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from driftaudit.collectors._record import (
    Collection,
    Column,
    Day,
    Id,
    Ids,
    Instant,
    Json,
    LooseInstant,
    Number,
    Source,
)
from driftaudit.exports.announced import ANNOUNCING, refuse_other
from driftaudit.exports.strict import PageError, decoded

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


_Said = Annotated[str, msgspec.Meta(min_length=1)]
"""A text that must say something: an empty id is no id."""
_WIRE: dict[Any, Any] = {
    Id: str,
    Number: int,
    Instant: str,
    LooseInstant: str,
    Day: str,
    Json: Any,
    str: str,
    bool: bool,
    int: int,
    list[str]: list[str],
}


class Decoder:
    """Decodes the pages of one collection into columns; remembers which fields were ever present."""

    def __init__(self, collection: Collection) -> None:
        """Build the wire type from the record's paths, so that the record class is the only list of fields."""
        self.collection = collection
        self.present: set[str] = set()
        self._each = collection.record.each
        tree = {ANNOUNCING: _TYPE, **_tree(collection.columns)}
        record: Any = _struct(collection.name, tree, self._each)
        self._list = msgspec.json.Decoder(list[record])
        self._one = msgspec.json.Decoder(record)
        self._page = msgspec.json.Decoder(Page)
        self._whole: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_page_of(record))
        self._columns = [(c, _getter(c, self._each)) for c in collection.columns if c.source.path]

    def page(self, raw: bytes | msgspec.Raw, wanted: Container[str] | None = None) -> tuple[Values, int, str | None]:
        """Return the page's values by column, its number of records and the link to the next page.

        Without `wanted` columns are all; others are looked at only until a record had them.
        """
        page, records = self._read(raw)
        refuse_other(self.collection, page.context, records)
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
        return [None if v is UNSET or v is _ABSENT else v for v in values]


_TYPE = Column("", str, True, Source(""))
"""What a record calls itself, if it does."""
_ABSENT = object()
"""A nested value whose parent is there or null: null, but not a missing field."""


def _getter(column: Column, each: str | None) -> Callable[[Any], Any]:
    """Return the function that takes the column's value out of a decoded record."""
    path = _place(column)[1:] if each and column.source.path[0] == each else _place(column)
    convert = _CONVERTED.get(column.type)
    attributes = [_attribute(part) for part in path]
    plain: Callable[[Any], Any] = attrgetter(attributes[0]) if len(attributes) == 1 else _walker(attributes)
    prefix = column.source.prefix
    if prefix:
        return lambda record: f"{prefix}{plain(record)}".lower()
    if convert is None:
        return plain
    kept = (None, UNSET, _ABSENT)
    return lambda record: value if any((value := plain(record)) is k for k in kept) else convert(value)


def _walker(attributes: list[str]) -> Callable[[Any], Any]:
    """Return a function that follows the attributes; only an absent first step counts as missing."""
    first, rest = attributes[0], attributes[1:]

    def walk(record: Any) -> Any:
        value = getattr(record, first)
        for attribute in rest:
            if value is None or value is UNSET:
                return value if value is UNSET else _ABSENT
            value = getattr(value, attribute)
            value = _ABSENT if value is UNSET else value
            if value is _ABSENT:
                return value
        return _ABSENT if value is None else value

    return walk


def _json_text(value: Any) -> str:
    """Return a nested value as JSON text with sorted keys, so that reordering is no change."""
    return msgspec.json.encode(value, order="sorted").decode()


def _sorted_ids(records: list[Any]) -> list[str]:
    """Return the ids of records in lower case, each once and in their order, so that reordering is no change."""
    return sorted({record.id.lower() for record in records})


_CONVERTED: dict[Any, Callable[[Any], Any]] = {Json: _json_text, Number: str, Ids: _sorted_ids}


def _place(column: Column) -> tuple[str, ...]:
    """Return where a value stands in its record; of ids in a list, where the list does."""
    return column.source.path[:-1] if column.type is Ids else column.source.path


def _sent(column: Column) -> Any:
    """Return the type in which the service sends a value."""
    if column.type is not Ids:
        return _WIRE[column.type]
    id_ = ("id", _Said, msgspec.field(name=column.source.path[-1]))
    listed: Any = msgspec.defstruct("Listed", [id_], gc=False)
    return list[listed]


def _tree(columns: Iterable[Column]) -> dict[str, Any]:
    """Return the record's paths as nested dicts whose leaves are columns."""
    root: dict[str, Any] = {}
    for column in columns:
        if column.source.path:
            node = root
            *above, last = _place(column)
            for part in above:
                node = node.setdefault(part, {})
            node[last] = column
    return root


def _struct(name: str, tree: dict[str, Any], each: str | None) -> type[msgspec.Struct]:
    """Build the wire type of a tree: required leaves must be there, everything else may be null or absent."""
    required, optional = [], []
    for part, node in tree.items():
        attribute = "each" if part == each else _attribute(part)
        field = msgspec.field(name=part)
        if part == each:
            inner: Any = _struct(part, node, None)
            required.append((attribute, list[inner], field))
        elif isinstance(node, dict):
            kind = _struct(part, node, None) | None | UnsetType
            optional.append((attribute, kind, msgspec.field(name=part, default=UNSET)))
        elif node.nullable:
            kind = Any if node.type is Json else _sent(node) | None | UnsetType
            optional.append((attribute, kind, msgspec.field(name=part, default=UNSET)))
        else:
            required.append((attribute, _Said if _WIRE[node.type] is str else _WIRE[node.type], field))
    # Records hold no cycles, and millions of them would keep the collector busy for nothing.
    return msgspec.defstruct(name, [*required, *optional], gc=False)


def _page_of(record: Any) -> Any:
    """Return the envelope of an answer whose records are of this type."""
    value = ("value", list[record] | UnsetType, msgspec.field(default=UNSET))
    return msgspec.defstruct("PageOf", [value], bases=(Page,))


def _attribute(part: str) -> str:
    """Return a property's name as an attribute: `@odata.type` has no place in Python."""
    return "f_" + part.replace("@", "_").replace(".", "_")
