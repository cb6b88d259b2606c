"""Microsoft's own printed answers, warts and all: each is loaded or refused with a reason, and none crashes."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from itertools import zip_longest
from pathlib import Path

import pytest

from driftaudit.audit.loading import load_and_record
from driftaudit.collectors import collections
from driftaudit.collectors._record import Collection
from driftaudit.errors import UsageError
from driftaudit.exports import open_export
from driftaudit.exports.decode import Decoder
from driftaudit.exports.powershell import respelled
from driftaudit.exports.strict import PageError
from driftaudit.store.database import reading, rows
from tests.exports.made_export import TAKEN, TENANT, read_plain
from tests.store.blank import blank

SAMPLES = Path(__file__).parents[3] / "shared" / "graph" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"Microsoft's samples are not in {SAMPLES.name}/")

LOADED = {
    "accessPackage-get": ("packages", 1),
    "accessPackage-list-resourceRoleScopes": ("package_roles", 1),
    "accessPackageAssignment-additionalAccess": ("assignments", 2),
    "accessPackageAssignment-get-expired": ("assignments", 1),
    "accessPackageAssignmentPolicy-get": ("policies", 1),
    "accessPackageAssignmentPolicy-get-customExtension": ("policies", 1),
    "accessPackageAssignmentRequest-get": ("requests", 1),
    "accessPackageCatalog-list-resources-application": ("catalog_resources", 1),
    "accessPackageCatalog-list-resources-group": ("catalog_resources", 1),
    "accessReviewInstance-get": ("review_instances", 1),
    "accessReviewInstance-list-contactedReviewers": ("contacted_reviewers", 1),
    "accessReviewInstance-list-decisions": ("review_decisions", 2),
    "accessReviewInstance-list-stages": ("review_stages", 2),
    "accessReviewInstanceDecisionItem-get": ("review_decisions", 1),
    "accessReviewScheduleDefinition-get": ("review_definitions", 1),
    "accessReviewScheduleDefinition-list-instances": ("review_instances", 1),
    "accessReviewSet-list-definitions": ("review_definitions", 1),
    "accessReviewSet-list-definitions-all-m365-groups": ("review_definitions", 1),
    "beta-accessPackageAssignmentRequest-list-expand-requestor": ("requests", 1),
    "beta-accessPackageCatalog-list-accessPackageResources": ("catalog_resources", 1),
    "beta-accessReviewDecisions-filterByCurrentUser-expand": ("review_decisions", 1),
    "beta-entitlementManagement-list-accessPackageAssignments": ("assignments", 1),
    "beta-connectedOrganization-list-internalSponsors": ("connected_organization_sponsors", 1),
    "beta-entitlementManagement-list-accessPackageAssignmentResourceRoles": ("delivered_roles", 1),
    "beta-site-list-siteCollections": ("sites", 2),
    "directory-deletedItems-list-group": ("deleted_groups", 1),
    "directoryObject-getByIds": ("users", 2),
    "entitlementManagement-list-accessPackages": ("packages", 1),
    "entitlementManagement-list-assignmentPolicies": ("policies", 1),
    "entitlementManagement-list-assignmentRequests": ("requests", 1),
    "entitlementManagement-list-assignments": ("assignments", 1),
    "entitlementManagement-list-catalogs": ("catalogs", 1),
    "entitlementManagement-list-connectedOrganizations": ("connected_organizations", 1),
    "entitlementManagementSettings-get": ("entitlement_settings", 1),
    "group-list": ("groups", 2),
    "group-list-appRoleAssignments": ("app_role_assignments", 1),
    "group-list-members": ("group_members", 1),
    "group-list-members-search-count": ("group_members", 2),
    "group-list-transitiveMembers": ("group_members", 1),
    "rbacApplication-list-roleAssignments-entitlementManagement": ("catalog_role_assignments", 1),
    "servicePrincipal-list-appRoleAssignedTo": ("app_role_assignments", 1),
    "servicePrincipal-list-appRoleAssignments": ("app_role_assignments", 1),
    "servicePrincipal-list-owners": ("service_principal_owners", 1),
    "site-get": ("sites", 1),
    "site-search": ("sites", 2),
    "sites-getAllSites": ("sites", 3),
    "subscribedSku-list": ("subscribed_skus", 2),
    "user-delta": ("users", 1),
    "user-expand-manager-levels": ("users", 1),
    "user-list": ("users", 2),
    "user-list-memberOf-cast-count": ("groups", 1),
}
"""The collection that each belongs to, and how many rows it gives."""
NO_ID = "missing required field `id`"
REFUSED = {
    "accessPackage-post-resourceRoleScopes-application-request": ("package_roles", "`resourceRoleScopes`"),
    "accessPackage-post-resourceRoleScopes-directoryRole-request": ("package_roles", "`resourceRoleScopes`"),
    "accessPackage-post-resourceRoleScopes-group-request": ("package_roles", "`resourceRoleScopes`"),
    "accessPackage-post-resourceRoleScopes-sharepoint-request": ("package_roles", "`resourceRoleScopes`"),
    "accessPackageAssignmentPolicy-create-auto-request": ("policies", NO_ID),
    "accessPackageAssignmentPolicy-create-direct-request": ("policies", NO_ID),
    "accessPackageAssignmentPolicy-create-two-stage-reviews-request": ("policies", NO_ID),
    "beta-user-list-signInActivity": ("sign_ins", NO_ID),
    "error-invalidFilter-catalogId": ("assignments", "an error answer of the service"),
    "group-delta-members": ("groups", NO_ID),
    "group-delta-minimal": ("groups", NO_ID),
    "group-delta-select-nextLink": ("groups", NO_ID),
    "group-list-filter-orderby-nextLink": ("groups", NO_ID),
    "group-list-owners": ("group_owners", NO_ID),
    "organization-list": ("organization", NO_ID),
    "servicePrincipal-delta": ("service_principals", NO_ID),
    "servicePrincipal-list": ("service_principals", NO_ID),
    "user-list-agreementAcceptances": ("users", NO_ID),
}
"""The collection that each comes nearest to, and why it is none of its answers."""
OF_OTHERS = {
    "accessPackageCatalog-list-resourceRoles",
    "accessReviewSet-list-historyDefinitions", "agreement-list", "approval-get", "batch-request", "batch-response",
    "beta-accessPackage-list-accessPackageResourceRoleScopes",
    "beta-accessPackageCatalog-list-accessPackageResourceRoles-sharepoint", "beta-approval-get-steps",
    "beta-rbacApplication-list-roleAssignmentScheduleInstances",
    "beta-rbacApplication-list-roleEligibilityScheduleInstances", "directoryAudit-list",
    "directoryAudit-list-filter-initiatedBy", "message-createUploadSession-response",
    "message-uploadSession-put-response", "privilegedAccessGroup-list-assignmentScheduleInstances",
    "privilegedAccessGroup-list-eligibilitySchedules",
    "rbacApplication-list-roleAssignments-directory-expand-principal", "rbacApplication-list-roleEligibilitySchedules",
    "site-list-permissions",
}  # fmt: skip
"""Answers that no collection here asks for."""


def put(folder: Path, sample: str, collection: str) -> None:
    """Copy a sample into a folder of plain files, as an answer of a collection."""
    scope = "d1/" if "/" in collections()[collection].scope_key else ""
    path = folder / collection / f"{scope}{sample}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(SAMPLES / f"{sample}.json", path)


@needs_samples
def test_every_sample_has_its_place_here() -> None:
    named = [*LOADED, *REFUSED, *OF_OTHERS]
    assert sorted(named) == sorted(path.stem for path in SAMPLES.glob("*.json"))


@needs_samples
def test_under_its_own_name_every_sample_is_refused_by_name(tmp_path: Path) -> None:
    for path in SAMPLES.glob("*.json"):
        folder = tmp_path / path.stem
        folder.mkdir()
        shutil.copyfile(path, folder / path.name)
        with pytest.raises(UsageError, match=f"{path.stem}.json is the file of no collection"):
            open_export(folder, tenant=TENANT, taken_at=TAKEN)


@needs_samples
@pytest.mark.parametrize("sample", LOADED)
def test_an_answer_is_read_as_what_it_belongs_to(tmp_path: Path, sample: str) -> None:
    collection, count = LOADED[sample]
    put(tmp_path, sample, collection)
    found = read_plain(tmp_path, collection)
    assert (found.reading.failure, len(found.rows)) == (None, count)


@needs_samples
@pytest.mark.parametrize("sample", REFUSED)
def test_what_is_no_answer_is_refused_with_the_reason(tmp_path: Path, sample: str) -> None:
    collection, reason = REFUSED[sample]
    put(tmp_path, sample, collection)
    found = read_plain(tmp_path, collection)
    assert found.status == "failed"
    assert reason in found.reason
    assert f"{sample}.json cannot be read" in found.reason


@needs_samples
@pytest.mark.parametrize("collection", collections().values(), ids=lambda c: c.name)
def test_no_sample_crashes_any_collection(collection: Collection) -> None:
    decoder = Decoder(collection)
    for path in SAMPLES.glob("*.json"):
        page = respelled(json.loads(path.read_bytes()), collection, path.name)
        try:
            _, count, _ = decoder.page(json.dumps(page).encode())
        except PageError as error:
            count = len(str(error))  # a reason, never an empty one
        assert count > 0, path.name


def batches() -> list[dict[str, list[str]]]:
    """Return samples by collection: all that are loaded, then at most one refused one of each per batch."""
    good: dict[str, list[str]] = {}
    for sample, (collection, _) in LOADED.items():
        good.setdefault(collection, []).append(sample)
    refused = zip_longest(*([s for s, (c, _) in REFUSED.items() if c == name] for name in collections()))
    bad = [{REFUSED[sample][0]: [sample] for sample in samples if sample} for samples in refused]
    return [good, *(b | {"catalogs": ["entitlementManagement-list-catalogs"]} for b in bad)]


@needs_samples
def test_the_loader_takes_them_all(tmp_path: Path) -> None:
    blank(tmp_path / "all.duckdb")
    for number, samples in enumerate(batches()):
        folder = tmp_path / str(number)
        for collection, sample in ((c, sample) for c, names in samples.items() for sample in names):
            put(folder, sample, collection)
        export = open_export(folder, tenant=TENANT, taken_at=TAKEN + timedelta(days=number))
        loaded = load_and_record(tmp_path / "all.duckdb", export, given={}, accept_shrink=(), tell=print)
        told = coverage(tmp_path / "all.duckdb", loaded.snapshot_id)
        for collection, names in samples.items():
            check(names, *told[collection])


def check(names: list[str], status: str, reason: str, count: int | None) -> None:
    """Check what came of the samples of one collection."""
    if names[0] in REFUSED:
        assert (status, count) == ("failed", None)
        assert REFUSED[names[0]][1] in reason
    else:
        assert status in ("complete", "partial"), reason
        assert count == sum(LOADED[name][1] for name in names)


def coverage(database: Path, snapshot_id: int) -> dict[str, tuple[str, str, int | None]]:
    """Return status, reason and rows of every collection in a snapshot."""
    with reading(database) as connection:
        found = rows(connection, "select * from history.coverage where snapshot_id = ?", [snapshot_id])
    return {f["collection"]: (f["status"], f["reason"], f["rows"] if f["status"] != "failed" else None) for f in found}
