"""Pages about sites: the list from Graph, and from SharePoint itself who is in their groups, and who may do what."""

from __future__ import annotations

from collections.abc import Iterator

from tests.sample_tenant.ids import FOLDERS, TENANT_ID, guid
from tests.sample_tenant.lines import Line, Record, cut, paged
from tests.sample_tenant.people import PEOPLE
from tests.sample_tenant.resources import GROUPS, LEVELS, SITES, Site
from tests.sample_tenant.words import site_group, site_role
from tests.sample_tenant.world import EVERYBODY, held

_SELECT = "$select=id,displayName,name,webUrl,createdDateTime,isPersonalSite"
REFUSED = {(FOLDERS[3], SITES["travel"].url)}
"""Snapshot and address of the site of which SharePoint would not tell anything."""
_OWNERS, _MEMBERS = 3, 5
_USUAL = {"Owners": "Full Control", "Members": "Edit"}
"""What a site's groups may do; the others may read."""


def sites(snapshot: int) -> Iterator[Line]:
    """Yield the sites in two pages; from the second on, Graph changes the path."""
    records = [_site(site) for site in SITES.values()]
    then = f"/v1.0/sites/oneDrive.getAllSites?{_SELECT}"
    yield from paged(f"/v1.0/sites/getAllSites?{_SELECT}", "sites", cut(records, 4), then=then)


def _site(site: Site) -> Record:
    """Return one site."""
    return {
        "createdDateTime": "2023-05-22T11:06:38Z",
        "id": site.id,
        "name": site.key,
        "webUrl": site.url,
        "displayName": site.name,
        "isPersonalSite": False,
    }


def _readable(snapshot: int) -> Iterator[Site]:
    """Yield the sites that SharePoint let us read."""
    yield from (site for site in SITES.values() if (FOLDERS[snapshot], site.url) not in REFUSED)


def site_members(snapshot: int) -> Iterator[Line]:
    """Yield the site groups of every site, as SharePoint prints them without metadata."""
    for site in _readable(snapshot):
        page = {"value": [_group(site, number, title, snapshot) for number, title in site.groups]}
        yield Line(f"{site.url}/_api/web/sitegroups?$expand=Users", page, site.url)


def site_role_assignments(snapshot: int) -> Iterator[Line]:
    """Yield what the groups of every site may do on it, and who may do something without being in one."""
    for site in _readable(snapshot):
        roles = [(level, site_role(site.key, level)) for level in LEVELS]
        direct = [(h.principal, level) for level, role in roles for h in held(role, snapshot)]
        page = {
            "value": [
                *(
                    _allowed(_as_member(site, number, title), _USUAL.get(title, "Read"))
                    for number, title in site.groups
                ),
                *(_allowed(_person(site, key), level) for key, level in direct),
            ]
        }
        yield Line(f"{site.url}/_api/web/roleassignments?$expand=Member,RoleDefinitionBindings", page, site.url)


def _allowed(who: Record, level: str) -> Record:
    """Return what somebody, or a group of the site, may do on it."""
    return {
        "Member": who,
        "RoleDefinitionBindings": [{"Id": LEVELS[level], "Name": level, "Hidden": level == "Limited Access"}],
        "PrincipalId": who["Id"],
    }


def _as_member(site: Site, number: int, title: str) -> Record:
    """Return a group of the site as it stands among those who may do something on it."""
    name = f"{site.name} {title}"
    return {"Id": number, "LoginName": name, "Title": name, "PrincipalType": 8, "OwnerTitle": f"{site.name} Owners"}


def _group(site: Site, number: int, title: str, snapshot: int) -> Record:
    """Return one site group and who is in it."""
    people = [_person(site, h.principal) for h in held(site_group(site.key, number), snapshot)]
    return {
        "Id": number,
        "Title": f"{site.name} {title}",
        "LoginName": f"{site.name} {title}",
        "OwnerTitle": f"{site.name} Owners",
        "Users": [*_connected(site, number), *people],
    }


def _person(site: Site, key: str) -> Record:
    """Return one person, one security group, or everybody, as the site knows them."""
    if key in EVERYBODY:
        return _claim(site, key)
    if key in GROUPS:
        return _security_group(site, key)
    person = PEOPLE[key]
    return {
        "Id": _number(site, key),
        "LoginName": f"i:0#.f|membership|{person.upn.lower()}",
        "Title": person.name,
        "Email": person.mail,
        "PrincipalType": 1,
        "IsSiteAdmin": False,
        "UserPrincipalName": person.upn.lower(),
    }


def _security_group(site: Site, key: str) -> Record:
    """Return a security group that somebody put into a site group."""
    return {
        "Id": _number(site, key),
        "LoginName": f"c:0t.c|tenant|{GROUPS[key].id}",
        "Title": GROUPS[key].name,
        "Email": "",
        "PrincipalType": 4,
        "IsSiteAdmin": False,
        "UserPrincipalName": None,
    }


def _claim(site: Site, key: str) -> Record:
    """Return one of the two claims by which a site is open to everybody."""
    claim = "c:0(.s|true" if key == "everyone" else f"c:0-.f|rolemanager|spo-grid-all-users/{TENANT_ID}"
    return {
        "Id": _number(site, key),
        "LoginName": claim,
        "Title": EVERYBODY[key].name,
        "Email": "",
        "PrincipalType": 4,
        "IsSiteAdmin": False,
        "UserPrincipalName": None,
    }


def _connected(site: Site, number: int) -> list[Record]:
    """Return the Microsoft 365 group that fills the owners and members of its own site."""
    if site.group is None or number not in (_OWNERS, _MEMBERS):
        return []
    group, owners = GROUPS[site.group], number == _OWNERS
    record = {
        "Id": _number(site, f"{group.key}/{number}"),
        "LoginName": f"c:0o.c|federateddirectoryclaimprovider|{group.id}{'_o' if owners else ''}",
        "Title": f"{group.name} {'Owners' if owners else 'Members'}",
        "Email": f"{group.key}@contoso.example",
        "PrincipalType": 4,
        "IsSiteAdmin": owners,
        "UserPrincipalName": None,
    }
    return [record]


def _number(site: Site, key: str) -> int:
    """Return the number by which a site knows somebody, the same in every snapshot."""
    return int(guid("site-user", f"{site.key}/{key}")[:4], 16) + 10
