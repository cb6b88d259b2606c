"""The query files, which of them need which, and which of them are mutated."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from driftaudit.audit.checks import checks
from driftaudit.audit.outcome import NAMED
from driftaudit.store.query_files import QueryFile, in_order
from driftaudit.store.schema import model_files, view_files

GATE = {"coverage", "gaps", "package_role_lives", "explained_grants"}
"""What is read to say whether a check could be assessed."""
_VIEWS_WITH_LOGIC = {"reviews", "review_decisions"}


class Files:
    """All query files as they are."""

    def __init__(self) -> None:
        """Read the files and find out which need which."""
        self.model, self.checks = model_files(), checks()
        views = view_files()
        self.all = {**views, **{name: check.file for name, check in self.checks.items()}}
        self.needs = {name: (file.words & views.keys()) - {name} for name, file in self.all.items()}
        self.order = [*(file.name for file in in_order(views)), *self.checks]
        self._around = (QueryFile("names", Path(), NAMED).words & views.keys()) | GATE

    def mutated(self) -> list[QueryFile]:
        """Return the files whose clauses are dropped: the model, the checks, macros, and the views that decide."""
        chosen = {*self.model, *self.checks, *_VIEWS_WITH_LOGIC, *filter(self.is_macro, self.all)}
        return [self.all[name] for name in self.order if name in chosen]

    def is_macro(self, name: str) -> bool:
        """Tell whether a file is a macro, which has no rows of its own."""
        return "macro" in self.all[name].header

    def asked_by(self, query: str) -> set[str]:
        """Return what is asked beside a check's own statement: names, and how well things were read."""
        return self._around if query in self.checks else set()

    def behind(self, queries: Iterable[str]) -> set[str]:
        """Return these queries and all that answering them stands on."""
        found: set[str] = set()
        waiting = list(queries)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.needs[name] | self.asked_by(name)
        return found
