"""The configuration: what `driftaudit.toml` and the environment say, checked key by key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from driftaudit.delivery_settings import SECRETS, Mail, Send
from driftaudit.errors import UsageError
from driftaudit.setting import Parameter, listed, unknown, with_value
from driftaudit.toml_file import TomlFile, line_of, lines_of, nearest, read_toml

DEFAULT_FILE = Path("driftaudit.toml")
DATABASE = "DRIFTAUDIT_DB"
_PREFIX = "DRIFTAUDIT_"
FailOn = Literal["never", "high", "medium", "low", "info"]
CloudName = Literal["public", "usgov", "usgov-dod", "china"]
Method = Literal["managed-identity", "workload-identity", "certificate", "azure-cli", "device-code", "secret", "token"]


class _Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table of the file."""


class Tenant(_Table, frozen=True):
    """Which directory is audited."""

    id: Annotated[str, Meta(description="the directory under audit; the sign-in must lead there")] = ""
    cloud: Annotated[CloudName, Meta(description="usgov, usgov-dod, china")] = "public"


class SignIn(_Table, frozen=True):
    """How the tenant is reached; secrets come from the environment only."""

    method: Annotated[
        Method, Meta(description="workload-identity, certificate, azure-cli, device-code, secret, token")
    ] = "managed-identity"
    app_id: Annotated[str, Meta(description="the application (client) id")] = ""
    certificate: Annotated[Path | None, Meta(description="PEM or PKCS12 with its private key")] = None


class Store(_Table, frozen=True):
    """Where the history and the export folders are kept."""

    database: Annotated[Path, Meta(description="or --db, or DRIFTAUDIT_DB")] = Path("driftaudit.duckdb")
    exports: Annotated[Path, Meta(description="what was read, as it was answered")] = Path("driftaudit-exports")
    accept_shrink: Annotated[tuple[str, ...], Meta(description="collections that may lose many rows at once")] = ()


class Collect(_Table, frozen=True):
    """What is read, how fast and for how long."""

    skip: Annotated[
        tuple[str, ...],
        Meta(description='collections to leave out, as in ["sites"]; what stands on them goes too'),
    ] = ()
    concurrency: Annotated[int, Meta(ge=1, le=32, description="requests under way at once")] = 8
    deadline_minutes: Annotated[int, Meta(ge=1, description="what is not read by then counts as not read")] = 240
    # The service does not tell of all changes, as of deleted devices.
    full_every: Annotated[
        int, Meta(ge=1, description="of so many runs one reads every group, the others what changed; 1: all do")
    ] = 7
    member_sign_ins: Annotated[
        bool, Meta(description="true: the day of the last sign-in of everybody, not of guests only")
    ] = False


class Audit(_Table, frozen=True):
    """How checks are run and what fails a run."""

    grace_hours: Annotated[int, Meta(ge=0, description="Entra may take a day to carry out a removal")] = 24
    fail_on: Annotated[FailOn, Meta(description="high, medium, low, info: exit with 3 from this severity up")] = "never"
    queries: Annotated[tuple[Path, ...], Meta(description="folders with checks of your own")] = ()
    exceptions: Annotated[
        Path | None,
        Meta(description="findings that are accepted until a date; empty: exceptions.toml beside this file"),
    ] = None
    parameters: Annotated[
        dict[str, Parameter], Meta(description="of checks, as in { resource_accounts = '^room-' }")
    ] = {}


class Report(_Table, frozen=True):
    """What is rendered, the words that stand on it, and where it lies when it is sent."""

    formats: Annotated[
        tuple[Literal["html", "pdf"], ...], Meta(description="what is written where nobody is sent anything")
    ] = ("html", "pdf")
    folder: Annotated[Path, Meta(description="where the report lies that is sent")] = Path("driftaudit-reports")
    organisation: Annotated[str, Meta(description="stands on the report and in the subject of mails")] = ""
    classification: Annotated[str, Meta(description="stands on every page")] = ""


class Retention(_Table, frozen=True):
    """Of how many days, weeks and quarters the last snapshot and its export are kept."""

    daily: Annotated[
        int, Meta(ge=1, description="`driftaudit snapshots prune` keeps the last snapshot of so many days,")
    ] = 30
    weekly: Annotated[int, Meta(ge=0, description="so many weeks")] = 13
    quarterly: Annotated[
        Annotated[int, Meta(ge=0)] | Literal["all"],
        Meta(description="and all quarters, or so many; the oldest and the newest stay in any case"),
    ] = "all"
    automatic: Annotated[bool, Meta(description="true: `driftaudit run` prunes at its end")] = False


class Run(_Table, frozen=True):
    """What bounds `driftaudit run` as a whole."""

    deadline_minutes: Annotated[int, Meta(ge=1, description="a run that takes longer is stopped")] = 360


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
TABLES = tuple(name for name in _KNOWN if name != "send")


def read_config(file: Path | None, environment: Mapping[str, str]) -> Config:
    """Return the defaults, overruled by the file, overruled by DRIFTAUDIT_<TABLE>_<KEY> and DRIFTAUDIT_DB."""
    if file is not None and not file.is_file():
        raise UsageError(
            f"There is no configuration file at {file}.",
            "Check the path given with --config; `driftaudit config init FILE` writes one.",
        )
    path = file or DEFAULT_FILE
    config = _apply_file(Config(), path) if path.is_file() else Config()
    return _apply_environment(config, environment)


def sources(file: Path | None, environment: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Return where each setting comes from that is not at its default: a line of the file, or a variable."""
    path = file or DEFAULT_FILE
    told = read_toml(path) if path.is_file() else TomlFile(path, "", {})
    tables = {table: values for table, values in told.values.items() if isinstance(values, dict)}
    found = {
        (table, key): f"{path}, line {line_of(told.text, table, key)}"
        for table, values in tables.items()
        for key in values
    }
    return found | {(table, key): variable for variable, table, key in _in_environment(environment)}


def _apply_file(config: Config, path: Path) -> Config:
    file = read_toml(path)
    text = file.text
    for table, values in file.values.items():
        if table not in _KNOWN:
            raise unknown(f"{path}, line {line_of(text, table, '')}", table, table, _KNOWN)
        if table == "send":
            config = replace(config, send=_sends(file, values))
            continue
        if not isinstance(values, dict):
            raise UsageError(f"{path}, line {line_of(text, table, '')}: {table} is a table.", f"Write it as [{table}].")
        for key, value in values.items():
            where = f"{path}, line {line_of(text, table, key)}"
            config = _set(config, table, key, value, where=where, folder=path.parent, strict=True)
    return config


def _sends(file: TomlFile, tables: Any) -> tuple[Send, ...]:
    """Return every way a report leaves, each with the line on which it begins."""
    lines = lines_of(file.text, "send")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables) or len(lines) < len(tables):
        where = f"{file.path}, line {line_of(file.text, 'send', '')}"
        raise UsageError(f"{where}: send is a list of tables.", "Write each of them as [[send]].")
    found = []
    for table, line in zip(tables, lines, strict=False):
        send = Send(place=f"{file.path}, line {line['']}")
        for key, value in table.items():
            where = f"{file.path}, line {line.get(key, line[''])}"
            if key == "place":
                raise unknown(where, "[[send]] place", key, (name for name in Send.__struct_fields__ if name != key))
            send = with_value(send, "[[send]]", key, value, where=where, folder=file.path.parent, strict=True)
        found.append(send)
    return tuple(found)


def _apply_environment(config: Config, environment: Mapping[str, str]) -> Config:
    for variable, table, key in _in_environment(environment):
        if key not in getattr(config, table).__struct_fields__:
            raise UsageError(f"{variable} is not a setting.", nearest(variable, [*variables(), *sorted(SECRETS)]))
        value = listed(getattr(getattr(config, table), key, None), environment[variable])
        config = _set(config, table, key, value, where=variable, folder=Path(), strict=False)
    return config


def _in_environment(environment: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Give every variable that sets something, with the table and the key; the last one wins."""
    for variable in environment:
        table, key = _setting(variable)
        if table:
            yield variable, table, key
    if environment.get(DATABASE):
        yield DATABASE, "store", "database"


def variables() -> list[str]:
    """Return every variable that sets something."""
    fields = ((table, key) for table in TABLES for key in getattr(Config(), table).__struct_fields__)
    return [DATABASE, *(f"{_PREFIX}{table}_{key}".upper() for table, key in fields)]


def _setting(variable: str) -> tuple[str, str]:
    """Return the table and the key that a variable of the environment sets; two empty texts if it sets none."""
    name = variable.removeprefix(_PREFIX).lower()
    found = next((table for table in TABLES if name.startswith(f"{table}_") and variable not in SECRETS), "")
    return (found, name[len(found) + 1 :]) if found and name != variable.lower() else ("", "")


def _set(config: Config, table: str, key: str, value: Any, *, where: str, folder: Path, strict: bool) -> Config:
    """Return the configuration with one key of one table set."""
    part = with_value(getattr(config, table), f"[{table}]", key, value, where=where, folder=folder, strict=strict)
    return replace(config, **{table: part})
