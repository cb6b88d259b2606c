"""Findings as they are listed: by resource, owners first, as many as the medium carries."""

from __future__ import annotations

from dataclasses import replace

from driftaudit.audit.audit import Finding
from driftaudit.report.groups import Group, grouped
from driftaudit.report.ration import PAPER, Ration, rationed
from driftaudit.report.sections import all_groups, anchors, check_pages
from tests.report import made_audit as made


def groups_of(*findings: Finding) -> list[Group]:
    """Return the groups of findings of the check about ended packages."""
    return grouped(made.PAST, findings, anchors(findings), made.AS_OF)


def test_a_group_is_one_resource_and_says_once_what_is_the_same() -> None:
    pages = all_groups(made.audit())
    titles = [group.title for group in pages[1]]
    assert titles == [made.SITE[0], made.LONG_GROUP[0]]
    group = pages[1][1]
    assert (group.package, group.owner, group.until) == ("Supplier logistics", "Tom Okafor", "14\u00a0October")
    assert group.holders == "7\u00a0people"
    assert group.fix.startswith("Remove from the group")


def test_what_differs_stands_in_the_rows() -> None:
    one, other = made.many(2, resources=1)
    group = groups_of(one, replace(other, owner_name="Tom Okafor", fix="Ask Tom."))[0]
    assert (group.owner, group.fix) == ("", "")
    assert {row.fix for row in group.rows} == {one.fix, "Ask Tom."}


def test_owners_come_first_then_the_oldest_end() -> None:
    young, old, owner = made.many(3, resources=1)
    group = groups_of(
        replace(young, data={"days_overdue": 2}),
        replace(old, data={"days_overdue": 90}),
        replace(owner, kind="owner", data={"days_overdue": 1}),
    )[0]
    assert [row.who for row in group.rows] == [owner.principal_name, old.principal_name, young.principal_name]


def test_holders_are_called_what_they_are() -> None:
    ledger = all_groups(made.audit())[0][1]
    assert (ledger.sort, ledger.holders) == ("Application", "2\u00a0people and 1\u00a0application")


def test_a_row_names_the_other_grants_of_the_same_finding() -> None:
    rows = {row.who: row for row in all_groups(made.audit())[1][0].rows}
    row = rows["Maria-Theresia von Hohenberg-Schwarzenfels"]
    assert row.details == ("Also Member of grp-finance-controllers", "Also Approver in Ledger")
    assert row.since == "2025-11-03"
    assert row.overdue == "91\u00a0days overdue"


def test_a_date_that_is_only_an_upper_bound_says_so() -> None:
    assert groups_of(made.many(1)[0])[0].rows[0].since == "≤ 2025-12-12"


def test_two_checks_may_share_the_digits_of_one_offender() -> None:
    one = made.many(1)[0]
    twin = replace(one, check="other", key=f"other/{one.key.rpartition('/')[2]}")
    assert len(set(anchors((one, twin)).values())) == 2


def test_paper_carries_300_full_and_1200_compact_rows() -> None:
    findings = made.many(3000, resources=100)
    cut = rationed([groups_of(*findings)], PAPER)[0]
    assert sum(len(group.rows) for group in cut) == 300
    assert sum(len(group.compact) for group in cut) == 1200
    assert max(len(group.rows) for group in cut) == 15


def test_after_fifteen_full_rows_of_a_resource_come_compact_ones() -> None:
    group = rationed([groups_of(*made.many(40, resources=1))], PAPER)[0][0]
    assert (len(group.rows), len(group.compact)) == (15, 25)


def test_the_gravest_come_first_and_every_check_has_some() -> None:
    high = groups_of(*made.many(50, resources=1))
    low = groups_of(*made.many(50, resources=2, severity="low"))
    low = [replace(group, rows=tuple(replace(row, anchor=f"low-{row.anchor}") for row in group.rows)) for group in low]
    cut = rationed([low, high], Ration(full=20, compact=10, full_per_group=15, least_per_check=5))
    shown = [sum(len(group.rows) + len(group.compact) for group in groups) for groups in cut]
    assert shown == [5, 25]


def test_a_section_says_how_many_are_not_listed() -> None:
    audit = made.audit(made.many(30))
    few = Ration(full=10, compact=5, full_per_group=15)
    pages = check_pages(audit, all_groups(audit), few, first_number=2)
    assert [page.left for page in pages] == ["", "15", ""]


def test_a_check_that_found_nothing_passed_only_if_everything_was_read() -> None:
    checks = tuple(
        replace(check, status=status)
        for check, status in zip(made.CHECKS, ("assessed", "partial", "not_assessed"), strict=True)
    )
    audit = made.audit((), checks=checks, assured=False)
    pages = check_pages(audit, all_groups(audit), PAPER, first_number=2)
    assert [page.outcome for page in pages] == ["passed", "nothing_seen", "not_assessed"]
    assert [page.read for page in pages] == ["Yes", "In part", "No"]


def test_controls_are_cited_by_framework() -> None:
    audit = made.audit()
    page = check_pages(audit, all_groups(audit), PAPER, first_number=2)[0]
    assert page.controls == ("NIST 800-53 AC-2, AC-3", "ISO 27001 A.5.18", "PCI DSS 7.2.3")
