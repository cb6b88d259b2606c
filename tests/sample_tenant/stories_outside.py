"""Stories of access that nobody got through a package, and of their innocent twins."""

from __future__ import annotations

from tests.sample_tenant.findings import outside, past_expiry
from tests.sample_tenant.words import (
    Assignment,
    Holding,
    Story,
    app_role,
    member,
    owner,
    site_group,
)

PAYMENTS, TREASURY, BOREALIS, CONTRACTS = (
    member("payments"),
    member("treasury"),
    member("borealis"),
    member("contracts"),
)
APPROVER, READER = app_role("ledger", "Approver"), app_role("ledger", "Reader")
DESK_MEMBERS, DESK_VISITORS = site_group("treasury-desk", 5), site_group("treasury-desk", 4)
SIGNATORIES = site_group("contracts", 9)

OUTSIDE = (
    Story(
        "Added by hand",
        "Łukasz stands in FIN-Payment approvers, which the package Payment approval gives. He never had the package.",
        "Kofi stands in the same group and has the package.",
        (Assignment("kofi", "payments", "2025-12-01T09:00:00Z", "2026-12-01T09:00:00Z", duration="P365D"),),
        (Holding("lukasz", PAYMENTS), Holding("kofi", PAYMENTS)),
        findings=(outside("lukasz", PAYMENTS, "first_assessed open open open open", "payments"),),
        cases="F14",
    ),
    Story(
        "A robot with a packaged app role",
        "Invoice robot, a service principal, is Approver in Contoso Ledger. Treasury workplace gives that role, and "
        "the robot has no package.",
        "Report robot is only Reader there, which no package gives.",
        (),
        (
            Holding("invoice-robot", APPROVER, granted="2025-06-03T07:12:44Z"),
            Holding("report-robot", READER, granted="2025-06-03T07:15:02Z"),
        ),
        findings=(outside("invoice-robot", APPROVER, "first_assessed open open open open", "treasury"),),
        cases="F17 F19",
    ),
    Story(
        "There before the assignment",
        "Yétúndé was in LEG-Contracts before Contract archive existed; she had the package from 20 July to 20 August "
        "and lost the site with it. The membership is older than the assignment, so it is not a left-over, and it is "
        "still there.",
        "Agnès was there before too, and her assignment has not ended.",
        (
            Assignment("yetunde", "contracts", "2026-07-20T07:30:00Z", "2026-08-20T07:30:00Z"),
            Assignment("agnes", "contracts", "2026-07-20T07:30:00Z", "2027-01-20T07:30:00Z"),
        ),
        (
            Holding("yetunde", CONTRACTS),
            Holding("yetunde", SIGNATORIES, ".x..."),
            Holding("agnes", CONTRACTS),
            Holding("agnes", SIGNATORIES, ".xxxx"),
        ),
        findings=(outside("yetunde", CONTRACTS, "- - new open open", "contracts"),),
        cases="F13",
    ),
    Story(
        "Excused for a month",
        "Siobhán stood in the group by hand, then had the package from 10 July to 15 August, then stood there by hand "
        "again: the finding goes and reopens. By 16 September somebody had taken her out.",
        "Renata's assignment began before the first snapshot, so she never stood there without it.",
        (
            Assignment("siobhan", "payments", "2026-07-10T06:00:00Z", "2026-08-15T06:00:00Z"),
            Assignment("renata", "payments", "2026-06-10T06:00:00Z", "2027-06-10T06:00:00Z"),
        ),
        (Holding("siobhan", PAYMENTS, "xxx.."), Holding("renata", PAYMENTS)),
        findings=(outside("siobhan", PAYMENTS, "first_assessed resolved reopened resolved -", "payments"),),
        cases="F14",
    ),
    Story(
        "Left and came back",
        "Miklós's package ended on 5 July and he was out of the group by the end of that month. In August he was back "
        "without a package; by the end of September he was out again.",
        "Orsolya left and came back in the same months, with a second assignment.",
        (
            Assignment("miklos", "payments", "2025-09-01T09:00:00Z", "2026-07-05T09:00:00Z"),
            Assignment("orsolya", "payments", "2025-09-01T09:00:00Z", "2026-07-05T09:00:00Z"),
            Assignment("orsolya", "payments", "2026-08-20T09:00:00Z", "2027-02-20T09:00:00Z"),
        ),
        (Holding("miklos", PAYMENTS, "x.xx."), Holding("orsolya", PAYMENTS, "x.xxx")),
        findings=(outside("miklos", PAYMENTS, "- - new open resolved", "payments"),),
        cases="F1",
    ),
    Story(
        "First a left-over, then back by hand",
        "大河内 健二 kept his access after the package ended on 8 July, lost it in August and had it back in "
        "September. The first is access past its end, the second access outside packages.",
        "Chídì kept it as well and lost it by 16 September, but did not come back.",
        (
            Assignment("kenji", "payments", "2025-10-01T09:00:00Z", "2026-07-08T09:00:00Z"),
            Assignment("chidi", "payments", "2025-07-10T09:00:00Z", "2026-07-10T09:00:00Z"),
        ),
        (Holding("kenji", PAYMENTS, "xx.xx"), Holding("chidi", PAYMENTS, "xxx..")),
        findings=(
            past_expiry("kenji", "payments", (PAYMENTS,), "- new resolved - -"),
            outside("kenji", PAYMENTS, "- - - new open", "payments"),
            past_expiry("chidi", "payments", (PAYMENTS,), "- new open resolved -"),
        ),
        cases="F1",
    ),
    Story(
        "A week too early",
        "תמר's assignment begins on 7 October, and she is in the group on 30 September. Until it begins it explains "
        "nothing.",
        "נועם's assignment began on 27 September.",
        (
            Assignment(
                "tamar",
                "payments",
                "2026-10-07T09:00:00Z",
                "2027-10-07T09:00:00Z",
                created="2026-09-28T10:00:00Z",
                state="delivered",
            ),
            Assignment("noam", "payments", "2026-09-27T09:00:00Z", "2027-09-27T09:00:00Z"),
        ),
        (Holding("tamar", PAYMENTS, "....x"), Holding("noam", PAYMENTS, "....x")),
        findings=(outside("tamar", PAYMENTS, "- - - - new", "payments"),),
    ),
    Story(
        "An owner by hand",
        "Thủy owns PRJ-Borealis, and the package Project Borealis, lead gives ownership of it. She has no package.",
        "Inês owns FIN-Payment approvers, of which packages give only membership.",
        (),
        (Holding("thuy", owner("borealis")), Holding("ines", owner("payments"))),
        findings=(outside("thuy", owner("borealis"), "first_assessed open open open open", "borealis"),),
        cases="F15",
    ),
    Story(
        "A site member by hand",
        "Ṣọlá joined the Members of the site Treasury desk in August; Treasury workplace gives that and she has no "
        "package.",
        "Fúnmiláyọ̀ is a Visitor of the same site, which no package gives.",
        (),
        (Holding("sola", DESK_MEMBERS, "..xxx"), Holding("funmilayo", DESK_VISITORS, "..xxx")),
        findings=(outside("sola", DESK_MEMBERS, "- - new open open", "treasury"),),
        cases="F10 F14",
    ),
    Story(
        "In a group that was refused",
        "The service refused the members of PRJ-Borealis on 31 July. Radek, there by hand since before, is not "
        "confirmed that day; Linnéa, added in July, is found only in August.",
        "Thanh is in the group with the package.",
        (Assignment("thanh", "borealis", "2026-05-04T09:00:00Z", "2027-05-04T09:00:00Z"),),
        (
            Holding("radek", BOREALIS, "xxxx."),
            Holding("linnea", BOREALIS, ".xx.."),
            Holding("thanh", BOREALIS),
            Holding("thanh", owner("borealis")),
        ),
        findings=(
            outside("radek", BOREALIS, "first_assessed unconfirmed open open resolved", "borealis"),
            outside("linnea", BOREALIS, "- - new resolved -", "borealis"),
        ),
        cases="F50",
    ),
    Story(
        "Cleaned up, and cleaned up for a while",
        "Petr and Giulia stood in FIN-Treasury desk by hand. Petr was out by 16 September and stayed out; Giulia was "
        "out by 31 August and is back on 30 September.",
        "Sunniva is in the group with the package.",
        (Assignment("sunniva", "treasury", "2026-06-01T09:00:00Z", "2026-11-28T09:00:00Z"),),
        (
            Holding("petr", TREASURY, "xxx.."),
            Holding("giulia", TREASURY, "xx..x"),
            Holding("sunniva", TREASURY),
            Holding("sunniva", APPROVER, granted="2026-06-01T09:03:12Z"),
            Holding("sunniva", DESK_MEMBERS),
        ),
        findings=(
            outside("petr", TREASURY, "first_assessed open open resolved -", "treasury"),
            outside("giulia", TREASURY, "first_assessed open resolved - reopened", "treasury"),
        ),
    ),
)
