"""Stories of review questions that nobody answered, and of their innocent twins."""

from __future__ import annotations

from tests.sample_tenant.findings import denied, unanswered
from tests.sample_tenant.words import Answer, Assignment, Holding, Story, app_role, member

WORKSTATIONS, EXPENSES, PACKAGE = ("group", "privileged"), ("app", "expenses"), ("package", "payments")
SUBMITTER, ADMINISTRATOR = app_role("expenses", "Submitter"), app_role("expenses", "Administrator")
SILENT_SINCE_JUNE = "first_assessed open unconfirmed open resolved"
GIVEN = "2025-11-17T10:22:09Z"

UNANSWERED = (
    Story(
        "Silent in June, answered in September",
        "Nobody answered for Dagný in the June round. In September Britta approved her; until that round ended the old "
        "silence stood.",
        "Britta was approved in both rounds.",
        (),
        (Holding("dagny", member("privileged")), Holding("britta", member("privileged"))),
        (
            Answer("workstations-1", "dagny", "NotReviewed"),
            Answer("workstations-2", "dagny", "Approve", "britta"),
            Answer("workstations-1", "britta", "Approve", "sunniva"),
            Answer("workstations-2", "britta", "Approve", "sunniva"),
        ),
        (unanswered("dagny", "workstations-1", WORKSTATIONS, SILENT_SINCE_JUNE),),
        cases="F36",
    ),
    Story(
        "Silent twice",
        "Nobody answered for Stellan in June, nor in September: the finding of the old round goes, that of the new one "
        "comes. The service names no resource in these decisions; the round's scope does.",
        "On 16 September the second round was still in progress and gave nothing.",
        (),
        (Holding("stellan", member("privileged")),),
        (
            Answer("workstations-1", "stellan", "NotReviewed"),
            Answer("workstations-2", "stellan", "NotReviewed"),
        ),
        (
            unanswered("stellan", "workstations-1", WORKSTATIONS, SILENT_SINCE_JUNE),
            unanswered("stellan", "workstations-2", WORKSTATIONS, "- - - - new"),
        ),
        cases="F36",
    ),
    Story(
        "No answer, and no idea",
        "In the July review of Payment approval nobody answered for Marta, and Inês did not know about Tomáš.",
        "Kofi was approved by Inês. The next round, in progress on 30 September, gives nothing yet.",
        (
            Assignment("marta", "payments", "2026-03-02T09:00:00Z", "2027-03-02T09:00:00Z"),
            Assignment("tomas", "payments", "2026-03-02T09:00:00Z", "2027-03-02T09:00:00Z"),
        ),
        (Holding("marta", member("payments")), Holding("tomas", member("payments"))),
        (
            Answer("payments-1", "marta", "NotReviewed"),
            Answer("payments-1", "tomas", "DontKnow", "ines"),
            Answer("payments-1", "kofi", "Approve", "ines"),
            Answer("payments-2", "marta", "NotReviewed"),
            Answer("payments-2", "tomas", "NotReviewed"),
            Answer("payments-2", "kofi", "NotReviewed"),
        ),
        (
            unanswered("marta", "payments-1", PACKAGE, "- new unconfirmed open open"),
            unanswered("tomas", "payments-1", PACKAGE, "- new unconfirmed open open"),
        ),
        cases="F36",
    ),
    Story(
        "Silence became approval",
        "In the review of Contoso Expenses nobody answered for Bruna, and the service approved her with nobody's "
        "name on it.",
        "Celeste was approved too, by Sunniva.",
        (
            Assignment("bruna", "expenses", "2025-11-17T10:20:00Z", "2026-11-17T10:20:00Z"),
            Assignment("celeste", "expenses", "2025-11-17T10:20:00Z", "2026-11-17T10:20:00Z"),
        ),
        (
            Holding("bruna", SUBMITTER, granted=GIVEN),
            Holding("celeste", SUBMITTER, granted=GIVEN),
        ),
        (
            Answer("expenses-1", "bruna", "Approve"),
            Answer("expenses-1", "celeste", "Approve", "sunniva"),
        ),
        (unanswered("bruna", "expenses-1", EXPENSES, "- - - new open"),),
        cases="F36 F37",
    ),
    Story(
        "Silence became denial",
        "Nobody answered for Viktor and Édda either, and the service denied both. Viktor's role was gone by 16 "
        "September, which makes it a note; Édda's is still there, and the review's denial with it.",
        "حليم, whom nobody answered for, had lost the role in July while the round was running: counted, not listed.",
        (),
        (
            Holding("viktor", ADMINISTRATOR, "xxx..", GIVEN),
            Holding("edda", ADMINISTRATOR, granted=GIVEN),
            Holding("halim", ADMINISTRATOR, "x....", GIVEN),
        ),
        (
            Answer("expenses-1", "viktor", "Deny"),
            Answer("expenses-1", "edda", "Deny", applied="AppliedWithUnknownFailure"),
            Answer("expenses-1", "halim", "NotReviewed"),
        ),
        (
            unanswered("viktor", "expenses-1", EXPENSES, "- - - new open", "info"),
            unanswered("edda", "expenses-1", EXPENSES, "- - - new open"),
            denied("edda", "expenses-1", EXPENSES, "- - - new open"),
        ),
        cases="F35 F36 F37",
    ),
)
