"""PDF: the report of the sample is there before one has fetched a coffee."""

from __future__ import annotations

import time
from pathlib import Path

from driftaudit.audit.loading import load_and_record
from driftaudit.bundled import folder
from driftaudit.exports import open_export
from tests.benchmarks.conftest import Measured
from tests.benchmarks.figures import Figure, spent

SECONDS = 15


def test_the_pdf_of_the_sample(place: Path, measured: Measured) -> None:
    database, report = place / "contoso.duckdb", place / "report.pdf"
    for manifest in sorted((folder("sample_exports") / "contoso").glob("*/manifest.json")):
        load_and_record(database, open_export(manifest.parent), given={}, accept_shrink=(), tell=print)
    began = time.monotonic()
    spent("-m", "driftaudit", "--db", str(database), "report", "-o", str(report))
    assert report.read_bytes().startswith(b"%PDF-")
    measured(Figure("PDF of the sample", time.monotonic() - began, "s", SECONDS))
