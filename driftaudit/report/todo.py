"""Who must do what by when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from driftaudit.audit.audit import Audit, Finding
from driftaudit.report import words
from driftaudit.report.acting import NOBODY_NAMED, REPAIR_DAYS, deadline, owner_name
from driftaudit.report.counts import grants, gravity, names_grants, wanting
from driftaudit.report.unread import collection_name, not_whole

_ROWS = 3
_NAMED_COLLECTIONS = 2
_NAME_LENGTH = 44
_NAME_WORDS, _FEW_NAME_WORDS = 5, 3
_RESOURCE_LENGTH = 48
_WORK = {
    "review_unanswered": ("answer", "review", "reviews"),
    "review_overdue": ("close", "overdue review", "overdue reviews"),
    "review_denied_access_present": ("carry out", "denial", "denials"),
    "leaver_with_access": ("clear", "leaver", "leavers"),
    "guest_without_assignment": ("decide on", "guest", "guests"),
    "incompatible_packages_held": ("end", "forbidden pair", "forbidden pairs"),
    "pim_mismatch": ("settle", "mismatch", "mismatches"),
    "app_open_to_everyone": ("restrict", "application", "applications"),
    "assignment_without_access": ("deliver", "package again", "packages again"),
}
"""What to do about the findings of a check, where it is not to remove the grants that they name."""
_OTHER_WORK = ("settle", "finding", "findings")


@dataclass(frozen=True, slots=True)
class Task:
    """One row of the list: who, what, by when."""

    who: str
    what: str
    until: str


def todo(audit: Audit, name_words: int, parts: int = 2) -> tuple[Task, ...]:
    """Return at most three rows, the repair of reading first, then the gravest work; names in so many words.

    Of one person's work so many kinds are told, the rest is counted.
    """
    repair = _repair(audit)
    owners = _owners(audit, name_words, parts)
    room = _ROWS - len(repair)
    if len(owners) <= room:
        return (*repair, *owners, *_renewals(audit)[: room - len(owners)])
    rest = len(owners) - room + 1
    others = Task(words.count(rest, "more owner"), "Named below", owners[-1].until)
    return (*repair, *owners[: room - 1], others)


def _repair(audit: Audit) -> tuple[Task, ...]:
    wanted = [collection_name(entry.collection) for entry in not_whole(audit)]
    if audit.assured or not wanted:
        return ()
    shown = words.listing(wanted) if len(wanted) <= _NAMED_COLLECTIONS else words.count(len(wanted), "collection")
    until = audit.snapshot.taken_at.date() + timedelta(days=REPAIR_DAYS)
    return (Task(NOBODY_NAMED, f"Let driftaudit read {shown}; run again", words.day_month(until)),)


def _renewals(audit: Audit) -> list[Task]:
    """Return what those have to do who answer for exceptions that end, the soonest first."""
    by_owner: dict[str, list[int]] = defaultdict(list)
    active = [one for one in audit.exceptions if one.status == "active"]
    for place, one in enumerate(active):
        by_owner[one.owner].append(place)
    ends = {owner: min(active[place].expires for place in places) for owner, places in by_owner.items()}
    return [
        Task(
            words.shortened(owner, _NAME_LENGTH, _NAME_WORDS),
            f"Renew or end {words.count(len(by_owner[owner]), 'accepted exception')}",
            words.day_month(ends[owner]),
        )
        for owner in sorted(ends, key=lambda owner: (ends[owner], owner))
    ]


def _owners(audit: Audit, name_words: int, parts: int) -> list[Task]:
    work: dict[str, list[Finding]] = defaultdict(list)
    for finding in wanting(audit):
        if finding.severity != "info":
            work[owner_name(finding)].append(finding)
    ordered = sorted(work.items(), key=lambda item: (_gravest(item[1]), -len(item[1]), item[0]))
    return [_task(audit, who, findings, name_words, parts) for who, findings in ordered]


def _gravest(findings: Iterable[Finding]) -> int:
    return min(gravity(finding.severity) for finding in findings)


def _task(audit: Audit, who: str, findings: list[Finding], name_words: int, parts: int) -> Task:
    severity = "high" if _gravest(findings) == 0 else "medium"
    until = deadline(audit.snapshot.taken_at, severity)
    what = words.capitalised("; ".join(_parts(findings, name_words, parts)))
    who = words.shortened(who, _NAME_LENGTH, _NAME_WORDS if name_words else _FEW_NAME_WORDS)
    return Task(who, what, words.day_month(until) if until else "–")


def _parts(findings: list[Finding], name_words: int, most: int) -> list[str]:
    """Say what is to be done, the gravest work first; what is too much for a line is counted."""
    removing = [finding for finding in findings if finding.check not in _WORK and names_grants(finding)]
    other: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.check in _WORK or not names_grants(finding):
            other[_WORK.get(finding.check, _OTHER_WORK)].append(finding)
    ordered = sorted(other.items(), key=lambda item: (_gravest(item[1]), -len(item[1]), item[0]))
    parts = [_remove(removing, name_words)] if removing else []
    parts += [f"{verb} {words.count(len(found), *nouns)}" for (verb, *nouns), found in ordered]
    left = sum(len(found) for _, found in ordered[most - bool(removing) :])
    return parts if len(parts) <= most else [*parts[:most], f"{words.number(left)} more"]


def _remove(findings: list[Finding], name_words: int) -> str:
    amount = f"remove {words.count(len(grants(findings)), 'grant')}"
    if not name_words:
        return amount
    resources = sorted({finding.resource_name or "an unnamed resource" for finding in findings})
    more = len(resources) - 1
    first = words.shortened(resources[0], _RESOURCE_LENGTH, name_words)
    return f"{amount} in {first}{f' and {more} more' if more else ''}"
