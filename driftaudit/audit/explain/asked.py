"""Who and what is asked about: by id, name or address, with the nearest where there is none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from driftaudit.errors import UsageError
from driftaudit.foreign_text import visible
from driftaudit.store.database import rows
from driftaudit.store.keys import site_address
from driftaudit.store.model import set_variables
from driftaudit.store.query_files import bundled_queries

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

SHOWN = 20
"""How many of those that go by one name are listed."""

_FOUND = """
with known as ({known}),
ranked as (
    select k.*, case
        when lower(k.id) = getvariable('asked') then 1
        when lower(nfc_normalize(k.address)) = getvariable('asked') then 2
        when lower(nfc_normalize(k.other)) = getvariable('asked') then 2
        when lower(trim(nfc_normalize(k.name))) = getvariable('asked') then 3
    end as rank
    from known as k
    where k.id <> ''
),
best as (from ranked as r where r.rank = (select min(x.rank) from ranked as x))
select k.id, arg_max(k.name, k.seen) as name, arg_max(k.address, k.seen) as address, arg_max(k.type, k.seen) as type
from ranked as k
where k.id in (select b.id from best as b)
group by k.id
order by lower(any_value(k.name)), k.id
"""
_NEAREST = """
with known as ({known}),
words as (
    select k.id, unnest([k.name, k.address, k.other]) as word from known as k where k.id <> '' and k.seen >= 0
),
near as (
    select w.id, max(jaro_winkler_similarity(
        lower(strip_accents(w.word)), strip_accents(getvariable('asked'))
    ) + contains(lower(strip_accents(w.word)), strip_accents(getvariable('asked')))::integer) as nearness
    from words as w
    where w.word is not null
    group by w.id
    having nearness > 0.7
    order by nearness desc, w.id
    limit 5
)
select k.id, arg_max(k.name, k.seen) as name, arg_max(k.address, k.seen) as address, arg_max(k.type, k.seen) as type
from known as k
join near as n on n.id = k.id
group by k.id, n.nearness
order by n.nearness desc, k.id
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """One principal, resource or package, with the last name known of it."""

    id: str
    name: str
    address: str | None
    """Sign-in name, or the address of a site."""
    type: str
    """user, guest, group, service_principal, application, site, directory_role, package or unknown."""


def find_principal(connection: Connection, words: str) -> Asked:
    """Return the one principal that goes by these words; several or none are a UsageError that lists whom it means."""
    return _find(connection, words, "known_principals", "principal")


def find_resource(connection: Connection, words: str) -> Asked:
    """Return the one resource or package that goes by these words; several or none are a UsageError with a list."""
    return _find(connection, words, "known_resources", "resource or package")


def _find(connection: Connection, words: str, query: str, noun: str) -> Asked:
    """Return the one that is meant: an id goes before an address, an address before a name."""
    known = bundled_queries("explain")[query].sql
    spelled = normalize("NFC", words).strip().lower()
    set_variables(connection, {"asked": site_address(spelled) if spelled.startswith("https://") else spelled})
    found = [_asked(row) for row in rows(connection, _FOUND.format(known=known))]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"{len(found)} go by the name {visible(words)!r}.", "Name the one you mean by its id:" + _lines(found)
        )
    near = [_asked(row) for row in rows(connection, _NEAREST.format(known=known))]
    raise UsageError(
        f"No snapshot knows a {noun} {visible(words)!r}.",
        "The nearest are:" + _lines(near) if near else "Give an id, a name, a sign-in name or an address.",
    )


def _asked(row: dict[str, Any]) -> Asked:
    """Return one that was found; what has no name goes by its address or id."""
    return Asked(row["id"], row["name"] or row["address"] or row["id"], row["address"], row["type"])


def _lines(found: Iterable[Asked]) -> str:
    """Return a line for each, its id first, so that it can be copied."""
    listed = list(found)
    lines = [
        f"\n  {visible(a.id)}  {visible(a.name)} ({', '.join(visible(t) for t in (a.type, a.address) if t)})"
        for a in listed[:SHOWN]
    ]
    more = [f"\n  ... and {len(listed) - SHOWN} more"] if len(listed) > SHOWN else []
    return "".join([*lines, *more])
