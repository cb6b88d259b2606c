"""What became of the findings since the last snapshot, as a sum that can be checked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from driftaudit.audit.audit import Audit, CheckResult, Finding, Point
from driftaudit.report import words
from driftaudit.report.acting import owner_name
from driftaudit.report.counts import headline_checks
from driftaudit.report.details import who

_LONGEST = 5
_SNAPSHOTS = 8
FIRST_AUDIT = "First audit: nothing to compare with yet."


@dataclass(frozen=True, slots=True)
class Term:
    """One number of the sum, the sign before it and what it counts."""

    sign: str
    number: str
    label: str


@dataclass(frozen=True, slots=True)
class Named:
    """One finding in a short list: who, where, whose and a fact about it."""

    who: str
    where: str
    check: str
    owner: str
    fact: str


@dataclass(frozen=True, slots=True)
class Column:
    """All headline counts at one snapshot; a null count was not assessed."""

    label: str
    counts: tuple[int | None, ...]
    lower_bound: bool


@dataclass(frozen=True, slots=True)
class Change:
    """The section about what changed."""

    title: str
    lead: str
    terms: tuple[Term, ...]
    longest: tuple[Named, ...]
    resolved: tuple[Named, ...]
    resolved_more: int
    unconfirmed: tuple[Named, ...]
    unconfirmed_more: int
    series: tuple[str, ...]
    columns: tuple[Column, ...]


def change(audit: Audit, list_limit: int) -> Change:
    """Return what changed; a first audit has nothing to compare with and says so."""
    resolved = [finding for finding in audit.findings if finding.state == "resolved"]
    hidden = [finding for finding in audit.findings if finding.state == "unconfirmed"]
    titles = {check.id: check.headline or check.title for check in audit.checks}
    checks = headline_checks(audit)
    return Change(
        title=_title(audit),
        lead=_lead(audit),
        terms=_terms(audit) if audit.previous else (),
        longest=_longest(audit, titles),
        resolved=tuple(_named(finding, titles, _opened(finding)) for finding in resolved[:list_limit]),
        resolved_more=max(0, len(resolved) - list_limit),
        unconfirmed=tuple(_named(finding, titles, _opened(finding)) for finding in hidden[:list_limit]),
        unconfirmed_more=max(0, len(hidden) - list_limit),
        series=tuple(check.headline for check in checks),
        columns=_columns(audit, checks),
    )


def _title(audit: Audit) -> str:
    if audit.previous is None:
        return "What changed"
    return f"What changed since {words.since_name(audit.previous.taken_at, audit.snapshot.taken_at)}"


def _states(audit: Audit) -> Counter[str]:
    return Counter(finding.state for finding in audit.findings)


def _closing(states: Counter[str]) -> int:
    return states.total() - states["resolved"]


def _opening(states: Counter[str]) -> int:
    return states["open"] + states["unconfirmed"] + states["resolved"]


def _lead(audit: Audit) -> str:
    if audit.previous is None:
        return FIRST_AUDIT
    states = _states(audit)
    difference = _closing(states) - _opening(states)
    if difference == 0:
        moved = "none appeared, none was resolved" if not states["resolved"] else "as many were resolved as appeared"
        lead = f"As many findings are open as before: {moved}."
    else:
        verb, more = (
            ("rose", "appeared than was resolved") if difference > 0 else ("fell", "was resolved than appeared")
        )
        lead = f"Open findings {verb} by {words.small_number(abs(difference))}: more {more}."
    return lead + _unconfirmed_sentence(states["unconfirmed"])


def _unconfirmed_sentence(hidden: int) -> str:
    if not hidden:
        return ""
    subject, verb = (
        ("One of them", "was") if hidden == 1 else (f"{words.capitalised(words.small_number(hidden))} of them", "were")
    )
    return f" {subject} could not be looked at this time and {verb} not confirmed."


def _terms(audit: Audit) -> tuple[Term, ...]:
    states, previous = _states(audit), audit.previous
    hidden = states["unconfirmed"]
    note = f", {words.number(hidden)} not confirmed" if hidden else ""
    terms = [
        Term("", words.number(_opening(states)), f"open on {words.day_month(previous.taken_at)}" if previous else "")
    ]
    terms.append(Term("+", words.number(states["new"]), "new"))
    if states["first_assessed"]:
        terms.append(Term("+", words.number(states["first_assessed"]), "first assessed"))
    terms.append(Term("+", words.number(states["reopened"]), "reopened"))
    terms.append(Term("−", words.number(states["resolved"]), "resolved, each proved by a snapshot"))
    closing = f"open on {words.day_month(audit.snapshot.taken_at)}{note}"
    return (*terms, Term("=", words.number(_closing(states)), closing))


def _longest(audit: Audit, titles: dict[str, str]) -> tuple[Named, ...]:
    """Name the findings that have been open longest; nothing has a past in a first audit."""
    old = [
        finding for finding in audit.open_findings if finding.opened_at and finding.opened_at < audit.snapshot.taken_at
    ]
    old.sort(key=lambda finding: (finding.opened_at, finding.key))
    return tuple(_named(finding, titles, _days_open(audit, finding)) for finding in old[:_LONGEST])


def _days_open(audit: Audit, finding: Finding) -> str:
    return words.number((audit.snapshot.taken_at - finding.opened_at).days) if finding.opened_at else "–"


def _opened(finding: Finding) -> str:
    return words.iso_date(finding.opened_at) if finding.opened_at else "–"


def _named(finding: Finding, titles: dict[str, str], fact: str) -> Named:
    return Named(
        who=who(finding),
        where=finding.resource_name or finding.package_name or "",
        check=titles.get(finding.check, finding.check),
        owner=owner_name(finding),
        fact=fact,
    )


def _columns(audit: Audit, checks: tuple[CheckResult, ...]) -> tuple[Column, ...]:
    """Return the counts by snapshot; one snapshot alone is no course of events."""
    at: dict[int, dict[str, Point]] = {}
    for point in audit.history:
        at.setdefault(point.snapshot_id, {})[point.check] = point
    columns = [_column(audit, points, checks) for _, points in sorted(at.items())][-_SNAPSHOTS:]
    return tuple(columns) if len(columns) > 1 else ()


def _column(audit: Audit, points: dict[str, Point], checks: tuple[CheckResult, ...]) -> Column:
    when = next(iter(points.values())).taken_at
    year = "" if when.year == audit.snapshot.taken_at.year else f" ’{when:%y}"
    found = [points.get(check.id) for check in checks]
    return Column(
        label=f"{when.day} {when:%b}{year}",
        counts=tuple(point.count if point else None for point in found),
        lower_bound=any(point is None or point.count is None or point.lower_bound for point in found),
    )
