"""The ledger of deliveries: what was begun, what left and what was refused, so that nothing is sent twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from driftaudit.store.database import has_table, reading, rows
from driftaudit.store.publish import Tell, writing
from driftaudit.store.schema import create

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

State = Literal["begun", "sent", "refused", "not_due"]
"""Begun and never ended: it may have left or not. Not due: it was looked at, and there was nothing to send."""


@dataclass(frozen=True, slots=True)
class Target:
    """To whom, by which channel, about which period."""

    period: datetime
    """The instant of the snapshot."""
    channel: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the ledger: one report for one recipient."""

    target: Target
    state: State
    why: str
    """always, changed, threshold or still_alive; what was not due says nothing."""
    content_sha256: str
    """What it said: which findings stood open and what could be assessed."""
    report_sha256: str | None = None
    message_id: str | None = None
    reason: str | None = None
    begun_at: datetime | None = None
    ended_at: datetime | None = None


_KEY = ("period", "channel", "recipient")
_REST = ("state", "why", "content_sha256", "report_sha256", "message_id", "reason", "begun_at", "ended_at")


def deliveries(database: Path) -> tuple[Delivery, ...]:
    """Return the whole ledger, oldest period first; a database of an older version has an empty one."""
    with reading(database) as connection:
        return deliveries_of(connection)


def deliveries_of(connection: Connection) -> tuple[Delivery, ...]:
    """Return the whole ledger by an open connection."""
    if not has_table(connection, "deliveries"):
        return ()
    return tuple(map(_delivery, rows(connection, "from history.deliveries order by period, channel, recipient")))


def begin(database: Path, wanted: Sequence[Delivery], *, again: bool, tell: Tell) -> frozenset[Target]:
    """Write down that sending begins and return for whom it may; what was sent, or begun by others, is left alone."""
    with writing(database, tell) as connection:
        create(connection)
        there = {delivery.target: delivery.state for delivery in deliveries_of(connection)}
        closed = ("sent",) if again else ("sent", "begun")
        free = [delivery for delivery in wanted if there.get(delivery.target) not in closed]
        _write(connection, free)
    return frozenset(delivery.target for delivery in free)


def end(database: Path, ended: Sequence[Delivery], *, tell: Tell) -> None:
    """Write down what came of sending, or that there was nothing to send."""
    with writing(database, tell) as connection:
        create(connection)
        _write(connection, ended)


def _write(connection: Connection, given: Iterable[Delivery]) -> None:
    """Put each row in the place of the one that has its target."""
    columns = (*_KEY, *_REST)
    insert = f"insert into history.deliveries ({', '.join(columns)}) values ({', '.join('?' * len(columns))})"
    for delivery in given:
        key = [getattr(delivery.target, name) for name in _KEY]
        connection.execute(
            "delete from history.deliveries where period = ? and channel = ? and recipient = ?",
            key,
        )
        connection.execute(insert, [*key, *(getattr(delivery, name) for name in _REST)])


def _delivery(row: dict[str, Any]) -> Delivery:
    return Delivery(Target(*(row[name] for name in _KEY)), **{name: row[name] for name in _REST})
