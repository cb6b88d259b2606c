"""Stories of groups that stand where a package would put persons, and of those that belong there."""

from __future__ import annotations

from tests.sample_tenant.findings import opened
from tests.sample_tenant.words import Assignment, Holding, Story, app_role, member, site_group

APPROVER, SUBMITTER = app_role("ledger", "Approver"), app_role("expenses", "Submitter")
TREASURY, CONTRACTS, DESK = member("treasury"), member("contracts"), site_group("treasury-desk", 5)

NESTED = (
    Story(
        "Shared accounts of the night shift",
        "The group FIN-Ledger operators is Approver in Contoso Ledger, which Treasury workplace gives to persons. "
        "Whoever is in the group has the role, without a package and without an end; a review of the application would "
        "not take anybody out of it.",
        "The group Canteen, this week's menu, is Reader in Contract Register, which no package gives.",
        (),
        (Holding("ledger-operators", APPROVER, granted="2025-02-11T13:05:30Z"),),
        findings=(opened("ledger-operators", APPROVER, "first_assessed open open open open", "treasury"),),
        cases="F7",
    ),
    Story(
        "The whole company in a group",
        "In August somebody put Everybody at Contoso into LEG-Contracts, which Contract archive gives. One finding, "
        "not one for each of the people. It was put right by the end of September.",
        "The group that the auto-assignment policy of Travel and expenses made is Submitter in Contoso Expenses: it "
        "has the policy's own rule and must not be touched.",
        (),
        (
            Holding("everybody", CONTRACTS, "..xx."),
            Holding("auto-expenses", SUBMITTER, granted="2026-02-03T05:02:11Z"),
        ),
        findings=(opened("everybody", CONTRACTS, "- - new open resolved", "contracts"),),
        cases="F16",
    ),
    Story(
        "A group on a site",
        "The group 経理部 東京事務所 stands among the Members of the site Treasury desk since August.",
        "PRJ-Borealis stands among the Members and the Owners of its own site, which Project Borealis, site steward, "
        "gives too: a team and its site belong together.",
        (Assignment("thanh", "steward", "2026-05-04T09:00:00Z", "2026-10-31T09:00:00Z"),),
        (
            Holding("tokyo", DESK, "..xxx"),
            Holding("thanh", site_group("borealis", 3)),
            Holding("thanh", site_group("borealis", 5)),
        ),
        findings=(opened("tokyo", DESK, "- - new open open", "treasury"),),
        cases="F6",
    ),
    Story(
        "A cheap package opens a dear one",
        "In July FIN-Reports, read only, was put into FIN-Treasury desk. Packages give both groups, so who asks for "
        "the cheaper gets the dearer with it: told with low severity.",
        "The works council stands in the board secretariat, a group that no package gives.",
        (),
        (Holding("reports", TREASURY, ".xxxx"),),
        findings=(opened("reports", TREASURY, "- new open open open", "treasury", "low"),),
        cases="F6",
    ),
)
