"""The history as a plain Python model: what interval tables must hold, said without SQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

OWNERS = {
    "group_members": "groups",
    "group_owners": "groups",
    "app_role_assignments": "service_principals",
    "package_roles": "packages",
}
"""The collection whose records are the scopes."""
Status = Literal["complete", "partial", "failed", "skipped"]
ORDER = ("users", "groups", "service_principals", "packages", *OWNERS)
NEWEST_DATE_WINS = ("app_role_assignments",)


@dataclass(frozen=True)
class Line:
    """One answer: records of one scope as (key, value), and whether it says that there are more."""

    scope: str
    records: tuple[tuple[str, str], ...]
    more: bool = False
    broken: bool = False
    upper: bool = False
    """The service prints the ids in capitals."""


@dataclass(frozen=True)
class Told:
    """What an export tells of one collection; a later line was read later."""

    status: Status
    lines: tuple[Line, ...] = ()
    gaps: frozenset[str] = frozenset()


@dataclass
class Life:
    """One life of one record."""

    scope: str
    key: str
    value: str
    valid_from: int
    valid_to: int | None = None

    @property
    def told(self) -> tuple[str, str, str, int, int | None]:
        """Return the life as a row."""
        return (self.scope, self.key, self.value, self.valid_from, self.valid_to)


@dataclass
class PlainHistory:
    """Every life of every record, snapshot by snapshot."""

    lives: dict[str, list[Life]] = field(default_factory=lambda: {name: [] for name in ORDER})
    status: dict[str, str] = field(default_factory=dict)
    gaps: dict[str, set[str]] = field(default_factory=dict)

    def apply(self, number: int, export: dict[str, Told]) -> None:
        """Apply one snapshot."""
        for name in ORDER:
            self._apply(name, export[name], number)

    def _open(self, name: str) -> list[Life]:
        return [life for life in self.lives[name] if life.valid_to is None]

    def _apply(self, name: str, told: Told, number: int) -> None:
        self.status[name], self.gaps[name] = _status(told), set()
        if self.status[name] in ("failed", "skipped"):
            return
        read, self.gaps[name] = self._scopes(name, told)
        if self.gaps[name] and self.status[name] == "complete":
            self.status[name] = "partial"
        staged = _staged(name, told)
        for life in self._open(name):
            now = staged.get((life.scope, life.key))
            if now != life.value and (now is not None or self._closes(name, life.scope, read)):
                life.valid_to = number
        there = {(life.scope, life.key) for life in self._open(name)}
        new = [Life(*at, value, number) for at, value in staged.items() if at not in there]
        self.lives[name].extend(new)

    def _closes(self, name: str, scope: str, read: set[str]) -> bool:
        """Tell whether what is absent is gone: its scope was read, or its collection read whole."""
        return scope in read if name in OWNERS else self.status[name] == "complete"

    def _scopes(self, name: str, told: Told) -> tuple[set[str], set[str]]:
        """Return the scopes that were read, and those that were not."""
        if name not in OWNERS:
            return set(), set()
        answered = {line.scope for line in told.lines}
        owners = {life.key for life in self._open(OWNERS[name])}
        unread = set(told.gaps) | {line.scope for line in told.lines if line.more}
        unread |= owners - answered
        held = {life.scope for life in self._open(name)}
        gone = held - owners - unread if self.status[OWNERS[name]] == "complete" else set()
        return (answered | gone) - unread, unread


def _status(told: Told) -> str:
    """Return what the export makes of the collection before its scopes are looked at."""
    if told.status in ("complete", "partial") and any(line.broken for line in told.lines):
        return "failed"
    if told.status == "complete" and (told.gaps or any(line.more for line in told.lines)):
        return "partial"
    return told.status


def _staged(name: str, told: Told) -> dict[tuple[str, str], str]:
    """Return one value per scope and key: the one read last, or of a grant's dates the newest."""
    found: dict[tuple[str, str], str] = {}
    for line in told.lines:
        for key in {key for key, _ in line.records}:
            values = [v for k, v in line.records if k == key]
            before = found.get((line.scope, key), "")
            found[line.scope, key] = max(*values, before) if name in NEWEST_DATE_WINS else min(values)
    return found
