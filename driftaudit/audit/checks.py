"""Checks: SQL files that select the offenders of one kind of drift, with a header that says what they stand on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from driftaudit.audit.audit import SEVERITIES, Severity
from driftaudit.errors import UsageError
from driftaudit.store.query_files import QueryFile, bundled_queries, read_folder

_COLLECTION = re.compile(r"(\w+)(?:\(([^)]*)\))?")
_REQUIRED = ("title", "headline", "severity", "key", "means", "why", "fix", "example")


@dataclass(frozen=True, slots=True)
class Needs:
    """The collections a check stands on, each with the fields it cannot do without."""

    reads: dict[str, tuple[str, ...]]
    """Rows it looks at; a gap in them hides offenders."""
    requires: dict[str, tuple[str, ...]]
    """Collections whose absence of rows is the evidence."""
    packaged: dict[str, tuple[str, ...]]
    """Grants it looks at where a package holds a role of their kind."""
    any_of: dict[str, tuple[str, ...]]
    """Collections of which it looks at whatever was read."""

    @property
    def all(self) -> tuple[str, ...]:
        """Return every collection that its number rests on."""
        return tuple(self.reads | self.requires | self.packaged | self.any_of)


@dataclass(frozen=True, slots=True)
class Check:
    """One check as its file declares it."""

    id: str
    family: str
    severity: Severity
    needs: Needs
    key: tuple[str, ...]
    parameters: dict[str, Any]
    """Default of each parameter."""
    parameter_meanings: dict[str, str]
    controls: tuple[str, ...]
    file: QueryFile
    shipped: bool
    """Whether driftaudit brings it along; only then are its findings recorded."""

    def said(self, key: str) -> str:
        """Return a line of the header, such as `title`, `means`, `why` or `fix`."""
        return self.file.header.get(key, "")


def checks(extra: Iterable[Path] = ()) -> dict[str, Check]:
    """Return all checks by id: the shipped ones and those in further folders; a name taken twice is an error."""
    found = dict(_shipped())
    for path in extra:
        for name, file in read_folder(_existing(path)).items():
            if name in found:
                raise UsageError(f"{file.path} has the name of another check.", "Rename it; a check's name is its id.")
            found[name] = _check(file, shipped=False)
    return dict(sorted(found.items()))


@cache
def _shipped() -> Mapping[str, Check]:
    """Return the checks that driftaudit brings along."""
    return {name: _check(file, shipped=True) for name, file in bundled_queries("checks").items()}


def _existing(path: Path) -> Path:
    """Return a folder of checks, or say that it is none."""
    if not path.is_dir():
        raise UsageError(f"There is no folder {path}.", "Name the folder that holds your .sql checks.")
    return path


def _check(file: QueryFile, *, shipped: bool) -> Check:
    """Read a check's header, or say what it lacks."""
    lacking = [key for key in _REQUIRED if not file.header.get(key)]
    if lacking:
        raise UsageError(f"{file.path} has no line `-- {lacking[0]}: ...`.", "See CONTRIBUTING for a check's header.")
    severity = file.header["severity"].split()[0].rstrip(";,")
    if severity not in SEVERITIES:
        raise UsageError(f"{file.path} has the severity {severity!r}.", f"Use one of {', '.join(SEVERITIES)}.")
    parameters = file.named("param")
    return Check(
        id=file.name,
        family=file.path.parent.name,
        severity=severity,
        needs=Needs(*(_collections(file.header.get(k, "")) for k in ("reads", "requires", "packaged", "any_of"))),
        key=tuple(_words(file.header["key"])),
        parameters={name: _default(file, name, text) for name, text in parameters.items()},
        parameter_meanings={name: text.partition(" (")[2].rstrip(")") for name, text in parameters.items()},
        controls=tuple(_words(file.header.get("controls", ""))),
        file=file,
        shipped=shipped,
    )


def _collections(text: str) -> dict[str, tuple[str, ...]]:
    """Return `users(enabled), groups` as collections with their fields."""
    return {name: tuple(_words(fields)) for name, fields in _COLLECTION.findall(text)}


def _words(text: str) -> list[str]:
    """Return a list written with commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def _default(file: QueryFile, name: str, text: str) -> Any:
    """Return a parameter's default before the bracket: a whole number, or a text in single quotes."""
    told = text.partition(" (")[0].strip()
    if len(told) > 1 and told[0] == told[-1] == "'":
        return told[1:-1]
    try:
        return int(told)
    except ValueError as error:
        raise UsageError(
            f"{file.path}: the default of {name} is neither a whole number nor a text in single quotes.",
            f"Write `-- param {name}: 24 (meaning)`.",
        ) from error


def parameters(found: Iterable[Check], given: dict[str, Any]) -> dict[str, Any]:
    """Return every parameter's value: the given one, else the default; one that no check has is an error."""
    defaults = {name: default for check in found for name, default in check.parameters.items()}
    for name in given:
        if name not in defaults:
            raise UsageError(f"No check has the parameter {name!r}.", f"There are: {', '.join(sorted(defaults))}.")
    return {name: given.get(name, default) for name, default in sorted(defaults.items())}
