"""Microsoft's own description of requests and answers, and what is wrong with one measured by it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.fake_graph.query import Expand, parsed

OPENAPI = Path(__file__).parents[3] / "shared" / "graph" / "openapi-subset.json"
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
}
INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")
Schema = dict[str, Any]


@cache
def described() -> dict[str, Any]:
    """Return the description."""
    return json.loads(OPENAPI.read_text("utf-8"))


@cache
def _paths() -> list[tuple[re.Pattern[str], Schema]]:
    """Return every path as a pattern, with what it says."""
    return [(_pattern(path), told) for path, told in described()["paths"].items()]


def _pattern(path: str) -> re.Pattern[str]:
    parts = (r"[^/]+" if part.startswith("{") else re.escape(part) for part in path.removesuffix("()").split("/"))
    return re.compile("/".join(parts))


def _operation(path: str) -> Schema | None:
    """Return what is said of a GET; a beta path that is not described is taken for its v1.0 twin."""
    plain = path.removesuffix("()").replace("microsoft.graph.", "graph.")
    found = next((told for pattern, told in _paths() if "get" in told and pattern.fullmatch(plain)), None)
    if found is None and plain.startswith("/beta/"):
        return _operation("/v1.0/" + plain.removeprefix("/beta/"))
    return found["get"] if found else None


def fields_of(kind: str) -> set[str]:
    """Return every field and relation that a kind of record has."""
    beta, name = kind.startswith("beta."), kind.removeprefix("beta.")
    return set(_properties(described()["components"]["schemas"][f"{'beta.' if beta else ''}microsoft.graph.{name}"]))


def wrong_with_request(target: str) -> list[str]:
    """Return what the description does not know of a request: its path, an option, a field, a relation."""
    path, _, query = target.partition("?")
    operation = _operation(path)
    if operation is None:
        return [f"{path} is no path"]
    options = parsed(query)
    known = {_resolved(parameter)["name"] for parameter in operation["parameters"]}
    unknown = [f"{name} is no option of {path}" for name in sorted(options.names - known)]
    return unknown + list(_unknown_fields(_record(operation), options.select, options.expand))


def _unknown_fields(schema: Schema, select: tuple[str, ...] | None, expand: tuple[Expand, ...]) -> Iterator[str]:
    """Yield fields and relations that records of this schema do not have."""
    known = _properties(schema)
    yield from (f"{name} is no field" for name in select or () if name not in known)
    for wanted in expand:
        if wanted.name not in known:
            yield f"{wanted.name} is no relation"
            continue
        inner = _resolved(known[wanted.name])
        yield from _unknown_fields(_resolved(inner.get("items", inner)), wanted.select, wanted.expand)


def _answer_schema(operation: Schema) -> Schema:
    content = _resolved(operation["responses"]["200"])["content"]
    return _resolved(content["application/json"]["schema"])


def _record(operation: Schema) -> Schema:
    """Return the schema of one record of an answer."""
    schema = _answer_schema(operation)
    value = _properties(schema).get("value")
    return _resolved(_resolved(value)["items"]) if value else schema


def wrong_with_answer(target: str, status: int, body: Any) -> list[str]:
    """Return where an answer differs from its description."""
    operation = _operation(target.partition("?")[0])
    if operation is None:
        return [f"{target} is no path"]
    if status >= 400:
        schema = _resolved(_resolved(operation["responses"]["4XX"])["content"]["application/json"]["schema"])
    else:
        schema = _answer_schema(operation)
    return list(_differences(body, schema, "answer"))


def _resolved(schema: Schema) -> Schema:
    """Follow references, and what may be null to what it is otherwise."""
    while "$ref" in schema:
        _, *parts = schema["$ref"].split("/")
        schema = described()
        for part in parts:
            schema = schema[part]
    if "anyOf" in schema:
        return _resolved(next(s for s in schema["anyOf"] if s != {"type": "object", "nullable": True}))
    return schema


def _nullable(schema: Schema) -> bool:
    return bool(schema.get("nullable")) or any(_nullable(part) for part in schema.get("anyOf", []))


def _properties(schema: Schema) -> dict[str, Schema]:
    """Return a schema's properties with those it inherits and those of what is derived from it."""
    found = dict(schema.get("properties", {}))
    for part in schema.get("allOf", []):
        found = _properties(_resolved(part)) | found
    for derived in schema.get("discriminator", {}).get("mapping", {}).values():
        for part in _resolved({"$ref": derived}).get("allOf", []):
            found = part.get("properties", {}) | found
    return found


def _differences(value: Any, schema: Schema, where: str) -> Iterator[str]:
    """Yield where a value is not what its schema says."""
    if value is None:
        if not _nullable(schema):
            yield f"{where} is null"
        return
    schema = _resolved(schema)
    kinds = TYPES.get(schema.get("type", ""), (object,))
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds and object not in kinds):
        yield f"{where} is a {type(value).__name__}, not {schema['type']}"
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _differences(item, schema["items"], f"{where}[{index}]")
    elif isinstance(value, dict):
        yield from _object_differences(value, schema, where)
    elif schema.get("format") == "date-time" and not INSTANT.match(value):
        yield f"{where} is no instant: {value!r}"
    elif "enum" in schema and str(value).lower() not in {str(member).lower() for member in schema["enum"]}:
        yield f"{where} is none of the known values: {value!r}"


def _object_differences(value: dict[str, Any], schema: Schema, where: str) -> Iterator[str]:
    """Yield where an object is not what its schema, or the type it names itself, says."""
    known = _properties(schema)
    named = schema.get("discriminator", {}).get("mapping", {}).get(value.get("@odata.type", ""))
    if named:
        known = known | _properties(_resolved({"$ref": named}))
    yield from (f"{where} lacks {name}" for name in _required(schema) if name not in value)
    for name, inner in value.items():
        if name in known:
            yield from _differences(inner, known[name], f"{where}.{name}")


def _required(schema: Schema) -> set[str]:
    return set(schema.get("required", ())).union(*(_required(_resolved(part)) for part in schema.get("allOf", ())))
