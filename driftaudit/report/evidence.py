"""The proof: what this report was made from and by which rules."""

from __future__ import annotations

from dataclasses import dataclass

from driftaudit.audit.audit import Accepted, Audit
from driftaudit.report import words
from driftaudit.report.acting import HIGH_DAYS, NOBODY_NAMED, OTHER_DAYS, REPAIR_DAYS
from driftaudit.report.counts import accepted, report_order
from driftaudit.report.reasons import REASONS


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the evidence; a hash stands in the face for hashes."""

    name: str
    value: str
    mono: bool = False


@dataclass(frozen=True, slots=True)
class Explained:
    """How many grants on packaged roles one reason explains."""

    reason: str
    word: str
    grants: str


@dataclass(frozen=True, slots=True)
class Exceptional:
    """One exception as the report lists it."""

    what: str
    owner: str
    approver: str
    reason: str
    created: str
    expires: str
    status: str
    over: bool
    findings: str


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """The section with the proof and the method."""

    facts: tuple[Fact, ...]
    explained: tuple[Explained, ...]
    explained_total: str
    check_hashes: tuple[Fact, ...]
    exceptions: tuple[Exceptional, ...]
    exceptions_lead: str


def evidence(audit: Audit) -> EvidencePage:
    """Return what somebody else needs to repeat this audit and compare."""
    measured = "governed_share" in audit.metrics
    return EvidencePage(
        facts=_facts(audit),
        explained=() if measured else tuple(_explained(word, n) for word, n in _by_rank(audit.explanations)),
        explained_total=words.number(sum(audit.explanations.values())),
        check_hashes=tuple(
            Fact(check.id, words.spaced_hash(check.sql_sha256), mono=True) for check in report_order(audit)
        ),
        exceptions=tuple(map(_exceptional, audit.exceptions)),
        exceptions_lead=_exceptions_lead(audit),
    )


def _exceptional(one: Accepted) -> Exceptional:
    return Exceptional(
        what=one.what,
        owner=one.owner,
        approver=one.approver,
        reason=one.reason,
        created=words.iso_date(one.created),
        expires=words.iso_date(one.expires),
        status=words.capitalised(one.status),
        over=one.status == "expired",
        findings=words.number(one.finding_count),
    )


def _exceptions_lead(audit: Audit) -> str:
    """Say how many findings are accepted, and how many exceptions no longer hold."""
    if not audit.exceptions:
        return "Nobody has accepted a finding."
    over = sum(one.status == "expired" for one in audit.exceptions)
    lead = f"{words.count(len(accepted(audit)), 'finding')} accepted for now; each is listed and marked in its section."
    expired = f" {words.count(over, 'exception')} expired: what {'it' if over == 1 else 'they'} covered is open again."
    return lead + (expired if over else "")


def _facts(audit: Audit) -> tuple[Fact, ...]:
    snapshot = audit.snapshot
    facts = [
        Fact("Tenant", f"{audit.tenant.name}, {audit.tenant.id}"),
        Fact("Export, SHA-256", words.spaced_hash(snapshot.export_sha256 or "") or "–", mono=True),
        Fact("Findings, SHA-256", words.spaced_hash(audit.findings_sha256) or "–", mono=True),
        Fact("Snapshots compared", _compared(audit)),
        Fact("Grace after an end", _grace(audit)),
        Fact("Parameters", _parameters(audit)),
        Fact("Deadlines", _deadlines()),
        Fact("To check the export", "sha256sum manifest.json", mono=True),
        Fact("To check the findings", f"driftaudit audit --at {snapshot.id}", mono=True),
    ]
    return tuple(facts)


def _compared(audit: Audit) -> str:
    now = f"{audit.snapshot.id} ({words.instant(audit.snapshot.taken_at)})"
    if audit.previous is None:
        return f"{now} alone; it is the first"
    return f"{audit.previous.id} ({words.instant(audit.previous.taken_at)}) and {now}"


def _grace(audit: Audit) -> str:
    hours = audit.parameters.get("grace_hours")
    inside = audit.explanations.get("grace", 0)
    verb = "is" if inside == 1 else "are"
    counted = f"{words.count(inside, 'grant')} {verb} inside it and not counted as a finding"
    return f"{hours} hours; {counted}" if hours is not None else words.capitalised(counted)


def _parameters(audit: Audit) -> str:
    given = (f"{name} = {value if value != '' else 'none'}" for name, value in sorted(audit.parameters.items()))
    return ", ".join(given) or "none"


def _deadlines() -> str:
    repair, high, other = f"{REPAIR_DAYS} days", f"{HIGH_DAYS} for high", f"{OTHER_DAYS} for medium and low findings"
    return f"{repair} to repair reading, {high}, {other}. Where no owner is named, the {NOBODY_NAMED.lower()} acts"


def _by_rank(explanations: dict[str, int]) -> list[tuple[str, int]]:
    """Order as the reasons are tried; a word this version does not know comes last, under its own name."""
    known = [(word, explanations[word]) for word in REASONS if word in explanations]
    return known + sorted((word, amount) for word, amount in explanations.items() if word not in REASONS)


def _explained(word: str, amount: int) -> Explained:
    return Explained(reason=REASONS.get(word, word), word=word, grants=words.number(amount))
