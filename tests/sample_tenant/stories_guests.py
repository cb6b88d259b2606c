"""Stories of guests and partners, and of people who hold two things that should be apart."""

from __future__ import annotations

from tests.sample_tenant.findings import conflict, half_removed, outside, past_expiry, stray_guest
from tests.sample_tenant.words import Assignment, Holding, Story, member, site_group

AURORA, PARTNERS = member("aurora"), site_group("aurora", 7)
PARTNERS_BEGIN, PARTNERS_END = "2026-01-02T08:00:00Z", "2026-06-30T21:59:59Z"

GUESTS = (
    Story(
        "Partners who stayed",
        "Project Aurora for partners ended for five guests at the end of 30 June. Olúwaṣeun kept team and site, "
        "Hanne only the site. Neither has another package, so nobody answers for them any more.",
        "Marek's assignment was renewed to December. رشيد lost both in July, and 渡辺 愛子 was given a new one on 1 "
        "July.",
        (
            Assignment("oluwaseun", "aurora", PARTNERS_BEGIN, PARTNERS_END),
            Assignment("hanne", "aurora", PARTNERS_BEGIN, PARTNERS_END),
            Assignment("rashid", "aurora", PARTNERS_BEGIN, PARTNERS_END),
            Assignment("marek", "aurora", PARTNERS_BEGIN, PARTNERS_END, renewed=(1, "2026-12-27T21:59:59Z")),
            Assignment("aiko", "aurora", PARTNERS_BEGIN, PARTNERS_END),
            Assignment("aiko", "aurora", "2026-07-01T08:00:00Z", "2026-12-28T08:00:00Z"),
        ),
        (
            Holding("oluwaseun", AURORA),
            Holding("oluwaseun", PARTNERS),
            Holding("hanne", AURORA, "x...."),
            Holding("hanne", PARTNERS),
            Holding("rashid", AURORA, "x...."),
            Holding("rashid", PARTNERS, "x...."),
            Holding("marek", AURORA),
            Holding("marek", PARTNERS),
            Holding("aiko", AURORA),
            Holding("aiko", PARTNERS),
        ),
        findings=(
            past_expiry("oluwaseun", "aurora", (AURORA, PARTNERS), "- new open open open"),
            stray_guest("oluwaseun", "- new open open open"),
            past_expiry("hanne", "aurora", (PARTNERS,), "- new open open open"),
            half_removed("hanne", "aurora", (PARTNERS,), "- new open open open"),
            stray_guest("hanne", "- new open open open"),
        ),
        cases="F1 F45",
    ),
    Story(
        "A guest for whom nobody answers",
        "Matthias is in the sailing club, as a guest who never had a package: nothing will ever ask whether he is "
        "still welcome.",
        "Iseult is a guest without a package as well, but only where a rule puts every guest.",
        (),
        (Holding("matthias", member("sailing")),),
        findings=(stray_guest("matthias", "first_assessed open open open open"),),
        cases="F45",
    ),
    Story(
        "Invited twice",
        "Teemu is in PRJ-Aurora by hand. His account was deleted in September and he was invited anew: the same mail "
        "address, another account. What was found on the old one is resolved, what is found on the new one is new.",
        "ნინო was invited in the same days and has the package.",
        (),
        (Holding("teemu", AURORA, "xxxx."), Holding("teemu-again", AURORA, "....x")),
        findings=(
            outside("teemu", AURORA, "first_assessed open open open resolved", "aurora"),
            stray_guest("teemu", "first_assessed open open open resolved"),
            outside("teemu-again", AURORA, "- - - - new", "aurora"),
            stray_guest("teemu-again", "- - - - new"),
        ),
        cases="F14 F45",
    ),
    Story(
        "A guest within the day",
        "Lieke's package ended ten hours before the last snapshot; team and site may still be under way out. Nothing "
        "is to be found.",
        "Olúwaṣeun's ended three months before.",
        (Assignment("lieke", "aurora", "2026-04-02T08:00:00Z", "2026-09-29T16:00:00Z"),),
        (Holding("lieke", AURORA), Holding("lieke", PARTNERS)),
        cases="F3 F45",
    ),
)

DUTIES = (
    Story(
        "Who approves payments keeps no vendors",
        "Payment approval and Vendor records are declared incompatible, which stops new requests only. Marta has had "
        "both since July.",
        "Tomáš had both until 12 June, before anybody looked.",
        (
            Assignment("marta", "vendors", "2026-07-06T09:00:00Z", "2027-07-06T09:00:00Z"),
            Assignment("tomas", "vendors", "2026-02-02T09:00:00Z", "2026-06-12T09:00:00Z"),
        ),
        (Holding("marta", member("vendors"), ".xxxx"),),
        findings=(conflict("marta", "- new open open open", "payments", ("package", "vendors")),),
        cases="F33",
    ),
    Story(
        "Who approves payments does not audit them",
        "Payment approval is incompatible with FIN-Internal audit. Renata has the package and is in the trainees' "
        "group, which stands in that group.",
        "Miklós joined FIN-Internal audit in August, after his package had ended.",
        (),
        (
            Holding("audit-trainees", member("auditors")),
            Holding("renata", member("audit-trainees")),
            Holding("miklos", member("auditors"), "..xxx"),
        ),
        findings=(conflict("renata", "first_assessed open open open open", "payments", ("group", "auditors")),),
        cases="F33",
    ),
)
