"""Records as the service sends them: a type made from the paths of a record class, and how its values are taken out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
    LeftOut,
    LooseInstant,
    Number,
    Source,
)
from driftaudit.exports.announced import ANNOUNCING

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
_TYPE = Column("", str, True, Source(""))
"""What a record calls itself, if it does."""
ABSENT = object()
"""A nested value whose parent is there or null: null, but not a missing field."""


def record_type(collection: Collection) -> Any:
    """Build the type of a collection's records; what a record calls itself belongs to it."""
    columns = [*collection.columns, *_told_apart(collection.record.left_out)]
    return _struct(collection.name, {ANNOUNCING: _TYPE, **_tree(columns)}, collection.record.each)


def _told_apart(left_out: LeftOut | None) -> Iterable[Column]:
    """Yield the value by which records are told that are left out, as a column that nobody keeps."""
    if left_out is not None:
        yield Column("", left_out.kind, not left_out.required, Source("", left_out.path))


def keeper(left_out: LeftOut) -> Callable[[Any], bool]:
    """Return the function that tells whether a decoded record is kept."""
    told = _walker([_attribute(part) for part in left_out.path])

    def kept(record: Any) -> bool:
        value = told(record)
        return (value.lower() if isinstance(value, str) else value) not in left_out.values

    return kept


def getter(column: Column, each: str | None) -> Callable[[Any], Any]:
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
    kept = (None, UNSET, ABSENT)
    return lambda record: value if any((value := plain(record)) is k for k in kept) else convert(value)


def _walker(attributes: list[str]) -> Callable[[Any], Any]:
    """Return a function that follows the attributes; only an absent first step counts as missing."""
    first, rest = attributes[0], attributes[1:]

    def walk(record: Any) -> Any:
        value = getattr(record, first)
        for attribute in rest:
            if value is None or value is UNSET:
                return value if value is UNSET else ABSENT
            value = getattr(value, attribute)
            value = ABSENT if value is UNSET else value
            if value is ABSENT:
                return value
        return ABSENT if value is None else value

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
        elif isinstance(node, dict) and _must_be_there(node):
            required.append((attribute, _struct(part, node, None), field))
        elif isinstance(node, dict):
            kind = _struct(part, node, None) | None | UnsetType
            optional.append((attribute, kind, msgspec.field(name=part, default=UNSET)))
        elif node.nullable:
            kind = Any if node.type is Json else _sent(node) | None | UnsetType
            optional.append((attribute, kind, msgspec.field(name=part, default=UNSET)))
        else:
            required.append((attribute, _Said if _sent(node) is str else _sent(node), field))
    # Records hold no cycles, and millions of them would keep the collector busy for nothing.
    return msgspec.defstruct(name, [*required, *optional], gc=False)


def _must_be_there(tree: dict[str, Any]) -> bool:
    """Tell whether a record is none without one of the values below."""
    return any(_must_be_there(node) if isinstance(node, dict) else not node.nullable for node in tree.values())


def _attribute(part: str) -> str:
    """Return a property's name as an attribute: `@odata.type` has no place in Python."""
    return "f_" + part.replace("@", "_").replace(".", "_")
