"""A run that breaks: stopped in an orderly way, with the command that goes on where it was."""

from __future__ import annotations

import asyncio
import shlex
import signal
import subprocess
import sys
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import click

from driftaudit.errors import DriftauditError, NothingRead, UsageError

T = TypeVar("T")


@dataclass
class Behind:
    """What a run leaves behind if it breaks; made before the run begins."""

    exports: Path
    resumed: Path | None
    no_load: bool
    _before: set[Path] = field(init=False)

    def __post_init__(self) -> None:
        """Look what is there already."""
        self._before = self._folders()

    def told(self, error: BaseException) -> list[str]:
        """Return what is to be said of folders that cannot be loaded; a refusal to go on has changed nothing."""
        if self.resumed and isinstance(error, DriftauditError) and not isinstance(error, NothingRead):
            return []
        return [self._said(folder) for folder in self._left()]

    def after_a_full_disk(self) -> str:
        """Return what to do when there is space again."""
        if self._left():
            return "Free some space, then go on."
        return "Free some space, or move [store] exports, and run this again."

    def _left(self) -> list[Path]:
        """Return the folders of this run."""
        return [self.resumed] if self.resumed else sorted(self._folders() - self._before)

    def _folders(self) -> set[Path]:
        """Return the export folders that are there."""
        return set(self.exports.iterdir()) if self.exports.is_dir() else set()

    def _said(self, folder: Path) -> str:
        """Say until when and how a folder can be gone on with, if it can."""
        from driftaudit.collect.resuming import LONGEST, unfinished
        from driftaudit.exports.manifest import utc

        try:
            until = utc(unfinished(folder).taken_at) + LONGEST
        except DriftauditError as error:
            return f"{error.happened} It cannot be gone on with."
        return f"{folder} is not finished. Go on before {until:%Y-%m-%d %H:%M} UTC with: {self._command(folder)}"

    def _command(self, folder: Path) -> str:
        """Return the command that goes on, with the options that this one was given."""
        above = click.get_current_context().find_root().params
        options = [f"--{name}={above[name]}" for name in ("db", "config") if above.get(name)]
        words = ["driftaudit", *options, "collect", "--resume", str(folder), *(["--no-load"] if self.no_load else [])]
        return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)


def refuse_to_resume(folder: Path, only: tuple[str, ...], skip: tuple[str, ...]) -> None:
    """Raise before anybody signs in if it is chosen anew what to read, or if there is nothing to go on with."""
    from driftaudit.collect.resuming import unfinished

    if only or skip:
        option = "--only" if only else "--skip"
        raise UsageError(
            f"{option} cannot be given with --resume: the folder says what is to be read.", f"Leave {option} out."
        )
    unfinished(folder)


def stoppable(work: Coroutine[Any, Any, T]) -> T:
    """Do the work; the signal that ends a program counts as ctrl-C, so that nothing stays half written."""

    async def inner() -> T:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        before = signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(task.cancel) if task else None)
        try:
            return await work
        finally:
            signal.signal(signal.SIGTERM, before or signal.SIG_DFL)

    try:
        return asyncio.run(inner())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
