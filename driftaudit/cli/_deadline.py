"""The deadline of a run: whatever is under way ends, and nothing takes that for a refusal and tries it again."""

from __future__ import annotations

import signal
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from driftaudit.errors import DeliveryFailed

_SECONDS = 60


class _TimeIsUp(KeyboardInterrupt):
    """Ends everything as ctrl-C does; a channel that waits for an answer must not take it for one."""


@contextmanager
def in_time(minutes: int) -> Generator[None]:
    """End a run that takes too long; Windows has no such alarm, and its scheduler has a limit of its own."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(*_: Any) -> None:
        raise _TimeIsUp

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(minutes * _SECONDS)
    try:
        yield
    except _TimeIsUp:
        raise DeliveryFailed(
            f"The run took longer than {minutes} minute{'' if minutes == 1 else 's'} and was stopped; "
            "no more was delivered.",
            "Run it again: it goes on where it was. [run] deadline_minutes sets the limit.",
        ) from None
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
