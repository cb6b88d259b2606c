"""A token never stands in what people see: no error, no repr, no log, no event."""

from __future__ import annotations

import traceback

import pytest

from driftaudit.graph.answer import Answer
from driftaudit.graph.client import Graph
from driftaudit.graph.exchange import Asked
from driftaudit.graph.failures import GraphFailure
from driftaudit.graph.patience import Patience
from driftaudit.graph.token import Token
from tests.graph.bench import Bench, Tokens
from tests.graph.small_server import Reply, listed, refusal

USERS = "/v1.0/users"
CANARY = "canary-9d3a-token"


@pytest.mark.parametrize(
    "replies",
    [
        [Reply(wrong="closed")],
        [Reply(b"<html>", headers={"Content-Type": "text/html"})],
        [Reply(b"{")],
        [Reply({"error": {"code": "x"}})],
        [refusal(403, "Forbidden")],
        [listed("a", then=USERS)],
        [listed("a", then="https://graph.contoso.example/")],
        [refusal(401, "InvalidAuthenticationToken", "The token is expired.")],
    ],
)
def test_no_failure_shows_the_token(
    bench: Bench, replies: list[Reply], caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    bench.tokens = Tokens([CANARY])
    bench.patience = Patience(attempts=2, first_attempts=2)
    bench.server.says(USERS, *replies)
    with pytest.raises(GraphFailure) as caught:
        bench.pages(USERS)
    assert bench.server.seen[0].headers["authorization"] == f"Bearer {CANARY}"
    told = [traceback.format_exception(caught.value), repr(caught.value), vars(caught.value), bench.events]
    assert CANARY not in repr(told) + caplog.text + "".join(capsys.readouterr())


def test_no_object_shows_the_token(bench: Bench) -> None:
    bench.tokens = Tokens([CANARY])
    bench.server.says(USERS, listed("a"))

    async def shown(graph: Graph) -> str:
        answer = await graph.get(USERS)
        token = Token(bench.tokens, bench.clock)
        assert await token.text() == CANARY
        asked = Asked(USERS, USERS, "directory", {}, CANARY.encode())
        return repr([graph, graph.__dict__.keys(), token, answer, asked])

    text = bench.run(shown)
    assert Answer.__name__ in text
    assert CANARY not in text
