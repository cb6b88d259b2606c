"""Every path of every record exists in Microsoft's own description of the answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from driftaudit.collectors import collections
from driftaudit.collectors._record import Collection, Day, Id, Instant, Json, LooseInstant

OPENAPI = Path(__file__).parents[3] / "shared" / "graph" / "openapi-subset.json"
needs_openapi = pytest.mark.skipif(not OPENAPI.is_file(), reason=f"{OPENAPI.name} does not stand beside the project")
OF_GRAPH = [c for c in collections().values() if c.request.startswith(("/v1.0", "/beta"))]
of_graph = pytest.mark.parametrize("collection", OF_GRAPH, ids=lambda c: c.name)


@cache
def described() -> dict[str, Any]:
    """Return the description."""
    return json.loads(OPENAPI.read_text())


def asked(collection: Collection, list_: str = "") -> str:
    """Return the path of a collection or of one of its lists; if only version 1.0 is described, that one."""
    path = plain(collection.request.replace("{scope[1]}", list_) if list_ else collection.request)
    twin = path.replace("/beta/", "/v1.0/", 1)
    return path if path in {plain(known) for known in described()["paths"]} else twin


def plain(path: str) -> str:
    """Return a path with nameless placeholders, without query, casts or the brackets of functions."""
    return re.sub(r"\{.*?\}", "{}", path.partition("?")[0]).replace("microsoft.graph.", "graph.").removesuffix("()")


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """Follow references and what may be null."""
    while "$ref" in schema:
        schema = described()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    nullable = [
        s for s in schema.get("anyOf", []) if s.get("type") != "null" and s != {"type": "object", "nullable": True}
    ]
    return resolved(nullable[0]) if nullable and "properties" not in schema else schema


def properties(schema: dict[str, Any]) -> dict[str, Any]:
    """Return an object's properties with those it inherits, and those of everything derived from it."""
    schema, found = resolved(schema), {}
    for part in (schema, *schema.get("allOf", [])):
        found |= (resolved(part).get("properties") or {}) if part is schema else properties(part)
    for name in (schema.get("discriminator") or {}).get("mapping", {}).values():
        found |= properties_of_derived(name)
    return found


def properties_of_derived(reference: str) -> dict[str, Any]:
    """Return the own properties of a derived type; what it is derived from would lead in circles."""
    schema = resolved({"$ref": reference})
    own = [part for part in (schema, *schema.get("allOf", [])) if "$ref" not in part]
    return {name: inner for part in own for name, inner in (part.get("properties") or {}).items()}


def record_schema(collection: Collection) -> dict[str, Any]:
    """Return the schema of one record of a collection's answer."""
    operations = {plain(path): operation for path, operation in described()["paths"].items()}
    answers = operations[asked(collection, *collection.lists[:1])]["get"]["responses"]
    (answer,) = (a for code, a in answers.items() if code.startswith("2"))
    schema = next(iter(resolved(answer)["content"].values()))["schema"]
    value = properties(schema).get("value")
    return resolved(value)["items"] if value and resolved(value).get("type") == "array" else schema


def walked(collection: Collection) -> Iterator[tuple[str, Any, dict[str, Any] | None]]:
    """Yield each path with its column's type and its schema; None where the service has no such property."""
    for column in collection.columns:
        schema: dict[str, Any] | None = record_schema(collection)
        for part in column.source.path:
            if schema is not None:
                inner = properties(resolved(schema).get("items") or schema)
                schema = inner.get(part)
        if column.source.path and not column.source.path[0].startswith("@"):
            yield "/".join(column.source.path), column.type, schema


@needs_openapi
@of_graph
def test_the_request_is_one_that_the_service_knows(collection: Collection) -> None:
    for list_ in collection.lists or ("",):
        assert asked(collection, list_) in {plain(path) for path in described()["paths"]}


@needs_openapi
@of_graph
def test_every_path_is_one_that_the_service_answers(collection: Collection) -> None:
    assert [path for path, _, schema in walked(collection) if schema is None] == []


@needs_openapi
@of_graph
def test_every_type_is_what_the_service_sends(collection: Collection) -> None:
    for path, kind, schema in walked(collection):
        if schema is not None:
            told = resolved(schema)
            allowed = {bool: {"boolean"}, int: {"integer", "number"}, list[str]: {"array"}}.get(kind, {"string"})
            assert kind is Json or told.get("type", "string") in allowed, path
            assert kind not in (Instant, LooseInstant, Day) or told.get("format") == "date-time", path
            assert kind is not Id or told.get("format") != "date-time", path
