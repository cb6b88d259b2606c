"""Figures: what a benchmark measured, and the limit it must keep."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured value and its limit; without a limit it is told for information."""

    name: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def met(self) -> bool:
        """Tell whether the limit is kept."""
        return self.limit is None or self.value <= self.limit


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as lines for a terminal: figure, limit, met."""
    lines = [f"{'':52}{'figure':>12}{'limit':>10}  met"]
    for figure in figures:
        limit = "" if figure.limit is None else f"{figure.limit:g}"
        met = "" if figure.limit is None else "yes" if figure.met else "NO"
        lines.append(f"{figure.name:52}{figure.value:>9.2f} {figure.unit:2}{limit:>10}  {met}")
    return "\n".join(lines)


@dataclass(frozen=True)
class Spent:
    """What one run of a program cost."""

    cpu: float
    """Seconds of processor time, user and system."""
    memory: float
    """Most memory it held at once, in MB."""


def spent(*arguments: str) -> Spent:
    """Run Python with these arguments and return what it cost; a run that fails is an error."""
    child = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, child.args)
    return Spent(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
