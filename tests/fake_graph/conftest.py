"""One fake service per file of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fake_graph import serving
from tests.fake_graph.caller import NEWEST, Caller


@pytest.fixture(scope="module")
def caller() -> Iterator[Caller]:
    """Return somebody who asks the newest snapshot of the sample, served as documented."""
    with serving(NEWEST) as fake:
        caller = Caller(fake)
        with caller.client:
            yield caller
