"""Shapes of answers: the fields that were asked for and no others, relations where they were expanded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tests.fake_graph.kinds import Kind, Relation, kinds
from tests.fake_graph.permissions import hidden_fields, readable
from tests.fake_graph.query import Expand
from tests.fake_graph.refusals import Refusal, malformed

Record = dict[str, Any]
EXPANDED_AT_MOST = 20
Listed = Callable[[str], Sequence[Record] | None]
Known = Callable[[str], Record | None]


@dataclass(frozen=True, slots=True)
class Shape:
    """How records of one kind are sent to one caller."""

    kind: Kind
    select: tuple[str, ...] | None
    expand: tuple[tuple[Expand, Relation, Shape], ...]
    hidden: frozenset[str]
    held: frozenset[str]
    inner: bool = False
    """Inside another record: what the source holds of it is all that is sent."""


@lru_cache(1024)
def shape_of(
    name: str,
    select: tuple[str, ...] | None,
    expand: tuple[Expand, ...],
    held: frozenset[str],
    *,
    single: bool = False,
    inner: bool = False,
) -> Shape:
    """Return the shape that a caller with these permissions asked for; refuses what the kind does not have."""
    kind = kinds()[name]
    if select is not None:
        _check_fields(kind, select, single or inner)
    expanded = []
    for wanted in expand:
        if wanted.name not in kind.relations:
            told = f"Could not find a property named '{wanted.name}' on type 'microsoft.graph.{name}'."
            raise malformed(f"Parsing OData Select and Expand failed: {told}")
        relation = kind.relations[wanted.name]
        expanded.append((wanted, relation, shape_of(relation.kind, wanted.select, wanted.expand, held, inner=True)))
    return Shape(kind, select, tuple(expanded), hidden_fields(name, kind.fields, held), held, inner)


def _check_fields(kind: Kind, select: tuple[str, ...], single: bool) -> None:
    for name in select:
        if name in kind.not_in_lists and not single:
            raise Refusal(501, "NotImplemented", f"Property '{name}' is not supported in a collection.")
        if name not in kind.fields | kind.not_in_lists:
            told = f"Could not find a property named '{name}' on type 'microsoft.graph.{kind.name}'."
            raise malformed(f"Parsing OData Select and Expand failed: {told}")


def shaped(records: Sequence[Record], shape: Shape, listed: Listed, known: Known) -> list[Record]:
    """Return records as they are sent; `listed` finds relations, `known` what else is known of a directory object."""
    if shape.kind.name == "directoryObject" and shape.select == ("id",):
        return [{"@odata.type": record["@odata.type"], "id": record["id"]} for record in records]
    if shape.kind.name == "directoryObject":
        return [_member(record, shape, known) for record in records]
    if shape.select is not None and not shape.expand and not shape.hidden and not shape.kind.never_null:
        asked = [(name, shape.kind.nothing.get(name)) for name in _fields(shape.select)]
        return [{name: record.get(name, nothing) for name, nothing in asked} for record in records]
    return [_one(record, shape, listed, known) for record in records]


def _fields(select: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(("id", *select)))


def _one(record: Record, shape: Shape, listed: Listed, known: Known) -> Record:
    """Return one record with its relations."""
    sent = _own_fields(record, shape)
    for wanted, relation, inner in shape.expand:
        found: Any = record.get(wanted.name)
        if found is None and relation.path:
            found = listed(relation.path.replace("{id}", record["id"]))
        if relation.many:
            cut = (found or [])[: EXPANDED_AT_MOST if relation.path else None]
            sent[wanted.name] = shaped(cut, inner, listed, known)
        elif isinstance(found, dict):
            (sent[wanted.name],) = shaped([found], inner, listed, known)
    return sent


def _own_fields(record: Record, shape: Shape) -> Record:
    """Return the fields of one record itself."""
    kind = shape.kind
    if shape.select is not None:
        names = _fields(shape.select)
    elif kind.default and not shape.inner:
        names = ("id", *kind.default)
    else:
        names = tuple(name for name in record if name not in kind.relations)
    sent = {"@odata.type": record["@odata.type"]} if "@odata.type" in record else {}
    for name in names:
        if name in record:
            sent[name] = None if name in shape.hidden and name != "id" else record[name]
        elif name not in kind.never_null:
            sent[name] = kind.nothing.get(name)
    return sent


def _member(record: Record, shape: Shape, known: Known) -> Record:
    """Return one directory object: by its own type, and only id and type where that type may not be read."""
    named = record.get("@odata.type", "#microsoft.graph.directoryObject")
    sent: Record = {"@odata.type": named, "id": record["id"]}
    own = kinds().get(named.rpartition(".")[2])
    if own is None:
        return sent
    wanted = shape.select if shape.select is not None else own.default or tuple(own.nothing)
    may = readable(own.name, shape.held)
    hidden = hidden_fields(own.name, own.fields, shape.held)
    told = (known(record["id"]) or {}) | record
    for name in wanted:
        if name in own.fields and name != "id" and (name in told or name not in own.never_null):
            sent[name] = told.get(name, own.nothing.get(name)) if may and name not in hidden else None
    return sent


def described(select: tuple[str, ...] | None, expand: tuple[Expand, ...]) -> str:
    """Return fields and relations as @odata.context names them."""
    parts = [*(select or ()), *(f"{e.name}({described(e.select, e.expand)[1:-1]})" for e in expand)]
    return f"({','.join(parts)})" if parts else ""
