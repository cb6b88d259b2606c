"""What `doctor` says of the permissions that a sign-in holds: what will be empty, and what is held in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from driftaudit.audit.checks import checks
from driftaudit.audit.permission_ids import GRAPH, SHAREPOINT
from driftaudit.audit.permissions import APIS, Needless, Permission, missing, needless, permissions
from driftaudit.cli._exit import INCOMPLETE
from driftaudit.cli._health import Sign
from driftaudit.cli._registration import listed
from driftaudit.foreign_text import visible

if TYPE_CHECKING:
    from driftaudit.graph.claims import Claims

_WHAT = "Permission"


def signs(graph: Claims | None, sharepoint: Claims | None, left_out: frozenset[str], *, is_person: bool) -> list[Sign]:
    """Return a sign for every permission that is missing or held in vain; one that says so if there is none."""
    wanted = permissions(checks().values(), left_out)
    if is_person:
        wanted = [permission for permission in wanted if not permission.is_for_sites]
    held = {api: claims.permissions for api, claims in ((GRAPH, graph), (SHAREPOINT, sharepoint)) if claims}
    if GRAPH not in held:
        return [Sign(_WHAT, "note", "The token does not say what it may read; collecting will tell.")]
    lacking = [Sign(_WHAT, "problem", _lacking(p), INCOMPLETE) for p in missing(wanted, held)]
    vain = [Sign(_WHAT, "note", _vain(n, api)) for api in held for n in needless(wanted, held[api], api)]
    enough = Sign(_WHAT, "ok", f"All that is needed is granted ({len(held[GRAPH])} permissions of Microsoft Graph).")
    return [*(lacking or [enough]), *vain]


def _lacking(permission: Permission) -> str:
    """Say what is lost without a permission."""
    empty = listed((*permission.collections, *permission.dependents))
    lost = f"{empty} will be empty" if empty else f"what groups hide of {listed(permission.partly)} will be missing"
    parts = [f"{permission.name} ({APIS[permission.api]}) is not granted: {lost}"]
    if permission.blocked:
        parts.append(f"not assessed: {', '.join(permission.blocked)}")
    if permission.weakened:
        parts.append(f"assessed in part: {', '.join(permission.weakened)}")
    return "; ".join(parts) + ". Grant it, or leave these out with [collect] skip."


def _vain(found: Needless, api: str) -> str:
    """Say that a permission is held in vain."""
    name = f"{visible(found.name)} ({APIS[api]})"
    more = " and allows more than reading" if found.writes else ""
    if found.instead:
        return f"{name} is more than is needed{more}: {', '.join(found.instead)} would do."
    return f"{name} is not needed{more}: take it away."
