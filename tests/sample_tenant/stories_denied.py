"""Stories of reviews that were answered in vain or never came to an end, and of those that did."""

from __future__ import annotations

from tests.sample_tenant.findings import denied, leaver, outside, overdue
from tests.sample_tenant.words import Answer, Assignment, Holding, Story, app_role, member, site_group

TREASURY, PRIVILEGED, CLOSE = member("treasury"), member("privileged"), member("close")
APPROVER, DESK = app_role("ledger", "Approver"), site_group("treasury-desk", 5)
AURORA, PARTNERS = member("aurora"), site_group("aurora", 7)
_DESK_TEAM = ("bjorn", "anika", "petr", "giulia", "cosima", "teresa")
_PARTNERS = ("oluwaseun", "marek", "aiko", "lieke", "teemu")

DENIED = (
    Story(
        "Denied, and nobody pressed Apply",
        "In July Sunniva denied Dagmar's place in FIN-Treasury desk, which nobody had given her through a package. The "
        "review does not apply its results by itself; eleven weeks later she is still there.",
        "Fritz was denied too and lost his access the day after; he got a new package on 20 July.",
        (
            Assignment("fritz", "treasury", "2026-01-15T09:00:00Z", "2026-07-11T09:00:00Z"),
            Assignment("fritz", "treasury", "2026-07-20T09:00:00Z", "2027-01-16T09:00:00Z"),
        ),
        (
            Holding("dagmar", TREASURY),
            Holding("fritz", TREASURY),
            Holding("fritz", DESK),
            Holding("fritz", APPROVER, "x....", "2026-01-15T09:02:58Z"),
            Holding("fritz", APPROVER, ".xxxx", "2026-07-20T09:03:40Z"),
        ),
        (
            Answer("treasury-1", "dagmar", "Deny", "sunniva"),
            Answer("treasury-1", "fritz", "Deny", "sunniva"),
            Answer("treasury-1", "sunniva", "Approve", "bjorn"),
            *(Answer("treasury-1", key, "Approve", "sunniva") for key in _DESK_TEAM),
        ),
        (
            outside("dagmar", TREASURY, "first_assessed open open open open", "treasury"),
            denied("dagmar", "treasury-1", ("group", "treasury"), "- new unconfirmed open open"),
        ),
        cases="F34",
    ),
    Story(
        "Denied here, held through another group",
        "In September Britta denied Tobias and பிரியா their privileged workstations. Tobias was taken out of the "
        "group, but is in IT-Recovery consoles, which stands in it; பிரியா was not taken out at all.",
        "Søren was denied as well, and is gone.",
        (),
        (
            Holding("tobias", PRIVILEGED, "xxxx."),
            Holding("tobias", member("consoles")),
            Holding("consoles", PRIVILEGED),
            Holding("priya", PRIVILEGED),
            Holding("soren", PRIVILEGED, "xxxx."),
        ),
        (
            *(Answer("workstations-1", key, "Approve", "britta") for key in ("tobias", "priya", "soren")),
            *(Answer("workstations-2", key, "Deny", "britta") for key in ("tobias", "priya", "soren")),
        ),
        (
            denied("tobias", "workstations-2", ("group", "privileged"), "- - - - new"),
            denied("priya", "workstations-2", ("group", "privileged"), "- - - - new"),
        ),
        cases="F6 F34",
    ),
    Story(
        "A package denied",
        "In June Björn denied Ulrike Quarter-end close. The assignment still lives, and so does the access. Nobody "
        "had looked before that round ended, so confidence is medium.",
        "He denied it to Zeynep too, but she has the same group from another package.",
        (Assignment("ulrike", "close", "2026-02-02T09:00:00Z", "2027-02-02T09:00:00Z"),),
        (Holding("ulrike", CLOSE),),
        (
            Answer("close-1", "ulrike", "Deny", "bjorn"),
            Answer("close-1", "zeynep", "Deny", "bjorn"),
            *(Answer("close-1", key, "Approve", "bjorn") for key in ("sunniva", "emre", "teresa", "magnus")),
        ),
        (
            denied(
                "ulrike",
                "close-1",
                ("package", "close"),
                "first_assessed open unconfirmed open open",
                sure="medium",
            ),
        ),
        cases="F34",
    ),
    Story(
        "Blocked for a month, then deleted",
        "The review of the partners in Aurora blocks whom it denies for thirty days and deletes the account then. On "
        "16 September 高橋 悠斗 is blocked and still in the team: a note, for the round is still applying. On 30 "
        "September the account is gone, but its package is not given back.",
        "A denial that only removes access, as Édda's (Silence became denial), has no such month.",
        (Assignment("yuto", "aurora", "2026-05-04T08:00:00Z", "2026-10-31T08:00:00Z"),),
        (Holding("yuto", AURORA, "xxxx."), Holding("yuto", PARTNERS, "xxxx.")),
        (
            Answer("partners-1", "yuto", "Deny", "thanh"),
            *(Answer("partners-1", key, "Approve", "thanh") for key in _PARTNERS),
        ),
        (
            denied("yuto", "partners-1", ("group", "aurora"), "- - - new resolved", "info"),
            leaver("yuto", "- - - new open"),
        ),
        cases="F9 F41",
    ),
    Story(
        "A review that does not end",
        "The review of Contoso Ledger should have ended on 10 September and is still in progress. Magnus, whose "
        "account was disabled in August, was asked and never answered.",
        "Björn was asked as well and answered. The second review of Payment approval, in progress on 30 September, has "
        "until October.",
        (),
        (),
        (
            Answer("ledger-1", "omar", "Approve", "bjorn", early=True),
            Answer("ledger-1", "fritz", "Approve", "bjorn", early=True),
            *(Answer("ledger-1", key, "NotReviewed") for key in ("sunniva", "cosima")),
        ),
        (overdue("ledger-1", "- - - new open"),),
        cases="F39",
    ),
)
