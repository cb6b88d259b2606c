"""The tally: how often the random histories reached what they must reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.oracle.directory import dynamic, listed, principal_type
from tests.oracle.ladder import Facts
from tests.oracle.oracle import Answer
from tests.oracle.packing import Made

Counts = Counter[tuple[str, str]]
"""How often something of a group was reached."""

RUNGS = (
    "assignment",
    "activated",
    "delivering",
    "dynamic_rule",
    "synced",
    "grace",
    "ended",
    "ended_censored",
    "role_removed",
    "pre_existing",
    "readded",
    "none",
)


@dataclass(frozen=True)
class Tally:
    """What was reached, by group and name."""

    counts: Counts = field(default_factory=Counter)

    def note(self, made: Made, rhythm: str, facts: Facts, answer: Answer) -> None:
        """Count what one history reached in one snapshot."""
        self.counts["rhythm", rhythm] += 1
        for story in made.stories:
            self.counts["story", story] += 1
        for told in answer.grants.values():
            explanation, confidence, in_package, _, read_now, assessable = told
            self.counts["rung", f"{explanation}, {confidence}"] += 1
            self.counts["grant", "of a role that left every package"] += not in_package
            self.counts["grant", "not read in this snapshot"] += not read_now
            self.counts["grant", "not assessable"] += not assessable
        self._note_facts(facts)
        for check, found in answer.checks.items():
            for severity, confidence in found.values():
                self.counts["check", f"{check}, {severity}, {confidence or '-'}"] += 1

    def _note_facts(self, facts: Facts) -> None:
        """Count the lives of assignments, roles and grants."""
        for a in facts.assignments:
            sure = "" if a.ended is None else ", exactly" if a.ended.after == a.ended.by else ", in between"
            self.counts["assignment", f"{a.life}{', proven by a request' if a.request else ''}{sure}"] += 1
            self.counts["assignment", "of nobody named"] += a.principal is None
            self.counts["assignment", "over before it began"] += (
                a.life == "ended" and bool(a.principal) and not a.entitles
            )
        for grant in facts.grants:
            self.counts["grant", f"{grant.kind}, {'open' if grant.gone is None else 'gone'}"] += 1
            self.counts["holder", principal_type(facts.history, grant.principal)] += 1
            self.counts["holder", "not in any list now"] += not listed(facts.history, grant.principal, facts.history.at)
            self.counts["grant", "in a group that a rule fills"] += dynamic(facts.history, grant.resource)
        for life in facts.roles:
            self.counts["role", "in its package" if life.left is None else "left its package"] += 1

    def table(self) -> str:
        """Return the counts as lines for a terminal."""
        return "\n".join(f"{group:12}{name:60}{n:>8}" for (group, name), n in sorted(self.counts.items()))

    def below(self, least: int, wanted: Iterable[tuple[str, str]]) -> dict[str, int]:
        """Return what was reached less often than wanted; a name stands for all that begin with it."""
        found = {}
        for group, name in wanted:
            n = sum(count for (g, told), count in self.counts.items() if g == group and told.startswith(name))
            if n < least:
                found[f"{group}: {name}"] = n
        return found
