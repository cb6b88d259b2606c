"""Nothing but reading can leave, whoever asks for it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from driftaudit.graph.address import root_of
from driftaudit.graph.client import Graph
from driftaudit.graph.failures import BrokenAnswer, NotReading
from driftaudit.graph.patience import Patience
from driftaudit.graph.read_only import ReadOnly
from driftaudit.graph.wire import Wire
from tests.graph.bench import Bench
from tests.graph.small_server import Reply

ROOT = "https://graph.microsoft.com"


def leaves(method: str, url: str, content: Any = None) -> bool:
    """Tell whether a request may leave."""
    body = None if content is None else json.dumps(content).encode()
    try:
        asyncio.run(ReadOnly(root_of(ROOT))(httpx.Request(method, url, content=body)))
    except (NotReading, BrokenAnswer):
        return False
    return True


def items(*requests: tuple[str, str]) -> dict[str, Any]:
    """Return a batch."""
    return {"requests": [{"id": "1", "method": method, "url": url} for method, url in requests]}


@pytest.mark.parametrize("version", ["v1.0", "beta"])
def test_reading_leaves(version: str) -> None:
    assert leaves("GET", f"{ROOT}/{version}/users?$top=1")
    assert leaves("POST", f"{ROOT}/{version}/$batch", items(("GET", "/users"), ("GET", "/groups")))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
def test_no_other_method_leaves(method: str) -> None:
    assert not leaves(method, f"{ROOT}/v1.0/users")


@pytest.mark.parametrize(
    "body",
    [
        items(("GET", "/users"), ("DELETE", "/users/1")),
        items(("PATCH", "/users/1")),
        items(("get", "/users/1")),
        items(("GET", "https://graph.contoso.example/users")),
        {"requests": [{"id": "1", "url": "/users"}]},
        {
            "requests": [
                {"id": "1", "method": "GET", "url": "/users/1", "headers": {"x-http-method-override": "DELETE"}}
            ]
        },
        {"requests": None},
        [],
        None,
    ],
)
def test_no_other_batch_leaves(body: Any) -> None:
    assert not leaves("POST", f"{ROOT}/v1.0/$batch", body)


@pytest.mark.parametrize(
    "url", [f"{ROOT}/v1.0/users/$batch", f"{ROOT}/v1.0/x/v1.0/$batch", f"{ROOT}/$batch", f"{ROOT}/v1.0/$batch/x"]
)
def test_a_batch_goes_to_no_other_place(url: str) -> None:
    assert not leaves("POST", url, items(("GET", "/users")))


@pytest.mark.parametrize(
    "url",
    [
        "https://graph.contoso.example/v1.0/users",
        "http://graph.microsoft.com/v1.0/users",
        "https://graph.microsoft.com:8443/v1.0/users",
        "https://graph.microsoft.com.contoso.example/v1.0/users",
    ],
)
def test_nothing_goes_to_another_host(url: str) -> None:
    assert not leaves("GET", url)


def test_no_header_turns_reading_into_writing() -> None:
    request = httpx.Request("GET", f"{ROOT}/v1.0/users/1", headers={"X-HTTP-Method": "DELETE"})
    with pytest.raises(NotReading):
        asyncio.run(ReadOnly(root_of(ROOT))(request))


def test_a_body_with_a_get_does_not_leave() -> None:
    assert not leaves("GET", f"{ROOT}/v1.0/users", {})


def test_the_wire_itself_stops_it(bench: Bench) -> None:
    async def send(content: bytes) -> None:
        wire = Wire(root_of(bench.server.root), Patience(), 1)
        try:
            await wire.send(f"{bench.server.root}/v1.0/$batch", {}, content, None)
        finally:
            await wire.close()

    with pytest.raises(NotReading, match="driftaudit only reads") as caught:
        asyncio.run(send(json.dumps(items(("DELETE", "/users/1"))).encode()))
    assert (bench.server.seen, caught.value.exit_code) == ([], 1)


def test_a_redirect_is_not_followed(bench: Bench) -> None:
    to = {"Location": f"{bench.server.root}/v1.0/elsewhere", "request-id": "1"}
    bench.server.says("/v1.0/users", Reply({}, 302, to))
    assert bench.get("/v1.0/users").status == 302
    assert bench.server.paths() == ["/v1.0/users"]


def test_a_foreign_address_is_not_asked(bench: Bench) -> None:
    with pytest.raises(BrokenAnswer, match=r"leads to https://graph\.contoso\.example"):
        bench.get("https://graph.contoso.example/v1.0/users")


def test_everything_that_leaves_is_reading(bench: Bench) -> None:
    async def all_of_it(graph: Graph) -> None:
        await graph.get("/v1.0/users")
        await graph.batch(["/v1.0/users", "/v1.0/groups"])

    bench.server.says("/v1.0/users", Reply({"value": []}))
    bench.server.says("/v1.0/groups", Reply({"value": []}))
    bench.server.says("$batch", Reply({"responses": []}))
    bench.run(all_of_it)
    assert {(seen.method, seen.path) for seen in bench.server.seen} == {
        ("GET", "/v1.0/users"),
        ("GET", "/v1.0/groups"),
        ("POST", "/v1.0/$batch"),
    }
    assert {item["method"] for seen in bench.server.seen if seen.method == "POST" for item in seen.items} == {"GET"}
