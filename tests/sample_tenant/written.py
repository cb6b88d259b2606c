"""The written sample read back: manifests, answers, records and the grants in them, straight from the files."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
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
    sites = {site["webUrl"]: site["id"] for site in records(day, "sites")}
    people = {user["userPrincipalName"].lower(): user["id"] for user in records(day, "users")}
    for line in lines(day, "site_members"):
        for group in line["page"]["value"]:
            names = [user["LoginName"].rpartition("|")[2] for user in group["Users"]]
            holders = [people.get(name, name) for name in names]
            yield from (("site_group", sites[line["scope"]], str(group["Id"]), holder) for holder in holders)
