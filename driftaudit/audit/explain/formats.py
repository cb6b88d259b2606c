"""An answer as JSON: every key is always there, what does not apply is null."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from driftaudit.audit.explain.absent import WHY_ABSENT
from driftaudit.audit.explain.paths import Step
from driftaudit.audit.explain.story import Absent, Held, Path, Story
from driftaudit.audit.explain.words import explained


def to_json(story: Story) -> str:
    """Return the answer as JSON."""
    told = {
        "format": 1,
        "tool": story.tool,
        "tenant": {"id": story.tenant.id, "name": story.tenant.name},
        "snapshot": {"id": story.snapshot.id, "taken_at": story.snapshot.taken_at},
        "principal": asdict(story.principal),
        "resource": story.resource and asdict(story.resource),
        "verdict": story.verdict,
        "held": [_held(story, held) for held in story.held],
        "held_before": [_grant(grant) for grant in story.held_before],
        "absent": [_absent(absent) for absent in story.absent],
        "activations": story.activations,
        "assignments": story.assignments,
        "requests": story.requests,
        "decisions": story.decisions,
        "findings": story.findings,
        "reads": [asdict(read) for read in story.reads],
    }
    return json.dumps(told, ensure_ascii=False, indent=2, default=_instant) + "\n"


def _instant(value: object) -> str:
    """Return an instant as JSON holds it."""
    if not isinstance(value, datetime):
        raise TypeError(f"{value!r} has no form in JSON")
    return f"{value:%Y-%m-%dT%H:%M:%SZ}"


def _grant(grant: Mapping[str, Any]) -> dict[str, Any]:
    """Return a grant with what is known of its beginning in words that need no thinking."""
    exact = grant["began_after"] is not None and grant["began_after"] == grant["began_by"]
    return {**grant, "since": grant["began_by"], "since_exact": exact, "since_at_least": grant["began_after"] is None}


def _held(story: Story, held: Held) -> dict[str, Any]:
    """Return a grant with its paths and owners."""
    return {
        **_grant(held.grant),
        "why": explained(held.grant),
        "gives_access": held.gives_access,
        "confirmed": held.confirmed,
        "owners": story.owners.get(held.grant["resource_id"], ()),
        "paths": [_path(path) for path in held.paths],
    }


def _path(path: Path) -> dict[str, Any]:
    """Return a path as the groups on it."""
    steps = [_step(step) for step in path.way.steps]
    return {"direct": not steps, "steps": steps, "gives_access": path.gives_access, "why_not": path.why_not}


def _step(step: Step) -> dict[str, Any]:
    """Return one group on the way, with what explains that the one before it belongs to it."""
    named = {"id": step.id, "name": step.name, "via": step.via, "read_now": step.read_now}
    grant = step.grant or {}
    why = explained(step.grant) if step.grant else None
    return {**named, "why": why, **{name: grant.get(name) for name in _BEHIND_STEP}}


_BEHIND_STEP = ("explanation", "confidence", "assignment_id", "package_id", "package_name")


def _absent(absent: Absent) -> dict[str, Any]:
    """Return a promised role with the reason why it is not held."""
    return {
        **absent.role,
        "reason": absent.why,
        "why": WHY_ABSENT[absent.why],
        "through": [_path(path) for path in absent.through],
    }
