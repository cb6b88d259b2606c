"""Pages of Privileged Identity Management: who may make themselves a member of a group, and who did."""

from __future__ import annotations

from collections.abc import Iterator

from tests.sample_tenant.ids import fraction, guid, shifted
from tests.sample_tenant.lines import Line, Record, listed
from tests.sample_tenant.packages import PACKAGES
from tests.sample_tenant.resources import GROUPS, Group
from tests.sample_tenant.words import Activation, Holding, eligible, member
from tests.sample_tenant.world import ACTIVATIONS, held, principal

_PIM = "/v1.0/identityGovernance/privilegedAccess/group"
_ABOUT = "identityGovernance/privilegedAccess/group"
_HOURS = 8


def _asked() -> list[Group]:
    """Return the groups about which the service is asked: those that may hold directory roles, and packaged ones."""
    packaged = {role.resource for p in PACKAGES.values() for role in p.roles if role.kind == "eligible_member"}
    return [group for group in GROUPS.values() if group.type == "role" or group.key in packaged]


def pim_group_eligibilities(snapshot: int) -> Iterator[Line]:
    """Yield who is eligible for every such group."""
    for group in _asked():
        holdings = held(eligible(group.key), snapshot)
        records = [_eligibility(group, holding) for holding in holdings]
        yield _listed(group, "eligibilityScheduleInstances", records)


def _listed(group: Group, what: str, records: list[Record]) -> Line:
    """Return the answer about one group, for which the service wants a filter."""
    return listed(f"{_PIM}/{what}?$filter=groupId%20eq%20'{group.id}'", f"{_ABOUT}/{what}", records, group.id)


def _eligibility(group: Group, holding: Holding) -> Record:
    """Return who may become a member of a group, since when and until when."""
    key, since = holding.principal, holding.granted
    assert since is not None, f"{key} is eligible for {group.key} without a date"
    schedule = f"{group.id}_member_{guid('eligibility', f'{group.key}/{key}')}"
    return _instance(group, key, schedule, since, holding.ends) | {"eligibilityScheduleId": schedule}


def _instance(group: Group, key: str, schedule: str, start: str, end: str | None) -> Record:
    """Return what eligibilities and memberships have in common."""
    return {
        "id": schedule,
        "principalId": principal(key).id,
        "startDateTime": fraction(start),
        "endDateTime": None if end is None else fraction(end),
        "accessId": "member",
        "groupId": group.id,
        "memberType": "direct",
    }


def pim_group_assignments(snapshot: int) -> Iterator[Line]:
    """Yield who made themselves a member of every such group for some hours."""
    for group in _asked():
        active = [a for a in ACTIVATIONS if a.role == member(group.key) and a.seen[snapshot] == "x"]
        yield _listed(group, "assignmentScheduleInstances", [_activation(group, a) for a in active])


def _activation(group: Group, activation: Activation) -> Record:
    """Return one membership that somebody activated."""
    key, start = activation.principal, activation.start
    schedule = f"{group.id}_member_{guid('activation', f'{group.key}/{key}/{start}')}"
    told = _instance(group, key, schedule, start, shifted(start, hours=_HOURS))
    return told | {"assignmentType": "activated", "assignmentScheduleId": schedule}
