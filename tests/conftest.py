"""What every test stands on: no network but loopback, no home directory, no settings of the machine."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import settings

settings.register_profile("driftaudit", deadline=None)  # a busy machine is no failure
settings.load_profile("driftaudit")

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""
    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, _only_loopback(getattr(socket.socket, name)))
    resolve = socket.getaddrinfo

    def only_loopback(host: Any, *arguments: Any, **options: Any) -> Any:
        if host is not None and host not in LOOPBACK:
            pytest.fail(f"A test asked for the address of {host!r}.")
        return resolve(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", only_loopback)


def _only_loopback(original: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        address = arguments[-1]
        if self.family != getattr(socket, "AF_UNIX", None) and address[0] not in LOOPBACK:
            pytest.fail(f"A test wanted to reach {address!r}.")
        return original(self, *arguments)

    return guarded


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty folder, of which there is one only: thousands would be slow to number."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def no_home(monkeypatch: pytest.MonkeyPatch, empty_home: Path) -> Generator[Path]:
    """Put an empty folder where the home directory and its settings would be, and see that nothing is written there."""
    for name in ("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(empty_home))
    yield empty_home
    left = [path.name for path in empty_home.iterdir()]
    assert left == [], "a test wrote into the home directory"


@pytest.fixture(scope="session", autouse=True)
def one_thread_each() -> Generator[None]:
    """Give each of several workers one thread for its queries: they share the cores; a lone run has all of them."""
    with pytest.MonkeyPatch.context() as patch:
        if "PYTEST_XDIST_WORKER" in os.environ:
            patch.setattr(duckdb, "connect", _with_one_thread(duckdb.connect))
        yield


def _with_one_thread(connect: Callable[..., Any]) -> Callable[..., Any]:
    def connected(*arguments: Any, config: dict[str, Any] | None = None, **options: Any) -> Any:
        return connect(*arguments, config={**(config or {}), "threads": "1"}, **options)

    return connected


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what this machine's environment says about driftaudit."""
    for name in [name for name in os.environ if name.startswith("DRIFTAUDIT_")]:
        monkeypatch.delenv(name)
