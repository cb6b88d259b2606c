"""Faults: each does what it says, by rule and by chance, and then it is over."""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime

import httpx
import pytest

from tests.fake_graph import Chance, Fault, Rule, serving
from tests.fake_graph.caller import NEWEST, Caller
from tests.fake_graph.faults import (
    DROPPED,
    EXPIRED_PAGE,
    EXPIRED_SIGN_IN,
    NEAR_LIMIT,
    NOT_FOUND,
    REFUSED,
    RESET,
    TRUNCATED,
    broken,
    html,
    slow,
    throttled,
    wrong_date,
)

USERS = "/v1.0/users?$select=id"


@pytest.mark.parametrize(
    ("fault", "status", "code", "retry_after"),
    [
        (throttled(), 429, "TooManyRequests", None),
        (throttled(200), 429, "TooManyRequests", "200"),
        (broken(500), 500, "InternalServerError", None),
        (broken(502), 502, "BadGateway", None),
        (broken(503, 4), 503, "serviceNotAvailable", "4"),
        (broken(504), 504, "gatewayTimeout", None),
        (EXPIRED_SIGN_IN, 401, "InvalidAuthenticationToken", None),
        (REFUSED, 403, "Authorization_RequestDenied", None),
        (NOT_FOUND, 404, "Request_ResourceNotFound", None),
    ],
    ids=str,
)
def test_a_refusal_comes_once_and_in_the_usual_shape(
    fault: Fault, status: int, code: str, retry_after: str | None
) -> None:
    with serving(NEWEST, faults=[Rule(fault)]) as fake, (caller := Caller(fake)).client:
        answer = caller.ask(USERS)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        assert answer.headers.get("retry-after") == retry_after
        assert caller.ask(USERS).status_code == 200


def test_retry_after_can_be_a_date() -> None:
    with serving(NEWEST, faults=[Rule(throttled(90, as_date=True))]) as fake, (caller := Caller(fake)).client:
        headers = caller.ask(USERS).headers
        told, now = (parsedate_to_datetime(headers[name]) for name in ("retry-after", "date"))
        assert (told - now).total_seconds() == 90


@pytest.mark.parametrize("http2", [False, True], ids=["HTTP/1.1", "HTTP/2"])
@pytest.mark.parametrize("fault", [RESET, DROPPED], ids=str)
def test_a_connection_breaks_in_the_middle_of_the_body(fault: Fault, http2: bool) -> None:
    with (
        serving(NEWEST, faults=[Rule(fault)]) as fake,
        httpx.Client(http1=not http2, http2=http2) as client,
    ):
        caller = Caller(fake, client)
        with pytest.raises(httpx.TransportError):
            caller.ask(USERS)
        assert fake.requests[0].status == 200
        assert len(caller.value(USERS)) == 88


def test_a_truncated_body_looks_right_until_it_is_read() -> None:
    with serving(NEWEST, faults=[Rule(TRUNCATED)]) as fake, (caller := Caller(fake)).client:
        answer = caller.ask(USERS, accept_encoding="identity")
        assert (answer.status_code, "json" in answer.headers["content-type"]) == (200, True)
        assert int(answer.headers["content-length"]) == len(answer.content)
        with pytest.raises(json.JSONDecodeError):
            answer.json()


@pytest.mark.parametrize("http2", [False, True], ids=["HTTP/1.1", "HTTP/2"])
def test_a_slow_answer_outlasts_a_short_patience(http2: bool) -> None:
    with (
        serving(NEWEST, faults=[Rule(slow(30))]) as fake,
        httpx.Client(http1=not http2, http2=http2, timeout=0.2) as client,
    ):
        with pytest.raises(httpx.ReadTimeout):
            Caller(fake, client).ask(USERS)
        assert [asked.status for asked in fake.requests] == [200]


def test_a_slow_answer_comes_in_the_end() -> None:
    with serving(NEWEST, faults=[Rule(slow(0.05))]) as fake, (caller := Caller(fake)).client:
        assert caller.ask(USERS).elapsed.total_seconds() >= 0.05


def test_a_proxy_answers_with_a_web_page() -> None:
    with serving(NEWEST, faults=[Rule(html())]) as fake, (caller := Caller(fake)).client:
        answer = caller.ask(USERS)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_the_date_can_be_off_by_a_day() -> None:
    with serving(NEWEST, faults=[Rule(wrong_date(86_400))]) as fake, (caller := Caller(fake)).client:
        off, right = (parsedate_to_datetime(caller.ask(USERS).headers["date"]) for _ in range(2))
        assert (off - right).total_seconds() > 86_000


def test_the_service_can_say_that_the_limit_is_near() -> None:
    with serving(NEWEST, faults=[Rule(NEAR_LIMIT)]) as fake, (caller := Caller(fake)).client:
        assert caller.ask(USERS).headers["x-ms-throttle-limit-percentage"] == "0.9"
        assert "x-ms-throttle-limit-percentage" not in caller.ask(USERS).headers


def test_a_page_token_can_expire_early() -> None:
    with serving(NEWEST, faults=[Rule(EXPIRED_PAGE, calls=(2,))]) as fake, (caller := Caller(fake)).client:
        link = caller.ask(f"{USERS}&$top=10").json()["@odata.nextLink"]
        assert caller.ask(link).status_code == 200
        assert caller.refused(link) == (400, "Directory_ExpiredPageToken")


def test_a_rule_counts_calls_of_its_path_together_or_each_by_itself() -> None:
    together = Rule(broken(500), "/v1.0/*", calls=(2, 3))
    with serving(NEWEST, faults=[together]) as fake, (caller := Caller(fake)).client:
        assert [caller.ask(t).status_code for t in ("/v1.0/users", "/v1.0/groups") * 2] == [200, 500, 500, 200]
    apart = Rule(broken(500), "/v1.0/*", each=True)
    with serving(NEWEST, faults=[apart]) as fake, (caller := Caller(fake)).client:
        assert [caller.ask(t).status_code for t in ("/v1.0/users", "/v1.0/groups") * 2] == [500, 500, 200, 200]
    always = Rule(broken(500), "/v1.0/users", calls=None)
    with serving(NEWEST, faults=[always]) as fake, (caller := Caller(fake)).client:
        assert [caller.ask(t).status_code for t in ("/v1.0/users", "/v1.0/groups") * 2] == [500, 200, 500, 200]


def outcomes(seed: int, rate: float = 0.5, times: int = 60) -> list[int | None]:
    """Return what became of the same request asked again and again; None where the connection broke."""
    found: list[int | None] = []
    with serving(NEWEST, faults=[Chance(rate, seed)]) as fake, (caller := Caller(fake)).client:
        for _ in range(times):
            try:
                answer = caller.ask("/v1.0/organization")
                found.append(answer.status_code)
            except httpx.TransportError:
                found.append(None)
    return found


def test_chance_is_the_same_for_the_same_seed_and_never_too_long_in_a_row() -> None:
    first = outcomes(1)
    assert first == outcomes(1)
    assert first != outcomes(2)
    assert {429, 500, None, 200} <= set(first)
    worst = outcomes(3, rate=1.0, times=8)
    assert [status == 200 for status in worst].count(True) >= 2


def test_no_chance_no_faults() -> None:
    assert set(outcomes(1, rate=0.0, times=5)) == {200}


def test_faults_can_change_while_it_runs() -> None:
    with serving(NEWEST) as fake, (caller := Caller(fake)).client:
        assert caller.ask(USERS).status_code == 200
        fake.faults.given.append(Rule(broken(503)))
        assert caller.ask(USERS).status_code == 503
