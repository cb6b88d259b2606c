"""The dictionary of ids: each id of a grant gets one small integer, for ever."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import unquote

import polars as pl

from driftaudit.store.database import frame, registered, rows

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

_GRAPH = "#microsoft.graph."
_EVERYONE = dict.fromkeys(("c:0(.s|true", "c:0!.s|windows", "c:0!.s|forms%3amembership"), "everyone")
"""Everyone, and the two claims "All users", by which older sites say the same."""
_ALL_USERS = "c:0-.f|rolemanager|spo-grid-all-users/"
_ACCOUNT, _TEAM, _GROUP = "i:0#.f|membership|", "c:0o.c|federateddirectoryclaimprovider|", "c:0t.c|tenant|"


class Keys:
    """All ids of the database with their keys, by every spelling met; new ones are kept until `save`."""

    def __init__(self, connection: Connection) -> None:
        """Read the dictionary."""
        self._connection = connection
        self._known = frame(connection, "select id, key from history.ids").cast({"key": pl.Int32()})
        self._saved = self._next = len(self._known)
        self._types = pl.DataFrame(schema={"key": pl.Int32(), "type": pl.String()})

    def of(self, texts: pl.Series) -> pl.Series:
        """Return the key of each id, in whatever case it is written."""
        asked = texts.alias("id").to_frame()
        keys = asked.join(self._known, on="id", how="left", maintain_order="left")["key"]
        if not keys.null_count():
            return keys
        self._learn(texts.filter(keys.is_null()).unique(maintain_order=True))
        return self.of(texts)

    def _learn(self, spellings: pl.Series) -> None:
        """Give keys to ids that are new; a known one in another case gets that case as a further spelling."""
        lower = spellings.str.to_lowercase().alias("id")
        new = lower.unique(maintain_order=True).to_frame().join(self._known, on="id", how="anti", maintain_order="left")
        keys = pl.Series("key", range(self._next, self._next + len(new)), dtype=pl.Int32())
        self._known = pl.concat([self._known, new.with_columns(keys)])
        self._next += len(new)
        other = pl.DataFrame({"spelling": spellings, "id": lower}).filter(pl.col("spelling") != pl.col("id"))
        found = other.join(self._known, on="id").select(pl.col("spelling").alias("id"), "key")
        self._known = pl.concat([self._known, found])

    def note_types(self, keys: pl.Series, types: pl.Series) -> None:
        """Remember what the service calls the holders of these keys."""
        told = pl.DataFrame([keys.alias("key"), types.alias("type")]).unique("key").drop_nulls()
        self._types = pl.concat([self._types, told]).unique("key")

    def save(self) -> None:
        """Write down the new ids, and the types of those that had none."""
        new = self._known.filter(pl.col("key") >= self._saved, pl.col("id") == pl.col("id").str.to_lowercase())
        types = self._types.with_columns(pl.col("type").str.strip_prefix(_GRAPH).str.to_lowercase())
        with registered(self._connection, "new_ids", new), registered(self._connection, "types", types):
            self._connection.execute("insert into history.ids select key, id, null from new_ids order by key")
            self._connection.execute(
                "update history.ids set type = t.type from types as t "
                "where history.ids.key = t.key and history.ids.type is null"
            )


def site_address(address: str) -> str:
    """Return a site's address in the one form in which addresses are compared, as the macro of that name does."""
    return unquote(address).lower().rstrip("/")


def sites_by_address(connection: Connection) -> Callable[[str], str]:
    """Return the function that turns a site's address, of any time, into the site's id."""
    found = rows(
        connection,
        "select site_address(s.web_url) as address, arg_max(s.id, s.valid_from) as id from history.sites as s "
        "where s.web_url is not null group by all",
    )
    known = {f["address"]: f["id"] for f in found}
    return lambda address: known.get(site_address(address), site_address(address))


def claims(connection: Connection) -> Callable[[str], str]:
    """Return the function that turns a SharePoint login name into the id of the account or group it stands for."""
    found = rows(
        connection,
        # SharePoint may still use a name that the account had before; the newest account of a name wins.
        "select lower(u.user_principal_name) as name, "
        "arg_max(u.id, [(u.valid_to is null)::integer, u.valid_from]) as id from history.users as u "
        "where u.user_principal_name is not null group by all",
    )
    accounts = {f["name"]: f["id"] for f in found}

    def resolve(login: str) -> str:
        name = login.lower()
        if name.startswith(_ACCOUNT):
            return accounts.get(name.removeprefix(_ACCOUNT), name)
        if name.startswith(_ALL_USERS):
            return "everyone_except_external"
        for claim in (_TEAM, _GROUP):
            if name.startswith(claim):
                return name.removeprefix(claim)
        return _EVERYONE.get(name, name)

    return resolve
