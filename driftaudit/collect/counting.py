"""Counting: how many records there are by the service's own count, before and after they were read."""

from __future__ import annotations

from dataclasses import dataclass

from driftaudit.collectors._record import Collection
from driftaudit.graph.client import Graph
from driftaudit.graph.failures import BrokenAnswer
from driftaudit.graph.sharepoint import SharePoint


@dataclass
class Counting:
    """The service's count of one collection, if it gives one."""

    service: Graph | None
    request: str
    before: int | None = None
    after: int | None = None

    @classmethod
    async def begun(cls, service: Graph | SharePoint, collection: Collection) -> Counting:
        """Ask for the count before reading: who joins or leaves meanwhile is no loss."""
        counting = cls.again(service, collection, None)
        counting.before = await counting._count()
        return counting

    @classmethod
    def again(cls, service: Graph | SharePoint, collection: Collection, before: int | None) -> Counting:
        """Go on with a collection for which the count was asked when its reading began."""
        return cls(service if isinstance(service, Graph) and collection.count else None, collection.count, before)

    async def ended(self) -> int | None:
        """Ask for the count after reading, and return it."""
        self.after = await self._count()
        return self.after

    def told(self, rows: int) -> str | None:
        """Say that the count differs from what was read, if it does."""
        counted = [count for count in (self.before, self.after) if count is not None]
        if not counted or min(counted) <= rows <= max(counted):
            return None
        return f"the service counts {counted[-1]}, {rows} were read"

    async def _count(self) -> int | None:
        """Return the count; a refused one is no harm."""
        if self.service is None:
            return None
        try:
            answer = await self.service.get(self.request)
        except BrokenAnswer:
            return None
        text = answer.body.decode("utf-8-sig", "replace").strip() if answer.status == 200 else ""
        return int(text) if text.isascii() and text.isdigit() else None
