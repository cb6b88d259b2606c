"""The proof: what this report was made from and by which rules."""

from __future__ import annotations

from dataclasses import dataclass

from driftaudit.audit.audit import Audit
from driftaudit.report import words
from driftaudit.report.acting import HIGH_DAYS, NOBODY_NAMED, OTHER_DAYS, REPAIR_DAYS

_REASONS = {
    "assignment": "A package gives it today",
    "activated": "An eligible role, activated for now",
    "delivering": "A package is just being delivered",
    "dynamic_rule": "A group’s rule gives it",
    "synced": "It comes from the local directory",
    "grace": "The end is so recent that removal may be under way",
    "ended": "The package ended, the access did not",
    "ended_censored": "As above, but the end falls between two snapshots",
    "role_removed": "The package no longer contains it",
    "pre_existing": "It was there before the assignment",
    "readded": "It came back after the end",
    "none": "No package explains it",
}


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
class EvidencePage:
    """The section with the proof and the method."""

    facts: tuple[Fact, ...]
    explained: tuple[Explained, ...]
    explained_total: str
    check_hashes: tuple[Fact, ...]


def evidence(audit: Audit) -> EvidencePage:
    """Return what somebody else needs to repeat this audit and compare."""
    return EvidencePage(
        facts=_facts(audit),
        explained=tuple(_explained(word, amount) for word, amount in _by_rank(audit.explanations)),
        explained_total=words.number(sum(audit.explanations.values())),
        check_hashes=tuple(Fact(check.id, words.spaced_hash(check.sql_sha256), mono=True) for check in audit.checks),
    )


def _facts(audit: Audit) -> tuple[Fact, ...]:
    snapshot = audit.snapshot
    facts = [
        Fact("Tenant", f"{audit.tenant.name}, {audit.tenant.id}"),
        Fact("Export, SHA-256", words.spaced_hash(snapshot.export_sha256 or "") or "–", mono=True),
        Fact("Findings, SHA-256", words.spaced_hash(audit.findings_sha256) or "–", mono=True),
        Fact("Snapshots compared", _compared(audit)),
        Fact("Grace after an end", _grace(audit)),
        Fact("Unanswered reviews", _gone_before_end(audit)),
        Fact("Held by groups", _held_by_groups(audit)),
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
    return ", ".join(f"{name} = {value}" for name, value in sorted(audit.parameters.items())) or "none"


def _deadlines() -> str:
    repair, high, other = f"{REPAIR_DAYS} days", f"{HIGH_DAYS} for high", f"{OTHER_DAYS} for medium and low findings"
    return f"{repair} to repair reading, {high}, {other}. Where no owner is named, the {NOBODY_NAMED.lower()} acts"


def _by_rank(explanations: dict[str, int]) -> list[tuple[str, int]]:
    """Order as the reasons are tried; a word this version does not know comes last, under its own name."""
    known = [(word, explanations[word]) for word in _REASONS if word in explanations]
    return known + sorted((word, amount) for word, amount in explanations.items() if word not in _REASONS)


def _explained(word: str, amount: int) -> Explained:
    return Explained(reason=_REASONS.get(word, word), word=word, grants=words.number(amount))


def _gone_before_end(audit: Audit) -> str:
    people = words.count(audit.access_gone_before_end, "person", "people")
    return f"{people} had lost the access before the review ended; not counted as findings"


def _held_by_groups(audit: Audit) -> str:
    grants = words.count(audit.unjudged_group_grants, "grant")
    return f"{grants} without a reason of today, held by a group itself and not by a person; not counted as findings"
