"""Answers of the service as lines of an export: scope, request and page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.sample_tenant.ids import opaque

GRAPH = "https://graph.microsoft.com"
EM = "/v1.0/identityGovernance/entitlementManagement"
REVIEWS = "/v1.0/identityGovernance/accessReviews/definitions"
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One answer; when it came is added when the export is written."""

    request: str
    page: Record
    scope: str | None = None


def context(path: str, version: str = "v1.0") -> str:
    """Return the address with which Graph says what an answer is."""
    return f"{GRAPH}/{version}/$metadata#{path}"


def listed(request: str, about: str, records: list[Record], scope: str | None = None) -> Line:
    """Return a list that fits one page."""
    return Line(request, {"@odata.context": context(about, request.split("/")[1]), "value": records}, scope)


def paged(
    request: str, about: str, pages: list[list[Record]], scope: str | None = None, then: str | None = None
) -> Iterator[Line]:
    """Yield a list of several pages; `then` is the path of the further ones where Graph changes it."""
    for number, records in enumerate(pages):
        page: Record = {"@odata.context": context(about, request.split("/")[1])}
        following = f"{then or request}{'&' if '?' in (then or request) else '?'}$skiptoken="
        if number + 1 < len(pages):
            page["@odata.nextLink"] = f"{GRAPH}{following}{opaque('page', f'{request}{scope}{number + 1}')}"
        this = f"{following}{opaque('page', f'{request}{scope}{number}')}" if number else request
        yield Line(this, page | {"value": records}, scope)


def cut(records: list[Record], size: int) -> list[list[Record]]:
    """Cut a list into pages."""
    return [records[start : start + size] for start in range(0, len(records), size)]
