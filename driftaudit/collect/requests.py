"""Requests: what is asked for a collection, made from its record, so that nothing is asked for in vain."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from driftaudit.collectors._record import Collection


def request_for(collection: Collection, scope: str | None = None) -> str:
    """Return the path and query that reads a collection, or one scope of it."""
    select = ",".join(selected(collection))
    if is_sharepoint(collection):
        return collection.request.format(select=select, scope=scope)
    parts = [quote(part, safe="") for part in (scope or "").split("/")]
    return collection.request.format(select=select, scope=parts[0] if len(parts) == 1 else parts, since="")


def about_all(collection: Collection) -> Collection:
    """Return a collection that asks about members as well, where it would ask about guests only."""
    return replace(collection, request=collection.request_for_all) if collection.request_for_all else collection


def newer_than(collection: Collection, newest: datetime | None) -> Collection:
    """Return a log that asks for what happened since its newest known record, and shortly before it was known."""
    if collection.log is None or newest is None:
        return collection
    (field,) = (c.source.path[0] for c in collection.columns if c.name == collection.log.at)
    since = newest.replace(tzinfo=UTC) - timedelta(hours=collection.log.overlap_hours)
    asked = f"{field}%20ge%20{since:%Y-%m-%dT%H:%M:%SZ}%20and%20"
    return replace(collection, request=collection.request.replace("{since}", asked))


def is_sharepoint(collection: Collection) -> bool:
    """Tell whether a collection is read from SharePoint itself, by the address of a site."""
    return collection.request.startswith("{scope}/_api/")


def selected(collection: Collection) -> list[str]:
    """Return the top-level properties that come without being expanded: those that the record keeps, and the probe."""
    expanded = _expanded(collection.request)
    probed = [collection.probe] if collection.probe else []
    names = dict.fromkeys([*(c.source.path[0] for c in collection.columns if c.source.path), *probed])
    return [name for name in names if not name.startswith("@") and name not in expanded]


def _expanded(request: str) -> set[str]:
    """Return the relations that a request expands, without what is asked of them in brackets."""
    _, _, after = request.partition("$expand=")
    outermost = re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)*\)", "", after)
    return set(outermost.partition("&")[0].split(","))
