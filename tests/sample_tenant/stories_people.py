"""Stories of people who left, moved or came back, and of those who did so cleanly."""

from __future__ import annotations

from tests.sample_tenant.findings import leaver, past_expiry
from tests.sample_tenant.words import Answer, Assignment, Holding, Story, app_role, member, owner, site_group

PAYMENTS, CLOSE = member("payments"), member("close")
APPROVER, SUBMITTER = app_role("ledger", "Approver"), app_role("expenses", "Submitter")
_CONTRACT = ("2026-04-01T07:00:00Z", "2026-07-31T21:59:59Z")
_LEFT_BEHIND = ("gaspar", "ilse", "dragan")

LEAVERS = (
    Story(
        "Contractors left in a finance group",
        "Three contractors helped with the quarter-end close until the end of July. Their packages ended, and all "
        "three are still in the group. A change in July rewrote the start of Gaspar's, and a new one for Ilse has "
        "been under way since the day before the last snapshot: neither excuses anything.",
        "Maren's contract was extended to the end of October.",
        (
            Assignment("gaspar", "close-audit", *_CONTRACT, restarted=(1, "2026-07-15T07:00:00Z")),
            Assignment("ilse", "close-audit", *_CONTRACT),
            Assignment(
                "ilse", "close-audit", "2026-09-29T12:00:00Z", None, created="2026-09-29T10:00:00Z", state="delivering"
            ),
            Assignment("dragan", "close-audit", *_CONTRACT),
            Assignment("maren", "close-audit", *_CONTRACT, renewed=(1, "2026-10-31T22:59:59Z")),
        ),
        tuple(Holding(key, CLOSE) for key in (*_LEFT_BEHIND, "maren")),
        findings=tuple(past_expiry(key, "close-audit", (CLOSE,), "- - new open open") for key in _LEFT_BEHIND),
        cases="F1",
    ),
    Story(
        "A consultant whose engagement ended",
        "Corinne left on 14 August, as the directory was told. Her account is open, and she has Travel and expenses "
        "until February.",
        "Bruna has it too, and leaves at the end of December.",
        (Assignment("corinne", "expenses", "2026-02-16T10:20:00Z", "2027-02-16T10:20:00Z"),),
        (Holding("corinne", SUBMITTER, granted="2026-02-16T10:22:51Z"),),
        (Answer("expenses-1", "corinne", "Approve", "celeste"),),
        (leaver("corinne", "- - new open open"),),
    ),
    Story(
        "A mover",
        "Teresa went from Treasury to Projects on 10 July, and her packages were ended that day. She is still in the "
        "group of the quarter-end close.",
        "Her Treasury workplace ended in the same minute and went whole.",
        (
            Assignment("teresa", "close", "2026-01-12T09:00:00Z", "2026-07-10T16:00:00Z"),
            Assignment("teresa", "treasury", "2026-01-12T09:00:00Z", "2026-07-10T16:00:00Z"),
        ),
        (
            Holding("teresa", CLOSE),
            Holding("teresa", member("treasury"), "x...."),
            Holding("teresa", APPROVER, "x....", "2026-01-12T09:03:29Z"),
            Holding("teresa", site_group("treasury-desk", 5), "x...."),
        ),
        findings=(past_expiry("teresa", "close", (CLOSE,), "- new open open open"),),
        cases="F1",
    ),
    Story(
        "A disabled owner",
        "Magnus's account was disabled in August. He still owns FIN-Vendor records, and his package for the quarter-"
        "end close lives on, though he was taken out of its group.",
        "Paulo's account is disabled too; he is only where a rule puts every guest.",
        (Assignment("magnus", "close", "2026-03-16T09:00:00Z", "2027-03-16T09:00:00Z"),),
        (Holding("magnus", CLOSE, "xx..."), Holding("magnus", owner("vendors"))),
        findings=(leaver("magnus", "- - new open open"),),
    ),
    Story(
        "Deleted, and still assigned",
        "Lorcán's account was deleted on 9 September and can be restored for thirty days. His package lives until "
        "November: restored, he would be back in FIN-Payment approvers.",
        "Ewa's account was deleted two days later, and nothing is left of it.",
        (Assignment("lorcan", "payments", "2025-11-03T09:00:00Z", "2026-11-03T09:00:00Z"),),
        (Holding("lorcan", PAYMENTS, "xxx.."),),
        findings=(leaver("lorcan", "- - - new open"),),
        cases="F9",
    ),
    Story(
        "Deleted and restored",
        "Beatriz's account was deleted on 14 August and restored in September. Her package ended in between, and the "
        "account came back with the access: she never left the group, she was away with it.",
        "大河内 健二's account was there all the time, so what came back to him (First a left-over, then back by hand) "
        "is access outside packages.",
        (Assignment("beatriz", "payments", "2025-08-20T09:00:00Z", "2026-08-20T09:00:00Z"),),
        (Holding("beatriz", PAYMENTS, "xx.xx"),),
        findings=(past_expiry("beatriz", "payments", (PAYMENTS,), "- - - new open"),),
        cases="F9",
    ),
)
