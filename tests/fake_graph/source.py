"""Where the records come from: an export folder, or anything else that can say this."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from tests.fake_graph.refusals import Refusal

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to a group and that the service tells of: it came or went, or somebody in it did."""

    group: str
    member: Record | None = None
    removed: Literal["changed", "deleted"] | None = None


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

    @property
    def changes(self) -> Sequence[Change]:
        """Return what has happened to groups, as far as the service tells of it, the oldest first."""
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
