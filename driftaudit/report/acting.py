"""Who must act on a finding, and by when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from driftaudit.audit.audit import Finding

NOBODY_NAMED = "Identity team"
REPAIR_DAYS = 2
HIGH_DAYS = 14
OTHER_DAYS = 31


def owner_name(finding: Finding) -> str:
    """Return who must act on a finding; where nobody is named it is the identity team."""
    return finding.owner_name or NOBODY_NAMED


def deadline(taken_at: datetime, severity: str) -> date | None:
    """Return the day by which a finding should be gone; a note has none."""
    if severity == "info":
        return None
    return taken_at.date() + timedelta(days=HIGH_DAYS if severity == "high" else OTHER_DAYS)
