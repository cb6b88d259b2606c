"""The access reviews of Contoso and their rounds."""

from __future__ import annotations

from dataclasses import dataclass

from tests.sample_tenant.ids import guid


@dataclass(frozen=True, slots=True)
class Instance:
    """One round of a review: its dates, and the status that each snapshot shows ("-" = not there yet)."""

    key: str
    series: str
    start: str
    end: str
    statuses: str

    @property
    def id(self) -> str:
        """Return the round's id."""
        return guid("review-instance", self.key)

    @property
    def name(self) -> str:
        """Return the name of the series."""
        return SERIES[self.series].name

    def status(self, snapshot: int) -> str | None:
        """Return the status in one snapshot; null before the round was made."""
        word = self.statuses.split()[snapshot]
        return None if word == "-" else word


@dataclass(frozen=True, slots=True)
class Series:
    """One recurring review of a group, a package or an application."""

    key: str
    name: str
    about: tuple[str, str]
    reviewer: str
    default: str
    since: int = 0
    months: int = 3
    second: str | None = None
    """Who was asked as well."""
    blocks: bool = False
    """Whether a denial blocks the guest for thirty days and then deletes the account."""

    @property
    def id(self) -> str:
        """Return the definition's id."""
        return guid("review-definition", self.key)


SERIES = {
    series.key: series
    for series in (
        Series("workstations", "Privileged workstations, quarterly", ("group", "privileged"), "britta", "None"),
        Series("payments", "Payment approval, twice a year", ("package", "payments"), "ines", "None", months=6),
        Series("expenses", "Contoso Expenses, once a year", ("app", "expenses"), "celeste", "Recommendation", 1, 12),
        Series("treasury", "Treasury desk, twice a year", ("group", "treasury"), "sunniva", "None", months=6),
        Series("close", "Quarter-end close, twice a year", ("package", "close"), "bjorn", "None", months=6),
        Series("partners", "Partners in Aurora, quarterly", ("group", "aurora"), "thanh", "Deny", 2, blocks=True),
        Series("ledger", "Contoso Ledger, twice a year", ("app", "ledger"), "magnus", "None", 2, 6, "bjorn"),
    )
}
"""Seven review series, by short name."""

INSTANCES = {
    instance.key: instance
    for instance in (
        Instance(
            "workstations-1",
            "workstations",
            "2026-06-08T08:00:00Z",
            "2026-06-22T08:00:00Z",
            "Applied Applied Applied Applied Applied",
        ),
        Instance(
            "workstations-2",
            "workstations",
            "2026-09-08T08:00:00Z",
            "2026-09-22T08:00:00Z",
            "- - - InProgress Completed",
        ),
        Instance(
            "payments-1",
            "payments",
            "2026-07-06T08:00:00Z",
            "2026-07-20T08:00:00Z",
            "- AutoReviewed AutoReviewed AutoReviewed AutoReviewed",
        ),
        Instance("payments-2", "payments", "2026-09-28T08:00:00Z", "2026-10-12T08:00:00Z", "- - - - InProgress"),
        Instance(
            "expenses-1",
            "expenses",
            "2026-07-20T08:00:00Z",
            "2026-08-28T08:00:00Z",
            "- InProgress Completed Applied Applied",
        ),
        Instance(
            "treasury-1",
            "treasury",
            "2026-06-26T08:00:00Z",
            "2026-07-10T08:00:00Z",
            "InProgress Completed Completed Completed Completed",
        ),
        Instance(
            "close-1",
            "close",
            "2026-06-08T08:00:00Z",
            "2026-06-22T08:00:00Z",
            "Completed Completed Completed Completed Completed",
        ),
        Instance(
            "partners-1", "partners", "2026-08-03T08:00:00Z", "2026-08-28T08:00:00Z", "- - Applying Applying Applied"
        ),
        Instance(
            "ledger-1", "ledger", "2026-08-17T08:00:00Z", "2026-09-10T08:00:00Z", "- - InProgress InProgress InProgress"
        ),
    )
}
"""The rounds of the reviews, by short name."""
