"""Pages of access reviews: the stages of the one round that asks two groups of people one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from tests.sample_tenant.ids import TAKEN_AT, fraction, guid, instant, shifted
from tests.sample_tenant.lines import REVIEWS, Line, Record, listed
from tests.sample_tenant.people import PEOPLE
from tests.sample_tenant.resources import GROUPS
from tests.sample_tenant.reviews import ABOUT, every_round, query
from tests.sample_tenant.rounds import Instance

_STAGED = "workstations-2"
_FIRST_DAYS = 7


def review_stages(snapshot: int) -> Iterator[Line]:
    """Yield the stages of every round; all but one have none."""
    for series, round_, scope in every_round(snapshot):
        records = [*_stages(round_, snapshot)] if round_.key == _STAGED else []
        request = f"{REVIEWS}/{series.id}/instances/{round_.id}/stages"
        yield listed(request, f"{ABOUT}('{series.id}')/instances('{round_.id}')/stages", records, scope)


def _stages(round_: Instance, snapshot: int) -> Iterator[Record]:
    """Yield the stages that have begun: the group's owners first, then Britta by name."""
    between = shifted(round_.start, days=_FIRST_DAYS)
    owners, britta = f"/v1.0/groups/{GROUPS['privileged'].id}/owners", f"/v1.0/users/{PEOPLE['britta'].id}"
    for number, start, end, asked, otherwise in (
        (1, round_.start, between, owners, [britta]),
        (2, between, round_.end, britta, []),
    ):
        if instant(start) <= instant(TAKEN_AT[snapshot]):
            yield {
                "id": guid("review-stage", f"{round_.key}/{number}"),
                "startDateTime": fraction(start),
                "endDateTime": fraction(end),
                "status": "Completed" if instant(end) <= instant(TAKEN_AT[snapshot]) else "InProgress",
                "reviewers": [query(asked, typed=False)],
                "fallbackReviewers": [query(each, typed=False) for each in otherwise],
            }
