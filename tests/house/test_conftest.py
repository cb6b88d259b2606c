"""The guard that keeps tests off the network and out of the home directory."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest


def test_an_address_outside_is_refused() -> None:
    with socket.socket() as outside, pytest.raises(pytest.fail.Exception, match=r"192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))


def test_a_name_outside_is_refused() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"graph\.contoso\.example"):
        socket.create_connection(("graph.contoso.example", 443))


def test_loopback_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


def test_home_is_an_empty_folder() -> None:
    assert list(Path.home().iterdir()) == []


def test_no_setting_of_the_machine_is_left() -> None:
    assert not [name for name in os.environ if name.startswith("DRIFTAUDIT_")]
