"""Everyday access that no check may find, and the answers that somebody gave."""

from __future__ import annotations

from tests.sample_tenant.people import PEOPLE
from tests.sample_tenant.words import Answer, Assignment, Holding, app_role, member, owner, site_group

_FROM, _TO = "2026-03-16T09:00:00Z", "2027-03-16T09:00:00Z"
_LEGAL_FROM = "2026-02-03T05:00:00Z"

_RECORDS = (
    *("giulia", "funmilayo", "sola", "thuy", "radek", "linnea", "viktor", "halim", "omar", "hedda", "dagmar"),
    *("nils", "oona"),
)

ASSIGNMENTS = (
    Assignment("bao", "payments", _FROM, _TO),
    Assignment("sunniva", "close", _FROM, _TO),
    Assignment("dov", "close-audit", _FROM, _TO),
    Assignment("quynh", "close-audit", _FROM, _TO),
    Assignment("jurgita", "close-audit", _FROM, None),
    Assignment("agnes", "expenses", _LEGAL_FROM, None, "expenses-auto"),
    Assignment("yetunde", "expenses", _LEGAL_FROM, None, "expenses-auto"),
    Assignment("kamal", "expenses", _LEGAL_FROM, None, "expenses-auto"),
    *(Assignment(key, "vendors", _FROM, _TO) for key in _RECORDS),
)

SUBMITTER = app_role("expenses", "Submitter")
_BY_GROUP = {
    "ledger-operators": ("ravi", "omar", "funmilayo"),
    "lisbon": ("celeste", "bruna", "edda", "halim", "viktor", "corinne"),
    "print": ("celeste", "halim", "ewa"),
    "badge": ("celeste", "bruno", "bruna", "clara", "ewa", "edda", "halim", "viktor"),
    "auto-expenses": ("agnes", "yetunde", "kamal"),
    "readers": ("britta", "dagny"),
    "helpdesk": ("dagny", "stellan"),
    "works-council": ("agata", "renata", "orsolya", "miklos"),
    "tokyo": ("kenji", "yuki"),
    "cairo": ("nadia", "karim", "omar"),
    "haifa": ("tamar", "noam"),
    "hanoi": ("thuy", "bao", "thanh"),
    "lagos": ("sola", "funmilayo", "chidi"),
    "canteen": ("celeste", "freya", "mei"),
    "sailing": ("bjorn", "hedda", "linnea"),
    "newsletter": ("marta", "petr", "giulia", "selin"),
    "board": ("sunniva",),
}


HOLDINGS = (
    *(Holding(key, member(group), PEOPLE[key].seen) for group, keys in _BY_GROUP.items() for key in keys),
    *(Holding(p.key, member("guests" if p.guest else "everybody"), p.seen) for p in PEOPLE.values()),
    *(Holding(key, member("vendors")) for key in _RECORDS),
    Holding("works-council", member("board")),
    Holding("bao", member("payments")),
    Holding("sunniva", member("close")),
    Holding("dov", member("close")),
    Holding("quynh", member("close")),
    Holding("jurgita", member("close")),
    *(Holding(key, SUBMITTER, granted="2026-02-03T05:06:33Z") for key in ("agnes", "yetunde", "kamal")),
    Holding("canteen", app_role("register", "Reader"), granted="2025-03-03T11:00:10Z"),
    *(Holding("sunniva", owner(group)) for group in ("treasury", "close", "board")),
    *(Holding("thanh", owner(group)) for group in ("aurora", "hanoi")),
    *(Holding("britta", owner(group)) for group in ("privileged", "readers", "helpdesk")),
    *(Holding("celeste", owner(group)) for group in ("canteen", "newsletter")),
    *(Holding("britta", owner(group)) for group in ("oncall", "consoles")),
    *(Holding("sunniva", owner(group)) for group in ("auditors", "audit-trainees")),
    Holding("bjorn", owner("reports")),
    Holding("agnes", owner("contracts")),
    Holding("bjorn", owner("sailing")),
    *(Holding("celeste", site_group(site, 3)) for site in ("canteen", "intranet")),
    Holding("bjorn", site_group("treasury-desk", 3)),
    Holding("agnes", site_group("contracts", 3)),
)

ANSWERS = (
    *(
        Answer("payments-1", key, "Approve", "ines")
        for key in ("bao", "kenji", "chidi", "nadia", "karim", "agata", "ondrej", "renata", "livia", "selin")
    ),
    *(Answer("payments-2", key, "NotReviewed") for key in ("bao", "karim", "renata", "noam", "orsolya", "selin")),
    *(Answer("expenses-1", key, "Approve", "celeste") for key in ("agnes", "yetunde", "kamal")),
)
