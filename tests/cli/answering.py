"""Statements of `driftaudit sql` answered in this process, for tests that are not about the process or its limits."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import IO

import pytest

from driftaudit.store import _ad_hoc_child, ad_hoc


class Here:
    """Does what the child does, by the child's own `main`; only that nothing limits it."""

    def __init__(self, question: ad_hoc.Question, output: IO[bytes]) -> None:
        """Keep where the answer goes."""
        self._output, self.returncode = output, 0

    def __enter__(self) -> Here:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End."""

    def communicate(self, asked: bytes, timeout: float) -> tuple[None, bytes]:
        """Answer the question, and return what the child says of it."""
        told = io.BytesIO()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(_ad_hoc_child, "_limit", lambda question: None)
            for name, stream in (("stdin", io.BytesIO(asked)), ("stdout", self._output), ("stderr", told)):
                patch.setattr(f"sys.{name}", SimpleNamespace(buffer=stream))
            self.returncode = _ad_hoc_child.main()
        return None, told.getvalue()

    def kill(self) -> None:
        """Leave this process alone."""

    def wait(self) -> None:
        """Wait for nothing."""


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer in this process."""
    monkeypatch.setattr(ad_hoc, "_start", Here)
