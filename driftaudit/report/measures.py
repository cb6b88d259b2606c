"""How well access follows the packages: what explains it, how fast it goes, how findings come and go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from driftaudit.audit.audit import Audit
from driftaudit.report import words
from driftaudit.report.counts import report_order
from driftaudit.report.reasons import REASONS

TITLE = "How well access follows the packages"
_HOURS_A_DAY = 24
_DAYS_IN_HOURS = 48
_RULES = ("dynamic_rule", "synced")
Metric = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Bucket:
    """Grants with one reason."""

    reason: str
    word: str
    grants: str
    share: str


@dataclass(frozen=True, slots=True)
class Governed:
    """What explains the grants on packaged roles, and how many grants no package has to do with."""

    title: str
    note: str
    parts: tuple[int, int, int]
    """Given by a package, given by a rule, without a reason of today."""
    buckets: tuple[Bucket, ...]
    total: str


@dataclass(frozen=True, slots=True)
class Latency:
    """How long access of one catalog stayed after its end, in hours; null: for ever."""

    catalog: str
    ended: str
    removed: str
    left_over: str
    half: tuple[float | None, float | None]
    most: tuple[float | None, float | None]
    half_words: str
    most_words: str


@dataclass(frozen=True, slots=True)
class Flow:
    """What became of one check's findings."""

    check: str
    numbers: tuple[str, ...]
    first_assessed: bool


@dataclass(frozen=True, slots=True)
class MeasuresPage:
    """The section with the numbers that are not findings."""

    governed: Governed | None
    latency_title: str
    latency: tuple[Latency, ...]
    uncounted: str
    """What of the ended roles no time is known of."""
    flow: tuple[Flow, ...]
    flow_total: tuple[str, ...]
    set_aside: tuple[tuple[str, str], ...]
    """What is counted and on purpose no finding: label and amount."""


def measures(audit: Audit) -> MeasuresPage | None:
    """Return the numbers of the metrics in words, or nothing where none were measured."""
    if not audit.metrics:
        return None
    latency = audit.metrics.get("revocation_latency", ())
    flow = audit.metrics.get("finding_flow", ())
    return MeasuresPage(
        governed=_governed(audit.metrics.get("governed_share", ())),
        latency_title=_latency_title(latency),
        latency=tuple(map(_latency, sorted(latency, key=_slowest_first))),
        uncounted=_uncounted(latency),
        flow=_flows(audit, flow),
        flow_total=tuple(words.number(sum(row[name] for row in flow)) for name in _FLOW),
        set_aside=tuple(
            (words.capitalised(row["label"]), words.number(row["amount"]))
            for row in audit.metrics.get("counted_not_listed", ())
            if row["amount"]
        ),
    )


def _governed(rows: Metric) -> Governed | None:
    rows = list(rows)
    packaged = [row for row in rows if row["governed"] is not None]
    total = sum(row["grants"] for row in packaged)
    if not rows:
        return None
    missing = sum(row["grants"] for row in packaged if not row["governed"])
    ruled = sum(row["grants"] for row in packaged if row["bucket"] in _RULES)
    outside = sum(row["grants"] for row in rows) - total
    others = f"{words.count(outside, 'more grant')} {'is' if outside == 1 else 'are'} on roles that no package gives."
    return Governed(
        title=_share_title(total - missing, total),
        note=f"{words.count(total, 'grant')} on roles that packages give. {others}",
        parts=(total - missing - ruled, ruled, missing),
        buckets=tuple(_bucket(row) for row in sorted(rows, key=_rank)),
        total=words.number(total + outside),
    )


def _share_title(explained: int, total: int) -> str:
    """Say the share so that it never rounds up to all or down to none."""
    if not total:
        return "No grant is on a role that a package gives"
    if explained == total:
        return "All grants on packaged roles have a reason of today"
    share = min(max(round(100 * explained / total), 1 if explained else 0), 99)
    return f"{share} of 100 grants on packaged roles have a reason of today"


def _rank(row: Mapping[str, Any]) -> tuple[int, str]:
    known = [*REASONS]
    return (known.index(row["bucket"]) if row["bucket"] in known else len(known)), row["bucket"]


def _bucket(row: Mapping[str, Any]) -> Bucket:
    reason = REASONS.get(row["bucket"], row["bucket"])
    return Bucket(reason, row["bucket"], words.number(row["grants"]), _percent(row["share"]))


def _percent(share: float) -> str:
    return f"{100 * share:.1f}{words.NBSP}%"


def _latency_title(rows: Metric) -> str:
    slow = sum(row["left_over"] > 0 for row in rows)
    measured = sum(row["removed"] + row["left_over"] > 0 for row in rows)
    if not measured:
        return "No access has gone after an end yet"
    if not slow:
        return "Every catalog lets go of its access"
    number = words.capitalised(words.small_number(slow))
    return f"{number} {'catalog does' if slow == 1 else 'catalogs do'} not let go of all access"


def _slowest_first(row: Mapping[str, Any]) -> tuple[float, float, str]:
    endless = float("inf")
    by = (row[name] if row[name] is not None else endless for name in ("most_gone_by", "half_gone_by"))
    most, half = by
    measured = row["removed"] + row["left_over"] > 0
    return (-most if measured else 1.0), (-half if measured else 1.0), row["catalog_name"] or ""


def _latency(row: Mapping[str, Any]) -> Latency:
    measured = row["removed"] + row["left_over"] > 0
    half, most = (row["half_gone_after"], row["half_gone_by"]), (row["most_gone_after"], row["most_gone_by"])
    return Latency(
        catalog=row["catalog_name"] or row["catalog_id"] or "No catalog",
        ended=words.number(row["roles"]),
        removed=words.number(row["removed"]),
        left_over=words.number(row["left_over"]),
        half=half if measured else (None, None),
        most=most if measured else (None, None),
        half_words=_between(*half) if measured else "–",
        most_words=_between(*most) if measured else "–",
    )


def _between(after: float | None, by: float | None) -> str:
    """Write an interval of hours: at most 14 hours, 3 to 5 days, never."""
    if after is None:
        return "never"
    if by is None:
        return f"{_span(after)} or more"
    if after < 1:
        return f"≤{words.NBSP}{_span(by)}"
    first, last = _span(after), _span(by)
    return first if first == last else f"{first.partition(words.NBSP)[0] if _same_unit(after, by) else first} to {last}"


def _same_unit(one: float, other: float) -> bool:
    return (one < _DAYS_IN_HOURS) == (other < _DAYS_IN_HOURS)


def _span(hours: float) -> str:
    if hours < _DAYS_IN_HOURS:
        return words.count(max(1, round(hours)), "hour")
    return words.count(round(hours / _HOURS_A_DAY), "day")


def _uncounted(rows: Metric) -> str:
    labels = {
        "never_seen": "never seen held",
        "gone_before": "gone before the end",
        "kept": "held further for another reason",
        "inside_grace": "inside the grace",
        "unclear": "not read this time",
    }
    rows = list(rows)
    amounts = {name: sum(row[name] for row in rows) for name in labels}
    parts = [f"{words.number(amount)} {labels[name]}" for name, amount in amounts.items() if amount]
    return f"Of the roles that ended, no time is told for: {words.listing(parts)}." if parts else ""


_FLOW = ("opening", "new", "reopened", "resolved", "closing")


def _flows(audit: Audit, rows: Metric) -> tuple[Flow, ...]:
    by_check = {row["check_id"]: row for row in rows}
    return tuple(
        Flow(check.title, tuple(words.number(by_check[check.id][name]) for name in _FLOW), told["first_assessed"])
        for check in report_order(audit)
        if (told := by_check.get(check.id))
    )
