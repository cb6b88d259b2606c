"""The written sample read back: manifests, answers, records and the grants in them, straight from the files."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_EVERYBODY = {"c:0(.s|true": "everyone"}
_SITE_GROUP = 8
CONTOSO = ROOT / "sample_exports" / "contoso"


@cache
def manifest(day: str) -> dict[str, Any]:
    """Return the manifest of one snapshot."""
    return json.loads((CONTOSO / day / "manifest.json").read_bytes())


@cache
def lines(day: str, collection: str) -> list[dict[str, Any]]:
    """Return the answers of one collection."""
    packed = (CONTOSO / day / f"{collection}.jsonl.gz").read_bytes()
    return [json.loads(line) for line in gzip.decompress(packed).splitlines()]


def records(day: str, collection: str) -> list[dict[str, Any]]:
    """Return the records of one collection, page after page."""
    return [record for line in lines(day, collection) for record in line["page"].get("value", [line["page"]])]


@cache
def expected() -> dict[str, Any]:
    """Return what an audit of each snapshot must find."""
    return json.loads((CONTOSO / "expected.json").read_bytes())


def raw_grants(day: str) -> Iterator[Any]:
    """Yield kind, resource, role and principal of every grant in the raw answers."""
    for kind, collection in (("member", "group_members"), ("owner", "group_owners")):
        for line in lines(day, collection):
            yield from ((kind, line["scope"], "", item["id"]) for item in line["page"]["value"])
    for item in records(day, "pim_group_eligibilities"):
        yield f"eligible_{item['accessId']}", item["groupId"], "", item["principalId"]
    for item in records(day, "app_role_assignments"):
        yield "app_role", item["resourceId"], item["appRoleId"], item["principalId"]
    for collection, kind in (("role_assignments", ""), ("role_eligibilities", "eligible_")):
        for item in records(day, collection):
            where = item["directoryScopeId"]
            yield f"{kind}directory_role", item["roleDefinitionId"], where, item["principalId"]
    yield from _on_sites(day)


def _on_sites(day: str) -> Iterator[Any]:
    """Yield kind, site, role and principal of every grant on a site."""
    sites = {site["webUrl"]: site["id"] for site in records(day, "sites")}
    people = {user["userPrincipalName"].lower(): user["id"] for user in records(day, "users")}
    for line in lines(day, "site_members"):
        for group in line["page"]["value"]:
            holders = [_holder(user["LoginName"], people) for user in group["Users"]]
            yield from (("site_group", sites[line["scope"]], str(group["Id"]), holder) for holder in holders)
    for line in lines(day, "site_role_assignments"):
        for role in line["page"]["value"]:
            if role["Member"]["PrincipalType"] != _SITE_GROUP:
                holder = _holder(role["Member"]["LoginName"], people)
                levels = [str(level["Id"]) for level in role["RoleDefinitionBindings"]]
                yield from (("site_role", sites[line["scope"]], level, holder) for level in levels)


def _holder(login: str, people: dict[str, str]) -> str:
    """Return whom a login name stands for: somebody, a group, or everybody."""
    if login in _EVERYBODY or "|spo-grid-all-users/" in login:
        return _EVERYBODY.get(login, "everyone_except_external")
    name = login.rpartition("|")[2]
    return people.get(name, name)
