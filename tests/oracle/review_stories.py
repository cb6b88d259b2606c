"""Stories of reviews: rounds, answers, denials and silence."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from tests.oracle.maker import Maker
from tests.oracle.world import PackagedRole, World

_ENDED = ("Completed", "Applied", "Applying", "AutoReviewed")
_NOBODY = (None, "", "00000000-0000-0000-0000-000000000000")


def review(found: World) -> None:
    """A series asks in several rounds about somebody's access, which is there or not."""
    maker, person = found.maker, found.person()
    about = _target(found, person)
    series = maker.new("series")
    actions = json.dumps([{"@odata.type": f"#microsoft.graph.{_action(maker)}"}]) if maker.likely(0.5) else None
    default: dict[str, Any] = {
        "default_decision": maker.chance.choice(("Deny", "None")),
        "default_decision_enabled": maker.likely(0.7),
    }
    maker.add("review_definitions", id=series, name="Series", apply_actions=actions, **default)
    used = set()
    for _ in range(maker.chance.choice((1, 1, 2, 3))):
        end = maker.moment()
        if end not in used:
            used.add(end)
            _round(maker, series, end, person, about, applying=bool(actions))


def _action(maker: Maker) -> str:
    """Return what the service does after a denial."""
    return "disableAndDeleteUserApplyAction" if maker.likely(0.7) else "removeAccessApplyAction"


def _target(found: World, person: str) -> dict[str, Any]:
    """Return what is asked about, after letting the person hold it at some time."""
    maker = found.maker
    match maker.chance.choice(("group", "group", "application", "package")):
        case "group":
            group = found.group()
            found.hold(person, PackagedRole("group_members", "member", group), maker.presence())
            return {"resource_id": group}
        case "application":
            app = maker.id("ledger")
            role = PackagedRole("app_role_assignments", "app_role", app, "post")
            found.hold(person, role, maker.presence(), granted_at=maker.maybe_moment())
            return {"resource_id": app}
        case _:
            package = found.package()
            told = {
                "id": maker.new("a"),
                "principal_id": person,
                "package_id": package,
                "start_at": maker.maybe_moment(),
            }
            maker.add("assignments", maker.presence(), state="delivered", end_at=maker.maybe_moment(0.2), **told)
            for role in found.roles.get(package, []):
                found.hold(person, role, maker.presence(), granted_at=maker.maybe_moment())
            return {"package_id": package, "resource_id": maker.id("policy")}


def _round(maker: Maker, series: str, end: Any, person: str, about: dict[str, Any], *, applying: bool) -> None:
    """Add a round with its answer; it may still run, and its answers may not have been read."""
    number = maker.new("round")
    status = "Applying" if applying and maker.likely(0.6) else maker.chance.choice((*_ENDED, "InProgress"))
    told: dict[str, Any] = {"definition_id": series, "id": number, "start_at": end - timedelta(days=14), "end_at": end}
    maker.add("review_instances", status=status, **told)
    decision = maker.chance.choice(("Deny", "Deny", "Approve", "NotReviewed", "DontKnow"))
    by = maker.chance.choice((maker.id("bob"), maker.id("bob"), *_NOBODY))
    instance = f"{series}/{number}"
    maker.add(
        "review_decisions", instance=instance, id=maker.new("d"), decision=decision, principal_id=person,
        reviewed_by_id=by, reviewed_at=end if maker.likely(0.5) else None, **about,
    )  # fmt: skip
    if maker.likely(0.15):
        maker.gap("review_decisions", instance, maker.length)
