"""Logs in the history: records of what happened, kept when the service has long forgotten them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from driftaudit.collectors import collections
from driftaudit.store.database import has_table, value

if TYPE_CHECKING:
    from driftaudit.store.database import Connection


def newest(connection: Connection) -> dict[str, datetime]:
    """Return by log when its newest record happened; what is dated later than the newest snapshot is not believed."""
    found: dict[str, datetime] = {}
    for name, collection in collections().items():
        if collection.log is not None and has_table(connection, name):
            at = value(
                connection,
                f"select max({collection.log.at}) from history.{name} "
                f"where {collection.log.at} <= (select max(taken_at) from history.snapshots)",
            )
            found |= {name: at} if at is not None else {}
    return found
