"""A server and a client for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.graph.bench import Bench
from tests.graph.https import https_server
from tests.graph.small_server import SmallServer, serving


@pytest.fixture
def bench() -> Iterator[Bench]:
    """Return a client at a server of its own."""
    with serving(SmallServer()) as server:
        yield Bench(server)


@pytest.fixture
def strange_https(tmp_path: Path) -> Iterator[str]:
    """Return the address of a server whose certificate nobody has heard of."""
    with https_server(tmp_path) as (server, _):
        yield f"https://127.0.0.1:{server.server_port}"
