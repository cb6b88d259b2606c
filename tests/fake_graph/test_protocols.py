"""The server itself: both versions of HTTP, with and without TLS, and a clean end."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import ssl
import threading
from collections.abc import Sequence
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urlsplit

import h2.config
import h2.connection
import h2.events
import h2.settings
import httpx
import pytest

from tests.fake_graph import serving
from tests.fake_graph.apart import serving_apart
from tests.fake_graph.caller import EM, NEWEST, Caller, Record
from tests.fake_graph.generated import Generated

BIG = f"{EM}/assignmentRequests?$expand=requestor,accessPackage,assignment($expand=target)"


@pytest.mark.parametrize(("http2", "version"), [(False, "HTTP/1.1"), (True, "HTTP/2")])
def test_both_versions_give_the_same_also_when_it_is_long(caller: Caller, http2: bool, version: str) -> None:
    with httpx.Client(http1=not http2, http2=http2) as client:
        answer = Caller(caller.fake, client).ask(BIG, accept_encoding="identity")
    assert answer.http_version == version
    assert len(answer.content) > 100_000
    assert answer.json()["value"] == caller.value(BIG)


def test_a_caller_with_a_small_window_gets_a_long_answer_bit_by_bit(caller: Caller) -> None:
    place = urlsplit(caller.fake.url)
    connection = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
    connection.initiate_connection()
    connection.update_settings({h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: 1_000})
    path = {":method": "GET", ":scheme": "http", ":authority": place.netloc, ":path": BIG}
    connection.send_headers(1, [*path.items(), *caller.signed_in().items()], end_stream=True)
    body, ended = b"", False
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=10) as line:
        while not ended:
            line.sendall(connection.data_to_send())
            for event in connection.receive_data(line.recv(65_536)):
                if isinstance(event, h2.events.DataReceived):
                    body += event.data
                    connection.acknowledge_received_data(event.flow_controlled_length, 1)
                ended = ended or isinstance(event, h2.events.StreamEnded)
    assert json.loads(body)["value"] == caller.value(BIG)


def test_over_tls_both_versions_are_offered() -> None:
    with serving(NEWEST, tls=True) as fake:
        trusted = ssl.create_default_context(cafile=fake.certificate)
        for http2, version in ((True, "HTTP/2"), (False, "HTTP/1.1")):
            with httpx.Client(http2=http2, verify=trusted) as client:
                assert Caller(fake, client).ask("/v1.0/organization").http_version == version


@pytest.mark.parametrize("http2", [False, True], ids=["HTTP/1.1", "HTTP/2"])
def test_many_requests_at_once(caller: Caller, http2: bool) -> None:
    async def all_at_once() -> list[int]:
        async with httpx.AsyncClient(http1=not http2, http2=http2) as client:
            address, headers = caller.address(BIG), caller.signed_in()
            return [
                a.status_code for a in await asyncio.gather(*(client.get(address, headers=headers) for _ in range(24)))
            ]

    assert asyncio.run(all_at_once()) == [200] * 24


def test_nothing_is_left_when_it_ends() -> None:
    before = threading.active_count()
    with serving(NEWEST) as fake, (caller := Caller(fake)).client:
        assert caller.ask("/v1.0/organization").status_code == 200
        assert threading.active_count() == before + 1
        place = urlsplit(fake.url)
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((place.hostname, place.port), timeout=1).close()


def test_two_can_run_side_by_side() -> None:
    with serving(NEWEST) as one, serving(Generated(people=3)) as other:
        assert one.url != other.url
        with (first := Caller(one)).client, (second := Caller(other)).client:
            assert (len(first.value("/v1.0/users")), len(second.value("/v1.0/users"))) == (88, 3)


def test_it_can_run_in_a_process_of_its_own() -> None:
    with serving_apart(Generated(people=5)) as apart, httpx.Client() as client:
        answer = client.get(f"{apart.url}/v1.0/users", headers={"authorization": f"Bearer {apart.token()}"})
        assert len(answer.json()["value"]) == 5
        assert [asked.target for asked in apart.requests] == ["/v1.0/users"]
        assert apart.cpu_seconds > 0


def test_gzip_is_sent_to_those_who_ask_for_it(caller: Caller) -> None:
    address, headers = caller.address("/v1.0/users"), caller.signed_in() | {"accept-encoding": "gzip"}
    with caller.client.stream("GET", address, headers=headers) as packed:
        raw = b"".join(packed.iter_raw())
    assert packed.headers["content-encoding"] == "gzip"
    plain = caller.ask("/v1.0/users", accept_encoding="identity")
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(raw) == plain.content


def test_the_clock_starts_with_the_snapshot_and_goes_with_the_requests() -> None:
    with serving(NEWEST, step=0.5) as fake, (caller := Caller(fake)).client:
        dates = [caller.ask("/v1.0/organization").headers["date"] for _ in range(3)]
    assert dates[0] == "Wed, 30 Sep 2026 02:00:04 GMT"
    assert (parsedate_to_datetime(dates[2]) - parsedate_to_datetime(dates[0])).total_seconds() == 1
    assert format_datetime(parsedate_to_datetime(dates[1]), usegmt=True) == dates[1]


def test_every_answer_can_be_told_to_support(caller: Caller) -> None:
    answer = caller.ask("/v1.0/nothing", client_request_id="0000dead-0000-4000-8000-000000000001")
    inner = answer.json()["error"]["innerError"]
    assert inner["client-request-id"] == answer.headers["client-request-id"] == "0000dead-0000-4000-8000-000000000001"
    assert inner["request-id"] == answer.headers["request-id"]
    assert inner["date"].startswith("2026-09-30T02:0")
    assert answer.headers["request-id"] != caller.ask("/v1.0/nothing").headers["request-id"]


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE", "HEAD"])
def test_whatever_would_write_is_refused_and_remembered(method: str) -> None:
    with serving(NEWEST) as fake, (caller := Caller(fake)).client:
        answer = caller.client.request(method, caller.address("/v1.0/users"), headers=caller.signed_in(), content=b"{}")
        assert answer.status_code == 405
        assert [(asked.method, asked.path, asked.status) for asked in fake.violations] == [(method, "/v1.0/users", 405)]
        assert caller.ask("/v1.0/users").status_code == 200
        assert len(fake.violations) == 1


def test_the_log_holds_what_was_asked(caller: Caller) -> None:
    caller.ask("/v1.0/groups?$select=id", prefer="include-unknown-enum-members")
    last = caller.fake.requests[-1]
    assert (last.method, last.path, last.query, last.status) == ("GET", "/v1.0/groups", "$select=id", 200)
    assert last.headers["prefer"] == "include-unknown-enum-members"
    assert (last.service, last.batched) == ("graph", False)


class Broken(Generated):
    """A source with a mistake in it."""

    def records(self, path: str) -> Sequence[Record] | None:
        """Fail."""
        raise KeyError(path)


def asked_of_a_broken_one() -> None:
    with serving(Broken()) as fake, (caller := Caller(fake)).client, pytest.raises(httpx.TransportError):
        caller.ask("/v1.0/organization")


def test_a_mistake_of_the_fake_itself_is_not_taken_for_a_fault_of_the_service() -> None:
    with pytest.raises(RuntimeError, match="itself is broken"):
        asked_of_a_broken_one()
