"""`$batch`: twenty at most, answers in any order, each with its own status."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.fake_graph import Manners, Rule, serving
from tests.fake_graph.caller import NEWEST, Caller
from tests.fake_graph.faults import throttled


def posted(caller: Caller, items: Any, version: str = "v1.0") -> httpx.Response:
    """Return the answer to a batch of any shape."""
    address = caller.address(f"/{version}/$batch")
    return caller.client.post(address, headers=caller.signed_in(), json={"requests": items})


def item(number: int, url: str, **more: Any) -> dict[str, Any]:
    return {"id": str(number), "method": "GET", "url": url} | more


def groups(caller: Caller) -> list[str]:
    return [group["id"] for group in caller.value("/v1.0/groups?$select=id")]


def test_answers_are_those_of_the_single_requests_in_another_order(caller: Caller) -> None:
    targets = [f"/groups/{group}/members?$select=id" for group in groups(caller)[:20]]
    answers = posted(caller, [item(n, target) for n, target in enumerate(targets)]).json()["responses"]
    assert [int(answer["id"]) for answer in answers] != list(range(20))
    for answer in answers:
        assert answer["body"] == caller.ask(f"/v1.0{targets[int(answer['id'])]}").json()


def test_every_item_has_its_own_status(caller: Caller) -> None:
    answers = caller.batch("/groups/nobody/members", "/users?$select=no", "/organization?$select=id")
    assert [answers[target]["status"] for target in answers if "nobody" in target] == [404]
    assert answers["/users?$select=no"]["body"]["error"]["code"] == "BadRequest"
    assert answers["/organization?$select=id"]["status"] == 200


def test_the_version_is_that_of_the_batch(caller: Caller) -> None:
    path = "/identityGovernance/entitlementManagement/accessPackageAssignmentResourceRoles"
    assert caller.batch(path)[path]["status"] == 400
    assert caller.batch(path, version="beta")[path]["status"] == 200


def test_an_item_has_its_own_headers(caller: Caller) -> None:
    counted = item(1, "/users/$count", headers={"ConsistencyLevel": "eventual"})
    first, second = sorted(
        posted(caller, [counted, item(2, "/users/$count")]).json()["responses"], key=lambda a: a["id"]
    )
    assert (first["status"], first["body"], second["status"]) == (200, "88", 400)


def test_further_pages_are_followed_outside() -> None:
    with serving(NEWEST, manners=Manners(page_cap=40, empty_pages=False)) as fake, (caller := Caller(fake)).client:
        page = caller.batch("/users?$select=id")["/users?$select=id"]["body"]
        rest = [user for further in caller.pages(page["@odata.nextLink"]) for user in further["value"]]
        assert len(page["value"]) + len(rest) == 88


@pytest.mark.parametrize(
    "items",
    [
        [item(n, "/organization") for n in range(21)],
        [item(1, "/organization"), item(1, "/users")],
        [{"id": "a", "method": "GET", "url": "/users"}, {"id": "A", "method": "GET", "url": "/users"}],
        [item(1, "https://graph.microsoft.com/v1.0/users")],
        [{"method": "GET", "url": "/users"}],
        [],
        "nothing",
    ],
)
def test_what_is_no_batch_is_refused_whole(caller: Caller, items: Any) -> None:
    answer = posted(caller, items)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "BadRequest")


def test_a_batch_cannot_be_read(caller: Caller) -> None:
    assert caller.ask("/v1.0/$batch").status_code == 400


def test_writing_inside_a_batch_is_a_violation() -> None:
    with serving(NEWEST) as fake, (caller := Caller(fake)).client:
        answer = posted(caller, [item(1, "/groups/x", method="DELETE"), item(2, "/organization")]).json()["responses"]
        assert {each["id"]: each["status"] for each in answer} == {"1": 405, "2": 200}
        assert [(asked.method, asked.path) for asked in fake.violations] == [("DELETE", "/v1.0/groups/x")]


def test_an_item_can_be_throttled_alone() -> None:
    rule = Rule(throttled(7), path="/v1.0/groups/*/members", calls=(2,))
    with serving(NEWEST, faults=[rule]) as fake, (caller := Caller(fake)).client:
        targets = [f"/groups/{group}/members" for group in groups(caller)[:3]]
        answers = caller.batch(*targets)
        assert [answers[target]["status"] for target in targets] == [200, 429, 200]
        assert answers[targets[1]]["headers"]["Retry-After"] == "7"
        assert caller.batch(*targets)[targets[1]]["status"] == 200


def test_every_item_stands_in_the_log_before_its_batch() -> None:
    with serving(NEWEST) as fake, (caller := Caller(fake)).client:
        caller.batch("/organization", "/users?$select=id")
        assert [(asked.target, asked.batched, asked.method) for asked in fake.requests] == [
            ("/v1.0/organization", True, "GET"),
            ("/v1.0/users?$select=id", True, "GET"),
            ("/v1.0/$batch", False, "POST"),
        ]
