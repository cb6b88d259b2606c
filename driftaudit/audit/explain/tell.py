"""Asking the database: one principal, one resource or none, one snapshot, and everything known of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from driftaudit import TOOL
from driftaudit.audit.audit import Snapshot, Tenant
from driftaudit.audit.explain.about import About, about
from driftaudit.audit.explain.absent import absent
from driftaudit.audit.explain.asked import Asked, find_principal, find_resource
from driftaudit.audit.explain.paths import EVERYBODY, passes, refusal, ways
from driftaudit.audit.explain.reads import reads, surely_absent
from driftaudit.audit.explain.story import Held, Path, Principal, Read, Story, Verdict
from driftaudit.store.database import rows
from driftaudit.store.model import build, set_variables
from driftaudit.store.query_files import QueryFile, bundled_queries

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

_PRINCIPAL = """
select p.*, d.deleted_at, d.id is not null as deleted, l.leave_at
from (select getvariable('principal_id') as id) as x
left join principals as p on p.id = x.id
left join history.deleted_users as d on d.id = x.id and as_of(d.valid_from, d.valid_to)
left join history.leave_dates as l on l.id = x.id and as_of(l.valid_from, l.valid_to)
"""
_SNAPSHOT = "select id, taken_at, finished_at, export_sha256 from history.snapshots where id = ?"
_TENANT = "select id, coalesce(name, id) as name from history.tenant"


def explain(
    connection: Connection, snapshot_id: int, principal: str, resource: str | None, parameters: Mapping[str, Any]
) -> Story:
    """Return why a principal holds or lacks access to a resource, or to anything, at a snapshot."""
    who = find_principal(connection, principal)
    what = find_resource(connection, resource) if resource is not None else None
    build(connection, snapshot_id, parameters)
    return answer(connection, snapshot_id, who, what)


def answer(connection: Connection, snapshot_id: int, who: Asked, what: Asked | None) -> Story:
    """Return the same from the model that was built for this snapshot."""
    queries = bundled_queries("explain")
    set_variables(connection, {"principal_id": who.id, "principal_classes": _classes(who)})
    connection.execute(f"create or replace temp table holders as {queries['holders'].sql}")
    return _story(connection, queries, snapshot_id, who, what)


def _classes(who: Asked) -> list[str]:
    """Return the classes of SharePoint that count every such principal in."""
    return {"user": list(EVERYBODY), "guest": ["everyone"]}.get(who.type, [])


def _story(
    connection: Connection, queries: Mapping[str, QueryFile], snapshot_id: int, who: Asked, what: Asked | None
) -> Story:
    """Return the answer, with only what is about the resource if there is one."""
    principal = _principal(connection, who)
    scope = about(connection, what)
    grants = rows(connection, queries["held_grants"].sql)
    everything = tuple(_held(grants, who))
    held = tuple(h for h in everything if scope.role(h.grant))
    promised = rows(connection, queries["promised_roles"].sql)
    lacking = tuple(a for a in absent(promised, everything, principal) if scope.role(a.role))
    read = reads(connection, what, scope)
    behind = _behind(connection, queries, who, scope.on_the_way(held), held)
    return Story(
        tool=TOOL,
        tenant=Tenant(**rows(connection, _TENANT)[0]),
        snapshot=Snapshot(**rows(connection, _SNAPSHOT, [snapshot_id])[0]),
        principal=principal,
        resource=what,
        verdict=_verdict(held, read, what) if what is not None else None,
        held=held,
        held_before=tuple(g for g in grants if not g["open"] and scope.role(g)),
        absent=lacking,
        owners=_owners(connection, queries, scope.resources | {h.grant["resource_id"] for h in held}),
        reads=read,
        **behind,
    )


def _principal(connection: Connection, who: Asked) -> Principal:
    """Return who is asked about, with the name of the snapshot where it has one."""
    (p,) = rows(connection, _PRINCIPAL)
    named = p["name"] not in (None, who.id)
    known = p["type"] not in (None, "unknown")
    status = "gone" if known else "unlisted"
    if p["present"]:
        status = "disabled" if p["enabled"] is False else "present"
    elif p["deleted"]:
        status = "deleted"
    return Principal(
        id=who.id,
        name=p["name"] if named else who.name,
        sign_in_name=p["user_principal_name"] or (who.address if who.type in ("user", "guest") else None),
        type=p["type"] if known else who.type,
        status=status,
        deleted_at=p["deleted_at"],
        leave_at=p["leave_at"],
    )


def _held(grants: Iterable[dict[str, Any]], who: Asked) -> list[Held]:
    """Return every grant that is held, itself or through groups, with its paths; circles lead nowhere new."""
    there = [g for g in grants if g["open"]]
    leading = ways(who.id, there, _classes(who))
    found = []
    for g in there:
        on = [w for w in leading.get(g["holder_id"], ()) if not w.steps or not passes(w, who.id, g["resource_id"])]
        reasons = [(way, refusal(g["kind"], way)) for way in on]
        if reasons:
            found.append(Held(g, tuple(Path(way, why is None, why) for way, why in reasons)))
    return found


def _verdict(held: Iterable[Held], read: Iterable[Read], what: Asked) -> Verdict:
    """Return the answer in a word; what was not read never sounds like no access."""
    there = tuple(held)
    giving = [h for h in there if h.gives_access]
    if giving:
        return "holds" if any(h.confirmed for h in giving) else "not_confirmed"
    if not surely_absent(read, what):
        return "not_known"
    return "eligible_only" if any("eligible" in (p.why_not or "") for h in there for p in h.paths) else "no_access"


def _owners(
    connection: Connection, queries: Mapping[str, QueryFile], resources: Iterable[str]
) -> dict[str, tuple[dict[str, Any], ...]]:
    """Return who owns each of these resources."""
    set_variables(connection, {"resource_ids": sorted(resources)})
    owners: dict[str, tuple[dict[str, Any], ...]] = {}
    for owner in rows(connection, queries["resource_owner_names"].sql):
        told = {name: owner[name] for name in ("id", "name", "enabled")}
        owners[owner["resource_id"]] = (*owners.get(owner["resource_id"], ()), told)
    return owners


def _behind(
    connection: Connection, queries: Mapping[str, QueryFile], who: Asked, scope: About, held: Iterable[Held]
) -> dict[str, tuple[dict[str, Any], ...]]:
    """Return the assignments, requests, decisions and findings that stand behind what is held or lacking."""
    groups = {who.id, *(s.id for h in held for p in h.paths for s in p.way.steps)}
    found = {name: rows(connection, queries[f"asked_{name}"].sql) for name in _BELONGS}
    found["findings"] = [f for f in found["findings"] if f["principal_id"] in groups]
    return {name: tuple(row for row in found[name] if belongs(scope, row, who)) for name, belongs in _BELONGS.items()}


_BELONGS: dict[str, Callable[[About, Mapping[str, Any], Asked], bool]] = {
    "activations": lambda scope, row, _: scope.resource(row["group_id"]),
    "assignments": lambda scope, row, _: scope.package(row["package_id"]),
    "requests": lambda scope, row, _: scope.package(row["package_id"]),
    "decisions": lambda scope, row, _: scope.resource(row["resource_id"]) or scope.package(row["package_id"]),
    "findings": lambda scope, row, who: _about_finding(scope, row, who),
}
"""What is asked of the database, and whether a row of it belongs to the question."""


def _about_finding(scope: About, row: Mapping[str, Any], who: Asked) -> bool:
    """Tell whether a finding belongs to the question: one about the principal as a whole always does."""
    whole = row["principal_id"] == who.id and row["resource_id"] is None and row["package_id"] is None
    return whole or scope.resource(row["resource_id"]) or scope.package(row["package_id"])
