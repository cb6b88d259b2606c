"""Stories of access that stayed after its package ended, and of their innocent twins."""

from __future__ import annotations

from tests.sample_tenant.findings import half_removed, outside, past_expiry
from tests.sample_tenant.words import (
    Assignment,
    Holding,
    Story,
    app_role,
    member,
    owner,
    site_group,
)

PAYMENTS, CLOSE, BOREALIS, CONTRACTS = member("payments"), member("close"), member("borealis"), member("contracts")
APPROVER, SUBMITTER = app_role("ledger", "Approver"), app_role("expenses", "Submitter")
TREASURY = (APPROVER, member("treasury"), site_group("treasury-desk", 5))


def _all_three(principal: str, seen: str) -> tuple[Holding, ...]:
    """Return the three roles of Treasury workplace, held in the same snapshots."""
    return tuple(
        Holding(principal, role, seen, "2026-01-15T09:02:51Z" if role is APPROVER else None) for role in TREASURY
    )


LEFT_OVERS = (
    Story(
        "A bundle of three left behind",
        "Björn's Treasury workplace ended on 14 July. Group, app role and site all stayed: one finding with three "
        "grants.",
        "Anika's ended in the same minute and all three were gone by the end of July.",
        (
            Assignment("bjorn", "treasury", "2026-01-15T09:00:00Z", "2026-07-14T22:00:00Z"),
            Assignment("anika", "treasury", "2026-01-15T09:00:00Z", "2026-07-14T22:00:00Z"),
        ),
        (*_all_three("bjorn", "xxxxx"), *_all_three("anika", "x....")),
        findings=(past_expiry("bjorn", "treasury", TREASURY, "- new open open open"),),
        cases="F1",
    ),
    Story(
        "The same group in two packages, both ended",
        "Emre had two packages that give the group with the very long name; they ended on 5 and on 20 August. One "
        "finding, which names the later.",
        "Zeynep's second package has not ended: the group is explained by it.",
        (
            Assignment("emre", "close", "2026-02-02T09:00:00Z", "2026-08-05T09:00:00Z"),
            Assignment("emre", "close-audit", "2026-03-02T09:00:00Z", "2026-08-20T09:00:00Z"),
            Assignment("zeynep", "close", "2026-02-02T09:00:00Z", "2026-08-05T09:00:00Z"),
            Assignment("zeynep", "close-audit", "2026-03-02T09:00:00Z", "2027-03-02T09:00:00Z"),
        ),
        (Holding("emre", CLOSE), Holding("zeynep", CLOSE)),
        findings=(past_expiry("emre", "close-audit", (CLOSE,), "- - new open open"),),
        cases="F2",
    ),
    Story(
        "Past its end, yet delivered",
        "نادية's assignment was meant to end on 15 August; the service still calls it delivered and she is still in "
        "the group.",
        "كريم's would have ended then too, and was renewed to February.",
        (
            Assignment("nadia", "payments", "2025-08-15T09:00:00Z", "2026-08-15T09:00:00Z", state="delivered"),
            Assignment(
                "karim",
                "payments",
                "2025-08-15T09:00:00Z",
                "2026-08-15T09:00:00Z",
                renewed=(2, "2027-02-15T09:00:00Z"),
            ),
        ),
        (Holding("nadia", PAYMENTS), Holding("karim", PAYMENTS)),
        findings=(past_expiry("nadia", "payments", (PAYMENTS,), "- - new open open"),),
        cases="F1",
    ),
    Story(
        "An assignment that vanished",
        "Agata's live assignment is no longer listed on 16 September, and she is still in the group. It ended "
        "between two snapshots, so confidence is medium on the first day and high from then on.",
        "Ondřej's vanished as well, and his membership with it.",
        (
            Assignment("agata", "payments", "2026-02-10T09:00:00Z", "2027-02-10T09:00:00Z", vanishes=3),
            Assignment("ondrej", "payments", "2026-02-10T09:00:00Z", "2027-02-10T09:00:00Z", vanishes=3),
        ),
        (Holding("agata", PAYMENTS), Holding("ondrej", PAYMENTS, "xxx..")),
        findings=(past_expiry("agata", "payments", (PAYMENTS,), "- - - new open", "- - - medium high"),),
    ),
    Story(
        "Began and ended between two snapshots",
        "João had the package from 3 to 20 August and is in the group on 31 August: perhaps from it, perhaps not, so "
        "confidence stays medium. He was out by the end of September.",
        "Freyja had it on the same days and was out before the snapshot.",
        (
            Assignment("joao", "payments", "2026-08-03T09:00:00Z", "2026-08-20T09:00:00Z"),
            Assignment("freya", "payments", "2026-08-03T09:00:00Z", "2026-08-20T09:00:00Z"),
        ),
        (Holding("joao", PAYMENTS, "..xx."),),
        findings=(past_expiry("joao", "payments", (PAYMENTS,), "- - new open resolved", "- - medium medium medium"),),
    ),
    Story(
        "Ended before anybody looked",
        "欧阳 伟's package ended on 31 May, a month before the first snapshot, and he is in the group in all of them. "
        "Nobody saw the two together, so confidence stays medium.",
        "欧阳 美玲's ended in the same minute and she was never seen in the group.",
        (
            Assignment("wei", "payments", "2025-05-31T09:00:00Z", "2026-05-31T09:00:00Z"),
            Assignment("mei", "payments", "2025-05-31T09:00:00Z", "2026-05-31T09:00:00Z"),
        ),
        (Holding("wei", PAYMENTS),),
        findings=(past_expiry("wei", "payments", (PAYMENTS,), "first_assessed open open open open", "medium"),),
    ),
    Story(
        "The service dates the grant",
        "ரவி's app role was given during his assignment, which ended on 31 May: the service says so, and confidence "
        "is high from the first snapshot. It was taken away by 16 September.",
        "عمر's app role was given on 12 June, after the same end: that is no left-over but access outside packages, "
        "until the end of September.",
        (
            Assignment("ravi", "treasury", "2025-12-02T09:00:00Z", "2026-05-31T09:00:00Z"),
            Assignment("omar", "treasury", "2025-12-02T09:00:00Z", "2026-05-31T09:00:00Z"),
        ),
        (
            Holding("ravi", APPROVER, "xxx..", "2025-12-02T09:04:18Z"),
            Holding("omar", APPROVER, "xxxx.", "2026-06-12T14:31:40Z"),
        ),
        findings=(
            past_expiry("ravi", "treasury", (APPROVER,), "first_assessed open open resolved -"),
            outside("omar", APPROVER, "first_assessed open open open resolved", "treasury"),
        ),
        cases="F1 F19",
    ),
    Story(
        "Ended while its group was refused",
        "Hedda's Project Borealis, lead ended on 12 July, and ownership went with it. Her membership was not "
        "readable on 31 July, is found on 31 August, and is gone by 16 September.",
        "Thanh's has not ended.",
        (Assignment("hedda", "borealis", "2025-07-12T09:00:00Z", "2026-07-12T09:00:00Z"),),
        (Holding("hedda", BOREALIS, "xxx.."), Holding("hedda", owner("borealis"), "x....")),
        findings=(
            past_expiry("hedda", "borealis", (BOREALIS,), "- - new resolved -"),
            half_removed("hedda", "borealis", (BOREALIS,), "- - new resolved -"),
        ),
        cases="F50",
    ),
    Story(
        "Came with the assignment",
        "कमल had Contract archive on the same days as Yétúndé, but joined LEG-Contracts with it: what is left in "
        "August is a left-over. It was taken away by the end of September.",
        "Agnès's has not ended.",
        (Assignment("kamal", "contracts", "2026-07-20T07:30:00Z", "2026-08-20T07:30:00Z"),),
        (Holding("kamal", CONTRACTS, ".xxx."), Holding("kamal", site_group("contracts", 9), ".x...")),
        findings=(
            past_expiry("kamal", "contracts", (CONTRACTS,), "- - new open resolved"),
            half_removed("kamal", "contracts", (CONTRACTS,), "- - new open resolved"),
        ),
        cases="F13",
    ),
    Story(
        "Twenty-seven hours, and ten",
        "Līvija's package ended 27 hours before the last snapshot, and she is still in the group.",
        "Selin's ended ten hours before: removal may still be under way.",
        (
            Assignment("livia", "payments", "2025-09-28T23:00:00Z", "2026-09-28T23:00:00Z"),
            Assignment("selin", "payments", "2025-09-29T16:00:00Z", "2026-09-29T16:00:00Z"),
        ),
        (Holding("livia", PAYMENTS), Holding("selin", PAYMENTS)),
        findings=(past_expiry("livia", "payments", (PAYMENTS,), "- - - - new"),),
        cases="F3",
    ),
    Story(
        "What a rule or a directory keeps",
        "Bruno and Clara had Travel and expenses until 15 July and lost the app role. Nothing of it is to be found: "
        "Bruno is still in Staff Lisbon, which a rule fills, and Clara in PRINT-Lisboa-Piso-2, which comes from "
        "on-premises.",
        "They are their own twins: any other group would be a left-over.",
        (
            Assignment("bruno", "expenses", "2025-07-15T09:00:00Z", "2026-07-15T09:00:00Z"),
            Assignment("clara", "expenses", "2025-07-15T09:00:00Z", "2026-07-15T09:00:00Z"),
        ),
        (
            Holding("bruno", SUBMITTER, "x....", "2025-07-15T09:05:00Z"),
            Holding("clara", SUBMITTER, "x....", "2025-07-15T09:05:00Z"),
            Holding("bruno", member("lisbon")),
            Holding("clara", member("print")),
        ),
        cases="F4",
    ),
    Story(
        "Being delivered",
        "ゆき's request was approved eleven hours before the last snapshot; she is in the group and the service "
        "still says delivering. Delivery of Thủy's Finance reports failed, the service says, but she is in the group. "
        "Nothing is to be found.",
        "תמר's assignment (A week too early) is called delivered, but has not begun.",
        (
            Assignment("yuki", "payments", "2026-09-29T15:00:00Z", "2027-09-29T15:00:00Z", state="delivering"),
            Assignment("thuy", "reports", "2026-09-22T09:00:00Z", "2027-03-22T09:00:00Z", state="deliveryFailed"),
        ),
        (Holding("yuki", PAYMENTS, "....x"), Holding("thuy", member("reports"), "....x")),
    ),
)
