"""The catalogs, access packages, policies and reviews of Contoso."""

from __future__ import annotations

from dataclasses import dataclass

from tests.sample_tenant.ids import guid
from tests.sample_tenant.words import Role, app_role, member, owner, site_group


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may have a package and for how many days."""

    key: str
    name: str
    scope: str
    days: int
    approver: str | None = None
    rule: str | None = None
    reviewed: bool = False

    @property
    def id(self) -> str:
        """Return the policy's id."""
        return guid("policy", self.key)


@dataclass(frozen=True, slots=True)
class Package:
    """One access package: what it gives, and since when it exists."""

    key: str
    name: str
    catalog: str
    roles: tuple[Role, ...]
    policies: tuple[Policy, ...]
    created: str = "2025-04-14T08:20:31Z"

    @property
    def id(self) -> str:
        """Return the package's id."""
        return guid("package", self.key)


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

    @property
    def id(self) -> str:
        """Return the definition's id."""
        return guid("review-definition", self.key)


CATALOGS = {"finance": "Finance", "projects": "Projects and partners", "general": "General"}

PACKAGES = {
    package.key: package
    for package in (
        Package(
            "payments",
            "Payment approval",
            "finance",
            (member("payments"),),
            (Policy("payments", "Employees", "allMemberUsers", 365, "ines", reviewed=True),),
        ),
        Package(
            "treasury",
            "Treasury workplace",
            "finance",
            (member("treasury"), app_role("ledger", "Approver"), site_group("treasury-desk", 5)),
            (Policy("treasury", "Employees", "allMemberUsers", 180, "sunniva"),),
        ),
        Package(
            "close",
            "Quarter-end close",
            "finance",
            (member("close"),),
            (Policy("close", "Employees", "allMemberUsers", 365, "sunniva"),),
        ),
        Package(
            "close-audit",
            "Quarter-end close, support for the audit",
            "finance",
            (member("close"),),
            (Policy("close-audit", "Named by an administrator", "notSpecified", 365),),
        ),
        Package(
            "aurora",
            "Project Aurora for partners",
            "projects",
            (member("aurora"), site_group("aurora", 7)),
            (Policy("aurora", "Partners", "allConfiguredConnectedOrganizationUsers", 180, "thanh"),),
        ),
        Package(
            "borealis",
            "Project Borealis, lead",
            "projects",
            (member("borealis"), owner("borealis")),
            (Policy("borealis", "Employees", "allMemberUsers", 365, "thanh"),),
        ),
        Package(
            "expenses",
            "Travel and expenses",
            "general",
            (app_role("expenses", "Submitter"), member("lisbon"), member("print")),
            (
                Policy("expenses", "Employees", "allMemberUsers", 365, "celeste"),
                Policy("expenses-auto", "Legal", "specificDirectoryUsers", 0, rule='(user.department -eq "Legal")'),
            ),
        ),
        Package(
            "contracts",
            "Contract archive",
            "general",
            (member("contracts"), site_group("contracts", 9)),
            (Policy("contracts", "Employees", "allMemberUsers", 180, "agnes"),),
            "2026-07-08T09:41:07Z",
        ),
    )
}
"""Eight packages, by short name; the last one is younger than the first snapshot."""

SERIES = {
    series.key: series
    for series in (
        Series("workstations", "Privileged workstations, quarterly", ("group", "privileged"), "britta", "None"),
        Series("payments", "Payment approval, twice a year", ("package", "payments"), "ines", "None"),
        Series("expenses", "Contoso Expenses, once a year", ("app", "expenses"), "celeste", "Recommendation", 1),
    )
}
"""Three review series, by short name."""

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
    )
}
"""The rounds of the reviews, by short name."""
