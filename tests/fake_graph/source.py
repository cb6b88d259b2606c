"""Where the records come from: an export folder, or anything else that can say this."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from tests.fake_graph.refusals import Refusal

Record = dict[str, Any]


class Source(Protocol):
    """One tenant at one moment; paths are without version."""

    @property
    def tenant_id(self) -> str:
        """Return which tenant it is."""
        ...

    @property
    def taken_at(self) -> str:
        """Return which moment it is."""
        ...

    def records(self, path: str) -> Sequence[Record] | None:
        """Return a list, or None where the source holds nothing at that path; site groups by full address."""
        ...

    def without_service_principals(self, path: str) -> Sequence[Record]:
        """Return a group's members as v1.0 lists them."""
        ...

    def record(self, path: str, record_id: str) -> Record | None:
        """Return one record of a list."""
        ...

    def directory_object(self, object_id: str) -> Record | None:
        """Return what is known of a user, a group or a service principal."""
        ...

    def refusal(self, collection: str, ids: Sequence[str]) -> Refusal | None:
        """Return what the service said instead of this collection, of all of it or of one scope."""
        ...
