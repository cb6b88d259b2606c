"""The fake service in a process of its own, so that its work does not count as the caller's."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.fake_graph import tokens
from tests.fake_graph.permissions import EVERYTHING
from tests.fake_graph.service import Asked
from tests.fake_graph.serving import serving
from tests.fake_graph.source import Source

PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Apart:
    """A fake service that runs elsewhere on this machine."""

    url: str
    sharepoint_url: str
    tenant_id: str
    line: Connection

    def token(self) -> str:
        """Return a token for Graph that may read everything."""
        return tokens.token(EVERYTHING, tenant_id=self.tenant_id)

    @property
    def requests(self) -> list[Asked]:
        """Return every request so far, those inside batches included."""
        return self._asked("requests")

    @property
    def cpu_seconds(self) -> float:
        """Return how much of the processor the service has used."""
        return self._asked("cpu")

    def _asked(self, what: str) -> Any:
        self.line.send(what)
        return self.line.recv()


@contextmanager
def serving_apart(tenant: Path | Source, **options: Any) -> Generator[Apart]:
    """Serve as `serving` does, in a child process that ends with the block."""
    ours, theirs = multiprocessing.Pipe()
    spawned = multiprocessing.get_context("spawn")
    child = spawned.Process(target=_serve, args=(theirs, tenant, options), daemon=True)
    child.start()
    theirs.close()
    try:
        if not ours.poll(PATIENCE):
            raise TimeoutError("The fake service did not start.")
        yield Apart(*ours.recv(), ours)
    finally:
        ours.close()
        child.join(PATIENCE)
        if child.is_alive():
            child.kill()
            child.join()
        child.close()


def _serve(line: Connection, tenant: Path | Source, options: dict[str, Any]) -> None:
    """Serve until the other end of the line is closed."""
    with serving(tenant, **options) as fake:
        line.send((fake.url, fake.sharepoint_url, fake.tenant_id))
        while True:
            try:
                wanted = line.recv()
            except EOFError:
                return
            line.send(fake.requests if wanted == "requests" else time.process_time())
