"""The service as a whole: sign-in, faults, headers and the log around every answer."""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from tests.fake_graph import batch
from tests.fake_graph.clock import Clock
from tests.fake_graph.faults import Chance, Fault, Faults, Rule, instead, spoiled
from tests.fake_graph.listing import VERSIONS, Listing, Manners
from tests.fake_graph.paging import Tokens
from tests.fake_graph.query import without_token
from tests.fake_graph.refusals import Refusal
from tests.fake_graph.sharepoint import SharePoint
from tests.fake_graph.source import Source
from tests.fake_graph.tokens import bearer, for_graph
from tests.fake_graph.wire import Reply, Request

COMPRESSED_FROM = 512
NAMES = uuid.UUID("6f1c0e52-2b7a-5d3e-9c41-8a90b7d6e5f4")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came and what became of it."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    status: int
    service: Literal["graph", "sharepoint"] = "graph"
    batched: bool = False
    size: int = 0
    """Bytes of the answer's body before it is packed."""

    @property
    def target(self) -> str:
        """Return path and query as one."""
        return f"{self.path}?{self.query}" if self.query else self.path


class Service:
    """Graph and SharePoint over one source, one clock and one log."""

    def __init__(self, source: Source, faults: Sequence[Rule | Chance], manners: Manners, *, step: float) -> None:
        """Serve one tenant."""
        self.source = source
        self.clock = Clock(source.taken_at, step)
        self.faults = Faults(faults)
        self.manners = manners
        self.log: list[Asked] = []
        self.violations: list[Asked] = []
        self.revoked: set[str] = set()
        self._count = 0

    def at(self, root: str, sharepoint_root: str) -> None:
        """Learn under which addresses it is reached, which its links say."""
        tokens = Tokens(uuid.uuid5(NAMES, self.source.tenant_id).bytes)
        self._listing = Listing(self.source, self.clock, tokens, root, self.manners)
        self._sharepoint = SharePoint(self.source, self.clock, tokens, sharepoint_root, self.manners)

    def graph(self, request: Request) -> Reply:
        """Answer a request to Graph."""
        return self._whole(request, self._graph, "graph")

    def sharepoint(self, request: Request) -> Reply:
        """Answer a request to SharePoint."""
        return self._whole(request, self._of_sharepoint, "sharepoint")

    def _whole(
        self, request: Request, answer: Callable[[Request], Reply], service: Literal["graph", "sharepoint"]
    ) -> Reply:
        """Answer one request, with what every answer carries and with what goes wrong."""
        self.clock.tick()
        self._count += 1
        fault = self._fault(request, batched=False)
        reply = self._guarded(request, answer, fault, service, batched=False)
        reply.headers |= {
            "date": self.clock.http(),
            "request-id": str(uuid.uuid5(NAMES, str(self._count))),
            "client-request-id": request.headers.get("client-request-id", str(uuid.uuid5(NAMES, str(self._count)))),
            "vary": "Accept-Encoding",
            "x-ms-resource-unit": "1",
        }
        if request.method == "HEAD":
            reply.body = b""
        _compress(request, reply)
        return spoiled(reply, fault, self.clock) if fault else reply

    def _guarded(
        self,
        request: Request,
        answer: Callable[[Request], Reply],
        fault: Fault | None,
        service: Literal["graph", "sharepoint"],
        *,
        batched: bool,
    ) -> Reply:
        """Return an answer or a refusal, and write down which."""
        writing = request.method != "GET" and not _is_batch(request)
        try:
            if writing:
                raise Refusal(405, "Request_MethodNotAllowed", f"{request.method} is not served here: reading only.")
            replaced = instead(fault, self.clock, request.path) if fault else None
            if isinstance(replaced, Refusal):
                raise replaced
            reply = replaced or answer(request)
        except Refusal as refusal:
            reply = self._refused(refusal, request)
        told = request.method, request.path, request.query, request.headers, reply.status
        asked = Asked(*told, service, batched, len(reply.body))
        self.log.append(asked)
        if writing:
            self.violations.append(asked)
        return reply

    def _refused(self, refusal: Refusal, request: Request) -> Reply:
        """Return a refusal with the ids that support would ask for."""
        request_id = str(uuid.uuid5(NAMES, str(self._count)))
        return refusal.reply(self.clock.iso(), request_id, request.headers.get("client-request-id", request_id))

    def _fault(self, request: Request, *, batched: bool) -> Fault | None:
        """Return what goes wrong with a request."""
        if not self.faults.given:
            return None
        asked = f"{request.path}?{without_token(request.query)}"
        if request.body:
            asked += f" {zlib.crc32(request.body)}"
        further = "skiptoken" in request.query
        return self.faults.of(request.path, asked, further=further, batched=batched)

    def _graph(self, request: Request) -> Reply:
        """Return the answer to a request that is Graph's."""
        caller = bearer(request.headers, self.clock.timestamp(), self.revoked)
        for_graph(caller, self.source.tenant_id)
        if not _is_batch(request):
            return self._listing.answer(request, caller)
        return batch.answered(request, request.path.split("/")[1], self._batched)

    def _batched(self, request: Request) -> Reply:
        """Return the answer to one request of a batch."""
        return self._guarded(request, self._graph, self._fault(request, batched=True), "graph", batched=True)

    def _of_sharepoint(self, request: Request) -> Reply:
        """Return the answer to a request that is SharePoint's."""
        return self._sharepoint.answer(request, bearer(request.headers, self.clock.timestamp(), self.revoked))


def _is_batch(request: Request) -> bool:
    """Tell whether a request is a batch, which is the one thing that may be posted."""
    parts = request.path.split("/")
    return request.method == "POST" and len(parts) == 3 and parts[1] in VERSIONS and parts[2] == "$batch"


def _compress(request: Request, reply: Reply) -> None:
    """Pack a body for a caller who can unpack it."""
    if "gzip" in request.headers.get("accept-encoding", "") and len(reply.body) >= COMPRESSED_FROM:
        packer = zlib.compressobj(1, wbits=31)
        reply.body = packer.compress(reply.body) + packer.flush()
        reply.headers["content-encoding"] = "gzip"
