"""The audit as it is configured, for every command that needs one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from driftaudit.cli._narration import parsed_at

if TYPE_CHECKING:
    from driftaudit.audit.audit import Audit
    from driftaudit.cli._options import Options
    from driftaudit.store.database import Connection


def audited(
    connection: Connection,
    options: Options,
    at: str | None,
    *,
    exceptions: Path | None,
    queries: Iterable[Path] = (),
    given: Mapping[str, Any] | None = None,
) -> Audit:
    """Audit the snapshot that `at` names; `queries` and `given` come on top of what is configured."""
    from driftaudit.audit.loading import audit_snapshot
    from driftaudit.store.model import resolve_snapshot

    config = options.config.audit
    return audit_snapshot(
        connection,
        resolve_snapshot(connection, parsed_at(at)),
        queries=(*config.queries, *queries),
        configured={"grace_hours": config.grace_hours, **config.parameters},
        given=given,
        exceptions=exceptions,
    )
