"""The file of exceptions: findings that somebody accepts until a date, checked field by field."""

from __future__ import annotations

import json
import os
import re
import stat
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from driftaudit.errors import UsageError
from driftaudit.toml_file import TomlFile, lines_of, nearest, parse_toml, read_toml

LONGEST = timedelta(days=365)
NEXT_STEP = "See what there is to accept with `driftaudit audit --format csv`."
_TABLE = "exception"
_TEXTS = ("finding", "check", "principal", "resource", "owner", "approver", "reason")
_DATES = ("created", "expires")
_ALWAYS = ("owner", "approver", "reason", *_DATES)
_KEY = re.compile(r"([^/\s]+)/[0-9a-f]{12}")
_SURROGATE = re.compile("[\ud800-\udfff]")

Place = Callable[[str], str]
"""Says where a field stands, or the whole exception for the field ""."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One exception as the file says it."""

    check: str
    finding: str | None
    """The key of one finding; without it the patterns say which findings of the check are meant."""
    principal: str | None
    resource: str | None
    owner: str
    approver: str
    reason: str
    created: date
    expires: date
    """The last day on which it holds."""
    line: int = 0

    @property
    def what(self) -> str:
        """Return the finding's key, or the check with its patterns."""
        patterns = (f"{n} {p}" for n, p in (("principal", self.principal), ("resource", self.resource)) if p)
        return self.finding or ", ".join([self.check, *patterns])


def read_exceptions(path: Path, checks: Collection[str]) -> tuple[Entry, ...]:
    """Return what a file of exceptions says, or name the file and the line of its first mistake."""
    if not path.exists():
        raise UsageError(
            f"There is no file of exceptions at {path}.", "Correct `[audit] exceptions`, or make an empty file there."
        )
    return _entries(read_toml(path), checks)


def entry(values: Mapping[str, Any], place: Place, checks: Collection[str], line: int = 0) -> Entry:
    """Return one exception, or raise UsageError for the first thing that is wrong with it."""
    for name in values:
        if name not in (*_TEXTS, *_DATES):
            raise UsageError(f"{place(name)}: {name} is no field of an exception.", nearest(name, (*_TEXTS, *_DATES)))
    for name in _ALWAYS:
        if name not in values:
            raise UsageError(f"{place('')}: the exception has no {name}.", f"Add {_example(name)}.")
    for name, value in values.items():
        _refuse_type(name, value, place)
    check = _subject(values, place, checks)
    _refuse_dates(values["created"], values["expires"], place)
    about: dict[str, Any] = {name: values.get(name) for name in ("finding", "principal", "resource")}
    return Entry(check=check, line=line, **about, **{name: values[name] for name in _ALWAYS})


def append(path: Path, new: Entry, comment: str, checks: Collection[str]) -> int:
    """Write an exception at the end of the file and return its line; what stands there is kept byte for byte."""
    if path.exists():
        read_exceptions(path, checks)
    target = path.resolve()
    try:
        before = _content(target) if target.exists() else b""
        after = before + _appended(before, new, comment)
        text = after.decode("utf-8-sig").replace("\r\n", "\n")
        line = _entries(parse_toml(path, text), checks)[-1].line
        _replace(target, after)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.", "Check its folder and permissions.") from None
    return line


def _content(path: Path) -> bytes:
    """Return what stands in a file that we may write: a new one in its place must not get around its permissions."""
    with path.open("r+b") as file:
        return file.read()


def _appended(before: bytes, new: Entry, comment: str) -> bytes:
    """Return what is to be appended, with the line ends of the file and an empty line between."""
    end = "\r\n" if b"\r\n" in before else "\n"
    gap = "" if not before else end if before.endswith(b"\n") else end * 2
    return (gap + "".join(line + end for line in _lines(new, comment))).encode()


def _entries(file: TomlFile, checks: Collection[str]) -> tuple[Entry, ...]:
    """Return the exceptions of a file that is TOML."""
    tables = _tables(file)
    lines = lines_of(file.text, _TABLE)
    if len(lines) != len(tables):
        raise UsageError(
            f"{file.path}, line {_line_of(file, _TABLE)}: not every exception is a table of its own.",
            f"Begin each with a line [[{_TABLE}]].",
        )
    return tuple(
        entry(table, _place(file.path, where), checks, where[""]) for table, where in zip(tables, lines, strict=True)
    )


def _tables(file: TomlFile) -> list[dict[str, Any]]:
    """Return the tables, or say what else stands in the file."""
    for name in file.values:
        if name != _TABLE:
            place = f"{file.path}, line {_line_of(file, name)}"
            raise UsageError(f"{place}: {name} is not known here.", f"Begin each exception with a line [[{_TABLE}]].")
    tables = file.values.get(_TABLE, [])
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        place = f"{file.path}, line {_line_of(file, _TABLE)}"
        raise UsageError(f"{place}: {_TABLE} is a list of tables.", f"Begin each exception with a line [[{_TABLE}]].")
    return tables


def _line_of(file: TomlFile, name: str) -> int:
    """Return the first line that begins with a name, as a key or as a heading."""
    start = re.compile(rf"""[\s\["']*{re.escape(name)}\b""")
    return next((n for n, line in enumerate(file.text.split("\n"), 1) if start.match(line)), 1)


def _place(path: Path, lines: Mapping[str, int]) -> Place:
    """Return the function that names a field's line, or the heading's where the field has none."""
    return lambda name: f"{path}, line {lines.get(name, lines[''])}"


def _example(name: str) -> str:
    """Return how a field is written."""
    return f"{name} = 2026-12-31" if name in _DATES else f'{name} = "..."'


def _refuse_type(name: str, value: Any, place: Place) -> None:
    """Refuse what is no text, no date, or empty."""
    if name in _DATES:
        if not isinstance(value, date) or isinstance(value, datetime):
            raise UsageError(f"{place(name)}: {name} is no date.", f"Write {_example(name)}, without quotes or a time.")
    elif not isinstance(value, str) or _SURROGATE.search(value):
        raise UsageError(f"{place(name)}: {name} is no text.", f"Write {_example(name)}.")
    elif not value.strip():
        raise UsageError(f"{place(name)}: {name} is empty.", f"Write {_example(name)}.")


def _subject(values: Mapping[str, Any], place: Place, checks: Collection[str]) -> str:
    """Return the check that the exception is about, or say why it is about nothing."""
    key, patterns = values.get("finding"), [n for n in ("principal", "resource") if n in values]
    if key is not None:
        if second := next((n for n in ("check", "principal", "resource") if n in values), None):
            raise UsageError(f"{place(second)}: {second} stands beside finding.", "Say one or the other.")
        form = _KEY.fullmatch(key)
        if form is None:
            raise UsageError(f"{place('finding')}: {key!r} is no finding's key.", f"It is CHECK/12 digits. {NEXT_STEP}")
        return _known(form[1], place("finding"), checks)
    if "check" not in values:
        raise UsageError(f"{place('')}: the exception is about nothing.", "Add finding, or check and a pattern.")
    if not patterns:
        raise UsageError(f"{place('check')}: a whole check cannot be accepted.", "Add principal or resource.")
    for name in patterns:
        if not values[name].strip("*? "):
            raise UsageError(f"{place(name)}: {values[name]!r} is everybody and everything.", "Leave it out.")
    return _known(values["check"], place("check"), checks)


def _known(check: str, where: str, checks: Collection[str]) -> str:
    """Return a check's name if there is such a check."""
    if check not in checks:
        raise UsageError(f"{where}: there is no check {check!r}.", nearest(check, checks))
    return check


def _refuse_dates(created: date, expires: date, place: Place) -> None:
    """Refuse an end before the beginning or too long after it."""
    if expires < created:
        raise UsageError(f"{place('expires')}: it expires before it was created on {created}.", "Correct the dates.")
    if expires - created > LONGEST:
        days = (expires - created).days
        raise UsageError(
            f"{place('expires')}: it lasts {days} days, and {LONGEST.days} are the most.",
            f"Let it expire on {created + LONGEST} at the latest, and renew it then.",
        )


def _lines(new: Entry, comment: str) -> Iterable[str]:
    """Yield the lines of a new table."""
    yield f"[[{_TABLE}]]" + (f"  # {comment}" if comment else "")
    named = ("finding",) if new.finding else ("check", "principal", "resource")
    for name in (*named, "owner", "approver", "reason"):
        if getattr(new, name) is not None:
            # JSON escapes as TOML does, but leaves the one control character DEL.
            yield f"{name} = {json.dumps(getattr(new, name), ensure_ascii=False)}".replace("\x7f", "\\u007f")
    for name in _DATES:
        yield f"{name} = {getattr(new, name).isoformat()}"


def _replace(path: Path, content: bytes) -> None:
    """Write a file so that it is the old one or the new one at any moment, with the permissions it had."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            _keep_permissions(path, unfinished)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def _keep_permissions(old: Path, new: Path) -> None:
    """Give a new file the mode of the old one, and its owner where we may."""
    was = old.stat()
    if sys.platform != "win32":
        with suppress(PermissionError):
            os.chown(new, was.st_uid, was.st_gid)
    new.chmod(stat.S_IMODE(was.st_mode))
