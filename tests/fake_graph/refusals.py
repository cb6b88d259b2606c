"""Refusals: what the service answers instead of data, in its own words."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from tests.fake_graph.wire import Reply

JSON = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"


@dataclass(frozen=True, slots=True)
class Refusal(Exception):
    """One refusal: status, code and message, with headers that go along."""

    status: int
    code: str
    message: str
    headers: dict[str, str] = field(default_factory=dict)

    def reply(self, date: str, request_id: str, client_request_id: str) -> Reply:
        """Return the answer in the shape that every error of the service has."""
        inner = {"date": date, "request-id": request_id, "client-request-id": client_request_id}
        body = {"error": {"code": self.code, "message": self.message, "innerError": inner}}
        return Reply(self.status, {"content-type": JSON, **self.headers}, msgspec.json.encode(body))


def denied(message: str = "Insufficient privileges to complete the operation.") -> Refusal:
    """Return the refusal of a token that holds none of the permissions."""
    return Refusal(403, "Authorization_RequestDenied", message)


def unauthorised(message: str) -> Refusal:
    """Return the refusal of a token that is none."""
    return Refusal(401, "InvalidAuthenticationToken", message, {"www-authenticate": 'Bearer realm=""'})


def unsupported(message: str) -> Refusal:
    """Return the refusal of a query that the service does not serve."""
    return Refusal(400, "Request_UnsupportedQuery", message)


def malformed(message: str) -> Refusal:
    """Return the refusal of a request that the service does not understand."""
    return Refusal(400, "BadRequest", message)


def not_found(wanted: str) -> Refusal:
    """Return the answer about an object that is not there (any more)."""
    told = f"Resource '{wanted}' does not exist or one of its queried reference-property objects are not present."
    return Refusal(404, "Request_ResourceNotFound", told)


def by_status(status: int, message: str) -> Refusal:
    """Return the refusal that usually has this status."""
    codes = {401: "InvalidAuthenticationToken", 403: "Authorization_RequestDenied", 404: "Request_ResourceNotFound"}
    return Refusal(status, codes.get(status, "UnknownError"), message)
