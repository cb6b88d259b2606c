"""Who takes fewer snapshots of the same tenant knows less, and accuses nobody whom more snapshots acquit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from tests.oracle.oracle import Answer, answer
from tests.oracle.packing import pack
from tests.oracle.readings import History
from tests.queries.cases import Row, Tenant

PACKS, HISTORIES = 8, 20
UNSEEN = "grant_outside_package"
"""Speaks of whoever had an assignment that came and vanished unseen, with no request to prove it."""
ALWAYS = {"grant_past_expiry", "grant_outside_package", "assignment_without_access", "leaver_with_access"}
"""Checks that must have spoken with confidence, or nothing was tried."""


def thinned(tenant: Tenant, kept: tuple[int, ...]) -> Tenant:
    """Return the tenant as if only these snapshots had been taken."""
    numbers = {old: new for new, old in enumerate(kept, start=1)}
    return Tenant(
        tuple(tenant.snapshots[n - 1] for n in kept),
        {name: tuple(_seen(rows, numbers)) for name, rows in tenant.rows.items()},
        tuple(_taken(tenant.coverage, numbers)),
        tuple(_taken(tenant.gaps, numbers)),
        tuple(tenant.finished[n - 1] for n in kept) if tenant.finished else (),
    )


def _seen(rows: Iterable[Row], numbers: dict[int, int]) -> Iterator[Row]:
    for row in rows:
        if "in" not in row:
            yield row
        elif seen := [numbers[n] for n in row["in"] if n in numbers]:
            yield {**row, "in": seen}


def _taken(rows: Iterable[Row], numbers: dict[int, int]) -> Iterator[Row]:
    return ({**row, "snapshot": numbers[row["snapshot"]]} for row in rows if row["snapshot"] in numbers)


def shown(tenant: Tenant) -> set[str]:
    """Return the ids of all assignments and requests that its snapshots show."""
    history = History(tenant, len(tenant.snapshots))
    records = (history.shown(name).records for name in ("assignments", "requests"))
    return {row["id"] for of_name in records for of_snapshot in of_name.values() for row in of_snapshot.values()}


def returned(tenant: Tenant) -> set[str]:
    """Return the persons and packages that lost something and have it again: fewer snapshots may miss the loss."""
    told = (row for rows in tenant.rows.values() for row in rows if row.get("in"))
    holes = (row for row in told if len(row["in"]) <= row["in"][-1] - row["in"][0])
    return {str(row.get("principal") or row.get("package_id")) for row in holes}


def acquitted(more: Answer, fewer: Answer, known: set[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return what fewer snapshots are sure of, and no check says about that person who has seen more."""
    spoken_of = {value for found in more.checks.values() for key in found for value in key}
    return [
        (check, key)
        for check, found in fewer.checks.items()
        for key, (_, confidence) in found.items()
        if confidence == "high" and key[0] not in spoken_of and not _unseen(check, key, more, known)
    ]


def _unseen(check: str, key: tuple[str, ...], more: Answer, known: set[str]) -> bool:
    """Tell whether an assignment that the fewer snapshots do not show is what acquits, or nothing can be told."""
    told = more.grants.get(key)
    return check == UNSEEN and told is not None and (not told[5] or (told[3] is not None and told[3] not in known))


def test_fewer_snapshots_accuse_nobody_whom_more_acquit() -> None:
    sure: Counter[str] = Counter()
    for seed in range(PACKS):
        made = pack(seed, HISTORIES)
        last = len(made.timeline.snapshots)
        # What the last snapshot could not read is known from the one before, and fewer have an older one before.
        if any(told["snapshot"] == last for told in made.timeline.coverage):
            continue
        for one in made.histories:
            fewer = thinned(one.tenant, (1, last))
            told = answer(fewer, 2)
            found = acquitted(answer(one.tenant, last), told, shown(fewer))
            assert [key for _, key in found if not returned(one.tenant) & {*key}] == [], one.seed
            sure.update(name for name, found in told.checks.items() for _, how in found.values() if how == "high")
    assert sure.keys() >= ALWAYS
