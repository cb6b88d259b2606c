"""Trust read once: each client of a run reads the machine's certificates anew, though the fake speaks no TLS."""

from __future__ import annotations

import ssl
from collections.abc import Generator
from functools import cache

import pytest

_created = cache(ssl.create_default_context)


@pytest.fixture(scope="module", autouse=True)
def trust_read_once() -> Generator[None]:
    """Give all clients of a module the same context for the same certificates."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", _created)
        yield
