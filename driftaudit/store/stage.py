"""Staging: a collection's frames in temporary tables, with the keys and the shape of the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from driftaudit.store.database import registered, value

if TYPE_CHECKING:
    from driftaudit.collectors._record import Collection
    from driftaudit.exports.export import Reading
    from driftaudit.store.database import Connection

RECORDS, GRANTS = "staged_records", "staged_grants"

# A SharePoint login name carries a claim that says what it is: an account, a group of Entra, or everybody.
_CLAIMS = """
select g.* replace (coalesce(
    case when starts_with(g.principal_id, 'i:0#.f|membership|') then (
        select max(u.id) from history.users as u
        where u.valid_to is null and lower(u.user_principal_name) = split_part(g.principal_id, '|', 3))
    when g.principal_id like '%|federateddirectoryclaimprovider|%' then split_part(g.principal_id, '|', 3)
    when starts_with(g.principal_id, 'c:0t.c|tenant|') then split_part(g.principal_id, '|', 3)
    when g.principal_id = 'c:0(.s|true' then 'everyone'
    when g.principal_id like 'c:0-.f|rolemanager|spo-grid-all-users/%' then 'everyone_except_external'
    end, g.principal_id) as principal_id)
from frame as g"""

_SITES = """
select g.* replace (coalesce((
    select arg_max(s.id, s.valid_from) from history.sites as s
    where site_address(s.web_url) = site_address(g.resource_id)), site_address(g.resource_id)) as resource_id)
from claimed as g"""


def stage(connection: Connection, reading: Reading) -> None:
    """Drain a reading into its temporary table; nothing of the history is touched."""
    make = _stage_grants if reading.collection.is_grants else _stage_records
    make(connection, reading)


def _stage_records(connection: Connection, reading: Reading) -> None:
    """Stage records; of several with one key, the one that was read last."""
    collection = reading.collection
    names = ", ".join(c.name for c in collection.columns)
    raw = ", ".join(f"{c.name} {c.sql_type}" for c in collection.columns)
    connection.execute(f"create or replace temp table staged_all ({raw}, _read_at timestamp)")
    for frame in reading.frames():
        with registered(connection, "frame", frame):
            connection.execute(f"insert into staged_all select {names}, _read_at from frame")
    key = ", ".join(collection.key)
    connection.execute(
        f"create or replace temp table {RECORDS} as select {names} from staged_all "
        f"qualify row_number() over (partition by {key} order by _read_at desc, {names}) = 1"
    )
    connection.execute("drop table staged_all")


def _stage_grants(connection: Connection, reading: Reading) -> None:
    """Stage grants by integer keys; ids that are new get a key, kept even if the collection fails later."""
    names = {c.name for c in reading.collection.columns}
    connection.execute(
        "create or replace temp table staged_keys "
        "(kind grant_kind, resource integer, role integer, principal integer, granted_at timestamp)"
    )
    for frame in reading.frames():
        with registered(connection, "frame", frame):
            _stage_grant_frame(connection, reading.collection, names)
    dates = "max(granted_at)" if "granted_at" in names else "null::timestamp"
    connection.execute(
        f"create or replace temp table {GRANTS} as select kind, resource, role, principal, {dates} as granted_at "
        "from staged_keys group by all"
    )
    connection.execute("drop table staged_keys")


def _stage_grant_frame(connection: Connection, collection: Collection, names: set[str]) -> None:
    """Stage one frame of grants."""
    source = "frame"
    if collection.name == "site_members":
        source = f"(with claimed as ({_CLAIMS}) {_SITES})"
    type_ = "lower(replace(principal_type, '#microsoft.graph.', ''))" if "principal_type" in names else "null"
    dated = "granted_at" if "granted_at" in names else "null::timestamp as granted_at"
    connection.execute(
        f"create or replace temp table texts as "
        f"select kind, resource_id, role_id, principal_id, {type_} as principal_type, {dated} from {source}"
    )
    add_ids(connection, "select principal_id as id, max(principal_type) as type from texts group by all")
    add_ids(connection, "select distinct unnest([resource_id, role_id]) as id, null::varchar as type from texts")
    connection.execute(
        "insert into staged_keys select t.kind::grant_kind, re.key, ro.key, pr.key, t.granted_at from texts as t "
        "join history.ids as re on re.id = t.resource_id join history.ids as ro on ro.id = t.role_id "
        "join history.ids as pr on pr.id = t.principal_id"
    )


def add_ids(connection: Connection, query: str) -> None:
    """Give a key to every id of the query that has none; a type that was unknown is filled in."""
    top = value(connection, "select max(key) from history.ids")
    connection.execute(
        f"insert into history.ids select {top} + row_number() over (order by n.id), n.id, n.type "
        f"from ({query}) as n anti join history.ids as i on i.id = n.id"
    )
    connection.execute(
        f"update history.ids set type = n.type from ({query}) as n "
        "where history.ids.id = n.id and history.ids.type is null and n.type is not null"
    )
