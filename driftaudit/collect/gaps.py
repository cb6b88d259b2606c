"""Gaps: which scopes were not read and why, and what that makes of the collection."""

from __future__ import annotations

from collections.abc import Sequence

from driftaudit.collectors._record import Collection
from driftaudit.exports.manifest import DELETED, Gap
from driftaudit.graph.failures import GraphFailure, Refused

HIDDEN = "hidden"
"""The code of a gap where the service sends nothing instead of refusing."""
UNREADABLE = "unreadable"
_DENIED = {"401", "403"}
_UNLICENSED = {"AadPremiumLicenseRequired"}
"""What the service says, with a status that tells nothing, to a tenant that has not bought what it asks for."""
_DELETED_SHARE, _DELETED_AT_LEAST = 0.01, 3
"""How many scopes can be deleted while they are read; more of them missing has another cause."""


def refused(scope: str, refusal: Refused) -> Gap:
    """Return the gap that a refusal is; what was deleted since it was listed holds nothing any more."""
    words = ": ".join(part for part in (refusal.code, refusal.message) if part)
    return Gap(scope, DELETED if refusal.status == 404 else str(refusal.status), words or None)


def judged(collection: Collection, gaps: Sequence[Gap], asked: int) -> list[Gap]:
    """Return the gaps; where far too many scopes seem to be deleted, they were not found for another reason."""
    deleted = sum(gap.code == DELETED for gap in gaps)
    if collection.may_have_none or deleted <= max(_DELETED_AT_LEAST, _DELETED_SHARE * asked):
        return list(gaps)
    return [Gap(gap.scope, "404", gap.message) if gap.code == DELETED else gap for gap in gaps]


def blocking(gaps: Sequence[Gap]) -> list[Gap]:
    """Return the gaps that keep a collection from being complete."""
    return [gap for gap in gaps if gap.code != DELETED]


def reason(collection: Collection, gaps: Sequence[Gap], asked: int) -> str | None:
    """Say how many scopes were not read, how the service put it, and which permission reads them."""
    found = blocking(gaps)
    if not found:
        return None
    codes = sorted({gap.code for gap in found})
    unread = f"{len(found)} of {asked} {collection.scopes_named} not read"
    return f"{unread} ({', '.join(codes)}){_permissions(collection, codes)}"


def _permissions(collection: Collection, codes: Sequence[str]) -> str:
    """Name the permissions that would have helped."""
    needed = [_taken(collection)] if _DENIED & set(codes) else []
    if HIDDEN in codes or (needed and collection.hidden_with):
        needed.append(collection.hidden_with)
    return f"; it takes {' and '.join(needed)}" if needed else ""


def failure_reason(collection: Collection, failure: Exception) -> str:
    """Say why nothing of a collection can be used, and which permission reads it if that was missing."""
    if not isinstance(failure, GraphFailure):
        return f"an answer cannot be read: {failure}".rstrip(".")
    said = failure.happened.rstrip(".")
    denied = isinstance(failure, Refused) and (str(failure.status) in _DENIED or failure.code in _UNLICENSED)
    return f"{said}; it takes {_taken(collection)}" if denied else said


def _taken(collection: Collection) -> str:
    """Return the permission, with the licence where one is needed as well: the service refuses alike without either."""
    return " and ".join(filter(None, [collection.permission, collection.licence]))
