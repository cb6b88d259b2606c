"""The oracle's answer about one snapshot of one tenant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tests.oracle import drift, opened, people, reviews
from tests.oracle.drift import Found
from tests.oracle.ladder import Facts, facts
from tests.oracle.readings import History
from tests.queries.cases import Tenant

CHECKS: dict[str, Callable[[Facts], Found]] = {
    check.__name__: check
    for check in (
        drift.grant_outside_package,
        drift.grant_past_expiry,
        drift.bundle_partly_removed,
        drift.grant_of_removed_role,
        drift.nested_group_opens_package,
        drift.assignment_without_access,
        reviews.review_unanswered,
        reviews.review_overdue,
        reviews.review_denied_access_present,
        people.leaver_with_access,
        people.guest_without_assignment,
        people.incompatible_packages_held,
        opened.app_open_to_everyone,
        opened.site_open_to_everyone,
        opened.pim_mismatch,
    )
}
Told = tuple[str, str, bool, str | None, bool, bool]
"""Explanation, confidence, in_package, assignment_id, read_now, assessable."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Every grant on a role of a package explained, every check's findings."""

    grants: dict[tuple[str, ...], Told]
    """By principal, kind, resource and role."""
    checks: dict[str, Found]


def answer(tenant: Tenant, at: int, grace_hours: int = 24) -> Answer:
    """Return what the model and the checks must say about a snapshot."""
    known = facts(History(tenant, at, timedelta(hours=grace_hours)))
    return answered(known)


def answered(known: Facts) -> Answer:
    """Return the answer to which facts lead."""
    grants: dict[tuple[str, ...], Told] = {
        drift.key(e.grant): (
            e.explanation,
            e.confidence,
            e.in_package,
            e.chosen.id if e.chosen else None,
            e.grant.read_now,
            e.assessable,
        )
        for e in known.explained
    }
    return Answer(grants, {name: check(known) for name, check in CHECKS.items()})
