"""The configuration: what `driftaudit.toml` and the environment say, checked key by key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec.structs import replace

from driftaudit.delivery_settings import SECRETS, Mail, Send
from driftaudit.errors import UsageError
from driftaudit.toml_file import TomlFile, lines_of, nearest, read_toml

DEFAULT_FILE = Path("driftaudit.toml")
FailOn = Literal["never", "high", "medium", "low", "info"]
CloudName = Literal["public", "usgov", "usgov-dod", "china"]
Method = Literal["managed-identity", "workload-identity", "certificate", "azure-cli", "device-code", "secret", "token"]
Parameter = str | int | float | bool
T = TypeVar("T", bound=msgspec.Struct)


class _Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table of the file."""


class Tenant(_Table, frozen=True):
    """Which directory is audited."""

    id: str = ""
    cloud: CloudName = "public"


class SignIn(_Table, frozen=True):
    """How the tenant is reached; secrets come from the environment only."""

    method: Method = "managed-identity"
    app_id: str = ""
    certificate: Path | None = None


class Store(_Table, frozen=True):
    """Where the history and the export folders are kept."""

    database: Path = Path("driftaudit.duckdb")
    exports: Path = Path("driftaudit-exports")
    accept_shrink: tuple[str, ...] = ()


class Collect(_Table, frozen=True):
    """What is read, how fast and for how long."""

    skip: tuple[str, ...] = ()
    concurrency: Annotated[int, msgspec.Meta(ge=1, le=32)] = 8
    deadline_minutes: Annotated[int, msgspec.Meta(ge=1)] = 240
    full_every: Annotated[int, msgspec.Meta(ge=1)] = 7
    """In one of so many runs every group is read: the service does not tell of all changes, as of deleted devices."""
    member_sign_ins: bool = False
    """Whether the last sign-in is read of everybody: of guests it is in any case."""


class Audit(_Table, frozen=True):
    """How checks are run and what fails a run."""

    grace_hours: Annotated[int, msgspec.Meta(ge=0)] = 24
    fail_on: FailOn = "never"
    queries: tuple[Path, ...] = ()
    exceptions: Path | None = None
    """Null: exceptions.toml beside the configuration file, if there is one."""
    parameters: dict[str, Parameter] = {}


class Report(_Table, frozen=True):
    """What is rendered, the words that stand on it, and where it lies when it is sent."""

    formats: tuple[Literal["html", "pdf"], ...] = ("html", "pdf")
    folder: Path = Path("driftaudit-reports")
    organisation: str = ""
    classification: str = ""


class Retention(_Table, frozen=True):
    """Of how many days, weeks and quarters the last snapshot and its export are kept by `snapshots prune`."""

    daily: Annotated[int, msgspec.Meta(ge=1)] = 30
    weekly: Annotated[int, msgspec.Meta(ge=0)] = 13
    quarterly: Annotated[int, msgspec.Meta(ge=0)] | Literal["all"] = "all"


class Run(_Table, frozen=True):
    """What bounds `driftaudit run` as a whole."""

    deadline_minutes: Annotated[int, msgspec.Meta(ge=1)] = 360


class Config(_Table, frozen=True):
    """Everything that can be configured."""

    tenant: Tenant = Tenant()
    sign_in: SignIn = SignIn()
    store: Store = Store()
    collect: Collect = Collect()
    audit: Audit = Audit()
    report: Report = Report()
    run: Run = Run()
    retention: Retention = Retention()
    mail: Mail = Mail()
    send: tuple[Send, ...] = ()


_KNOWN = Config.__struct_fields__
_TABLES = tuple(name for name in _KNOWN if name != "send")
_EXAMPLES = {
    "exceptions": "exceptions.toml",
    "certificate": "driftaudit.pem",
    "ca_file": "ca.pem",
    "path": "reports",
    "to": ["kim@contoso.example"],
}


def read_config(file: Path | None, environment: Mapping[str, str]) -> Config:
    """Return the defaults, overruled by the file, overruled by DRIFTAUDIT_<TABLE>_<KEY> and DRIFTAUDIT_DB."""
    if file is not None and not file.is_file():
        raise UsageError(f"There is no configuration file at {file}.", "Check the path given with --config.")
    path = file or DEFAULT_FILE
    config = _apply_file(Config(), path) if path.is_file() else Config()
    return _apply_environment(config, environment)


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


def _apply_file(config: Config, path: Path) -> Config:
    file = read_toml(path)
    text = file.text
    for table, values in file.values.items():
        if table not in _KNOWN:
            raise _unknown(f"{path}, line {_line(text, table, '')}", table, table, _KNOWN)
        if table == "send":
            config = replace(config, send=_sends(file, values))
            continue
        if not isinstance(values, dict):
            raise UsageError(f"{path}, line {_line(text, table, '')}: {table} is a table.", f"Write it as [{table}].")
        for key, value in values.items():
            where = f"{path}, line {_line(text, table, key)}"
            config = _set(config, table, key, value, where=where, folder=path.parent, strict=True)
    return config


def _sends(file: TomlFile, tables: Any) -> tuple[Send, ...]:
    """Return every way a report leaves, each with the line on which it begins."""
    lines = lines_of(file.text, "send")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables) or len(lines) < len(tables):
        where = f"{file.path}, line {_line(file.text, 'send', '')}"
        raise UsageError(f"{where}: send is a list of tables.", "Write each of them as [[send]].")
    found = []
    for table, line in zip(tables, lines, strict=False):
        send = Send(place=f"{file.path}, line {line['']}")
        for key, value in table.items():
            where = f"{file.path}, line {line.get(key, line[''])}"
            if key == "place":
                raise _unknown(where, "[[send]] place", key, (name for name in Send.__struct_fields__ if name != key))
            send = _with(send, "[[send]]", key, value, where=where, folder=file.path.parent, strict=True)
        found.append(send)
    return tuple(found)


def _apply_environment(config: Config, environment: Mapping[str, str]) -> Config:
    named = {"DRIFTAUDIT_STORE_DATABASE": environment["DRIFTAUDIT_DB"]} if environment.get("DRIFTAUDIT_DB") else {}
    for variable, text in {**environment, **named}.items():
        table, key = _setting(variable)
        if table:
            value = _split(getattr(getattr(config, table), key, None), text)
            config = _set(config, table, key, value, where=variable, folder=Path(), strict=False)
    return config


def _setting(variable: str) -> tuple[str, str]:
    """Return the table and the key that a variable of the environment sets; two empty texts if it sets none."""
    name = variable.removeprefix("DRIFTAUDIT_").lower()
    found = next((table for table in _TABLES if name.startswith(f"{table}_") and variable not in SECRETS), "")
    return (found, name[len(found) + 1 :]) if found and name != variable.lower() else ("", "")


def _set(config: Config, table: str, key: str, value: Any, *, where: str, folder: Path, strict: bool) -> Config:
    """Return the configuration with one key of one table set."""
    part = _with(getattr(config, table), f"[{table}]", key, value, where=where, folder=folder, strict=strict)
    return replace(config, **{table: part})


def _with(part: T, table: str, key: str, value: Any, *, where: str, folder: Path, strict: bool) -> T:
    """Return a table with one key set; relative paths start at the folder."""
    types = get_type_hints(type(part), include_extras=True)
    if key not in types:
        raise _unknown(where, f"{table} {key}", key, types)
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


def _path(folder: Path, given: Any) -> Path:
    if not isinstance(given, str):
        raise msgspec.ValidationError("Expected a path")
    return folder / given


def _example(key: str, kind: Any, default: Any) -> str:
    """Say what the key takes: its words, or the way its default is written."""
    inner = get_args(kind)[0] if get_origin(kind) is tuple else kind
    if get_origin(inner) is Literal:
        return f"It knows: {', '.join(get_args(inner))}."
    return f"Write it as in {key} = {json.dumps(_EXAMPLES.get(key, default), default=str)}."


def _unknown(where: str, shown: str, name: str, known: Iterable[str]) -> UsageError:
    return UsageError(f"{where}: {shown} is not a setting.", nearest(name, known))


def _split(default: Any, text: str) -> Any:
    """Read a list or a set of parameters from one variable: A,B or NAME=VALUE,NAME=VALUE."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if isinstance(default, tuple):
        return parts
    return dict(map(parameter, parts)) if isinstance(default, dict) else text


def _line(text: str, table: str, key: str) -> int:
    """Return the line that sets the key, or the line of its table where it is spelled another way."""
    found, inside = 1, False
    for number, line in enumerate(text.splitlines(), 1):
        heading = re.match(r"\s*\[+\s*([^\]\s]+)\s*\]", line)
        inside = heading[1] == table if heading else inside
        if heading and inside:
            found = number
        if re.match(rf"\s*{re.escape(key or table)}\s*=", line) and (inside or not key):
            return number
    return found
