"""The groups, applications and sites of Contoso."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tests.sample_tenant.ids import guid
from tests.sample_tenant.words import Role

GroupType = Literal["security", "unified", "dynamic", "synced", "mail", "distribution", "role"]
LONG_NAME = (
    "FIN-Quarter-end close, consolidation and intercompany reconciliation for every legal entity of Contoso in Europe, "
    "the Middle East and Africa, shared mailbox and archive of the years before 2020 included (read and write)"
)


@dataclass(frozen=True, slots=True)
class Group:
    """One group: short name, display name, what kind it is."""

    key: str
    name: str
    type: GroupType = "security"
    description: str | None = None
    rule: str | None = None
    team: bool = False

    @property
    def id(self) -> str:
        """Return the directory object id."""
        return guid("group", self.key)


@dataclass(frozen=True, slots=True)
class App:
    """One service principal and the roles it offers."""

    key: str
    name: str
    roles: tuple[str, ...] = ()
    owner: str | None = None
    opened: int | None = None
    """The first snapshot in which anybody may use it, assigned or not."""

    @property
    def id(self) -> str:
        """Return the directory object id of the service principal."""
        return guid("app", self.key)

    def role_id(self, name: str) -> str:
        """Return the id of one of its roles."""
        return guid("app-role", f"{self.key}/{name}")


@dataclass(frozen=True, slots=True)
class Site:
    """One SharePoint site, its groups by number, and the Microsoft 365 group it belongs to, if any."""

    key: str
    name: str
    groups: tuple[tuple[int, str], ...]
    group: str | None = None

    @property
    def url(self) -> str:
        """Return the address."""
        return f"https://contoso.sharepoint.com/sites/{self.key}"

    @property
    def id(self) -> str:
        """Return the id: host, site collection and web."""
        return f"contoso.sharepoint.com,{guid('site', self.key)},{guid('web', self.key)}"


GROUPS = {
    group.key: group
    for group in (
        Group("payments", "FIN-Payment approvers", description="May release payment runs up to 250 000 EUR."),
        Group("treasury", "FIN-Treasury desk"),
        Group("close", LONG_NAME),
        Group("ledger-operators", "FIN-Ledger operators", description="Shared accounts of the ledger's night shift."),
        Group("aurora", "PRJ-Aurora", "unified", "Warehouse automation with Northwind and Litware.", team=True),
        Group("borealis", "PRJ-Borealis", "unified", "Successor of Aurora; members are named by the lead.", team=True),
        Group("lisbon", "Staff Lisbon", "dynamic", rule='(user.department -eq "Lisbon office")'),
        Group("guests", "Guests of Contoso", "dynamic", rule='(user.userType -eq "Guest")'),
        Group("everybody", "Everybody at Contoso", "dynamic", rule='(user.userType -eq "Member")'),
        Group("print", "PRINT-Lisboa-Piso-2", "synced", "Kept in the on-premises directory."),
        Group("badge", "BADGE-Lisboa", "synced"),
        Group("contracts", "LEG-Contracts"),
        Group("vendors", "FIN-Vendor records"),
        Group("reports", "FIN-Reports, read only"),
        Group("auditors", "FIN-Internal audit"),
        Group("audit-trainees", "FIN-Internal audit, trainees"),
        Group("privileged", "IT-Privileged workstations"),
        Group("consoles", "IT-Recovery consoles"),
        Group("oncall", "IT-Production on call", "role"),
        Group("readers", "IT-Directory readers", "role"),
        Group("helpdesk", "IT-Helpdesk", "mail"),
        Group(
            "auto-expenses",
            "Auto assignment of Travel and expenses, Legal",
            "dynamic",
            "Made by entitlement management for an auto-assignment policy; do not change.",
            '(user.department -eq "Legal")',
        ),
        Group("works-council", "Works council · Rada pracowników · Üzemi tanács"),
        Group("tokyo", "経理部 東京事務所"),
        Group("cairo", "فريق القاهرة للمدفوعات"),
        Group("haifa", "צוות חיפה"),
        Group("hanoi", "Nhóm kế toán Hà Nội"),
        Group("lagos", "Ẹgbẹ́ ìṣirò owó Èkó"),
        Group("canteen", "Canteen, this week's menu", "unified"),
        Group("sailing", "Sailing club <Regatta & Friends>", "unified"),
        Group("newsletter", "Newsletter readers", "distribution"),
        Group("board", "Board secretariat"),
    )
}
"""Thirty-two groups, by short name."""

APPS = {
    app.key: app
    for app in (
        App("ledger", "Contoso Ledger", ("Approver", "Reader"), "bjorn"),
        App("expenses", "Contoso Expenses", ("Submitter", "Administrator"), "celeste"),
        App("register", "Contract Register", ("Reader", "Editor"), "agnes"),
        App("trips", "Contoso Travel", ("Traveller",), "celeste", opened=2),
        App("invoice-robot", "Invoice robot", owner="ines"),
        App("report-robot", "Report robot"),
    )
}
"""Six applications, two of which hold access themselves."""


@dataclass(frozen=True, slots=True)
class DirectoryRole:
    """One role of the directory."""

    key: str
    name: str
    description: str

    @property
    def id(self) -> str:
        """Return the role definition's id, which for Microsoft's own roles is the template's."""
        return guid("directory-role", self.key)


DIRECTORY_ROLES = {
    role.key: role
    for role in (
        DirectoryRole("helpdesk-admin", "Helpdesk Administrator", "Can reset passwords of people without roles."),
        DirectoryRole("directory-reader", "Directory Readers", "Can read basic directory information."),
        DirectoryRole("reports-reader", "Reports Reader", "Can read sign-in and audit reports."),
    )
}
"""Three roles of the directory, by short name."""

LEVELS = {"Full Control": 1073741829, "Edit": 1073741830, "Read": 1073741826, "Limited Access": 1073741825}
"""Permission levels, by the name that SharePoint gives them; their numbers are the same on every site."""

_USUAL = ((3, "Owners"), (4, "Visitors"), (5, "Members"))
SITES = {
    site.key: site
    for site in (
        Site("treasury-desk", "Treasury desk", _USUAL),
        Site("aurora", "PRJ-Aurora", (*_USUAL, (7, "Partners")), "aurora"),
        Site("borealis", "PRJ-Borealis", _USUAL, "borealis"),
        Site("contracts", "Contract archive", (*_USUAL, (9, "Signatories"))),
        Site("canteen", "Canteen", _USUAL, "canteen"),
        Site("intranet", "Contoso today", _USUAL),
        Site("travel", "Travel desk", _USUAL),
    )
}
"""Seven sites, by short name."""


def resource_id(role: Role) -> str:
    """Return the id of the resource that a role stands on."""
    owners: dict[str, Mapping[str, Group | App | Site | DirectoryRole]] = {
        "app_role": APPS,
        "site_group": SITES,
        "site_role": SITES,
        "directory_role": DIRECTORY_ROLES,
        "eligible_directory_role": DIRECTORY_ROLES,
    }
    return owners.get(role.kind, GROUPS)[role.resource].id


def role_id(role: Role) -> str:
    """Return the id of the role itself; empty for membership and ownership, eligible or not."""
    if role.kind == "app_role":
        return APPS[role.resource].role_id(role.name)
    return str(LEVELS[role.name]) if role.kind == "site_role" else role.name
