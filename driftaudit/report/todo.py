"""Who must do what by when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from driftaudit.audit.audit import Audit, Finding
from driftaudit.report import words
from driftaudit.report.acting import NOBODY_NAMED, REPAIR_DAYS, deadline, owner_name
from driftaudit.report.counts import confirmed, family_of, grants, gravity
from driftaudit.report.unread import collection_name, not_whole

_ROWS = 3
_NAMED_COLLECTIONS = 2
_NAME_LENGTH = 44
_NAME_WORDS = 5
_RESOURCE_LENGTH = 48


@dataclass(frozen=True, slots=True)
class Task:
    """One row of the list: who, what, by when."""

    who: str
    what: str
    until: str


def todo(audit: Audit, name_words: int) -> tuple[Task, ...]:
    """Return at most three rows, the repair of reading first, then the gravest work; names in so many words."""
    repair = _repair(audit)
    owners = _owners(audit, name_words)
    room = _ROWS - len(repair)
    if len(owners) <= room:
        return (*repair, *owners)
    rest = len(owners) - room + 1
    others = Task(words.count(rest, "more owner"), "Named below", owners[-1].until)
    return (*repair, *owners[: room - 1], others)


def _repair(audit: Audit) -> tuple[Task, ...]:
    wanting = [collection_name(entry.collection) for entry in not_whole(audit)]
    if audit.assured or not wanting:
        return ()
    shown = words.listing(wanting) if len(wanting) <= _NAMED_COLLECTIONS else words.count(len(wanting), "collection")
    until = audit.snapshot.taken_at.date() + timedelta(days=REPAIR_DAYS)
    return (Task(NOBODY_NAMED, f"Let driftaudit read {shown}; run again", words.day_month(until)),)


def _owners(audit: Audit, name_words: int) -> list[Task]:
    family = family_of(audit)
    work: dict[str, list[Finding]] = defaultdict(list)
    for finding in confirmed(audit):
        if finding.severity != "info":
            work[owner_name(finding)].append(finding)
    ordered = sorted(work.items(), key=lambda item: (_gravest(item[1]), -len(item[1]), item[0]))
    return [_task(audit, family, who, findings, name_words) for who, findings in ordered]


def _gravest(findings: Iterable[Finding]) -> int:
    return min(gravity(finding.severity) for finding in findings)


def _task(audit: Audit, family: dict[str, str], who: str, findings: list[Finding], name_words: int) -> Task:
    severity = "high" if _gravest(findings) == 0 else "medium"
    until = deadline(audit.snapshot.taken_at, severity)
    reviews = [finding for finding in findings if family.get(finding.check) == "reviews"]
    drift = [finding for finding in findings if family.get(finding.check) != "reviews"]
    parts = [_remove(drift, name_words)] if drift else []
    parts += [f"answer {words.count(len(reviews), 'review')}"] if reviews else []
    what = words.capitalised("; ".join(parts))
    return Task(words.shortened(who, _NAME_LENGTH, _NAME_WORDS), what, words.day_month(until) if until else "–")


def _remove(findings: list[Finding], name_words: int) -> str:
    amount = f"remove {words.count(len(grants(findings)), 'grant')}"
    if not name_words:
        return amount
    resources = sorted({finding.resource_name or "an unnamed resource" for finding in findings})
    more = len(resources) - 1
    first = words.shortened(resources[0], _RESOURCE_LENGTH, name_words)
    return f"{amount} in {first}{f' and {more} more' if more else ''}"
