"""History: after every snapshot the tables hold exactly the lives that a plain model holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from driftaudit.store.load import load
from tests.store.conftest import Connection, empty
from tests.store.made_export import TENANT, Answer, Part, made, taken_at
from tests.store.plain_history import ORDER, OWNERS, Line, PlainHistory, Told

ROLES = ("r1", "r2")
DATES = ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z")
KEYS = {
    "users": ("u1", "u2", "u3", "u4"),
    "groups": ("g1", "g2", "g3"),
    "service_principals": ("s1", "s2"),
    "packages": ("p1", "p2"),
    "group_members": ("u1", "u2", "u3", "u4"),
    "group_owners": ("u1", "u2", "s1"),
    "app_role_assignments": tuple(f"{user} {role}" for user in ("u1", "u2", "g1") for role in ROLES),
    "package_roles": ("x1", "x2", "x3"),
}
VALUES = {"group_members": ("",), "group_owners": ("",), "app_role_assignments": DATES}
_OF_GROUPS = (
    "select r.id, p.id, '', valid_from, valid_to from history.grants as g "
    "join history.ids as r on r.key = g.resource join history.ids as p on p.key = g.principal where g.kind = "
)
QUERIES = {
    "group_members": f"{_OF_GROUPS} 'member'",
    "group_owners": f"{_OF_GROUPS} 'owner'",
    "app_role_assignments": "select r.id, p.id || ' ' || o.id, strftime(granted_at, '%Y-%m-%dT%H:%M:%SZ'), "
    "valid_from, valid_to from history.grants as g join history.ids as r on r.key = g.resource "
    "join history.ids as p on p.key = g.principal join history.ids as o on o.key = g.role where g.kind = 'app_role'",
    "package_roles": "select package_id, id, role_name, valid_from, valid_to from history.package_roles",
}


def _lines(name: str) -> st.SearchStrategy[tuple[Line, ...]]:
    """Return answers: of any scope or none, any records of it, now and then cut off or broken."""
    records = st.lists(st.tuples(st.sampled_from(KEYS[name]), st.sampled_from(VALUES.get(name, ("one", "two")))))
    scopes = st.sampled_from(KEYS[OWNERS[name]]) if name in OWNERS else st.just("")
    rare = st.sampled_from([False] * 9 + [True])
    line = st.builds(
        Line, scopes, records.map(tuple), more=rare, broken=st.sampled_from([False] * 19 + [True]), upper=rare
    )
    return st.lists(line, max_size=5).map(tuple)


def _told(name: str) -> st.SearchStrategy[Told]:
    """Return what an export tells of a collection, mostly that it was read whole."""
    status = st.sampled_from(["complete"] * 7 + ["partial", "failed", "skipped"])
    gaps = st.frozensets(st.sampled_from(KEYS[OWNERS[name]]), max_size=1) if name in OWNERS else st.just(frozenset())
    return st.builds(Told, status, _lines(name), gaps)


EXPORT = st.fixed_dictionaries({name: _told(name) for name in ORDER})


@settings(max_examples=15, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(exports=st.lists(EXPORT, min_size=2, max_size=4))
def test_the_history_is_the_plain_model_s(made_history: Connection, exports: list[dict[str, Told]]) -> None:
    empty(made_history)
    model = PlainHistory()
    # The tenant itself is there every time, so that no snapshot is refused for holding nothing.
    tenant = Part((Answer({"value": [{"id": TENANT, "displayName": "Contoso"}]}),))
    for number, export in enumerate(exports, 1):
        parts = {name: _part(name, told, number) for name, told in export.items()}
        load(made_history, made(number, {"organization": tenant, **parts}))
        model.apply(number, export)
        _compare(made_history, model, number)


def _compare(connection: Connection, model: PlainHistory, number: int) -> None:
    """Compare lives, coverage and gaps with the model's."""
    for name in ORDER:
        query = QUERIES.get(name, f"select '', id, name, valid_from, valid_to from history.{name}")
        found = connection.execute(query).fetchall()
        assert sorted(found, key=repr) == sorted((life.told for life in model.lives[name]), key=repr), name
    coverage = "select collection, status from history.coverage where snapshot_id = ?"
    statuses = dict(connection.execute(coverage, [number]).fetchall())
    assert {name: statuses[name] for name in ORDER} == model.status
    gaps = connection.execute("select collection, scope from history.gaps where snapshot_id = ?", [number]).fetchall()
    assert sorted(gaps) == sorted((name, scope) for name, scopes in model.gaps.items() for scope in scopes)
    ids = connection.execute("select id from history.ids").fetchall()
    assert len(ids) == len({i.lower() for (i,) in ids})


def _part(name: str, told: Told, day: int) -> Part:
    """Return a collection of an export as the service would have answered."""
    answers = []
    for number, line in enumerate(told.lines):
        page = _page(name, line)
        if line.more:
            page["@odata.nextLink"] = f"https://graph.example/v1.0/{name}?$skiptoken={number}"
        at = (taken_at(day) + timedelta(minutes=number)).isoformat()
        answers.append(Answer(page, line.scope or None, f"/v1.0/{name}/{number}", at))
    return Part(tuple(answers), told.status, gaps=tuple(told.gaps))


def _page(name: str, line: Line) -> dict[str, Any]:
    """Return an answer's body."""
    if line.broken:
        return {"value": [{"id": 5}]}
    found = [_record(name, key.upper() if line.upper else key, value) for key, value in line.records]
    return {"id": line.scope, "resourceRoleScopes": found} if name == "package_roles" else {"value": found}


def _record(name: str, key: str, value: str) -> dict[str, Any]:
    """Return a record as the service prints it."""
    if name == "app_role_assignments":
        principal, role = key.split()
        return {"principalId": principal, "appRoleId": role, "principalType": "User", "createdDateTime": value}
    if name in ("group_members", "group_owners"):
        return {"@odata.type": "#microsoft.graph.user", "id": key}
    return {"id": key, "role": {"displayName": value}} if name == "package_roles" else {"id": key, "displayName": value}
