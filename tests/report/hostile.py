"""Names as an attacker would write them, in every place that data reaches."""

from __future__ import annotations

from dataclasses import replace

from driftaudit.audit.audit import Audit

NAMES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    '=HYPERLINK("http://evil.example";"x")',
    "invoice\u202egnp.exe",
    "nul\x00bell\x07esc\x1b[31m",
    "two\nlines\u2028and more",
    "{{ 7 * 7 }}{% raw %}",
    "</script><!--<script>",
    "&lt;b&gt; ' \" \\",
    "\u2066isolate\u2069 \ud83e",
)


def hostile(audit: Audit) -> Audit:
    """Return the audit with every text that a tenant can write replaced by such a name."""
    findings = tuple(
        replace(
            one,
            principal_name=NAMES[place % len(NAMES)],
            resource_name=NAMES[(place + 3) % len(NAMES)] if place % 2 else one.resource_name,
            package_name=NAMES[(place + 5) % len(NAMES)],
            owner_name=NAMES[(place + 7) % len(NAMES)],
            role_name=NAMES[(place + 1) % len(NAMES)],
            reason=f"{NAMES[place % len(NAMES)]} holds {NAMES[(place + 2) % len(NAMES)]}.",
            fix=f"Remove {NAMES[(place + 4) % len(NAMES)]}.",
            path=f"{NAMES[(place + 8) % len(NAMES)]} → {NAMES[(place + 9) % len(NAMES)]}",
            exception=NAMES[(place + 2) % len(NAMES)] if place % 3 == 0 else None,
            data=one.data | made_up(place),
        )
        for place, one in enumerate(audit.findings)
    )
    coverage = tuple(replace(one, reason=NAMES[place % len(NAMES)]) for place, one in enumerate(audit.coverage))
    exceptions = tuple(
        replace(one, what=NAMES[place], owner=NAMES[place + 1], approver=NAMES[place + 2], reason=NAMES[place + 3])
        for place, one in enumerate(audit.exceptions)
    )
    metrics = {
        name: tuple(row | ({"catalog_name": NAMES[place % len(NAMES)]} if "catalog_name" in row else {})
                    for place, row in enumerate(rows))
        for name, rows in audit.metrics.items()
    }  # fmt: skip
    tenant = replace(audit.tenant, name="".join(NAMES))
    return replace(audit, findings=findings, coverage=coverage, tenant=tenant, exceptions=exceptions, metrics=metrics)


def made_up(place: int) -> dict[str, object]:
    """Return a check's own columns with such names."""
    return {
        "principal_upn": NAMES[(place + 6) % len(NAMES)],
        "explain": f"driftaudit explain {NAMES[(place + 1) % len(NAMES)]}",
        "other_name": NAMES[(place + 3) % len(NAMES)],
        "silent": [NAMES[(place + 4) % len(NAMES)], NAMES[(place + 5) % len(NAMES)]],
        "gone": [{"kind": "member", "resource_name": NAMES[(place + 7) % len(NAMES)]}],
    }
