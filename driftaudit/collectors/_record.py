"""What a collection keeps: record classes, whose fields are the `$select`, the table and the dictionary at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, ClassVar, NewType, Union, get_args, get_origin, get_type_hints

Id = NewType("Id", str)
"""An identifier: kept in lower case, because the service changes the case of GUIDs."""
Number = NewType("Number", int)
"""A number that serves as an identifier: kept as text."""
Instant = NewType("Instant", str)
"""A point in time: kept as TIMESTAMP in UTC."""
LooseInstant = NewType("LooseInstant", str)
"""An instant for which the service also prints nonsense (zeros, an empty text): what is no instant is null."""
Day = NewType("Day", str)
"""An instant of which the day alone is kept, in UTC: what changes every hour would fill the history."""
Ids = NewType("Ids", list[str])
"""Identifiers out of a list of records: kept in lower case, each once and in their order."""
Json = NewType("Json", bytes)
"""A nested value: kept whole, as JSON text with sorted keys."""

SQL_TYPES = {
    Id: "VARCHAR",
    Number: "VARCHAR",
    str: "VARCHAR",
    Instant: "TIMESTAMP",
    LooseInstant: "TIMESTAMP",
    Day: "DATE",
    Ids: "VARCHAR[]",
    Json: "JSON",
    bool: "BOOLEAN",
    int: "BIGINT",
    list[str]: "VARCHAR[]",
}

ELIGIBLE_GROUPS = (
    "role_assignable or id in (select lower(r.scope_origin_id) from history.package_roles as r "
    "where lower(r.role_origin_id) like 'eligible%')"
)
"""Groups about whose eligibilities the service is asked, one call each: those that a package or a role may need."""

GRANT_COLUMNS = ("kind", "resource_id", "role_id", "principal_id", "principal_type", "granted_at", "ends_at")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a field's value comes from: a path in the answer, the line's scope, or a constant."""

    meaning: str
    path: tuple[str, ...] = ()
    constant: str | None = None
    prefix: str = ""
    claim: bool = False


def at(path: str, meaning: str, *, prefix: str = "", claim: bool = False) -> Any:
    """Take the value at `path` (slashes nest); `prefix` goes before it, `claim` reads a SharePoint login name."""
    return Source(meaning, tuple(path.split("/")), prefix=prefix, claim=claim)


def scope(meaning: str) -> Any:
    """Take the scope under which the answer was read: the group, the site, the package."""
    return Source(meaning)


def constant(value: str, meaning: str) -> Any:
    """Take the same value for every record."""
    return Source(meaning, constant=value)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Records that are left out of a collection: those with one of these values at a path."""

    path: tuple[str, ...]
    kind: type[str] | type[int]
    values: frozenset[str | int]
    """Texts in lower case."""
    required: bool
    """Whether a record must say it."""


THROUGH_GROUP = LeftOut(("memberType",), str, frozenset({"group", "inherited"}), required=False)
"""What somebody has through a group or a wider scope: that is told of the one who has it."""


class Record:
    """One kept record; each field is declared as `name: type = at("path", "meaning")`."""

    each: ClassVar[str | None] = None
    """The list inside an answer's record that holds the records, if they nest."""
    left_out: ClassVar[LeftOut | None] = None
    """Records of an answer that are none of these."""


class Grant(Record):
    """One grant: a principal holds a role on a resource."""


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a record as a column."""

    name: str
    type: Any
    nullable: bool
    source: Source

    @property
    def sql_type(self) -> str:
        """Return the column's type in the database."""
        return SQL_TYPES[self.type]


@cache
def columns_of(record: type[Record]) -> tuple[Column, ...]:
    """Return the record's columns in the order of declaration."""
    hints = get_type_hints(record)
    return tuple(
        _column(name, hints[name], source) for name, source in vars(record).items() if isinstance(source, Source)
    )


def _column(name: str, hint: Any, source: Source) -> Column:
    """Split `T | None` into the type and whether it may be null."""
    if get_origin(hint) in (Union, UnionType):
        (kept,) = [arg for arg in get_args(hint) if arg is not NoneType]
        return Column(name, kept, True, source)
    return Column(name, hint, False, source)


@dataclass(frozen=True, slots=True)
class Log:
    """Records of what happened: they never change and never go, so that only newer ones are asked for."""

    at: str
    """The column that says when."""
    overlap_hours: int
    """How late the service may write something down."""


@dataclass(frozen=True, slots=True)
class Collection:
    """One kind of record read from the service: what is kept, how it is asked for, what that takes."""

    record: type[Record]
    request: str
    """Path with version; `{select}` stands for the fields, `{scope}` for the scope, `{scope[0]}` for a part of one.

    In a log `{since}` stands for the condition that leaves out what is known, with an `and` behind it.
    """
    permission: str
    """Least application permission that reads it."""
    request_for_all: str = ""
    """What is asked instead where the configuration wants members as well as guests."""
    licence: str = ""
    """What the tenant must have bought; without it the service refuses, whatever is granted."""
    scoped_by: str | None = None
    """The collection whose records are the scopes."""
    scope_key: str = "id"
    """The scope's value, in SQL over the table of `scoped_by`."""
    kept_scope: str = ""
    """The scope as the history keeps it, in SQL over the same table, where that is not its value in lower case."""
    scope_where: str = "true"
    """Which records of `scoped_by` are asked about at all, in SQL over their table."""
    scope_stands_on: tuple[str, ...] = ()
    """Further collections that `scope_where` asks, so that they are there before it."""
    lists: tuple[str, ...] = ()
    """Lists that each record of `scoped_by` has beside one another: a scope is a record and one of them, `list`."""
    probe: str = ""
    """A field that is asked for and not kept; null where the sign-in may read no more than the id."""
    count: str = ""
    """Path that answers how many records there are."""
    filled_with: tuple[str, ...] = ()
    """Permissions of which one is needed where the service otherwise sends null instead of a refusal."""
    hidden_where: str = ""
    """Scopes that without `hidden_with` may come back empty instead of refused, in SQL over the same table."""
    hidden_with: str = ""
    delta: str = ""
    """Request that tells which scopes have changed since it was asked last."""
    delta_tells_not_of: tuple[str, ...] = ()
    """Collections of those who stand in its records; `delta` is silent where one of them vanishes or comes back."""
    kinds: tuple[str, ...] = ()
    """For grants: the kinds of grant it holds."""
    tells_of: tuple[str, ...] = ()
    """For other records: the kinds of grant about which they tell more."""
    needs_person: bool = False
    """Whether the service lets only a person who signs in read it."""
    may_have_none: bool = False
    """Whether a scope that the service does not find has none of these, and is no gap."""
    log: Log | None = None
    """What makes it a log; none of its records ever closes."""
    name: str = ""
    """The file's name; filled by discovery."""

    @property
    def is_grants(self) -> bool:
        """Tell whether the records become rows of `grants`."""
        return issubclass(self.record, Grant)

    @property
    def names_sharepoint_logins(self) -> bool:
        """Tell whether its principals are login names, which only the accounts of the same snapshot resolve."""
        return any(c.source.claim for c in self.columns)

    @property
    def scopes_named(self) -> str:
        """Return what its scopes are, as a sentence calls them."""
        owners = (self.scoped_by or "parts").replace("_", " ")
        return f"lists of {owners}" if self.lists else owners

    @property
    def stands_on(self) -> tuple[str, ...]:
        """Return the collections that say about what this one is asked; that of the scopes first."""
        return tuple(filter(None, (self.scoped_by, *self.scope_stands_on)))

    def owners(self, where: str) -> str:
        """Return the query for the records about which is asked, of those for which `where` holds."""
        each = f", unnest({list(self.lists)}) as list" if self.lists else ""
        return f"select *{each} from history.{self.scoped_by} where ({self.scope_where}) and ({where})"  # noqa: S608

    @property
    def columns(self) -> tuple[Column, ...]:
        """Return the kept columns."""
        return columns_of(self.record)

    @property
    def key(self) -> tuple[str, ...]:
        """Return the columns that tell one record from another: the scope, if any, and the id."""
        return tuple(c.name for c in self.columns if c.name == "id" or c.source == _scope_of(c))

    @property
    def scope_column(self) -> str | None:
        """Return the column that holds the scope, if the collection has scopes."""
        return next((c.name for c in self.columns if c.source == _scope_of(c)), None)

    @property
    def meaning(self) -> str:
        """Return the record's one-line description."""
        return (self.record.__doc__ or "").strip()


def _scope_of(column: Column) -> Source:
    """Return what the column's source would be if it were the scope."""
    return Source(column.source.meaning)
