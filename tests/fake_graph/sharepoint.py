"""SharePoint's own REST service, as far as the groups and the permissions of a site are concerned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from tests.fake_graph.clock import Clock
from tests.fake_graph.listing import Manners
from tests.fake_graph.paging import Place, Tokens, next_place
from tests.fake_graph.permissions import SITE_MEMBERS
from tests.fake_graph.query import Options, parsed, without_token
from tests.fake_graph.source import Record, Source
from tests.fake_graph.tokens import Bearer
from tests.fake_graph.wire import Reply, Request

JSON = "application/json;odata=nometadata;streaming=true;charset=utf-8"
GROUPS, ROLES = "/_api/web/sitegroups", "/_api/web/roleassignments"
COLLECTIONS = {GROUPS: "site_members", ROLES: "site_role_assignments"}
EXPANDED = {GROUPS: {"Users"}, ROLES: {"Member", "RoleDefinitionBindings"}}
"""What is sent only where it was expanded."""
PAGE = 100
OPTIONS = {"$expand", "$select", "$top"}


def _told(status: int, code: str, message: str) -> Reply:
    """Return an error in SharePoint's shape, which is not Graph's."""
    body = {"odata.error": {"code": code, "message": {"lang": "en-US", "value": message}}}
    return Reply(status, {"content-type": JSON}, msgspec.json.encode(body))


def _unauthorised(message: str) -> Reply:
    body = {"error": "invalid_request", "error_description": message}
    return Reply(401, {"content-type": JSON, "www-authenticate": "Bearer"}, msgspec.json.encode(body))


@dataclass(frozen=True, slots=True)
class SharePoint:
    """Answers for all sites of one source; a site is found by its path."""

    source: Source
    clock: Clock
    tokens: Tokens
    root: str
    manners: Manners

    def answer(self, request: Request, caller: Bearer) -> Reply:
        """Return the answer to a GET."""
        path, found, rest = request.path.partition("/_api/")
        site, asked = self._site(path), f"/_api/{rest}"
        if site is None or not found or asked not in COLLECTIONS:
            return Reply(404, {"content-type": "text/plain"}, b"404 FILE NOT FOUND")
        if wrong := self._not_allowed(site, caller):
            return wrong
        if "json" not in request.headers.get("accept", ""):
            return Reply(200, {"content-type": "application/atom+xml;type=feed;charset=utf-8"}, b"<feed/>")
        options = parsed(request.query)
        if options.names - OPTIONS or {expand.name for expand in options.expand} - EXPANDED[asked]:
            return _told(400, "-1, Microsoft.SharePoint.Client.InvalidClientQueryException", "The query is not valid.")
        if refusal := self.source.refusal(COLLECTIONS[asked], [site]):
            return _told(refusal.status, "-2147024891, System.UnauthorizedAccessException", refusal.message)
        return self._page(site, path, asked, options, request)

    def _site(self, path: str) -> str | None:
        """Return the address of the site at a path."""
        sites = self.source.records("/sites/getAllSites") or ()
        wanted = path.rstrip("/").lower()
        return next((s["webUrl"] for s in sites if urlsplit(s["webUrl"]).path.rstrip("/").lower() == wanted), None)

    def _not_allowed(self, site: str, caller: Bearer) -> Reply | None:
        """Return why a token does not open a site, if it does not."""
        parts = urlsplit(site)
        if caller.audience.rstrip("/").lower() != f"{parts.scheme}://{parts.netloc}".lower():
            kind = "Microsoft.IdentityModel.Tokens.AudienceUriValidationFailedException"
            return _unauthorised(f"Exception of type '{kind}' was thrown.")
        if not caller.certificate:
            return _unauthorised("Unsupported app only token.")
        if caller.tenant_id.lower() != self.source.tenant_id.lower():
            return _unauthorised("Token was issued for another tenant.")
        if caller.held.isdisjoint(SITE_MEMBERS):
            told = "Access denied. You do not have permission to perform this action or access this resource."
            return _told(403, "-2147024891, System.UnauthorizedAccessException", told)
        return None

    def _page(self, site: str, path: str, what: str, options: Options, request: Request) -> Reply:
        """Return a page of a site's groups, or of its role assignments."""
        records = self.source.records(f"{site}{what}") or []
        address = f"{quote(path)}{what}"
        query = without_token(request.query)
        asked, now = f"{address}?{query}", self.clock.timestamp()
        place = self.tokens.read(options.token, asked, now) if options.token else Place(0)
        size = max(1, min(options.top or PAGE, PAGE, self.manners.page_cap or PAGE))
        page = () if place.empty else records[place.start : place.start + size]
        body: dict[str, Any] = {}
        if then := next_place(place, size, len(records), self.manners.empty_pages):
            joined = f"{query}&" if query else ""
            body["odata.nextLink"] = f"{self.root}{address}?{joined}$skiptoken={self.tokens.made(then, asked, now)}"
        body["value"] = [_sent(record, options, EXPANDED[what]) for record in page]
        return Reply(200, {"content-type": JSON}, msgspec.json.encode(body))


def _sent(record: Record, options: Options, relations: set[str]) -> Record:
    """Return one site group or role assignment, with what belongs to it only where it was expanded."""
    asked = {*(options.select or record), *(expand.name for expand in options.expand)}
    expanded = {expand.name for expand in options.expand}
    return {name: value for name, value in record.items() if name in asked and name not in relations - expanded}
