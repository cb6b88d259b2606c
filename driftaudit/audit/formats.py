"""An audit as JSON (format 1), CSV and a table for a terminal."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from driftaudit.audit.audit import Accepted, Audit, Finding
from driftaudit.foreign_text import inert

_FINDING = tuple(f.name for f in fields(Finding))
_EXCEPTION = tuple(f.name for f in fields(Accepted))


def to_json(audit: Audit) -> str:
    """Return the audit as JSON; every key is always there, what does not apply is null."""
    return json.dumps(_audit_dict(audit), ensure_ascii=False, indent=2) + "\n"


def to_csv(audit: Audit) -> str:
    """Return the findings as CSV, in the order of their columns; a cell cannot become a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_FINDING)
    for finding in audit.findings:
        told = finding_dict(finding)
        writer.writerow([_cell(told[name]) for name in _FINDING])
    return out.getvalue()


def finding_dict(finding: Finding) -> dict[str, Any]:
    """Return a finding with its columns in order and its instants as text."""
    return {name: _plain(getattr(finding, name)) for name in _FINDING}


def findings_digest(found: Iterable[Finding]) -> str:
    """Return the SHA-256 of findings as JSON."""
    text = json.dumps([finding_dict(f) for f in found], ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _audit_dict(audit: Audit) -> dict[str, Any]:
    """Return the audit in the shape of format 1."""
    return {
        "format": 1,
        "tool": audit.tool,
        "tenant": {"id": audit.tenant.id, "name": audit.tenant.name},
        "snapshot": {
            "id": audit.snapshot.id,
            "taken_at": _plain(audit.snapshot.taken_at),
            "finished_at": _plain(audit.snapshot.finished_at),
            "export_sha256": audit.snapshot.export_sha256,
        },
        "previous": audit.previous and {"id": audit.previous.id, "taken_at": _plain(audit.previous.taken_at)},
        "assured": audit.assured,
        "parameters": audit.parameters,
        "coverage": [_chosen(c, ("collection", "status", "reason", "rows", "gaps", "missing_fields"))
                     for c in audit.coverage],
        "checks": [_chosen(c, ("id", "title", "severity", "status", "reason", "finding_count", "sql_sha256"))
                   for c in audit.checks],
        "findings": [finding_dict(f) for f in audit.findings],
        "exceptions": [_chosen(e, _EXCEPTION) for e in audit.exceptions],
    }  # fmt: skip


def _chosen(value: object, names: Iterable[str]) -> dict[str, Any]:
    """Return some attributes as a dict."""
    return {name: _plain(getattr(value, name)) for name in names}


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value


def _cell(value: Any) -> Any:
    """Return a value for a CSV cell; text that a spreadsheet would run gets an apostrophe in front."""
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    return inert(value) if isinstance(value, str) else value
