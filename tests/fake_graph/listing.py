"""Answers to GET: a list, a page of it, one record, or a count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from tests.fake_graph.changes import CHANGES, CHANGES_AT_ONCE, Changes
from tests.fake_graph.clock import Clock
from tests.fake_graph.filters import compared, conditions
from tests.fake_graph.paging import Place, Tokens, next_place, page_size
from tests.fake_graph.permissions import ACCEPTED, HIDDEN_MEMBERS, LEAVE_DATES, SIGN_INS
from tests.fake_graph.query import Options, parsed, without_token
from tests.fake_graph.refusals import JSON, Refusal, denied, malformed, not_found, unsupported
from tests.fake_graph.reports import Reports, is_report
from tests.fake_graph.route import Route
from tests.fake_graph.routes import Matched, matched
from tests.fake_graph.shape import Shape, described, shape_of, shaped
from tests.fake_graph.source import Record, Source
from tests.fake_graph.tokens import Bearer
from tests.fake_graph.wire import Reply, Request

VERSIONS = ("v1.0", "beta")


@dataclass(frozen=True, slots=True)
class Manners:
    """How the service behaves where it may behave in more than one way."""

    page_cap: int | None = None
    """Pages are never longer than this."""
    empty_pages: bool = True
    """Some pages of a longer list are empty and still have a nextLink."""
    hidden_members: Literal["refused", "empty"] = "refused"
    leave_dates: Literal["null", "refused"] = "null"
    premium: bool = True
    """Whether the tenant's licences include sign-ins, and Privileged Identity Management."""
    reports_in_ten_seconds: int | None = None
    """How many reports may be asked for; None: as many as one likes."""
    counts: Mapping[str, int] | None = None
    """By path without version: a count that the service gives although the list says otherwise."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Answers from one source."""

    source: Source
    clock: Clock
    tokens: Tokens
    root: str
    manners: Manners
    reports: Reports = field(default_factory=Reports)

    @property
    def changes(self) -> Changes:
        """Return what tells which groups have changed."""
        return Changes(self.source, self.tokens, self.root, self.manners.page_cap or CHANGES_AT_ONCE)

    def answer(self, request: Request, caller: Bearer) -> Reply:
        """Return the answer to a GET of Graph."""
        version, found, count_only = self._place(request.path)
        options = parsed(request.query)
        if found.path == CHANGES:
            self._check_permission(found.route, options, caller)
            _check_options(found.route, options, eventual=False, count_only=count_only)
            if refusal := self.source.refusal(found.route.collection or "", ()):
                raise refusal
            return _json(self.changes.answer(version, options, caller.held, self.clock.timestamp()))
        eventual = request.headers.get("consistencylevel", "").lower() == "eventual"
        self._check_permission(found.route, options, caller)
        if is_report(found.route, options):
            self.reports.count(self.clock.timestamp(), self.manners.reports_in_ten_seconds)
        _check_options(found.route, options, eventual, count_only)
        shape = shape_of(found.route.kind, options.select, options.expand, caller.held, single=found.route.single)
        if refusal := self.source.refusal(found.route.collection or "", self._scope(found, options)):
            raise refusal
        if found.route.single:
            return self._single(version, found, options, shape)
        if found.route.further == request.path.removeprefix(f"/{version}") and not options.token:
            raise malformed("A page token is required.")
        records = self._records(version, found, options, caller)
        if count_only:
            return Reply(200, {"content-type": "text/plain"}, str(self._count(found, records)).encode())
        return self._page(version, found, options, shape, records, request, eventual)

    def _place(self, path: str) -> tuple[str, Matched, bool]:
        """Return version and route of a path, and whether only the count is asked for."""
        _, version, *rest = path.split("/")
        if version not in VERSIONS:
            raise malformed(f"Invalid version: {version}")
        inner, count_only = "/" + "/".join(rest), path.endswith("/$count")
        found = matched(inner.removesuffix("/$count") if count_only else inner)
        if found is None or version not in found.route.versions:
            raise malformed(f"Resource not found for the segment '{rest[-1] if rest else ''}'.")
        return version, found, count_only

    def _check_permission(self, route: Route, options: Options, caller: Bearer) -> None:
        wrong_kind = route.application_only if caller.delegated else route.delegated_only
        if wrong_kind or caller.held.isdisjoint(ACCEPTED[route.permission]):
            raise denied()
        if route.premium and not self.manners.premium:
            told = "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license."
            raise Refusal(400, "AadPremiumLicenseRequired", told)
        selected = options.select or ()
        if route.kind == "user" and "signInActivity" in selected:
            if caller.held.isdisjoint(SIGN_INS):
                raise denied()
            if not self.manners.premium:
                told = "Neither tenant is B2C or tenant doesn't have premium license"
                raise Refusal(403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", told)
        refusing = self.manners.leave_dates == "refused" and caller.held.isdisjoint(LEAVE_DATES)
        if route.kind == "user" and "employeeLeaveDateTime" in selected and refusing:
            raise denied()

    def _scope(self, found: Matched, options: Options) -> Sequence[str]:
        """Return the scope that an export folder would name this request by."""
        return [c.value for c in compared(options.filter) if c.path[0] in found.route.must_filter] or found.ids

    def _single(self, version: str, found: Matched, options: Options, shape: Shape) -> Reply:
        """Return one record."""
        parent = found.parent
        if parent:
            record = self.source.record(*parent)
            about = parent[0]
        else:
            record = next(iter(self.source.records(found.path) or ()), None)
            about = found.path
        if record is None:
            raise not_found(found.ids[-1] if found.ids else found.path)
        (sent,) = shaped([record], shape, self._listed, self.source.directory_object)
        context = self._context(version, about, options) + "/$entity"
        return _json({"@odata.context": context, **sent})

    def _records(self, version: str, found: Matched, options: Options, caller: Bearer) -> Sequence[Record]:
        """Return the whole list that a request is about."""
        records = self.source.records(found.path)
        parent = found.parent
        if parent and records is None and self.source.record(*parent) is None:
            raise not_found(parent[1])
        if found.route.permission == "members":
            records = self._members(version, found, records or [], caller)
        if options.filter:
            asked = conditions(options.filter)
            records = [record for record in records or () if all(c.holds(record) for c in asked)]
        if field := found.route.ordered_by:
            newest_first = options.order is None or options.order.endswith(" desc")
            records = sorted(records or (), key=lambda r: (r[field], r["id"]), reverse=newest_first)
        return records or []

    def _members(self, version: str, found: Matched, records: Sequence[Record], caller: Bearer) -> Sequence[Record]:
        """Return a group's members as this caller may know them: v1.0 never lists service principals."""
        group = self.source.record(*found.parent) if found.parent else None
        hidden = (group or {}).get("visibility") == "HiddenMembership"
        if hidden and caller.held.isdisjoint(HIDDEN_MEMBERS):
            if self.manners.hidden_members == "refused":
                raise denied()
            return []
        return self.source.without_service_principals(found.path) if version == "v1.0" else records

    def _page(
        self,
        version: str,
        found: Matched,
        options: Options,
        shape: Shape,
        records: Sequence[Record],
        request: Request,
        eventual: bool,
    ) -> Reply:
        """Return one page of a list, and the link to the next one."""
        route = found.route
        path = f"/{version}{route.further or found.path}"
        query = without_token(request.query)
        asked, now = f"{path}?{query}", self.clock.timestamp()
        advanced = route.directory and (eventual and "$count" in options.names)
        place = self.tokens.read(options.token, asked, now) if options.token else Place(options.skip, False, advanced)
        if place.advanced and not eventual:
            raise unsupported("Unsupported Query: invalid page token specified.")
        size = page_size(route, options, self.manners.page_cap)
        page = () if place.empty else records[place.start : place.start + size]
        body: dict[str, Any] = {"@odata.context": self._context(version, route.about or found.path, options)}
        if options.count and (eventual or not route.directory) and not options.token:
            body["@odata.count"] = self._count(found, records)
        if then := next_place(place, size, len(records), self.manners.empty_pages):
            joined = f"{query}&" if query else ""
            body["@odata.nextLink"] = f"{self.root}{path}?{joined}$skiptoken={self.tokens.made(then, asked, now)}"
        body["value"] = shaped(page, shape, self._listed, self.source.directory_object)
        return _json(body)

    def _count(self, found: Matched, records: Sequence[Record]) -> int:
        return (self.manners.counts or {}).get(found.path, len(records))

    def _listed(self, path: str) -> Sequence[Record] | None:
        return self.source.records(path)

    def _context(self, version: str, path: str, options: Options) -> str:
        """Return what an answer says it is."""
        parts = path.strip("/").split("/")
        named = [f"('{part}')" if "-" in part else f"/{part}" for part in parts]
        return f"{self.root}/{version}/$metadata#{''.join(named)[1:]}{described(options.select, options.expand)}"


def _check_options(route: Route, options: Options, eventual: bool, count_only: bool) -> None:
    """Refuse what the service does not serve on this path."""
    if unknown := options.names - route.options:
        raise unsupported(f"'{sorted(unknown)[0]}' is not supported by the service on this resource.")
    if count_only and not eventual:
        raise malformed("$count is not currently supported without the header 'ConsistencyLevel: eventual'.")
    if refused := route.not_expanded & {expand.name for expand in options.expand}:
        raise malformed(f"Expanding '{sorted(refused)[0]}' is not supported on a collection.")
    asked = compared(options.filter)
    named = {"/".join(condition.path) for condition in asked}
    kept = {name for c in asked for name in ("/".join(c.path),) if f"{name} {c.operator}" in (route.filters or ())}
    if route.must_filter and not named & route.must_filter:
        raise malformed("The required filter is missing: groupId or principalId.")
    if route.filters is not None and (refused := named - kept - route.filters):
        raise Refusal(400, "InvalidFilter", f"Filtering by '{sorted(refused)[0]}' is not supported.")
    if options.order and options.order.removesuffix(" desc").removesuffix(" asc") != route.ordered_by:
        raise malformed(f"Ordering by '{options.order}' is not supported.")
    needs = any(condition.advanced for condition in asked)
    if route.directory and needs and not (eventual and options.count):
        raise unsupported("Operator is not supported without 'ConsistencyLevel: eventual' and '$count=true'.")


def _json(body: dict[str, Any]) -> Reply:
    return Reply(200, {"content-type": JSON}, msgspec.json.encode(body))
