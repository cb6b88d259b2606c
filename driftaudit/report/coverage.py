"""What was read: collection by collection, and what was not, and what no collection shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from driftaudit.audit.audit import Audit, Coverage
from driftaudit.report import words
from driftaudit.report.counts import headline_checks, report_order
from driftaudit.report.unread import is_left_out, not_whole

LIMITS = (
    "Direct SharePoint sharing, Azure roles and DevOps are not read by this version.",
    "A group inside a packaged group is one finding; the people in it are counted there, not listed one by one.",
    "A snapshot sees one moment. What came and went between two snapshots leaves no trace here.",
)
_ORDER = ("failed", "partial", "skipped", "complete")
_READ = {"complete": "whole", "partial": "in part", "failed": "not read", "skipped": "left out"}
Mark = Literal["whole", "part", "failed", "left"]
_MARKS: dict[str, Mark] = {"complete": "whole", "partial": "part", "failed": "failed", "skipped": "left"}


@dataclass(frozen=True, slots=True)
class Reading:
    """How one collection was read."""

    collection: str
    mark: Mark
    read: str
    records: str
    gaps: str
    meaning: str


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """The section about what was read."""

    lead: str
    readings: tuple[Reading, ...]
    not_in_export: str
    limits: tuple[str, ...]


def coverage(audit: Audit) -> CoveragePage:
    """Return how every collection was read, the worst first."""
    shown = [entry for entry in audit.coverage if entry.status != "skipped" or is_left_out(entry)]
    absent = [entry.collection for entry in audit.coverage if entry.status == "skipped" and not is_left_out(entry)]
    ordered = sorted(shown, key=lambda entry: _ORDER.index(entry.status))
    return CoveragePage(
        lead=_lead(audit),
        readings=tuple(_reading(audit, entry) for entry in ordered),
        not_in_export=words.listing(absent),
        limits=LIMITS,
    )


def _lead(audit: Audit) -> str:
    amounts = {status: sum(entry.status == status for entry in audit.coverage) for status in _ORDER}
    parts = [f"{words.number(amounts['complete'])} read whole"]
    parts += [f"{words.number(amounts['partial'])} in part"] if amounts["partial"] else []
    parts += [f"{words.number(amounts['failed'])} not read"] if amounts["failed"] else []
    parts += [f"{words.number(amounts['skipped'])} left out"] if amounts["skipped"] else []
    total = words.count(len(audit.coverage), "collection")
    return f"{total}: {', '.join(parts)}.{_scopes(audit)} What was not read is never counted as clean."


def _scopes(audit: Audit) -> str:
    """Say how many of the groups, sites and the like were read that are read one by one."""
    told = [row for row in audit.metrics.get("coverage_summary", ()) if row["scopes"]]
    if not told:
        return ""
    read, there = (words.number(sum(row[name] for row in told)) for name in ("scopes_read", "scopes"))
    return f" Read one by one: {read} of {there} groups, sites, packages and the like."


def _reading(audit: Audit, entry: Coverage) -> Reading:
    return Reading(
        collection=entry.collection,
        mark=_MARKS[entry.status],
        read=_READ[entry.status],
        records=words.number(entry.rows) if entry.rows is not None else "–",
        gaps=words.number(entry.gaps) if entry.gaps else "–",
        meaning=_meaning(audit, entry),
    )


def _meaning(audit: Audit, entry: Coverage) -> str:
    parts = [entry.reason] if entry.reason else []
    if entry.missing_fields:
        fields = words.listing(entry.missing_fields)
        parts.append(f"Without {fields}: the export does not hold {'it' if len(entry.missing_fields) == 1 else 'them'}")
    if entry in not_whole(audit):
        parts.append(_consequence(audit, entry))
    return ". ".join(words.capitalised(part).rstrip(".") for part in parts if part) + ("." if parts else "")


def _consequence(audit: Audit, entry: Coverage) -> str:
    """Say which numbers of page 1 rest on a collection, and how many further checks."""
    first = headline_checks(audit)
    resting = [check.headline for check in first if entry.collection in check.reads]
    further = sum(entry.collection in check.reads for check in report_order(audit) if check not in first)
    more = words.count(further, "more check" if resting else "check")
    if not resting:
        none = "No number on page 1 rests on it"
        return f"{none}, but {more} {'does' if further == 1 else 'do'}" if further else none
    return f"On page 1 it touches: {words.listing(resting)}{f'; and {more}' if further else ''}"
