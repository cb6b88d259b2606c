"""PowerShell's spelling of answers turned back: names, dates, and what it puts where nothing was read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from driftaudit.collectors._record import Collection, Id
from driftaudit.errors import UsageError
from driftaudit.exports.strict import PageError

_EXTRA = "AdditionalProperties"
_CUT_OFF = re.compile(r"Microsoft\.Graph\.PowerShell\.|System\.Collections\.|System\.Object\[\]|@\{\w+=")
_NET_DATE = re.compile(r"/Date\((-?\d{1,17})(?:[+-]\d{4})?\)/")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = -62_135_596_800_000, 253_402_300_799_999
"""The bounds of the calendar in milliseconds; a time zone moves "never" out of them."""


def respelled(value: Any, collection: Collection, where: str) -> Any:
    """Return an answer in the service's own spelling; one that PowerShell cut off is refused."""
    columns = [c for c in collection.columns if c.source.path]
    spelling = _Spelling(
        where,
        frozenset(part for c in columns for part in c.source.path),
        frozenset(c.source.path[-1] for c in columns if c.type in (str, Id)),
    )
    try:
        return spelling.of(value)
    except RecursionError as error:
        raise PageError("it nests too deeply to be an answer of the service") from error


@dataclass(frozen=True, slots=True)
class _Spelling:
    """How one file's names and values are turned back."""

    where: str
    names: frozenset[str]
    """Names that the service itself spells so, even with a capital letter."""
    texts: frozenset[str]
    """Names of plain texts; people write them, so whatever stands there is what they wrote."""

    def of(self, value: Any, name: str = "") -> Any:
        """Return a value, which stands under a name, in the service's spelling."""
        if isinstance(value, list):
            return [self.of(item, name) for item in value]
        if isinstance(value, dict):
            return self._object(value)
        if isinstance(value, str) and name not in self.texts:
            return self._text(value, name)
        return value

    def _object(self, value: dict[str, Any]) -> dict[str, Any]:
        """Return an object with camelCase names; what stands under AdditionalProperties moves up."""
        if not _is_powershell(value):
            return {name: self.of(inner, name) for name, inner in value.items()}
        extra = value.get(_EXTRA) or {}
        if not isinstance(extra, dict):
            extra = {_EXTRA: extra}
        read = {self._name(n): v for n, v in value.items() if n != _EXTRA and not _is_shell(v)} | extra
        return {name: self.of(inner, name) for name, inner in read.items()}

    def _name(self, name: str) -> str:
        """Return DisplayName as displayName."""
        return name if name in self.names else name[:1].lower() + name[1:]

    def _text(self, value: str, name: str) -> str:
        """Return `/Date(ms)/` as an instant; a value that PowerShell cut off is an error."""
        if _CUT_OFF.match(value):
            place = f"under {name!r} it holds" if name else "it holds"
            raise UsageError(
                f"{self.where} was cut off by PowerShell: {place} {value[:80]!r}.", "Export again with -Depth 10."
            )
        match = _NET_DATE.fullmatch(value)
        if match is None:
            return value
        instant = _EPOCH + timedelta(milliseconds=min(max(int(match[1]), _FIRST), _LAST))
        return instant.isoformat().replace("+00:00", "Z")


def _is_powershell(value: dict[str, Any]) -> bool:
    """Tell whether an object's names are spelled PowerShell's way."""
    names = [name for name in value if name[:1].isalpha()]
    return bool(names) and all(name[0].isupper() for name in names)


def _is_shell(value: Any) -> bool:
    """Tell whether a value is an object in which nothing is filled in: PowerShell's way of saying "not asked for"."""
    return isinstance(value, dict) and all(inner in (None, []) or _is_shell(inner) for inner in value.values())
