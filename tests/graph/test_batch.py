"""Many requests in few calls: each item has its own fate, and none is lost or mixed up."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from driftaudit.graph.events import Retried, Throttled
from driftaudit.graph.failures import Refused, Unreachable
from tests.graph.bench import Bench, Tokens, ids, jwt
from tests.graph.small_server import AT, Reply, Seen, batch_reply, listed, refusal


def members(number: int) -> str:
    """Return the request for the members of a group."""
    return f"/v1.0/groups/{number}/members?$select=id&$top=999"


def found(item: dict[str, Any]) -> dict[str, Any]:
    """Return the answer that tells whose members were asked for."""
    return {"status": 200, "body": {"value": [{"id": item["url"].split("/")[2]}]}}


def said(status: int, code: str, **headers: str) -> dict[str, Any]:
    """Return the refusal of one item."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"status": status, "headers": named, "body": {"error": {"code": code, "message": ""}}}


def groups(seen: Seen) -> list[str]:
    """Return the groups that a batch asks about."""
    return [item["url"].split("/")[2] for item in seen.items]


def test_twenty_go_in_one_call_and_come_back_in_order(bench: Bench) -> None:
    bench.server.says("$batch", lambda seen: batch_reply(seen, found))
    answers = bench.batch(*(members(n) for n in range(45)))
    assert ids(answers) == [str(n) for n in range(45)]
    assert [answer.request for answer in answers] == [members(n) for n in range(45)]
    assert sorted(len(seen.items) for seen in bench.server.seen) == [5, 20, 20]
    assert {(answer.status, answer.at, answer.retries) for answer in answers} == {(200, AT, 0)}


def test_a_batch_is_written_as_the_service_wants_it(bench: Bench) -> None:
    bench.server.says("$batch", lambda seen: batch_reply(seen, found))
    bench.batch("/v1.0/groups/1/eligible?$filter=groupId eq 'a b'&$expand=x($select=id)")
    (seen,) = bench.server.seen
    (item,) = seen.items
    assert (seen.method, seen.headers["content-type"], item["method"]) == ("POST", "application/json", "GET")
    assert item["url"] == "/groups/1/eligible?$filter=groupId%20eq%20'a%20b'&$expand=x($select=id)"
    assert item["headers"]["x-ms-throttle-priority"] == "low"
    assert "authorization" not in item["headers"]


def test_bodies_stay_the_bytes_they_are(bench: Bench) -> None:
    body = b'{ "value": [ {"id":"1", "n": 1.50, "x": "\\u00e9", "x": "twice"} ]}'
    bench.server.says("$batch", Reply(b'{"responses":[{"id":"1","status":200,"body":' + body + b"}]}"))
    assert bench.batch(members(1))[0].body == body


def test_versions_and_services_go_apart(bench: Bench) -> None:
    for version in ("v1.0", "beta"):
        bench.server.says(f"/{version}/$batch", lambda seen: batch_reply(seen, found))
    catalogs = "/v1.0/identityGovernance/entitlementManagement/catalogs/3/resources"
    bench.batch(members(1), "/beta/groups/2/members", catalogs, members(4))
    assert sorted((seen.path, len(seen.items)) for seen in bench.server.seen) == [
        ("/beta/$batch", 1),
        ("/v1.0/$batch", 1),
        ("/v1.0/$batch", 2),
    ]


@pytest.mark.parametrize("status", [429, 500, 503, 504])
def test_an_item_that_failed_is_asked_again_alone(bench: Bench, status: int) -> None:
    bench.server.says(
        "$batch",
        lambda seen: batch_reply(seen, lambda i: said(status, "x") if "/7/" in i["url"] else found(i)),
        lambda seen: batch_reply(seen, found),
    )
    answers = bench.batch(*(members(n) for n in range(20)))
    assert ids(answers) == [str(n) for n in range(20)]
    assert [answer.retries for answer in answers] == [0] * 7 + [1] + [0] * 12
    assert groups(bench.server.seen[1]) == ["7"]
    assert [event.reason for event in bench.events if isinstance(event, Retried)] == [f"{status} in a batch"]


def test_the_pause_of_an_item_is_kept(bench: Bench) -> None:
    bench.server.says(
        "$batch",
        lambda seen: batch_reply(seen, lambda i: said(429, "TooManyRequests", Retry_After="200")),
        lambda seen: batch_reply(seen, found),
    )
    assert ids(bench.batch(members(1))) == ["1"]
    assert bench.clock.now == 200
    assert Throttled(200) in bench.events


def test_items_that_failed_share_the_next_batch(bench: Bench) -> None:
    tries: Counter[str] = Counter()

    def at_second(item: dict[str, Any]) -> dict[str, Any]:
        tries[item["url"]] += 1
        return found(item) if tries[item["url"]] > 1 else said(503, "x")

    bench.server.says("$batch", lambda seen: batch_reply(seen, at_second))
    assert ids(bench.batch(*(members(n) for n in range(60)))) == [str(n) for n in range(60)]
    assert len(bench.server.seen) == 6


def test_an_item_without_an_answer_is_asked_again(bench: Bench) -> None:
    bench.server.says(
        "$batch",
        lambda seen: batch_reply(seen, lambda i: None if "/3/" in i["url"] else found(i)),
        lambda seen: batch_reply(seen, found),
    )
    assert ids(bench.batch(*(members(n) for n in range(5)))) == list("01234")
    assert groups(bench.server.seen[1]) == ["3"]


def test_an_item_that_no_batch_answers_is_asked_for_alone(bench: Bench) -> None:
    bench.server.says("$batch", Reply({"responses": [{"id": "99", "status": 200, "body": {}}]}))
    bench.server.says(members(1), listed("1"))
    assert ids(bench.batch(members(1))) == ["1"]
    assert bench.server.paths() == ["/v1.0/$batch"] * 10 + [members(1)]


def test_refusals_stand_in_their_own_answers(bench: Bench) -> None:
    bench.server.says(
        "$batch",
        lambda seen: batch_reply(
            seen, lambda i: said(int(i["url"].split("/")[2]), "x") if "/40" in i["url"] else found(i)
        ),
    )
    answers = bench.batch(members(1), members(403), members(404), members(2))
    assert [answer.status for answer in answers] == [200, 403, 404, 200]
    assert len(bench.server.seen) == 1


def test_an_item_that_always_fails_keeps_its_status(bench: Bench) -> None:
    bench.server.says(
        "$batch", lambda seen: batch_reply(seen, lambda i: said(500, "x") if "/1/" in i["url"] else found(i))
    )
    answers = bench.batch(members(1), members(2))
    assert [(answer.status, answer.retries) for answer in answers] == [(500, 9), (200, 0)]


def test_a_refused_batch_is_a_refusal_of_each(bench: Bench) -> None:
    bench.server.says("$batch", refusal(403, "Forbidden"))
    answers = bench.batch(members(1), members(2))
    assert [(answer.status, answer.request) for answer in answers] == [(403, members(1)), (403, members(2))]
    assert len(bench.server.seen) == 1


@pytest.mark.parametrize(
    "fault",
    [Reply(b'{"responses": [{"id": "1", "sta'), Reply({"responses": None}), Reply(b"{}", wrong="reset"), Reply({})],
)
def test_a_broken_batch_is_sent_again(bench: Bench, fault: Reply) -> None:
    bench.server.says("$batch", fault, lambda seen: batch_reply(seen, found))
    answers = bench.batch(members(1), members(2))
    assert (ids(answers), [answer.retries for answer in answers]) == (["1", "2"], [1, 1])


def test_a_batch_that_nobody_answers_is_an_error(bench: Bench) -> None:
    bench.server.says("$batch", Reply(wrong="closed"))
    with pytest.raises(Unreachable):
        bench.batch(*(members(n) for n in range(100)))


def test_an_expired_token_inside_a_batch_is_renewed(bench: Bench) -> None:
    bench.tokens = Tokens([jwt(), jwt(jti="2")])
    expired = said(401, "InvalidAuthenticationToken")
    bench.server.says(
        "$batch", lambda seen: batch_reply(seen, lambda i: expired), lambda seen: batch_reply(seen, found)
    )
    assert ids(bench.batch(members(1))) == ["1"]
    assert bench.server.seen[0].headers["authorization"] != bench.server.seen[1].headers["authorization"]


def test_the_limit_told_by_an_item_slows_down(bench: Bench) -> None:
    near = {"x-ms-throttle-limit-percentage": "1.7"}
    bench.server.says("$batch", lambda seen: batch_reply(seen, lambda i: found(i) | {"headers": near}))
    bench.concurrency = 1
    bench.batch(*(members(n) for n in range(80)))
    assert bench.clock.now > 1


def test_pages_go_on_after_a_batch(bench: Bench) -> None:
    following = "/v1.0/groups/1/members?$skiptoken=x"
    page = {"value": [{"id": "a"}], "@odata.nextLink": bench.server.root + following}
    bench.server.says("$batch", lambda seen: batch_reply(seen, lambda i: {"status": 200, "body": page}))
    bench.server.says(following, listed("b"))
    (first,) = bench.batch(members(1))
    assert ids(bench.pages(members(1), first)) == ["a", "b"]
    assert bench.server.paths() == ["/v1.0/$batch", following]


def test_a_refusal_from_a_batch_is_no_page(bench: Bench) -> None:
    bench.server.says("$batch", lambda seen: batch_reply(seen, lambda i: said(404, "Request_ResourceNotFound")))
    (first,) = bench.batch(members(1))
    with pytest.raises(Refused) as caught:
        bench.pages(members(1), first)
    assert (caught.value.status, caught.value.code) == (404, "Request_ResourceNotFound")


def test_nothing_is_asked_for_nothing(bench: Bench) -> None:
    assert (bench.batch(), bench.server.seen) == ([], [])


def test_fifty_calls_serve_a_thousand_groups(bench: Bench) -> None:
    bench.server.says("$batch", lambda seen: batch_reply(seen, found))
    answers = bench.batch(*(members(n) for n in range(1000)))
    assert [json.loads(answer.body)["value"][0]["id"] for answer in answers] == [str(n) for n in range(1000)]
    assert len(bench.server.seen) == 50
