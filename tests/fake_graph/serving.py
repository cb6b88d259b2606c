"""`serving`: a tenant behind a real HTTP server, for as long as a `with` block lasts."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.fake_graph import tokens
from tests.fake_graph.clock import Clock
from tests.fake_graph.faults import Chance, Faults, Rule
from tests.fake_graph.folder import FolderSource
from tests.fake_graph.listing import Manners
from tests.fake_graph.permissions import EVERYTHING, SITE_MEMBERS
from tests.fake_graph.server import Addresses, listening
from tests.fake_graph.service import Asked, Service
from tests.fake_graph.source import Record, Source
from tests.fake_graph.tls import secured

AS_DOCUMENTED = Manners()


@dataclass(frozen=True, slots=True)
class Fake:
    """A running fake service."""

    service: Service
    addresses: Addresses
    certificate: Path | None = None
    """What callers must trust where it serves over TLS."""

    @property
    def url(self) -> str:
        """Return the address of Graph, without version."""
        return self.addresses.graph

    @property
    def sharepoint_url(self) -> str:
        """Return the address that stands for the host of every site."""
        return self.addresses.sharepoint

    @property
    def tenant_id(self) -> str:
        """Return which tenant is served."""
        return self.service.source.tenant_id

    @property
    def requests(self) -> list[Asked]:
        """Return every request so far, those inside batches included, in the order of their answers."""
        return list(self.service.log)

    @property
    def violations(self) -> list[Asked]:
        """Return every request that would have written."""
        return list(self.service.violations)

    @property
    def clock(self) -> Clock:
        """Return the service's clock."""
        return self.service.clock

    @property
    def faults(self) -> Faults:
        """Return what goes wrong; `faults.given` can be changed while it runs."""
        return self.service.faults

    def token(
        self,
        roles: Iterable[str] = EVERYTHING,
        *,
        without: Iterable[str] = (),
        tenant_id: str | None = None,
        audience: str = tokens.GRAPH,
        scopes: Collection[str] = (),
        signed_in_as: str | None = None,
        expires_at: int = tokens.FAR_AWAY,
    ) -> str:
        """Return a token for Graph that may read everything, unless told otherwise."""
        held = [role for role in roles if role not in set(without)]
        tenant = tenant_id or self.tenant_id
        return tokens.token(
            held,
            tenant_id=tenant,
            audience=audience,
            scopes=scopes,
            signed_in_as=signed_in_as,
            expires_at=expires_at,
        )

    def sharepoint_token(
        self, roles: Iterable[str] = SITE_MEMBERS, *, audience: str | None = None, certificate: bool = True
    ) -> str:
        """Return a token for the host of the tenant's sites."""
        return tokens.token(
            roles, tenant_id=self.tenant_id, audience=audience or self.sharepoint_audience, certificate=certificate
        )

    @property
    def sharepoint_audience(self) -> str:
        """Return the host for which SharePoint's tokens are made."""
        first = urlsplit((self.service.source.records("/sites/getAllSites") or [{"webUrl": ""}])[0]["webUrl"])
        return f"{first.scheme}://{first.netloc}"

    def revoke(self, token: str) -> None:
        """Take a token back: from now on it is expired."""
        self.service.revoked.add(token)


@contextmanager
def serving(
    tenant: Path | Source,
    *,
    faults: Sequence[Rule | Chance] = (),
    manners: Manners = AS_DOCUMENTED,
    extra: Mapping[str, Sequence[Record]] | None = None,
    invent: bool = True,
    step: float = 0.1,
    tls: bool = False,
) -> Generator[Fake]:
    """Serve an export folder or a source; `extra` records join a folder's lists, `step` seconds pass per request."""
    source = FolderSource(tenant, extra, invent=invent) if isinstance(tenant, Path) else tenant
    service = Service(source, faults, manners, step=step)
    with ExitStack() as stack:
        context, certificate = None, None
        if tls:
            context, certificate = secured(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        yield Fake(service, stack.enter_context(listening(service, context)), certificate)
