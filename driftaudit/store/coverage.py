"""Coverage: which scopes of a collection were read, which were not, and whether a loss can be believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from driftaudit.collectors import collections
from driftaudit.exports.manifest import DELETED
from driftaudit.store.database import rows, value
from driftaudit.store.keys import sites_by_address
from driftaudit.store.stage import GRANTS, RECORDS

if TYPE_CHECKING:
    from driftaudit.collectors._record import Collection
    from driftaudit.exports.export import Reading
    from driftaudit.store.database import Connection

SHRUNK = "shrunk"
LOST_SHARE, LOST_ROWS = 0.2, 50
SCOPE_ROWS = 10
_FAR_FEWER = "far fewer rows than in the snapshot before; believed when the next agrees"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What coverage makes of one collection in one snapshot."""

    status: str
    reason: str | None
    shrunk: bool = False
    whole: bool = False
    """Outside its gaps, what is absent from it was absent from the tenant."""


def judge(
    connection: Connection, reading: Reading, snapshot_id: int, *, whole_above: bool, accept_shrink: bool
) -> Verdict:
    """Fill the temporary tables `read_scopes` and `unread_scopes`, and say how completely the collection was read.

    `whole_above` tells that the collection was read whole whose records are the scopes.
    """
    collection = reading.collection
    _note_scopes(connection, reading)
    held = value(connection, f"select count(*) from ({_held(collection)})")
    if collection.scoped_by is not None:
        _add_deleted(connection, collection, snapshot_id)
        _add_unanswered(connection, collection)
        if held and whole_above:
            _add_gone(connection, collection)
        if held >= SCOPE_ROWS and not accept_shrink:
            _add_shrunken_scopes(connection, collection, snapshot_id)
        connection.execute("delete from read_scopes where scope in (select scope from unread_scopes)")
    # A log is asked for what is new: what it does not hold this time is no loss.
    may_close = (reading.status == "complete" or collection.scoped_by is not None) and collection.log is None
    if may_close and held >= LOST_ROWS and not accept_shrink and _shrank(connection, reading, snapshot_id):
        told = (reading.reason, _FAR_FEWER)
        return Verdict("partial", "; ".join(t for t in told if t), shrunk=True)
    return _verdict(connection, reading)


def _verdict(connection: Connection, reading: Reading) -> Verdict:
    """Return the reading's own status, lowered by scopes that turned out not to be read."""
    unread = value(connection, "select count(*) from unread_scopes where code is distinct from ?", [DELETED])
    scoped = reading.collection.scoped_by is not None
    if reading.status == "complete" and unread:
        told = (reading.reason, _gap_reason(connection, reading, unread))
        return Verdict("partial", "; ".join(t for t in told if t), whole=True)
    return Verdict(reading.status, reading.reason, whole=scoped or reading.status == "complete")


def _gap_reason(connection: Connection, reading: Reading, unread: int) -> str:
    """Say how many of the scopes were not read."""
    total = value(
        connection, "select (select count(*) from read_scopes) + (select count(distinct scope) from unread_scopes)"
    )
    return f"{unread} of {total} {reading.collection.scopes_named} not read"


def _note_scopes(connection: Connection, reading: Reading) -> None:
    """Write down which scopes the export answers for, and which it says it has not read."""
    connection.execute("create or replace temp table read_scopes (scope varchar)")
    connection.execute("create or replace temp table unread_scopes (scope varchar, code varchar, message varchar)")
    kept = sites_by_address(connection) if reading.collection.kept_scope else str.lower
    named = [[kept(scope)] for scope in reading.scopes if scope]
    _insert(connection, "insert into read_scopes select distinct n.scope from named as n", named)
    gaps = [[kept(g.scope), g.code, g.message] for g in reading.gaps.values()]
    _insert(connection, "insert into unread_scopes select n.scope, n.code, n.message from named as n", gaps)


def _insert(connection: Connection, statement: str, values: Sequence[Sequence[str | None]]) -> None:
    """Run a statement over a temporary table `named` (scope, code, message) that holds the values, if there are any."""
    import polars as pl

    from driftaudit.store.database import registered

    if not values:
        return
    padded = [[*v, None, None][:3] for v in values]
    columns = dict.fromkeys(("scope", "code", "message"), pl.String())
    with registered(connection, "named", pl.DataFrame(padded, schema=columns, orient="row")):
        connection.execute(statement)


def _owners(collection: Collection) -> str:
    """Return the query for the scopes that the snapshot has, as the history keeps them."""
    key = collection.kept_scope or f"lower({collection.scope_key})"
    owners = collection.owners("valid_to is null")
    return f"select distinct {key} as scope from ({owners}) as o where {collection.scope_key} is not null"


def _add_deleted(connection: Connection, collection: Collection, snapshot_id: int) -> None:
    """Make a gap of every scope whose own owner was deleted after it was listed: a round of a deleted series."""
    above = collections()[collection.scoped_by or ""]
    if above.scope_column is not None and not above.is_grants:
        connection.execute(
            f"insert into unread_scopes select distinct lower({collection.scope_key}), '{DELETED}', x.message "
            f"from ({collection.owners('valid_to is null')}) as o "
            f"join history.gaps as x on x.scope = o.{above.scope_column} "
            "where x.snapshot_id = ? and x.collection = ? and x.code = ? "
            f"and lower({collection.scope_key}) not in (from read_scopes) "
            f"and lower({collection.scope_key}) not in (select scope from unread_scopes)",
            [snapshot_id, above.name, DELETED],
        )


def _add_unanswered(connection: Connection, collection: Collection) -> None:
    """Make a gap of every scope for which the export has neither an answer nor a gap."""
    connection.execute(
        "insert into unread_scopes select o.scope, 'not_read', 'the export holds no answer for it' "
        f"from ({_owners(collection)}) as o "
        "where o.scope not in (from read_scopes) and o.scope not in (select scope from unread_scopes)"
    )


def _add_gone(connection: Connection, collection: Collection) -> None:
    """Count the scopes whose owner is gone from a complete list as read: they hold nothing any more."""
    connection.execute(
        f"insert into read_scopes select distinct scope from ({_held(collection)}) "
        f"where scope not in (select scope from ({_owners(collection)})) "
        "and scope not in (from read_scopes) and scope not in (select scope from unread_scopes)"
    )


def _held(collection: Collection) -> str:
    """Return the query for the open rows of the history with their scope, as the history keeps it."""
    if not collection.is_grants:
        scope = collection.scope_column or "null"
        return f"select {scope} as scope from history.{collection.name} where valid_to is null"
    return (
        "select i.id as scope from history.grants as g join history.ids as i on i.key = g.resource "
        f"where g.valid_to is null and g.kind in ({kinds_sql(collection)})"
    )


def kinds_sql(collection: Collection) -> str:
    """Return the collection's kinds of grant as a list of literals."""
    return ", ".join(f"'{kind}'" for kind in collection.kinds)


def _staged(collection: Collection) -> str:
    """Return the query for the staged rows with their scope."""
    if not collection.is_grants:
        return f"select {collection.scope_column or 'null'} as scope from {RECORDS}"
    return f"select i.id as scope from {GRANTS} as g join history.ids as i on i.key = g.resource"


def _add_shrunken_scopes(connection: Connection, collection: Collection, snapshot_id: int) -> None:
    """Make a gap of a scope that lost more than half of its rows, unless the snapshot before said so too."""
    connection.execute(
        f"""insert into unread_scopes
        with held as (select scope, count(*) as n from ({_held(collection)}) group by all),
        staged as (select scope, count(*) as n from ({_staged(collection)}) group by all)
        select h.scope, '{SHRUNK}', format('{{}} rows before, {{}} now; believed when the next snapshot agrees',
            h.n, coalesce(s.n, 0))
        from held as h left join staged as s on s.scope = h.scope
        where h.scope in (from read_scopes) and h.scope in (select scope from ({_owners(collection)}))
        and h.n >= {SCOPE_ROWS} and 2 * coalesce(s.n, 0) < h.n
        and h.scope not in (select g.scope from history.gaps as g
            where g.collection = ? and g.code = '{SHRUNK}' and g.snapshot_id = {snapshot_id - 1})
        and h.scope not in (select scope from unread_scopes)""",
        [collection.name],
    )


def _shrank(connection: Connection, reading: Reading, snapshot_id: int) -> bool:
    """Tell whether a whole collection lost so many rows that a broken paging loop is the likelier reason."""
    collection = reading.collection
    if reading.entry.expected is not None and reading.entry.expected == reading.rows:
        return False
    before, now = _row_counts(connection, collection)
    if before - now < LOST_ROWS or before - now <= LOST_SHARE * before:
        return False
    (last,) = rows(
        connection,
        "select coalesce(bool_or(shrunk), false) as shrunk from history.coverage "
        "where collection = ? and snapshot_id = ?",
        [collection.name, snapshot_id - 1],
    )
    return not last["shrunk"]


def _row_counts(connection: Connection, collection: Collection) -> tuple[int, int]:
    """Return how many rows stood open and how many were read now; of scopes, in those that were read and are there."""
    if collection.scoped_by is None:
        before = value(connection, f"select count(*) from ({_held(collection)})")
        return before, value(connection, f"select count(*) from ({_staged(collection)})")
    seen = f"scope in (select scope from ({_owners(collection)})) and scope in (from read_scopes)"
    before = value(connection, f"select count(*) from ({_held(collection)}) where {seen}")
    return before, value(connection, f"select count(*) from ({_staged(collection)}) where {seen}")
