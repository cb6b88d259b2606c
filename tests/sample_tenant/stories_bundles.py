"""Stories of bundles that came or went in part, and of what a package no longer gives."""

from __future__ import annotations

from tests.sample_tenant.findings import half_removed, of_removed_role, past_expiry, without_access
from tests.sample_tenant.packages import ARCHIVE_VISITORS, EDITOR
from tests.sample_tenant.words import Assignment, Holding, Story, app_role, member, site_group

APPROVER, DESK = app_role("ledger", "Approver"), site_group("treasury-desk", 5)
REPORTS, PAYMENTS, AURORA, PARTNERS = member("reports"), member("payments"), member("aurora"), site_group("aurora", 7)
_YEAR = ("2026-02-09T09:00:00Z", "2027-02-09T09:00:00Z")
_GIVEN = "2026-02-09T09:05:21Z"
_UNSURE_AT_FIRST = "- - medium high high"

BUNDLES = (
    Story(
        "A removal half done",
        "Cosima's Treasury workplace ended on 20 August. She was taken out of the group, but kept the app role and the "
        "site: what is left over is told, and that the removal stopped half way.",
        "Björn kept all three (A bundle of three left behind), and ரவி had never more than the app role: nothing of "
        "theirs was removed in part.",
        (Assignment("cosima", "treasury", "2026-03-02T09:00:00Z", "2026-08-20T09:00:00Z"),),
        (
            Holding("cosima", APPROVER, granted="2026-03-02T09:04:36Z"),
            Holding("cosima", member("treasury"), "xx..."),
            Holding("cosima", DESK),
        ),
        findings=(
            past_expiry("cosima", "treasury", (APPROVER, DESK), "- - new open open"),
            half_removed("cosima", "treasury", (APPROVER, DESK), "- - new open open"),
        ),
        cases="F1 F10",
    ),
    Story(
        "A role that left its package",
        "In August Finance reports, read only, ceased to give Editor in Contract Register. Nils has the package and is "
        "still Editor. The role went between two snapshots, so confidence is medium on the first day.",
        "Zeynep has the package too, and the role was taken from her.",
        (Assignment("nils", "reports", *_YEAR), Assignment("zeynep", "reports", *_YEAR)),
        (
            Holding("nils", REPORTS),
            Holding("nils", EDITOR, granted=_GIVEN),
            Holding("nils", ARCHIVE_VISITORS, "xx..."),
            Holding("zeynep", REPORTS),
            Holding("zeynep", EDITOR, "xx...", _GIVEN),
            Holding("zeynep", ARCHIVE_VISITORS, "xx..."),
        ),
        findings=(of_removed_role("nils", EDITOR, "- - new open open", "reports", _UNSURE_AT_FIRST),),
        cases="F8",
    ),
    Story(
        "A role that moved to another package",
        "Visitors of the site Contract archive moved from Finance reports, read only, to Contract archive on 24 "
        "August. Oona has only the former and still visits.",
        "Agnès has the latter.",
        (Assignment("oona", "reports", *_YEAR),),
        (
            Holding("oona", REPORTS),
            Holding("oona", EDITOR, "xx...", _GIVEN),
            Holding("oona", ARCHIVE_VISITORS),
            Holding("agnes", ARCHIVE_VISITORS, "..xxx"),
        ),
        findings=(of_removed_role("oona", ARCHIVE_VISITORS, "- - new open open", "reports", _UNSURE_AT_FIRST),),
        cases="F8",
    ),
    Story(
        "Promised, and not there",
        "Pavel has Payment approval until March, and somebody took him out of the group in August. The service still "
        "calls his package delivered.",
        "Magnus (A disabled owner) has a package without its group as well, but his account is disabled.",
        (Assignment("pavel", "payments", "2026-03-02T09:00:00Z", "2027-03-02T09:00:00Z"),),
        (Holding("pavel", PAYMENTS, "xx..."),),
        findings=(without_access("pavel", "payments", PAYMENTS, "- - new open open"),),
        cases="F25",
    ),
    Story(
        "A guest whom the site does not know yet",
        "ნინო has Project Aurora for partners since 22 September and is in the team. The site has never seen her, so "
        "it cannot give her the role before she signs in: a note.",
        "Marek has been there before and holds both.",
        (Assignment("nino", "aurora", "2026-09-22T08:00:00Z", "2027-03-21T08:00:00Z"),),
        (Holding("nino", AURORA, "....x"),),
        findings=(without_access("nino", "aurora", PARTNERS, "- - - - new", "info"),),
        cases="F26",
    ),
)
