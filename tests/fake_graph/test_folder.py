"""An export folder that is served gives back what it holds, and refuses what was refused."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.fake_graph import serving
from tests.fake_graph.caller import CONTOSO, NEWEST, Caller, Record, lines

OF_GRAPH = sorted(
    file.name.removesuffix(".jsonl.gz") for file in NEWEST.glob("*.gz") if not file.name.startswith("site_")
)


def first_requests(folder: Path, collection: str) -> dict[str, list[Record]]:
    """Return the records of a collection by the request that began to ask for them."""
    found: dict[str, list[Record]] = {}
    scopes: dict[str | None, str] = {}
    for line in lines(folder, collection):
        first = line["request"] if "$skiptoken" not in line["request"] else scopes[line["scope"]]
        scopes[line["scope"]] = first
        page = {name: value for name, value in line["page"].items() if name != "@odata.context"}
        found.setdefault(first, []).extend(page.get("value", [page]))
    return found


def served(caller: Caller, request: str) -> list[Record]:
    """Return all that the service has for a request; members as beta lists them."""
    beta = request.replace("/v1.0/", "/beta/", 1) if "/members" in request else request
    pages = list(caller.pages(beta))
    return [record for page in pages for record in page.get("value", [without_context(page)])]


def without_context(page: Record) -> Record:
    return {name: value for name, value in page.items() if name != "@odata.context"}


def holds(whole: Any, part: Any) -> bool:
    """Tell whether a record holds another; an expanded principal is told more of than the folder keeps."""
    if not isinstance(part, dict):
        return whole == part
    extra = set(whole) - set(part)
    principal = str(whole.get("@odata.type", "")) in ("#microsoft.graph.user", "#microsoft.graph.group")
    return (principal or not extra) and all(holds(whole.get(name), value) for name, value in part.items())


@pytest.mark.parametrize("collection", OF_GRAPH)
def test_every_list_of_a_folder_comes_back_record_by_record(caller: Caller, collection: str) -> None:
    for request, records in first_requests(NEWEST, collection).items():
        found = served(caller, request)
        assert len(found) == len(records)
        assert all(holds(whole, part) for whole, part in zip(found, records, strict=True))


def test_a_scope_that_was_refused_is_refused_alone() -> None:
    with serving(CONTOSO / "2026-07-31") as fake, (caller := Caller(fake)).client:
        refused = "622932c9-b4a4-5648-a1db-94ac201d18dd"
        groups = [group["id"] for group in caller.value("/v1.0/groups?$select=id")]
        answers = {group: caller.ask(f"/v1.0/groups/{group}/members").status_code for group in groups}
        assert [group for group, status in answers.items() if status == 403] == [refused]
        assert set(answers.values()) == {200, 403}
        assert caller.ask(f"/beta/groups/{refused}/members").status_code == 403


def test_a_collection_that_was_refused_is_refused_everywhere() -> None:
    with serving(CONTOSO / "2026-08-31") as fake, (caller := Caller(fake)).client:
        reviews = "/v1.0/identityGovernance/accessReviews/definitions"
        for definition in caller.value(reviews):
            for instance in caller.value(f"{reviews}/{definition['id']}/instances"):
                rounds = f"{reviews}/{definition['id']}/instances/{instance['id']}"
                assert caller.refused(f"{rounds}/decisions") == (403, "Authorization_RequestDenied")
                assert caller.ask(f"{rounds}/contactedReviewers").status_code == 200


def test_roles_that_were_delivered_name_nobody_unless_expanded(caller: Caller) -> None:
    beta = "/beta/identityGovernance/entitlementManagement/accessPackageAssignmentResourceRoles"
    bare = caller.value(beta)
    assert bare
    assert not any("accessPackageSubject" in row for row in bare)
    expanded = caller.value(f"{beta}?$expand=accessPackageSubject,accessPackageAssignments")
    assert {row["accessPackageSubject"]["objectId"] for row in expanded}
    assert all(row["accessPackageAssignments"] for row in expanded)


@pytest.mark.parametrize("invent", [True, False])
def test_when_people_signed_in_is_made_up_unless_that_is_not_wanted(invent: bool) -> None:
    with serving(NEWEST, invent=invent) as fake, (caller := Caller(fake)).client:
        people = caller.value("/v1.0/users?$select=id,signInActivity&$top=999")
    assert len(people) == 88
    assert any(person["signInActivity"] for person in people) == invent
    assert not all(person["signInActivity"] for person in people)


def test_extra_records_join_the_lists() -> None:
    extra = {"/users": [{"id": "00000000-0000-0000-0000-00000000000f", "displayName": "Late Comer"}]}
    with serving(NEWEST, extra=extra) as fake, (caller := Caller(fake)).client:
        assert caller.value("/v1.0/users?$top=999")[-1]["displayName"] == "Late Comer"


def test_the_sample_has_what_these_tests_stand_on() -> None:
    counted: defaultdict[str, int] = defaultdict(int)
    for line in lines(NEWEST, "group_members"):
        for member in line["page"]["value"]:
            counted[member["@odata.type"]] += 1
    assert {"#microsoft.graph.user", "#microsoft.graph.group"} <= set(counted)
    assert json.loads((NEWEST / "manifest.json").read_text("utf-8"))["collections"]["users"]["rows"] == 88
