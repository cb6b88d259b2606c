"""What was not assessed, in the few words page 1 has for it."""

from __future__ import annotations

from dataclasses import dataclass

from driftaudit.audit.audit import Audit, CheckResult, Coverage
from driftaudit.report import words
from driftaudit.report.counts import unconfirmed

_LINES = 2
_REASON_LENGTH = 130
_LEFT_OUT = 3
_SPELLED = {"sign_ins": "sign-ins"}


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be assessed and what was left out on purpose."""

    hidden: bool
    """Something was not assessed: the dashed bar stands beside the lines."""
    lines: tuple[str, ...]
    left_out: str


def unread(audit: Audit, reason_words: int, *, name_left_out: bool = True) -> Unread:
    """Return the lines of page 1 about what the numbers do not cover, each reason in so many words."""
    wanting = [check for check in audit.checks if check.status != "assessed"]
    return Unread(
        hidden=bool(wanting),
        lines=_lines(audit, wanting, reason_words) + _unconfirmed_line(audit),
        left_out=_left_out(audit, name_them=name_left_out),
    )


def coverage_number(audit: Audit) -> int:
    """Return the number of the section about what was read: it follows what changed, the checks and the metrics."""
    return 2 + len(audit.checks) + bool(audit.metrics)


def collection_name(collection: str) -> str:
    """Return a collection's name as words: group members."""
    return _SPELLED.get(collection, collection.replace("_", " "))


def collection_words(audit: Audit) -> str:
    """Say in one sentence which collections were asked for and not read whole."""
    wanting = not_whole(audit)
    if not wanting:
        return "Part of what the checks need could not be read."
    first, more = wanting[0], len(wanting) - 1
    others = f" and {words.count(more, 'more collection')}" if more else ""
    whole = " whole" if all(entry.status == "partial" for entry in wanting) else ""
    return f"{words.capitalised(collection_name(first.collection))}{others} could not be read{whole}."


def not_whole(audit: Audit) -> list[Coverage]:
    """Return the collections that were asked for and not read whole."""
    return [entry for entry in audit.coverage if entry.status in ("partial", "failed")]


def is_left_out(entry: Coverage) -> bool:
    """Tell whether a collection was left out by choice; one the export does not name was never asked for."""
    return entry.status == "skipped" and entry.reason != "not in the export"


def _lines(audit: Audit, wanting: list[CheckResult], reason_words: int) -> tuple[str, ...]:
    if not wanting:
        total = len(audit.checks)
        return (f"Nothing: all {words.number(total)} checks were assessed." if total > 1 else "Nothing.",)
    if len(wanting) <= _LINES and reason_words:
        return tuple(_line(check, reason_words) for check in wanting)
    return (_summary(audit, wanting), *_causes(audit, reason_words))


def _summary(audit: Audit, wanting: list[CheckResult]) -> str:
    of = f"{words.number(len(wanting))} of {words.count(len(audit.checks), 'check')}"
    partly = {check.status for check in wanting} == {"partial"}
    return f"{of}{' in part' if partly else ''}; section{words.NBSP}{coverage_number(audit)} says why."


def _causes(audit: Audit, reason_words: int) -> tuple[str, ...]:
    """Name what was not read where it is little enough to be named."""
    causes = [entry for entry in not_whole(audit) if entry.reason]
    if not reason_words or len(causes) > _LINES:
        return ()
    return tuple(
        f"{words.capitalised(collection_name(entry.collection))}: "
        f"{words.shortened(entry.reason or '', _REASON_LENGTH, reason_words)}."
        for entry in causes
    )


def _line(check: CheckResult, reason_words: int) -> str:
    name = words.capitalised(check.headline or check.title)
    extent = "not assessed" if check.status == "not_assessed" else "in part"
    reason = words.shortened(check.reason or extent, _REASON_LENGTH, reason_words)
    return f"{words.shortened(name, 40, 5)}: {reason}"


def _unconfirmed_line(audit: Audit) -> tuple[str, ...]:
    hidden = len(unconfirmed(audit))
    return (f"{words.count(hidden, 'earlier finding')} could not be confirmed.",) if hidden else ()


def _left_out(audit: Audit, *, name_them: bool) -> str:
    names = [collection_name(entry.collection) for entry in audit.coverage if is_left_out(entry)]
    if not names:
        return ""
    if not name_them:
        return f"Left out: {words.count(len(names), 'collection')}."
    more = len(names) - _LEFT_OUT
    shown = [*names[:_LEFT_OUT], f"{more} more"] if more > 0 else names
    return f"Left out on purpose: {words.listing(shown)}."
