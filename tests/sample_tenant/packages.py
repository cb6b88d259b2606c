"""The catalogs, access packages and policies of Contoso."""

from __future__ import annotations

from dataclasses import dataclass

from tests.sample_tenant.ids import guid
from tests.sample_tenant.words import (
    Role,
    app_role,
    directory_role,
    eligible,
    eligible_role,
    member,
    owner,
    site_group,
)


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
    joined: tuple[tuple[Role, str], ...] = ()
    """Roles that came later, and when."""
    left: tuple[tuple[Role, int], ...] = ()
    """Roles that went, and the first snapshot without them."""

    @property
    def id(self) -> str:
        """Return the package's id."""
        return guid("package", self.key)


EDITOR = app_role("register", "Editor")
ARCHIVE_VISITORS = site_group("contracts", 4)
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
            joined=((ARCHIVE_VISITORS, "2026-08-24T10:05:19Z"),),
        ),
        Package(
            "vendors",
            "Vendor records",
            "finance",
            (member("vendors"),),
            (Policy("vendors", "Employees", "allMemberUsers", 365, "sunniva"),),
        ),
        Package(
            "reports",
            "Finance reports, read only",
            "finance",
            (member("reports"),),
            (Policy("reports", "Employees", "allMemberUsers", 365, "bjorn"),),
            left=((EDITOR, 2), (ARCHIVE_VISITORS, 2)),
        ),
        Package(
            "steward",
            "Project Borealis, site steward",
            "projects",
            (site_group("borealis", 3), site_group("borealis", 5)),
            (Policy("steward", "Employees", "allMemberUsers", 180, "thanh"),),
        ),
        Package(
            "oncall",
            "Production on call, when needed",
            "general",
            (eligible("oncall"),),
            (Policy("oncall", "Employees", "allMemberUsers", 180, "britta"),),
        ),
        Package(
            "oncall-lead",
            "Production on call, lead",
            "general",
            (member("oncall"),),
            (Policy("oncall-lead", "Employees", "allMemberUsers", 180, "britta"),),
        ),
        Package(
            "desk",
            "First-level support, when needed",
            "general",
            (eligible_role("helpdesk-admin"),),
            (Policy("desk", "Employees", "allMemberUsers", 180, "britta"),),
        ),
        Package(
            "desk-lead",
            "First-level support, lead",
            "general",
            (directory_role("helpdesk-admin"),),
            (Policy("desk-lead", "Employees", "allMemberUsers", 180, "britta"),),
        ),
        Package(
            "trips",
            "Business travel",
            "general",
            (app_role("trips", "Traveller"), site_group("travel", 5)),
            (Policy("trips", "Employees", "allMemberUsers", 365, "celeste"),),
        ),
    )
}
"""Sixteen packages, by short name; the contract archive is younger than the first snapshot."""

INCOMPATIBLE = {"payments": (("vendors",), ("auditors",))}
"""Packages and groups that nobody may hold beside a package, as declared on that package alone."""
