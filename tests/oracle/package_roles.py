"""Package roles: which grant each stands for, and when it was in its package."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from tests.oracle.readings import History, Interval, exactly, real
from tests.queries.cases import Row

Role = tuple[str, str, str]
"""Kind, resource and role: what a grant is of."""
_OF_GROUPS = {
    "member": "member",
    "owner": "owner",
    "eligiblemember": "eligible_member",
    "eligibleowner": "eligible_owner",
}


_OF_DIRECTORY = {"active": "directory_role", "eligible": "eligible_directory_role"}


@dataclass(frozen=True, slots=True)
class RoleLife:
    """One stay of a role in a package."""

    package: str
    role: Role
    arrived: Interval
    left: Interval | None


def role_lives(history: History) -> list[RoleLife]:
    """Return every stay of every role that can be mapped to a grant."""
    shown = history.shown("package_roles")
    there: dict[tuple[str, Role], dict[int, Row]] = {}
    for n, records in shown.records.items():
        for kept in records.values():
            role = _role(history, kept)
            if role:
                there.setdefault((kept["package_id"], role), {})[n] = kept
    return [life for (package, role), seen in there.items() for life in _stays(history, package, role, seen)]


def _stays(history: History, package: str, role: Role, seen: dict[int, Row]) -> list[RoleLife]:
    """Return the stays of one role: readings in a row that show it."""
    looks, found = history.shown("package_roles").looks(package), []
    for position, n in enumerate(looks):
        if n not in seen or (position and looks[position - 1] in seen):
            continue
        created = real(seen[n]["created_at"])
        arrived = exactly(created) if created else Interval(history.before(looks, n), history.taken(n))
        without = [m for m in looks if m > n and m not in seen]
        last = max(m for m in looks if m in seen and (not without or m < without[0]))
        left = Interval(history.taken(last), history.taken(without[0])) if without else None
        found.append(RoleLife(package, role, arrived, left))
    return found


def _role(history: History, kept: Row) -> Role | None:
    """Return what a record of a package's role stands for."""
    origin, of = kept["role_origin_id"] or "", (kept["scope_origin_id"] or "").lower()
    match kept["origin_system"]:
        case "AadGroup":
            kind = _OF_GROUPS.get(origin.partition("_")[0].replace(" ", "").lower())
            return (kind, of, "") if kind else None
        case "AadApplication":
            return ("app_role", of, origin.lower())
        case "SharePointOnline":
            site = _site(history, of)
            return ("site_group", site, origin) if site else None
        case "DirectoryRole":
            kind = _OF_DIRECTORY.get(origin.lower())
            return (kind, _definition(history, of), "/") if kind else None
    return None


def _definition(history: History, of: str) -> str:
    """Return the role of the directory that was made last of the template with this id; else the role itself."""
    made: dict[int, str] = {}
    for id_, versions in history.shown("role_definitions").versions().items():
        since = _since(versions)
        made |= {n: id_[0] for n in since if (versions[n]["template_id"] or "").lower() == of}
    return made[max(made)] if made else of


def _since(versions: dict[int, Row]) -> list[int]:
    """Return the snapshots that show a record first, or first as it is there."""
    told = sorted(versions)
    return [n for i, n in enumerate(told) if not i or versions[told[i - 1]] != versions[n]]


def _site(history: History, address: str) -> str | None:
    """Return the site that has this address, or had it last."""
    for n in range(history.at, 0, -1):
        for site in history.shown("sites").records[n].values():
            if site["web_url"] and _plain(site["web_url"]) == _plain(address):
                return site["id"]
    return None


def _plain(address: str) -> str:
    """Return an address in the form in which addresses are compared."""
    return unquote(address).lower().rstrip("/")
