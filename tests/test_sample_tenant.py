"""The sample tenant is what its generator writes, is whole, and has the shapes of Microsoft's schema."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
CONTOSO = ROOT / "sample_exports" / "contoso"
FOLDERS = ("2026-06-30", "2026-07-31", "2026-08-31", "2026-09-16", "2026-09-30")
STAYS_OPEN = ("first_assessed", "new", "open", "reopened", "unconfirmed")
SCOPES = {
    "group_members": "groups",
    "group_owners": "groups",
    "service_principal_owners": "service_principals",
    "app_role_assignments": "service_principals",
    "site_members": "sites",
    "catalog_resources": "catalogs",
    "package_roles": "packages",
    "review_instances": "review_definitions",
}
MODELS = {
    "organization": "organization.Organization",
    "users": "user.User",
    "deleted_users": "user.User",
    "deleted_groups": "group.Group",
    "groups": "group.Group",
    "group_members": "directory_object.DirectoryObject",
    "group_owners": "directory_object.DirectoryObject",
    "service_principals": "service_principal.ServicePrincipal",
    "service_principal_owners": "directory_object.DirectoryObject",
    "app_role_assignments": "app_role_assignment.AppRoleAssignment",
    "sites": "site.Site",
    "catalogs": "access_package_catalog.AccessPackageCatalog",
    "catalog_resources": "access_package_resource.AccessPackageResource",
    "catalog_role_assignments": "unified_role_assignment.UnifiedRoleAssignment",
    "packages": "access_package.AccessPackage",
    "package_roles": "access_package.AccessPackage",
    "policies": "access_package_assignment_policy.AccessPackageAssignmentPolicy",
    "assignments": "access_package_assignment.AccessPackageAssignment",
    "requests": "access_package_assignment_request.AccessPackageAssignmentRequest",
    "connected_organizations": "connected_organization.ConnectedOrganization",
    "entitlement_settings": "entitlement_management_settings.EntitlementManagementSettings",
    "review_definitions": "access_review_schedule_definition.AccessReviewScheduleDefinition",
    "review_instances": "access_review_instance.AccessReviewInstance",
    "review_decisions": "access_review_instance_decision_item.AccessReviewInstanceDecisionItem",
    "contacted_reviewers": "access_review_reviewer.AccessReviewReviewer",
}


@cache
def manifest(day: str) -> dict[str, Any]:
    """Return the manifest of one snapshot."""
    return json.loads((CONTOSO / day / "manifest.json").read_bytes())


@cache
def lines(day: str, collection: str) -> list[dict[str, Any]]:
    """Return the answers of one collection."""
    packed = (CONTOSO / day / f"{collection}.jsonl.gz").read_bytes()
    return [json.loads(line) for line in gzip.decompress(packed).splitlines()]


def records(day: str, collection: str) -> list[dict[str, Any]]:
    """Return the records of one collection, page after page."""
    return [record for line in lines(day, collection) for record in line["page"].get("value", [line["page"]])]


@cache
def expected() -> dict[str, Any]:
    """Return what an audit of each snapshot must find."""
    return json.loads((CONTOSO / "expected.json").read_bytes())


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder by its relative path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_generator_writes_what_is_committed(tmp_path: Path) -> None:
    """Running the generator again gives the committed bytes, no file more and none less."""
    subprocess.run([sys.executable, "-m", "tests.sample_tenant", str(tmp_path)], cwd=ROOT, check=True)
    written, committed = contents(tmp_path), contents(CONTOSO)
    assert sorted(written) == sorted(committed)
    assert [name for name in written if written[name] != committed[name]] == []


@pytest.mark.parametrize("day", FOLDERS)
def test_the_manifest_tells_the_truth(day: str) -> None:
    """Hashes, sizes, pages and hours in the manifest are those of the files."""
    told = manifest(day)
    named = {entry["file"] for entry in told["collections"].values() if entry["file"]}
    assert {path.name for path in (CONTOSO / day).iterdir()} == named | {"manifest.json"}
    for name, entry in told["collections"].items():
        if entry["file"]:
            packed = (CONTOSO / day / entry["file"]).read_bytes()
            assert (entry["bytes"], entry["sha256"]) == (len(packed), hashlib.sha256(packed).hexdigest())
            assert entry["pages"] == len(lines(day, name))
            assert all(told["taken_at"] <= line["at"] <= told["finished_at"] for line in lines(day, name))


@pytest.mark.parametrize("day", FOLDERS)
def test_every_next_link_is_followed(day: str) -> None:
    """What a next link asks for is the request of another line of the same scope."""
    for name, entry in manifest(day)["collections"].items():
        if entry["file"]:
            asked = {(line["scope"], line["request"]) for line in lines(day, name)}
            assert {(line["scope"], link) for line in lines(day, name) for link in next_link(line)} <= asked


def next_link(line: dict[str, Any]) -> Iterator[Any]:
    """Yield the next link of an answer, if it has one, without scheme and host."""
    if "@odata.nextLink" in line["page"]:
        yield line["page"]["@odata.nextLink"].removeprefix("https://graph.microsoft.com")


@pytest.mark.parametrize("day", FOLDERS)
def test_every_scope_was_read_or_is_a_gap(day: str) -> None:
    """Each group, application, site, catalog, package, series and round has a line or a gap."""
    for collection, owners in SCOPES.items():
        key = "webUrl" if collection == "site_members" else "id"
        assert scopes(day, collection) == {record[key] for record in records(day, owners)}
    rounds = {f"{line['scope']}/{i['id']}" for line in lines(day, "review_instances") for i in line["page"]["value"]}
    assert scopes(day, "contacted_reviewers") == rounds
    if manifest(day)["collections"]["review_decisions"]["status"] == "complete":
        assert scopes(day, "review_decisions") == rounds


def scopes(day: str, collection: str) -> set[str]:
    """Return the scopes that were read or are gaps."""
    gaps = {gap["scope"] for gap in manifest(day)["collections"][collection]["gaps"]}
    return {line["scope"] for line in lines(day, collection)} | gaps


@pytest.mark.parametrize("day", FOLDERS)
def test_every_declared_grant_stands_in_the_export(day: str) -> None:
    """What a finding says somebody holds, they do hold in the raw answers; unconfirmed and resolved ones aside."""
    grants = set(raw_grants(day))
    for finding in expected()[day]["findings"]:
        if finding["kind"] and finding["state"] in ("first_assessed", "new", "open", "reopened"):
            stated = finding.get("grants", [finding])
            held = {(g["kind"], g["resource_id"], g["role_id"], finding["principal_id"]) for g in stated}
            assert held <= grants, finding


def raw_grants(day: str) -> Iterator[Any]:
    """Yield kind, resource, role and principal of every grant in the raw answers."""
    for kind, collection in (("member", "group_members"), ("owner", "group_owners")):
        for line in lines(day, collection):
            yield from ((kind, line["scope"], "", item["id"]) for item in line["page"]["value"])
    for item in records(day, "app_role_assignments"):
        yield "app_role", item["resourceId"], item["appRoleId"], item["principalId"]
    sites = {site["webUrl"]: site["id"] for site in records(day, "sites")}
    people = {user["userPrincipalName"].lower(): user["id"] for user in records(day, "users")}
    for line in lines(day, "site_members"):
        for group in line["page"]["value"]:
            names = [user["LoginName"].rpartition("|")[2] for user in group["Users"] if user["PrincipalType"] == 1]
            yield from (("site_group", sites[line["scope"]], str(group["Id"]), people[name]) for name in names)


def test_states_follow_one_another() -> None:
    """A finding opens once, stays open until it is resolved, and only then can reopen."""
    seen: dict[tuple[Any, ...], str] = {}
    for day in FOLDERS:
        states = {identity(finding): finding["state"] for finding in expected()[day]["findings"]}
        assert len(states) == len(expected()[day]["findings"])
        for key, state in states.items():
            before = seen.get(key, "absent")
            first = {"first_assessed"} if day == FOLDERS[0] else {"new"}
            allowed = {"absent": first, "resolved": {"reopened"}}.get(before, {"open", "resolved", "unconfirmed"})
            assert state in allowed, (day, key, before, state)
        assert {key for key, state in seen.items() if state in STAYS_OPEN} <= set(states)
        seen |= states


def identity(finding: dict[str, Any]) -> tuple[Any, ...]:
    """Return what makes two findings the same over time."""
    if finding["check"] == "grant_past_expiry":
        return finding["check"], finding["principal_id"], finding["package_id"]
    keys = ("check", "principal_id", "kind", "resource_id", "role_id", "review_instance_id")
    return tuple(finding[key] for key in keys)


def test_the_readme_counts_what_is_expected() -> None:
    """The table of snapshots in the README has the open findings of expected.json."""
    rows = re.findall(r"^\| (\d{4}-\d\d-\d\d) \|.*\| (\d+) \|$", (CONTOSO / "README.md").read_text("utf-8"), re.M)
    counts = {day: sum(f["state"] in STAYS_OPEN for f in expected()[day]["findings"]) for day in FOLDERS}
    assert {day: int(count) for day, count in rows} == counts


def test_every_record_is_in_microsofts_schema() -> None:
    """Microsoft's own models know every property of every record, however deep, and lose none of its values."""
    node = import_module("kiota_serialization_json.json_parse_node").JsonParseNode
    writer = import_module("kiota_serialization_json.json_serialization_writer").JsonSerializationWriter
    for collection, where in MODELS.items():
        module, _, name = where.partition(".")
        model = getattr(import_module(f"msgraph.generated.models.{module}"), name)
        for record in records(FOLDERS[-1], collection):
            plain = {key: value for key, value in record.items() if key != "@odata.context"}
            decoded = node(plain).get_object_value(model)
            assert list(unknown(decoded, collection)) == []
            again = writer()
            decoded.serialize(again)
            assert list(lost(plain, again.writer, collection)) == []


def unknown(model: Any, path: str) -> Iterator[str]:
    """Yield the properties that a decoded model does not know, however deep; annotations are no properties."""
    if isinstance(model, (list, tuple)):
        for item in model:
            yield from unknown(item, path)
    elif hasattr(model, "additional_data"):
        yield from (f"{path}/{key}" for key in model.additional_data if "@odata." not in key)
        for key, value in model.backing_store.enumerate_():
            if key != "additional_data":
                yield from unknown(value, f"{path}/{key}")


def lost(sent: Any, kept: Any, path: str) -> Iterator[str]:
    """Yield the values that were sent and are not kept: an enumeration's unknown word becomes nothing."""
    if kept is None:
        yield path
    elif isinstance(sent, dict):
        for key, value in sent.items():
            if value not in (None, [], {}) and "@odata." not in key:
                yield from lost(value, kept.get(key), f"{path}/{key}")
    elif isinstance(sent, list):
        for number, value in enumerate(sent):
            yield from lost(value, kept[number] if number < len(kept) else None, f"{path}/{number}")
