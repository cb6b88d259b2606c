"""Stories of what the service would not show, or showed wrongly, and of what follows from it."""

from __future__ import annotations

from tests.sample_tenant.findings import outside, past_expiry
from tests.sample_tenant.words import Holding, Request, Story, member

PAYMENTS, TREASURY, VENDORS = member("payments"), member("treasury"), member("vendors")
_ASKED = "2026-08-05T08:10:00Z"

UNREAD = (
    Story(
        "A group that answered empty one night",
        "On 16 September the service listed nobody in FIN-Vendor records, which had fifteen members before and has "
        "them again afterwards. Nobody believes such an answer before it was given twice: Ondřej, there by hand, is "
        "not confirmed that day.",
        "The fourteen others have the package. None of them is said to lack its group.",
        (),
        (Holding("ondrej", VENDORS),),
        findings=(outside("ondrej", VENDORS, "first_assessed open open unconfirmed open", "vendors"),),
        cases="F51",
    ),
    Story(
        "A collection that failed",
        "On 31 August the service refused the answers of all reviews. Two checks could not be assessed, and what they "
        "had found before is neither open nor resolved that day but unconfirmed.",
        "The review of Contoso Ledger, whose rounds were read, needs no answers to be overdue. Checks of grants were "
        "assessed.",
        cases="F50",
    ),
    Story(
        "A member that no list knows",
        "Since August somebody is in FIN-Treasury desk of whom the service tells the id and nothing else. Whoever it "
        "is has no package.",
        "A device in the same group is nobody's access.",
        (),
        (Holding("stranger", TREASURY, "..xxx"), Holding("kiosk", TREASURY)),
        findings=(outside("stranger", TREASURY, "- - new open open", "treasury"),),
        cases="F55",
    ),
    Story(
        "An assignment that no snapshot shows",
        "Ingeborg's request of 5 August was delivered, and by the end of the month no assignment of hers was listed. "
        "The request proves that there was one: what she still holds is access past its end, with confidence medium "
        "because nobody saw when it ended.",
        "Torvald's request of the same minute was denied. It proves nothing, and what he holds is outside packages.",
        (),
        (Holding("ingeborg", PAYMENTS, "..xxx"), Holding("torvald", PAYMENTS, "..xxx")),
        findings=(
            past_expiry("ingeborg", "payments", (PAYMENTS,), "- - new open open", "medium"),
            outside("torvald", PAYMENTS, "- - new open open", "payments"),
        ),
        requests=(
            Request("ingeborg", "payments", _ASKED, "delivered"),
            Request("torvald", "payments", _ASKED, "denied"),
        ),
        cases="F14",
    ),
)
