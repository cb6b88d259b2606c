"""What has changed in groups since a token was given: ids only, in no order, a group as often as it pleases."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.fake_graph.kinds import kinds
from tests.fake_graph.paging import Tokens
from tests.fake_graph.permissions import HIDDEN_MEMBERS
from tests.fake_graph.query import Options
from tests.fake_graph.refusals import Refusal, malformed, unsupported
from tests.fake_graph.source import Change, Record, Source

CHANGES = "/groups/delta"
CHANGES_AT_ONCE = 100
LIFE = 7 * 24 * 3600
"""Seconds after which a token for changes is no longer taken."""
MEMBERS_AT_ONCE = 3
"""A group of which more is to be told comes again."""
SERVICE_PRINCIPAL = "#microsoft.graph.servicePrincipal"


@dataclass(frozen=True, slots=True)
class Changes:
    """Answers from one source."""

    source: Source
    tokens: Tokens
    root: str
    at_once: int

    def answer(self, version: str, options: Options, held: frozenset[str], now: int) -> Record:
        """Return one page of changes, or of everything where no token was given."""
        if options.delta == "latest":
            return self._page(version, [], self._state(options, now), None)
        state = self._told(options, now)
        entries = list(self._entries(version, state, held))
        random.Random(f"{state['since']} {state['until']}").shuffle(entries)
        start = state["start"]
        further = start + self.at_once if start + self.at_once < len(entries) else None
        return self._page(version, entries[start : start + self.at_once], state, further)

    def _state(self, options: Options, now: int) -> dict[str, Any]:
        """Return where a caller begins who has no token yet."""
        known = kinds()["group"]
        select = options.select if options.select is not None else (*known.default, "members")
        if unknown := sorted(set(select) - known.fields - set(known.relations)):
            raise malformed(f"Could not find a property named '{unknown[0]}' on type 'microsoft.graph.group'.")
        newest = len(self.source.changes)
        return {"at": now, "since": None, "until": newest, "start": 0, "select": list(select)}

    def _told(self, options: Options, now: int) -> dict[str, Any]:
        """Return where the caller stands, by the token; refuses one that is not from here, or too old."""
        token = options.delta or options.token
        if token is None:
            return self._state(options, now)
        if options.names:
            raise unsupported("Query options are part of the token and cannot be given with it.")
        state = self.tokens.opened(token)
        if state is None or (state["start"] == 0) != (options.delta is not None):
            raise malformed("Badly formed token.")
        if now - state["at"] > LIFE:
            again = {"location": f"{self.root}/v1.0{CHANGES}?$deltatoken="}
            raise Refusal(410, "syncStateNotFound", "The sync state generation is not found; begin again.", again)
        if options.delta is not None:
            state |= {"at": now, "since": state["until"], "until": len(self.source.changes)}
        return state

    def _page(self, version: str, entries: list[Record], state: dict[str, Any], further: int | None) -> Record:
        """Return a page with the link behind it."""
        place = f"{self.root}/{version}{CHANGES}"
        body: Record = {"@odata.context": f"{self.root}/{version}/$metadata#groups({','.join(state['select'])})"}
        if further is not None:
            body["@odata.nextLink"] = f"{place}?$skiptoken={self.tokens.sealed(state | {'start': further})}"
        else:
            body["@odata.deltaLink"] = f"{place}?$deltatoken={self.tokens.sealed(state | {'start': 0})}"
        return body | {"value": entries}

    def _entries(self, version: str, state: dict[str, Any], held: frozenset[str]) -> Iterator[Record]:
        """Yield what is to be told, group by group and a few members at a time."""
        for group, changes in self._by_group(state).items():
            record = self.source.record("/groups", group)
            if record is None:
                gone = [change.removed for change in changes if change.member is None and change.removed]
                yield {"id": group, "@removed": {"reason": gone[-1] if gone else "deleted"}}
                continue
            fields = [name for name in state["select"] if name in kinds()["group"].fields]
            head = {"id": group} | {name: record.get(name) for name in fields}
            may = record.get("visibility") != "HiddenMembership" or not held.isdisjoint(HIDDEN_MEMBERS)
            told = list(_members(version, changes)) if may and "members" in state["select"] else []
            for start in range(0, max(len(told), 1), MEMBERS_AT_ONCE):
                some = told[start : start + MEMBERS_AT_ONCE]
                yield head | ({"members@delta": some} if some else {})

    def _by_group(self, state: dict[str, Any]) -> dict[str, list[Change]]:
        """Return what happened to each group; to everybody who asks for the first time, all is new."""
        found: dict[str, list[Change]] = {}
        if state["since"] is None:
            for group in self.source.records("/groups") or ():
                found[group["id"]] = [Change(group["id"])]
                members = self.source.records(f"/groups/{group['id']}/members") or ()
                found[group["id"]] += [Change(group["id"], member) for member in members]
        else:
            for change in self.source.changes[state["since"] : state["until"]]:
                found.setdefault(change.group, []).append(change)
        return found


def _members(version: str, changes: Iterable[Change]) -> Iterator[Record]:
    """Yield each member that came or went, as it ended; v1.0 does not know service principals."""
    last = {change.member["id"]: change for change in changes if change.member is not None}
    for change in last.values():
        member = change.member or {}
        if version != "v1.0" or member["@odata.type"] != SERVICE_PRINCIPAL:
            told = {"@odata.type": member["@odata.type"], "id": member["id"]}
            yield told | ({"@removed": {"reason": "deleted"}} if change.removed else {})
