"""The sample tenant is what its generator writes, is whole, and has the shapes of Microsoft's schema."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.sample_tenant.schema import MODELS, lost, own_fields, unknown
from tests.sample_tenant.world import EVERYBODY, STORIES, UNLISTED
from tests.sample_tenant.written import CONTOSO, ROOT, expected, lines, manifest, raw_grants, records

TOLD = "1 2 3 4 6 7 8 9 13 14 15 16 17 18 19 20 25 26 33 34 35 36 37 39 41 45 50 51 55"
"""Behaviours of the service that the checks touch, but for two that no export shows: 5, what administrative units
restrict, and 54, members that the service leaves out of its answer."""
FOLDERS = ("2026-06-30", "2026-07-31", "2026-08-31", "2026-09-16", "2026-09-30")
STAYS_OPEN = ("first_assessed", "new", "open", "reopened", "unconfirmed")
OF_PACKAGES = (
    "assignment_without_access",
    "bundle_partly_removed",
    "grant_past_expiry",
    "incompatible_packages_held",
)
SCOPES = {
    "group_members": "groups",
    "group_owners": "groups",
    "service_principal_owners": "service_principals",
    "app_role_assignments": "service_principals",
    "site_members": "sites",
    "site_role_assignments": "sites",
    "catalog_resources": "catalogs",
    "package_roles": "packages",
    "package_incompatibilities": "packages",
    "review_instances": "review_definitions",
}


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
        key = "webUrl" if owners == "sites" else "id"
        assert scopes(day, collection) == {record[key] for record in records(day, owners)}
    asked = {group["id"] for group in records(day, "groups") if group["isAssignableToRole"]} | packaged(day)
    assert scopes(day, "pim_group_eligibilities") == scopes(day, "pim_group_assignments") == asked
    rounds = {f"{line['scope']}/{i['id']}" for line in lines(day, "review_instances") for i in line["page"]["value"]}
    assert scopes(day, "contacted_reviewers") == scopes(day, "review_stages") == rounds
    lists = ("internalSponsors", "externalSponsors")
    partners = {f"{record['id']}/{each}" for record in records(day, "connected_organizations") for each in lists}
    assert scopes(day, "connected_organization_sponsors") == partners
    if manifest(day)["collections"]["review_decisions"]["status"] == "complete":
        assert scopes(day, "review_decisions") == rounds


def packaged(day: str) -> set[str]:
    """Return the groups of which packages give eligible roles."""
    given = [role for package in records(day, "package_roles") for role in package["resourceRoleScopes"]]
    return {role["scope"]["originId"] for role in given if role["role"]["originId"].startswith("Eligible ")}


def scopes(day: str, collection: str) -> set[str]:
    """Return the scopes that were read or are gaps."""
    gaps = {gap["scope"] for gap in manifest(day)["collections"][collection]["gaps"]}
    return {line["scope"] for line in lines(day, collection)} | gaps


@pytest.mark.parametrize("day", FOLDERS)
def test_every_declared_grant_stands_in_the_export(day: str) -> None:
    """What a finding says somebody holds, they do hold, or may activate, in the raw answers; lost ones aside."""
    grants = set(raw_grants(day))
    for finding in expected()[day]["findings"]:
        promised = finding["check"] == "assignment_without_access"
        if finding["kind"] and not promised and finding["state"] in ("first_assessed", "new", "open", "reopened"):
            eligible = {"kind": f"eligible_{finding['kind'].removeprefix('eligible_')}"}
            is_eligible = finding["check"] == "pim_mismatch"
            stated = [finding | eligible] if is_eligible else finding.get("grants", [finding])
            held = {(g["kind"], g["resource_id"], g["role_id"], finding["principal_id"]) for g in stated}
            assert held <= grants, finding


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
    if finding["check"] in OF_PACKAGES:
        return tuple(finding.get(key) for key in ("check", "principal_id", "package_id", "other_id"))
    keys = ("check", "principal_id", "kind", "resource_id", "role_id", "review_instance_id")
    return tuple(finding[key] for key in keys)


def test_every_behaviour_that_the_checks_touch_is_told() -> None:
    """The stories stand for every number of the catalogue, and the README prints them."""
    told = {case for story in STORIES for case in story.cases.split()}
    assert {f"F{number}" for number in TOLD.split()} <= told
    printed = re.findall(r"^<sub>(.*)</sub>$", (CONTOSO / "README.md").read_text("utf-8"), re.M)
    assert {case for line in printed for case in line.split(", ")} == told


def test_every_story_has_a_title_of_its_own_and_a_twin() -> None:
    """No story is told without the innocent who differs in one thing."""
    assert len({story.title for story in STORIES}) == len(STORIES)
    assert [story.title for story in STORIES if not (story.tells and story.twin)] == []


def test_every_check_has_a_story_in_the_newest_snapshot_and_is_assessed_there() -> None:
    """What the product finds is seen in the first report that a person reads."""
    checks = {path.stem for path in (ROOT / "queries" / "checks").rglob("*.sql")}
    newest = expected()[FOLDERS[-1]]
    assert newest["checks"] == dict.fromkeys(checks, "assessed")
    assert {f["check"] for f in newest["findings"] if f["state"] in STAYS_OPEN} == checks


@pytest.mark.parametrize("day", FOLDERS)
def test_who_is_not_in_the_directory_holds_nothing(day: str) -> None:
    """A deleted account stands in no group, application or site, nor does one that is not there yet."""
    unlisted = {who.id for who in UNLISTED.values()}
    lists = ("users", "groups", "service_principals")
    listed = {record["id"] for collection in lists for record in records(day, collection)}
    holders = {principal.removesuffix("_o") for *_, principal in raw_grants(day)}
    assert holders - listed - unlisted - set(EVERYBODY) == set()


def test_the_readme_counts_what_is_expected() -> None:
    """The table of snapshots in the README has the open findings of expected.json."""
    rows = re.findall(r"^\| (\d{4}-\d\d-\d\d) \|.*\| (\d+) \|$", (CONTOSO / "README.md").read_text("utf-8"), re.M)
    counts = {day: sum(f["state"] in STAYS_OPEN for f in expected()[day]["findings"]) for day in FOLDERS}
    assert {day: int(count) for day, count in rows} == counts


def test_every_record_is_in_microsofts_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    """Microsoft's own models know every property of every record, however deep, and lose none of its values."""
    base = import_module("msgraph.generated.models.entity").Entity
    assert own_fields(base()).keys() == base().get_field_deserializers().keys()
    monkeypatch.setattr(base, "get_field_deserializers", own_fields)
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
