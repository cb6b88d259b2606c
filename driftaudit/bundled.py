"""Finds the three data folders: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Return the folder `queries`, `report_templates` or `sample_exports` that belongs to this code."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
