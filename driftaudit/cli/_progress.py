"""Progress: how a run is shown while it lasts, on a terminal, as plain lines or as JSON lines; always on stderr."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from driftaudit.cli import _log
from driftaudit.cli._narration import say
from driftaudit.cli._options import LogFormat
from driftaudit.foreign_text import visible
from driftaudit.graph.events import Event, Retried, Throttled

if TYPE_CHECKING:
    from rich.console import Console

    from driftaudit.exports.manifest import Entry

EVERY = 30.0
"""Seconds after which a long collection is told of again, where lines stay."""
Seconds = Callable[[], float]


@dataclass
class Progress:
    """What a run is at; the classes below show it."""

    seconds: Seconds = time.monotonic
    name: str = ""
    number: int = 0
    of: int = 0
    pages: int = 0
    rows: int = 0
    scopes_done: int = 0
    scopes_of: int = 0
    retries: int = 0
    took: dict[str, float] = field(default_factory=dict)
    """Seconds by collection, for the table at the end."""
    _began: float = 0.0
    _opens: float = 0.0

    def shown(self) -> AbstractContextManager[object]:
        """Return a block in which the run is shown."""
        return nullcontext()

    def begun(self, name: str, number: int, of: int) -> None:
        """Start counting anew."""
        self.name, self.number, self.of = name, number, of
        self.pages = self.rows = self.scopes_done = self.scopes_of = self.retries = 0
        self._began = self.seconds()

    def page(self, name: str, rows: int) -> None:
        """Count a page."""
        self.pages, self.rows = self.pages + 1, rows

    def scopes(self, name: str, done: int, of: int) -> None:
        """Note how many scopes are done."""
        self.scopes_done, self.scopes_of = done, of

    def closed(self, name: str, entry: Entry) -> None:
        """Note how long the collection took."""
        self.took[name] = self.seconds() - self._began

    def told(self, event: Event) -> None:
        """Note a pause that the service asks for, and what is asked again."""
        if isinstance(event, Throttled):
            self._opens = max(self._opens, self.seconds() + event.seconds)
        self.retries += isinstance(event, Retried)

    @property
    def rate(self) -> float:
        """Return the rows per second of this collection so far."""
        passed = self.seconds() - self._began
        return self.rows / passed if passed > 0 else 0.0

    @property
    def paused_for(self) -> float:
        """Return the seconds for which everything still waits."""
        return max(0.0, self._opens - self.seconds())

    def counts(self) -> str:
        """Return how far this collection is, in words."""
        scopes = f"{self.scopes_done:,} of {self.scopes_of:,} asked, " if self.scopes_of else ""
        again = f", {self.retries:,} asked again" if self.retries else ""
        pages = f"{self.pages:,} page{'' if self.pages == 1 else 's'}"
        return f"{scopes}{pages}, {self.rows:,} rows, {self.rate:,.0f} rows/s{again}"


@dataclass
class Lines(Progress):
    """A line for each collection, and now and then one for a long one or a pause."""

    as_json: bool = False
    _next: float = 0.0
    _next_pause: float = 0.0

    def begun(self, name: str, number: int, of: int) -> None:
        """Say nothing yet: most are over in a second."""
        super().begun(name, number, of)
        self._next = self._began + EVERY

    def page(self, name: str, rows: int) -> None:
        """Tell of a long collection."""
        super().page(name, rows)
        self._tell_now_and_then()

    def scopes(self, name: str, done: int, of: int) -> None:
        """Tell of a long collection."""
        super().scopes(name, done, of)
        self._tell_now_and_then()

    def closed(self, name: str, entry: Entry) -> None:
        """Tell what came of it."""
        super().closed(name, entry)
        why = f": {visible(entry.reason)}" if entry.reason else ""
        rows = f"{entry.rows:,} row{'' if entry.rows == 1 else 's'}, " if entry.rows is not None else ""
        message = f"{self.number} of {self.of} {name}: {rows}{entry.status}, {self.took[name]:.1f} s{why}"
        facts = {"status": entry.status, "rows": entry.rows, "pages": entry.pages, "retries": entry.retries}
        more = {"permission": entry.permission, "reason": entry.reason, "seconds": round(self.took[name], 3)}
        if isinstance(entry.delta, Struct):
            more |= {"scopes_carried": entry.delta.carried, "scopes_read": entry.delta.read}
        self._tell(message, "closed", **facts, **more)

    def told(self, event: Event) -> None:
        """Tell of a pause, but not of each in a row of them."""
        super().told(event)
        if isinstance(event, Throttled) and self.seconds() >= self._next_pause:
            self._next_pause = self.seconds() + max(event.seconds, EVERY)
            self._tell(f"The service asks for a pause of {event.seconds:g} s; everything waits.", "throttled")

    def _tell_now_and_then(self) -> None:
        if self.seconds() >= self._next:
            self._next = self.seconds() + EVERY
            facts = {"rows": self.rows, "pages": self.pages, "rows_per_second": round(self.rate)}
            scopes = {"scopes": self.scopes_done, "of_scopes": self.scopes_of}
            self._tell(f"{self.number} of {self.of} {self.name}: {self.counts()}", "progress", **facts, **scopes)

    def _tell(self, message: str, event: str, **facts: Any) -> None:
        place = {"event": event, "collection": self.name, "number": self.number, "of": self.of}
        say(_log.line("info", message, **place, **facts) if self.as_json else message)


@dataclass
class Screen(Progress):
    """Two lines at the bottom of a terminal that are gone afterwards."""

    console: Console | None = None

    def shown(self) -> AbstractContextManager[object]:
        """Keep the lines up to date while the block lasts."""
        from rich.live import Live

        return Live(get_renderable=self.view, console=self.console, refresh_per_second=4, transient=True)

    def view(self) -> Any:
        """Return the lines as they are now."""
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        if not self.number:
            return Text("Asking which tenant this is ...")
        done = self.number - 1 + (self.scopes_done / self.scopes_of if self.scopes_of else 0)
        head = Table.grid(padding=(0, 2))
        head.add_row(Text(f"Collection {self.number} of {self.of}"), ProgressBar(max(self.of, 1), done, width=30))
        lines = [head, Text(f"  {self.name}: {self.counts()}")]
        if self.paused_for:
            lines.append(Text(f"  The service asks for a pause; {self.paused_for:.0f} s left", style="yellow"))
        return Group(*lines)


def progress(log_format: LogFormat) -> Progress:
    """Return the progress that fits where stderr leads."""
    from rich.console import Console

    console = Console(stderr=True)
    if log_format == "json":
        return Lines(as_json=True)
    return Screen(console=console) if console.is_terminal and not console.is_dumb_terminal else Lines()
