"""The token lasts as long as the service says, is renewed in time, and its end is told as such."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from driftaudit.graph.answer import Answer
from driftaudit.graph.client import Graph
from driftaudit.graph.failures import SignInEnded, SignInRefused
from tests.graph.bench import NOW, Bench, Tokens, jwt
from tests.graph.small_server import Reply, Seen, listed, refusal

USERS = "/v1.0/users"
EXPIRED = refusal(401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")
GONE = SignInRefused("The certificate has ended.", "Upload a new one.")


def bearers(bench: Bench) -> list[str]:
    """Return the tokens as they arrived."""
    return [seen.headers["authorization"].removeprefix("Bearer ") for seen in bench.server.seen]


def three(bench: Bench) -> list[Answer]:
    """Ask three times, one after the other."""

    async def asked(graph: Graph) -> list[Answer]:
        return [await graph.get(USERS) for _ in range(3)]

    return bench.run(asked)


def test_one_token_serves_many(bench: Bench) -> None:
    bench.server.says(USERS, listed("a"))
    bench.tokens = tokens = Tokens([jwt(), jwt(jti="2")])
    three(bench)
    assert (set(bearers(bench)), tokens.renewals) == ({tokens.texts[0]}, 0)


def test_a_token_about_to_end_is_renewed(bench: Bench) -> None:
    bench.server.says(USERS, listed("a"))
    bench.tokens = Tokens([jwt(exp=NOW + 299), jwt()])
    three(bench)
    assert bearers(bench) == [bench.tokens.texts[0], bench.tokens.texts[1], bench.tokens.texts[1]]


def test_time_passes_for_the_token_too(bench: Bench) -> None:
    bench.server.says(USERS, refusal(429, "TooManyRequests", Retry_After="3500"), listed("a"))
    bench.tokens = Tokens([jwt(exp=NOW + 3600), jwt(exp=NOW + 7200)])
    assert bench.get(USERS).status == 200
    assert bearers(bench) == bench.tokens.texts


@pytest.mark.parametrize("exp", [NOW - 86400, NOW + 86400])
def test_the_clock_of_this_machine_does_not_matter(bench: Bench, exp: int) -> None:
    bench.server.says(USERS, listed("a"))
    bench.tokens = Tokens([jwt(exp=exp)])
    assert [answer.status for answer in three(bench)] == [200, 200, 200]


def test_a_renewal_that_fails_early_does_no_harm(bench: Bench) -> None:
    bench.server.says(USERS, listed("a"))
    bench.tokens = tokens = Tokens([jwt(exp=NOW + 200)], failure=GONE)
    assert [answer.status for answer in three(bench)] == [200, 200, 200]
    assert tokens.renewals == 1


def test_a_renewal_that_fails_late_ends_the_run(bench: Bench) -> None:
    bench.server.says(USERS, refusal(429, "TooManyRequests", Retry_After="300"), listed("a"))
    bench.tokens = Tokens([jwt(exp=NOW + 200)], failure=GONE)
    with pytest.raises(SignInEnded, match=r"^The sign-in ended during the run: The certificate has ended\. Upload"):
        bench.get(USERS)


def test_an_expired_token_is_renewed_and_asked_again(bench: Bench) -> None:
    bench.server.says(USERS, EXPIRED, listed("a"))
    bench.tokens = Tokens(["opaque-1", "opaque-2"])
    answer = bench.get(USERS)
    assert (answer.status, answer.retries, bearers(bench)) == (200, 1, ["opaque-1", "opaque-2"])


def test_a_revoked_token_is_renewed_and_asked_again(bench: Bench) -> None:
    bench.server.says(USERS, refusal(401, "", WWW_Authenticate='Bearer error="invalid_token"'), listed("a"))
    bench.tokens = Tokens([jwt(), jwt(jti="2")])
    assert bench.get(USERS).status == 200


def test_many_renew_once(bench: Bench) -> None:
    bench.tokens = tokens = Tokens(["opaque-1", "opaque-2"])

    def old_or_new(seen: Seen) -> Reply:
        return EXPIRED if seen.headers["authorization"].endswith("1") else listed("a")

    bench.server.says(USERS, old_or_new)

    async def many(graph: Graph) -> list[Answer]:
        return await asyncio.gather(*(graph.get(USERS) for _ in range(8)))

    assert {answer.status for answer in bench.run(many)} == {200}
    assert tokens.renewals == 1


@pytest.mark.parametrize(
    ("tokens", "message"),
    [
        ({"texts": ["opaque"]}, "ended during the run and cannot be renewed. Sign in again"),
        ({"texts": ["opaque"], "failure": GONE}, "ended during the run: The certificate has ended."),
        ({"texts": [jwt(exp=NOW - 1)]}, "ended during the run and cannot be renewed."),
    ],
)
def test_a_sign_in_that_cannot_be_renewed_is_one_sentence(bench: Bench, tokens: dict[str, Any], message: str) -> None:
    bench.server.says(USERS, listed("a"), EXPIRED)
    bench.tokens = Tokens(**tokens)
    with pytest.raises(SignInEnded) as caught:
        three(bench)
    assert message in str(caught.value)
    assert caught.value.exit_code == 5


@pytest.mark.parametrize("code", ["Unauthorized", "InvalidAuthenticationToken", ""])
def test_a_401_with_a_good_token_is_an_answer(bench: Bench, code: str) -> None:
    bench.server.says(USERS, refusal(401, code, "Not for you."))
    assert (bench.get(USERS).status, len(bench.server.seen)) == (401, 1)


def test_renewing_without_end_ends(bench: Bench) -> None:
    bench.server.says(USERS, EXPIRED)
    bench.tokens = Tokens([f"opaque-{n}" for n in range(99)])
    assert (bench.get(USERS).status, len(bench.server.seen)) == (401, 10)
