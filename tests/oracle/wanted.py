"""What the random histories together must reach, by group and name."""

from __future__ import annotations

from itertools import product

from tests.oracle.directory import EVERYBODY
from tests.oracle.stories import STORIES
from tests.oracle.timeline import MAY_FAIL, OF_ROLES, RHYTHMS

_ASSIGNMENTS = (
    "live",
    "pending",
    "unknown",
    "scheduled",
    "ended, exactly",
    "ended, in between",
    "ended, at an unknown time",
    "ended, proven by a request, exactly",
    "ended, proven by a request, in between",
    "unknown, proven by a request",
    "live, for nobody named",
    "pending, for nobody named",
    "unknown, for nobody named",
    "over before it began",
    "for a group",
    "its start was rewritten",
    "its holder was not always named",
    "began exactly",
    "began in between",
    "began at an unknown time",
)
_PAIRS = (
    "the same package, one after the other",
    "the same package, at the same time",
    "two packages, one after the other",
    "two packages, at the same time",
    "a role by two assignments",
)
_KINDS = (
    "member",
    "owner",
    "eligible_member",
    "eligible_owner",
    "app_role",
    "site_group",
    "directory_role",
    "eligible_directory_role",
)
_ROLES = (
    *(f"{kind}, {where}" for kind, where in product(_KINDS, ("in its package", "left its package"))),
    "arrived exactly",
    "arrived in between",
    "arrived at an unknown time",
    "left and came back",
    "in two packages",
)
_GRANTS = (
    *(f"{kind}, {life}" for kind, life in product(_KINDS, ("open", "gone"))),
    "began exactly",
    "began in between",
    "began at an unknown time",
    "two lives",
    "one life across a hole",
    "not read now",
    "of a role that left every package",
    "in a group that a rule fills",
    "in a group that is filled from elsewhere",
)
_HOLDERS = ("user", "guest", "service_principal", "group", "device", "orgcontact", "unknown", "in no list now")
_RUNGS = (
    "assignment, high",
    "activated, high",
    "delivering, high",
    "dynamic_rule, high",
    "synced, high",
    "grace, high",
    "ended, high",
    "ended, medium",
    "ended_censored, medium",
    "role_removed, high",
    "role_removed, medium",
    "pre_existing, high",
    "pre_existing, medium",
    "readded, high",
    "none, high",
)
_OF_EVERY_KIND = (
    "assignment",
    "delivering",
    "grace",
    "ended",
    "ended_censored",
    "role_removed",
    "pre_existing",
    "readded",
    "none",
)
_DOUBTS = (
    "its package is under way for nobody named",
    "the roles of a package of its holder were not read",
    "activations were not read",
    "eligible roles were not read",
)
_CHECKS = (
    "grant_outside_package, high, high",
    "grant_outside_package, high, medium",
    "grant_past_expiry, high, high",
    "grant_past_expiry, high, medium",
    "bundle_partly_removed, high, high",
    "bundle_partly_removed, high, medium",
    "grant_of_removed_role, medium, high",
    "grant_of_removed_role, medium, medium",
    "nested_group_opens_package, high, high",
    "nested_group_opens_package, high, medium",
    "nested_group_opens_package, low, high",
    "nested_group_opens_package, low, medium",
    "assignment_without_access, medium, high",
    "assignment_without_access, info, high",
    "review_unanswered, high, any",
    "review_unanswered, info, any",
    "review_overdue, medium, high",
    "review_denied_access_present, high, high",
    "review_denied_access_present, high, medium",
    "review_denied_access_present, info, high",
    "review_denied_access_present, info, medium",
    "leaver_with_access, high, high",
    "guest_without_assignment, medium, high",
    "incompatible_packages_held, high, high",
    "app_open_to_everyone, high, high",
    "site_open_to_everyone, high, high",
    "site_open_to_everyone, low, high",
    "pim_mismatch, medium, high",
)
_REVIEWS = ("review_unanswered", "review_denied_access_present")
_FINDINGS = (
    *(f"leaver_with_access, {why}" for why in ("disabled", "deleted", "gone", "left")),
    *(f"incompatible_packages_held, with a {other}" for other in ("package", "group")),
    *(f"{check}, of a {thing}" for check, thing in product(_REVIEWS, ("group", "application", "package"))),
    *(f"{check}, {who}" for check, who in product(_REVIEWS, ("user", "guest", "service_principal", "unknown"))),
    *(f"nested_group_opens_package, {kind}" for kind in _KINDS),
    *(f"site_open_to_everyone, {claim}, {kind}" for claim in EVERYBODY for kind in ("a site group", "a level")),
    *(f"pim_mismatch, {why}, of a {thing}" for why in ("eligible only", "too short") for thing in ("group", "role")),
)
_SCOPES = (
    "group_members",
    "group_owners",
    "app_role_assignments",
    "site_members",
    "site_role_assignments",
    "package_roles",
    "package_incompatibilities",
    "pim_group_eligibilities",
    "pim_group_assignments",
)
_WHEN = ("now", "before")
_BY_GROUP = {
    "assignment": _ASSIGNMENTS,
    "pair": _PAIRS,
    "role": _ROLES,
    "grant": _GRANTS,
    "holder": _HOLDERS,
    "rung": _RUNGS,
    "rung by kind": (
        *(f"{kind}, {rung}" for kind, rung in product(_KINDS, _OF_EVERY_KIND)),
        *(f"member, {rung}" for rung in ("activated", "dynamic_rule", "synced")),
        "owner, activated",
        "directory_role, activated",
    ),
    "doubt": _DOUBTS,
    "check": _CHECKS,
    "finding": _FINDINGS,
    "gap": (*(f"{scope}, {when}" for scope, when in product(_SCOPES, _WHEN)), "review_decisions, now"),
    "unread": (
        *(f"{status} {when}" for status, when in product(("failed", "skipped", "partial"), _WHEN)),
        *(f"{name}, {when}" for name, when in product((*MAY_FAIL, *OF_ROLES), _WHEN)),
    ),
    "rhythm": (*RHYTHMS, "end of the snapshot known", "end of the snapshot not known"),
    "story": (*STORIES, "gaps"),
}
WANTED = tuple((group, name) for group, names in _BY_GROUP.items() for name in names)
"""Every rung, life, state, kind, doubt, finding, rhythm and story that there can be."""
