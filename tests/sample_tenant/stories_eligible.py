"""Stories of access that people may activate for some hours, and of those who did not need to."""

from __future__ import annotations

from tests.sample_tenant.findings import mismatched, opened, outside, past_expiry
from tests.sample_tenant.words import (
    Activation,
    Assignment,
    Holding,
    Story,
    directory_role,
    eligible,
    eligible_role,
    member,
)

ELIGIBLE_ROLE, MEMBER = eligible("oncall"), member("oncall")
ELIGIBLE_ADMIN, ADMIN = eligible_role("helpdesk-admin"), directory_role("helpdesk-admin")
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
        activations=(Activation("dagny", MEMBER, "....x", "2026-09-29T22:10:00Z"),),
        cases="F18",
    ),
    Story(
        "Eligible for ever",
        "பிரியா's Production on call, when needed, ended on 1 August, and she may still activate it.",
        "Søren's has not ended.",
        (
            Assignment("priya", "oncall", "2026-02-02T09:00:00Z", "2026-08-01T09:00:00Z"),
            Assignment("soren", "oncall", *_TERM),
        ),
        (
            Holding("priya", ELIGIBLE_ROLE, granted="2026-02-02T09:06:44Z"),
            Holding("soren", ELIGIBLE_ROLE, granted=_GIVEN),
        ),
        findings=(past_expiry("priya", "oncall", (ELIGIBLE_ROLE,), "- - new open open"),),
        cases="F1 F18",
    ),
    Story(
        "Promised for good, and only eligible",
        "Søren also has Production on call, lead, which promises membership. He is only eligible, and has to activate "
        "it each time: package and Privileged Identity Management disagree. Nothing is missing that he could not "
        "switch on himself, so nobody says that he lacks it.",
        "Dagný has First-level support, lead, since 28 September and is only eligible for the role of the directory; "
        "she activated it the evening before the last snapshot, so it is there.",
        (
            Assignment("soren", "oncall-lead", *_TERM),
            Assignment("dagny", "desk", *_TERM),
            Assignment("dagny", "desk-lead", "2026-09-28T08:00:00Z", "2027-03-28T08:00:00Z"),
        ),
        (
            Holding("dagny", ELIGIBLE_ADMIN, granted=_GIVEN),
            Holding("dagny", ADMIN, "....x"),
        ),
        findings=(mismatched("soren", MEMBER, "first_assessed open open open open", "oncall-lead"),),
        activations=(Activation("dagny", ADMIN, "....x", "2026-09-29T21:40:00Z"),),
        cases="F18",
    ),
    Story(
        "A schedule shorter than its package",
        "Søren has First-level support, when needed, until 28 November. Privileged Identity Management ends what it "
        "gives on 15 October: for six weeks the record will say that he may activate the role.",
        "Stellan's schedule ends with his package.",
        (Assignment("soren", "desk", *_TERM), Assignment("stellan", "desk", *_TERM)),
        (
            Holding("soren", ELIGIBLE_ADMIN, granted=_GIVEN, ends="2026-10-15T08:00:00Z"),
            Holding("stellan", ELIGIBLE_ADMIN, granted=_GIVEN, ends=_TERM[1]),
        ),
        findings=(mismatched("soren", ELIGIBLE_ADMIN, "first_assessed open open open open", "desk"),),
        cases="F18",
    ),
    Story(
        "A role of the directory by hand",
        "Tobias is Helpdesk Administrator since July. First-level support, lead, gives that role, and he has no "
        "package.",
        "Britta has the package. Stellan, who may activate the role, did so before the last snapshot. Report robot "
        "reads the directory, which no package gives.",
        (Assignment("britta", "desk-lead", *_TERM),),
        (
            Holding("tobias", ADMIN, ".xxxx"),
            Holding("britta", ADMIN),
            Holding("stellan", ADMIN, "....x"),
            Holding("report-robot", directory_role("directory-reader")),
        ),
        findings=(outside("tobias", ADMIN, "- new open open open", "desk-lead"),),
        activations=(Activation("stellan", ADMIN, "....x", "2026-09-29T23:55:00Z"),),
        cases="F18",
    ),
    Story(
        "A group that holds a role of the directory",
        "Since August IT-Directory readers is Helpdesk Administrator as a whole: whoever is in it has the role "
        "without the package.",
        "It reads reports as a group, too, which no package gives.",
        (),
        (
            Holding("readers", ADMIN, "..xxx"),
            Holding("readers", directory_role("reports-reader")),
        ),
        findings=(opened("readers", ADMIN, "- - new open open", "desk-lead"),),
        cases="F6",
    ),
    Story(
        "A role of the directory, to be activated for ever",
        "பிரியா's First-level support, when needed, ended on 1 August. She may still make herself Helpdesk "
        "Administrator.",
        "Dagný may, and has the package.",
        (Assignment("priya", "desk", "2026-02-02T09:00:00Z", "2026-08-01T09:00:00Z"),),
        (Holding("priya", ELIGIBLE_ADMIN, granted="2026-02-02T09:06:44Z"),),
        findings=(past_expiry("priya", "desk", (ELIGIBLE_ADMIN,), "- - new open open"),),
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
