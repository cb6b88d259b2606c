"""One setting: its value checked against its type, and what is said of one that is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec.structs import replace

from driftaudit.errors import UsageError
from driftaudit.toml_file import nearest

Parameter = str | int | float | bool
T = TypeVar("T", bound=msgspec.Struct)
_EXAMPLES = {
    "exceptions": "exceptions.toml",
    "certificate": "driftaudit.pem",
    "ca_file": "ca.pem",
    "path": "reports",
    "to": ["kim@contoso.example"],
}


def parameter(text: str) -> tuple[str, Parameter]:
    """Return the name and the value of `NAME=VALUE`; what reads as a number or true/false becomes one."""
    name, equals, value = text.partition("=")
    if not name.strip() or not equals:
        raise UsageError(f"{text!r} is not a parameter.", "Write it as NAME=VALUE, as in grace_hours=48.")
    if value in ("true", "false"):
        return name.strip(), value == "true"
    for number in (int, float):
        with suppress(ValueError):
            return name.strip(), number(value)
    return name.strip(), value


def with_value(part: T, table: str, key: str, value: Any, *, where: str, folder: Path, strict: bool) -> T:
    """Return a table with one key set; relative paths start at the folder."""
    types = get_type_hints(type(part), include_extras=True)
    if key not in types:
        raise unknown(where, f"{table} {key}", key, types)
    default = getattr(type(part)(), key)
    try:
        new = (
            default
            if value == "" and default is None
            else msgspec.convert(value, types[key], strict=strict, dec_hook=lambda _, given: _path(folder, given))
        )
    except msgspec.ValidationError as error:
        happened = f"{where}: {table} {key} cannot be {value!r} ({str(error).lower()})."
        raise UsageError(happened, _example(key, types[key], default)) from None
    return replace(part, **{key: new})


def unknown(where: str, shown: str, name: str, known: Iterable[str]) -> UsageError:
    """Return the error of a name that is no setting, with the one that may be meant."""
    return UsageError(f"{where}: {shown} is not a setting.", nearest(name, known))


def listed(default: Any, text: str) -> Any:
    """Read a list or a set of parameters from one variable: A,B or NAME=VALUE,NAME=VALUE."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if isinstance(default, tuple):
        return parts
    return dict(map(parameter, parts)) if isinstance(default, dict) else text


def _path(folder: Path, given: Any) -> Path:
    if not isinstance(given, str):
        raise msgspec.ValidationError("Expected a path")
    return folder / given


def _example(key: str, kind: Any, default: Any) -> str:
    """Say what the key takes: its words, or the way its default is written."""
    kind = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    inner = get_args(kind)[0] if get_origin(kind) is tuple else kind
    if get_origin(inner) is Literal:
        return f"It knows: {', '.join(get_args(inner))}."
    return f"Write it as in {key} = {json.dumps(_EXAMPLES.get(key, default), default=str)}."
