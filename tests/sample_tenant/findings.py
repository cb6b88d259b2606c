"""The findings that stories declare, one word for each check."""

from __future__ import annotations

from tests.sample_tenant.words import Finding, Role


def outside(principal: str, role: Role, states: str, package: str) -> Finding:
    """Return a finding of access granted outside packages."""
    return Finding("grant_outside_package", principal, states, roles=(role,), package=package)


def past_expiry(principal: str, package: str, roles: tuple[Role, ...], states: str, sure: str = "high") -> Finding:
    """Return a finding of access that stayed after its package ended."""
    return Finding("grant_past_expiry", principal, states, sure, roles=roles, package=package)


def half_removed(principal: str, package: str, roles: tuple[Role, ...], states: str) -> Finding:
    """Return a finding of a bundle of which a part was removed; the roles are those left over."""
    return Finding("bundle_partly_removed", principal, states, roles=roles, package=package)


def of_removed_role(principal: str, role: Role, states: str, package: str, sure: str) -> Finding:
    """Return a finding of access that stayed after its role left the package."""
    return Finding("grant_of_removed_role", principal, states, sure, "medium", (role,), package)


def opened(group: str, role: Role, states: str, package: str, severity: str = "high") -> Finding:
    """Return a finding of a group that holds what a package gives to persons."""
    return Finding("nested_group_opens_package", group, states, severity=severity, roles=(role,), package=package)


def without_access(principal: str, package: str, role: Role, states: str, severity: str = "medium") -> Finding:
    """Return a finding of a package that does not give what it promises."""
    return Finding("assignment_without_access", principal, states, "high", severity, (role,), package)


def unanswered(
    principal: str,
    instance: str,
    resource: tuple[str, str],
    states: str,
    severity: str = "high",
    sure: str = "high",
) -> Finding:
    """Return a finding of a review question that nobody answered."""
    return _reviewed("review_unanswered", principal, instance, resource, states, severity, sure)


def denied(
    principal: str,
    instance: str,
    resource: tuple[str, str],
    states: str,
    severity: str = "high",
    sure: str = "high",
) -> Finding:
    """Return a finding of access that a review denied and that is still there."""
    return _reviewed("review_denied_access_present", principal, instance, resource, states, severity, sure)


def overdue(instance: str, states: str) -> Finding:
    """Return a finding of a round that should have ended; it is about nobody."""
    return Finding("review_overdue", None, states, severity="medium", instance=instance)


def _reviewed(
    check: str, principal: str, instance: str, resource: tuple[str, str], states: str, severity: str, sure: str
) -> Finding:
    """Return a finding about one question of a review."""
    package = resource[1] if resource[0] == "package" else None
    return Finding(check, principal, states, sure, severity, package=package, instance=instance, resource=resource)


def mismatched(principal: str, role: Role, states: str, package: str) -> Finding:
    """Return a finding of a package that promises more than Privileged Identity Management gives."""
    return Finding("pim_mismatch", principal, states, severity="medium", roles=(role,), package=package)


def open_site(claim: str, role: Role, states: str, package: str) -> Finding:
    """Return a finding of a site that everybody may enter."""
    return Finding("site_open_to_everyone", claim, states, roles=(role,), package=package)


def open_app(app: str, states: str, package: str) -> Finding:
    """Return a finding of an application that anybody may use; it is about nobody."""
    return Finding("app_open_to_everyone", None, states, package=package, resource=("app", app))


def leaver(principal: str, states: str) -> Finding:
    """Return a finding of an account that should hold nothing any more."""
    return Finding("leaver_with_access", principal, states)


def stray_guest(principal: str, states: str) -> Finding:
    """Return a finding of a guest who holds access and has no package."""
    return Finding("guest_without_assignment", principal, states, severity="medium")


def conflict(principal: str, states: str, package: str, other: tuple[str, str]) -> Finding:
    """Return a finding of two things that one person may not hold together."""
    return Finding("incompatible_packages_held", principal, states, package=package, other=other)
