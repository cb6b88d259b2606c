"""Comparing: a pack of histories, the oracle's answers and driftaudit's, and the first disagreements made small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.oracle.asking import asked, differences, parted
from tests.oracle.ladder import facts
from tests.oracle.oracle import Answer, answered
from tests.oracle.packing import Made, Pack
from tests.oracle.reached import Seen
from tests.oracle.readings import History
from tests.oracle.shrinking import disagreement, shown, smallest
from tests.oracle.tally import Tally

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

Differing = list[tuple[Made, int]]
"""Histories about which the two differ, with the snapshot."""


@dataclass(frozen=True)
class Answered:
    """What the oracle says about a pack, and what the pack reached."""

    pack: Pack
    answers: dict[tuple[str, int], Answer]
    """By the history's mark and the snapshot."""
    tally: Tally


def answers(pack: Pack) -> Answered:
    """Ask the oracle about every history of a pack."""
    told = Answered(pack, {}, Tally())
    for made in pack.histories:
        seen = [_seen(made, at) for at in pack.timeline.asked]
        told.answers.update({(made.mark, one.facts.history.at): one.answer for one in seen})
        told.tally.note(made, pack.timeline, seen)
    return told


def _seen(made: Made, at: int) -> Seen:
    """Return what the oracle knows and says about one snapshot of one history."""
    known = facts(History(made.tenant, at))
    return Seen(known, answered(known))


def compared(connection: Connection, told: Answered) -> Differing:
    """Ask driftaudit about a whole pack at once; return where it differs from the oracle."""
    whole = {at: parted(answer) for at, answer in asked(connection, told.pack.tenant, told.pack.timeline.asked).items()}
    return [
        (made, at)
        for made in told.pack.histories
        for at in told.pack.timeline.asked
        if differences(told.answers[made.mark, at], whole[at](made.mark))
    ]


def report(connection: Connection, differing: Differing, *, most: int = 3) -> str:
    """Return the first few disagreements, each as the smallest history that still shows one."""
    lines = [f"{len(differing)} disagreements: seeds {', '.join(str(made.seed) for made, _ in differing[:20])}"]
    for made, at in differing[:most]:
        tenant = smallest(connection, made.tenant, at)
        found = disagreement(connection, tenant, at)
        lines += ["", f"seed {made.seed}, {', '.join(made.stories)}", shown(tenant, at, found)]
        if not found:
            lines.append("  the two agree when this history stands alone: it saw something of another one")
    return "\n".join(lines)
