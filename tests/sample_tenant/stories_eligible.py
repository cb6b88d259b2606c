"""Stories of access that people may activate for some hours, and of those who did not need to."""

from __future__ import annotations

from tests.sample_tenant.findings import outside, past_expiry
from tests.sample_tenant.words import Activation, Assignment, Holding, Story, eligible, member

ELIGIBLE_ROLE, MEMBER = eligible("oncall"), member("oncall")
_TERM = ("2026-06-01T08:00:00Z", "2026-11-28T08:00:00Z")
_GIVEN = "2026-06-01T08:03:17Z"

ELIGIBLE = (
    Story(
        "A member who need not activate",
        "Stellan may become a member of IT-Production on call when needed; since August he is one all the time, by "
        "hand. Production on call, lead, would give that.",
        "Dagný activated her membership four hours before the last snapshot.",
        (
            Assignment("britta", "oncall-lead", *_TERM),
            Assignment("stellan", "oncall", *_TERM),
            Assignment("dagny", "oncall", *_TERM),
        ),
        (
            Holding("britta", MEMBER),
            Holding("stellan", ELIGIBLE_ROLE, granted=_GIVEN),
            Holding("stellan", MEMBER, "..xxx"),
            Holding("dagny", ELIGIBLE_ROLE, granted=_GIVEN),
            Holding("dagny", MEMBER, "....x"),
        ),
        findings=(outside("stellan", MEMBER, "- - new open open", "oncall-lead"),),
        activations=(Activation("dagny", "oncall", "....x", "2026-09-29T22:10:00Z"),),
        cases="F18",
    ),
    Story(
        "Eligible for ever",
        "பிரியா's Production on call, when needed, ended on 1 August, and she may still activate it.",
        "Søren's has not ended. He also has Production on call, lead, which promises membership where he is only "
        "eligible: nothing is missing that he could not switch on himself.",
        (
            Assignment("priya", "oncall", "2026-02-02T09:00:00Z", "2026-08-01T09:00:00Z"),
            Assignment("soren", "oncall", *_TERM),
            Assignment("soren", "oncall-lead", *_TERM),
        ),
        (
            Holding("priya", ELIGIBLE_ROLE, granted="2026-02-02T09:06:44Z"),
            Holding("soren", ELIGIBLE_ROLE, granted=_GIVEN),
        ),
        findings=(past_expiry("priya", "oncall", (ELIGIBLE_ROLE,), "- - new open open"),),
        cases="F1 F18",
    ),
    Story(
        "Eligible by hand",
        "Tobias may become a member of IT-Production on call since last October, and never had a package.",
        "Dagný may because of her package.",
        (),
        (Holding("tobias", ELIGIBLE_ROLE, granted="2025-10-06T12:40:02Z"),),
        findings=(outside("tobias", ELIGIBLE_ROLE, "first_assessed open open open open", "oncall"),),
        cases="F14 F18",
    ),
)
