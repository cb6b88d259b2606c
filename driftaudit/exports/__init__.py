"""Export folders: raw pages and a manifest, or plain files; both become the same stream of lines."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from driftaudit.errors import IntegrityError, UsageError
from driftaudit.exports import manifest as _manifest

if TYPE_CHECKING:
    from driftaudit.exports.export import Export


def open_export(folder: Path, *, tenant: str | None = None, taken_at: datetime | None = None) -> Export:
    """Return the export in a folder, its hashes verified, or say what is wrong with it."""
    from driftaudit.exports.export import Export, jsonl_lines
    from driftaudit.exports.plain import open_plain

    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.", "Name the folder that holds manifest.json.")
    if not (folder / _manifest.NAME).is_file():
        return open_plain(folder, tenant, taken_at)
    manifest, sha256 = _manifest.read(folder)
    if tenant and tenant.lower() != manifest.tenant_id.lower():
        raise IntegrityError(
            f"{folder} is of tenant {manifest.tenant_id}, not of {tenant}.",
            "Leave --tenant out, or name the export that you mean; nothing was changed.",
        )
    _manifest.verify(folder, manifest)
    return Export(folder, manifest, sha256, jsonl_lines(folder, manifest))
