"""Comparing: a pack of histories, the oracle's answers and driftaudit's, and the first disagreement made small."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.asking import asked, differences, of
from tests.oracle.ladder import facts
from tests.oracle.oracle import answered
from tests.oracle.packing import Made, Pack
from tests.oracle.readings import History
from tests.oracle.shrinking import disagreement, shown, shrunk
from tests.oracle.tally import Tally

if TYPE_CHECKING:
    from driftaudit.store.database import Connection


def compared(connection: Connection, pack: Pack, tally: Tally) -> list[tuple[Made, int]]:
    """Compare all histories of a pack; return those about which the two differ, with the snapshot."""
    whole = asked(connection, pack.tenant, pack.timeline.asked)
    differing = []
    for made in pack.histories:
        for at in pack.timeline.asked:
            known = facts(History(made.tenant, at))
            mine = answered(known)
            tally.note(made, pack.timeline.rhythm, known, mine)
            if differences(mine, of(whole[at], made.mark)):
                differing.append((made, at))
    return differing


def report(connection: Connection, differing: list[tuple[Made, int]], *, most: int = 3) -> str:
    """Return the first few disagreements, each as the smallest history that still shows one."""
    lines = [f"{len(differing)} disagreements: seeds {', '.join(str(made.seed) for made, _ in differing[:20])}"]
    for made, at in differing[:most]:
        tenant = shrunk(made.tenant, lambda t, at=at: bool(disagreement(connection, t, at)))
        found = disagreement(connection, tenant, at)
        lines += ["", f"seed {made.seed}, {', '.join(made.stories)}", shown(tenant, at, found)]
        if not found:
            lines.append("  the two agree when this history stands alone: it saw something of another one")
    return "\n".join(lines)
