"""Which runs were good: what was asked for was read, and the report reached everybody it was for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from driftaudit.config import Config
from driftaudit.delivery.channels import channel
from driftaudit.store.database import rows
from driftaudit.store.deliveries import Delivery, Target, deliveries_of

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

_SAID = {"begun": "may have been sent, or not", "refused": "was not delivered"}


@dataclass(frozen=True, slots=True)
class Judged:
    """One snapshot, and what keeps it from being a good run."""

    id: int
    taken_at: datetime
    unread: tuple[str, ...]
    """A sentence for each collection that failed."""
    undelivered: tuple[str, ...]
    """A sentence for each recipient whom the report did not reach although it should have."""
    partly_read: int
    """Collections of which something was not read; the report says what follows from it."""

    @property
    def problems(self) -> tuple[str, ...]:
        """Return what keeps it from being a good run."""
        return (*self.unread, *self.undelivered)

    @property
    def incomplete(self) -> bool:
        """Tell whether something that was asked for was not read whole."""
        return bool(self.unread or self.partly_read)


def judged(connection: Connection, config: Config) -> Iterator[Judged]:
    """Yield every snapshot, newest first; a collection that failed, or a report that did not arrive, is a problem."""
    ledger = {delivery.target: delivery for delivery in deliveries_of(connection)}
    wanted = [(send.channel, to) for send in config.send for to in channel(send, config).recipients(send)]
    found = rows(
        connection,
        "select s.id, s.taken_at, list(c.collection order by c.collection) filter (c.status = 'failed') as failed, "
        "count(*) filter (c.status = 'partial') as partly from history.snapshots as s "
        "join history.coverage as c on c.snapshot_id = s.id group by all order by s.taken_at desc",
    )
    for each in found:
        unread = tuple(f"{name} could not be read" for name in each["failed"] or ())
        undelivered = tuple(_undelivered(each["taken_at"], dict.fromkeys(wanted), ledger))
        yield Judged(each["id"], each["taken_at"], unread, undelivered, each["partly"])


def _undelivered(period: datetime, wanted: Iterable[tuple[str, str]], ledger: dict[Target, Delivery]) -> Iterator[str]:
    """Yield a sentence for each recipient whom the report of a snapshot did not reach although it should have."""
    for by, to in wanted:
        row = ledger.get(Target(period, by, to))
        if row is None:
            yield f"the report by {by} for {to} was never sent"
        elif row.state in _SAID:
            yield f"the report by {by} for {to} {_SAID[row.state]}" + (f" ({row.reason})" if row.reason else "")
