"""The numbers of page 1: one per headline check, with its way through the last snapshots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from driftaudit.audit.audit import Audit, CheckResult, Point
from driftaudit.report import words
from driftaudit.report.counts import confirmed, headline_checks, is_accepted

_SPARK_POINTS = 5
Trend = Literal["worse", "better", "same", "none", "unknown"]


@dataclass(frozen=True, slots=True)
class Tile:
    """One number, its name, and what became of it since the last snapshot."""

    check: str
    number: str
    at_least: bool
    assessed: bool
    name: str
    points: tuple[Point, ...]
    trend: Trend
    change: str


def tiles(audit: Audit) -> tuple[Tile, ...]:
    """Return one tile per headline check, in the order of the checks."""
    return tuple(_tile(audit, check) for check in headline_checks(audit))


def _tile(audit: Audit, check: CheckResult) -> Tile:
    points = tuple(point for point in audit.history if point.check == check.id)
    trend, change = _change(audit, check, points)
    return Tile(
        check=check.id,
        number=words.number(check.finding_count) if check.status != "not_assessed" else "–",
        at_least=check.status == "partial",
        assessed=check.status != "not_assessed",
        name=check.headline,
        points=points[-_SPARK_POINTS:],
        trend=trend,
        change=change,
    )


def further(audit: Audit) -> str:
    """Say what the checks found whose numbers do not stand on page 1."""
    chosen = {check.id for check in headline_checks(audit)}
    others = [check for check in audit.checks if check.id not in chosen]
    if not others:
        return _set_aside(audit).strip()
    if all(check.status == "not_assessed" for check in others):
        return f"{words.count(len(others), 'more check')}: not assessed.{_set_aside(audit)}"
    findings = sum(check.finding_count for check in others if check.status != "not_assessed")
    least = "at least " if any(check.status != "assessed" for check in others) else ""
    found = f"{least}{words.count(findings, 'finding')}"
    return f"{words.count(len(others), 'more check')}: {found}.{_set_aside(audit)}"


def _set_aside(audit: Audit) -> str:
    """Say how many findings of all checks are accepted: they are in the numbers and not in the sentence above."""
    amount = sum(map(is_accepted, confirmed(audit)))
    return f" Accepted: {words.number(amount)}." if amount else ""


def _change(audit: Audit, check: CheckResult, points: tuple[Point, ...]) -> tuple[Trend, str]:
    if audit.previous is None:
        return ("none", "first audit") if check.status != "not_assessed" else ("unknown", "")
    name = words.since_name(audit.previous.taken_at, audit.snapshot.taken_at)
    before = next((point for point in points if point.snapshot_id == audit.previous.id), None)
    if check.status == "not_assessed":
        return "unknown", ""
    if before is None:
        return "none", "first assessed"
    if check.status == "partial" or before.count is None or before.lower_bound:
        return "none", f"{name}: {_count(before)}"
    return _compared(check.finding_count - before.count, name)


def _count(point: Point) -> str:
    if point.count is None:
        return "not assessed"
    return f"≥{words.NBSP}{words.number(point.count)}" if point.lower_bound else words.number(point.count)


def _compared(difference: int, name: str) -> tuple[Trend, str]:
    if difference == 0:
        return "same", f"as in {name}" if not name[0].isdigit() else f"as on {name}"
    return ("worse" if difference > 0 else "better"), f"{words.number(abs(difference))} since {name}"
