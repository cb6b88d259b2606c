"""Which findings of an audit the exceptions accept, as of its snapshot."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import translate
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from driftaudit.audit.audit import Accepted, Audit, ExceptionStatus, Finding
from driftaudit.audit.exceptions import Entry
from driftaudit.audit.formats import findings_digest
from driftaudit.store.database import rows

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

_NOW = "select p.id, p.name, p.user_principal_name from principals as p where lower(p.id) in (select unnest(?))"
_EVER = (
    "select distinct u.id, u.name, u.user_principal_name, u.mail from history.users as u "
    "where u.valid_from <= ? and lower(u.id) in (select unnest(?))"
)


@dataclass(frozen=True, slots=True)
class Names:
    """What one principal is called, folded for comparison."""

    now: frozenset[str]
    """Its id, and its name and sign-in name of today: what patterns are compared with."""
    ever: frozenset[str]
    """These, and every name, sign-in name and mail address it ever had: whom an approver must not be."""


@dataclass(frozen=True, slots=True)
class Matched:
    """The open findings that one exception is about."""

    entry: Entry
    findings: tuple[Finding, ...]
    self_approved: tuple[Finding, ...]
    """Those that it cannot accept, because its approver is their subject."""


def accept(connection: Connection, audit: Audit, entries: Iterable[Entry]) -> Audit:
    """Return the audit with each accepted finding marked and every exception counted; nothing is taken away."""
    found = matches(connection, audit, entries)
    if not found:
        return audit
    day = audit.snapshot.taken_at.date()
    # The one that holds longest says how long the finding is accepted.
    holding = sorted((m for m in found if _holds(m.entry, day)), key=lambda m: m.entry.expires)
    accepted = {f.key: m.entry for m in holding for f in m.findings}
    findings = tuple(replace(f, exception=_said(accepted[f.key])) if f.key in accepted else f for f in audit.findings)
    counts = Counter(f.check for f in findings if f.exception and f.state != "unconfirmed")
    return replace(
        audit,
        checks=tuple(replace(c, accepted_count=counts[c.id]) for c in audit.checks),
        findings=findings,
        exceptions=tuple(_accepted(m, day, accepted) for m in found),
        findings_sha256=findings_digest(findings),
    )


def matches(connection: Connection, audit: Audit, entries: Iterable[Entry]) -> tuple[Matched, ...]:
    """Return, for each exception, the open findings that it is about, whether or not it holds today."""
    entries = tuple(entries)
    checks = {e.check for e in entries}
    asked = {f.key: f for f in audit.open_findings if f.check in checks}
    names = _names(connection, audit.snapshot.id, asked.values()) if asked else {}
    of = {c: [f for f in asked.values() if f.check == c] for c in checks}
    return tuple(_matched(e, [asked[e.finding]] if e.finding in asked else of[e.check], names) for e in entries)


def _matched(entry: Entry, findings: Iterable[Finding], names: Mapping[str | None, Names]) -> Matched:
    """Return what one exception is about; nobody approves what he or she is the subject of."""
    meant = [f for f in findings if _is_about(entry, f, names.get(f.principal_id))]
    approver = _persons(entry.approver)
    own = {f.key for f in meant if f.principal_id in names and names[f.principal_id].ever & approver}
    return Matched(entry, tuple(f for f in meant if f.key not in own), tuple(f for f in meant if f.key in own))


def _is_about(entry: Entry, finding: Finding, names: Names | None) -> bool:
    """Say whether an exception means a finding: by its key, or by every pattern that it has."""
    if entry.finding is not None:
        return entry.finding == finding.key
    if entry.principal and not (names and _fits(entry.principal, names.now)):
        return False
    return not entry.resource or all(_fits(entry.resource, called) for called in _resources(finding))


def _resources(finding: Finding) -> list[frozenset[str]]:
    """Return what each resource of a finding is called; a pattern has to fit all, or it would hide the others."""
    grants = [g for value in finding.data.values() if isinstance(value, list) for g in value if isinstance(g, dict)]
    named: list[Mapping[str, Any]] = [g for g in grants if g.get("resource_id")]
    called = [
        (finding.resource_id, finding.resource_name),
        *((g["resource_id"], g.get("resource_name")) for g in named),
    ]
    return [frozenset(folded(text) for text in texts if text) for texts in called]


def _fits(pattern: str, called: Iterable[str]) -> bool:
    """Say whether a pattern fits one of the names."""
    fits = _pattern(pattern)
    return any(fits.match(text) for text in called)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """Return a pattern: * is any text, ? one character, and all else is itself, since names contain brackets."""
    return re.compile(translate(folded(text).replace("[", "[[]")))


@lru_cache(maxsize=1 << 16)
def folded(text: str) -> str:
    """Return a name as names are compared: letter case, width and spaces apart."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _persons(text: str) -> frozenset[str]:
    """Return who is named, also as in `Dana Ito <dana@contoso.example>` or `Dana Ito, Bo Berg`."""
    return frozenset(folded(part) for part in (text, *re.split(r"[<>(),;]", text)) if part.strip())


def _names(connection: Connection, snapshot_id: int, findings: Iterable[Finding]) -> dict[str | None, Names]:
    """Return what the subjects of findings are called; the model of the audit has to be there."""
    told = {
        f.principal_id: {folded(f.principal_id), folded(f.principal_name or "")} for f in findings if f.principal_id
    }
    ids = [i.lower() for i in told]
    now, ever = _by_id(rows(connection, _NOW, [ids])), _by_id(rows(connection, _EVER, [snapshot_id, ids]))
    named: dict[str | None, Names] = {}
    for id_, texts in told.items():
        today = (texts | now.get(folded(id_), set())) - {""}
        named[id_] = Names(frozenset(today), frozenset(today | ever.get(folded(id_), set())))
    return named


def _by_id(found: Iterable[Mapping[str, Any]]) -> dict[str, set[str]]:
    """Return all texts of rows, folded, by id."""
    named: dict[str, set[str]] = {}
    for row in found:
        named.setdefault(folded(row["id"]), set()).update(folded(text) for text in row.values() if text)
    return named


def _holds(entry: Entry, day: date) -> bool:
    """Say whether an exception holds on a day."""
    return entry.created <= day <= entry.expires


def _said(entry: Entry) -> str:
    """Return an exception as the one line that stands with its findings."""
    return " ".join(f"until {entry.expires}, approved by {entry.approver}: {entry.reason}".split())


def _accepted(matched: Matched, day: date, accepted: Mapping[str, Entry]) -> Accepted:
    """Return what the audit says of one exception."""
    entry = matched.entry
    # What has expired and was renewed by another exception is not open again.
    holds = _holds(entry, day)
    meant = [f for f in matched.findings if holds or f.key not in accepted]
    return Accepted(
        what=entry.what,
        owner=entry.owner,
        approver=entry.approver,
        reason=entry.reason,
        created=entry.created,
        expires=entry.expires,
        line=entry.line,
        status=_status(entry, day, len(meant)),
        finding_count=len(meant),
        self_approved=tuple(f.key for f in matched.self_approved if day <= entry.expires and f.key not in accepted),
    )


def _status(entry: Entry, day: date, finding_count: int) -> ExceptionStatus:
    """Return what an exception is worth on a day."""
    if entry.expires < day:
        return "expired"
    if entry.created > day:
        return "not yet"
    return "active" if finding_count else "unused"
