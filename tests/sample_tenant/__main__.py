"""Writes the sample tenant: `python -m tests.sample_tenant [FOLDER]`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.sample_tenant.expected import expected
from tests.sample_tenant.export import folder
from tests.sample_tenant.ids import FOLDERS
from tests.sample_tenant.readme import readme

_CONTOSO = Path(__file__).parents[2] / "sample_exports" / "contoso"


def write(target: Path) -> None:
    """Write the five export folders, expected.json and README.md."""
    for snapshot, day in enumerate(FOLDERS):
        _write(target / day, folder(snapshot))
    _write(target, {"expected.json": expected(), "README.md": readme()})


def _write(target: Path, files: dict[str, bytes]) -> None:
    """Write files into a folder that need not exist yet."""
    target.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (target / name).write_bytes(content)


write(Path(sys.argv[1]) if len(sys.argv) > 1 else _CONTOSO)
