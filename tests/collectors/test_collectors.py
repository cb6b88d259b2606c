"""Every collector file says what it keeps, how it asks and what that takes; the record is the only list of fields."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import driftaudit.collectors
from driftaudit.collectors import collections
from driftaudit.collectors._record import GRANT_COLUMNS, SQL_TYPES, Collection

FOLDER = Path(driftaudit.collectors.__file__).parent
PERMISSION = re.compile(r"[A-Z][\w-]+\.(ReadBasic|Read|FullControl)\.(All|AzureADGroup|Directory)( \(SharePoint\))?")
every = pytest.mark.parametrize("collection", collections().values(), ids=lambda c: c.name)


def selected(collection: Collection) -> list[str]:
    """Return the `$select` of a request: what its record takes, without what is expanded or comes unasked."""
    expanded = re.findall(r"\$expand=(\w+)", collection.request)
    first = dict.fromkeys(c.source.path[0] for c in collection.columns if c.source.path)
    return [part for part in first if part not in expanded and not part.startswith("@")]


def test_every_file_is_found_and_nothing_else_is() -> None:
    files = {path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_")}
    assert set(collections()) == files
    assert len(files) >= 35


@every
def test_the_name_is_the_files_and_in_snake_case(collection: Collection) -> None:
    assert collections()[collection.name] is collection
    for name in (collection.name, *(c.name for c in collection.columns)):
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)


@every
def test_everything_kept_has_a_meaning(collection: Collection) -> None:
    for text in (collection.meaning, *(c.source.meaning for c in collection.columns)):
        assert text.endswith((".", "..."))
        assert "\n" not in text
        assert len(text) > 2
    meanings = [c.source.meaning for c in collection.columns]
    assert collection.meaning not in meanings


@every
def test_every_column_has_a_type_that_the_database_knows(collection: Collection) -> None:
    assert {c.type for c in collection.columns} <= set(SQL_TYPES)
    names = [c.name for c in collection.columns]
    assert len(names) == len(set(names)) > 0


@every
def test_names_of_ids_and_instants_say_what_they_are(collection: Collection) -> None:
    for column in collection.columns:
        assert (column.sql_type == "TIMESTAMP") == column.name.endswith("_at")
        assert (column.sql_type == "DATE") == column.name.endswith("_on")


@every
def test_the_permission_reads_and_never_writes(collection: Collection) -> None:
    assert PERMISSION.fullmatch(collection.permission)
    assert ("FullControl" in collection.permission) == collection.permission.endswith("(SharePoint)")


@every
def test_the_request_has_just_the_placeholders_it_needs(collection: Collection) -> None:
    placeholders = set(re.findall(r"\{(.*?)\}", collection.request))
    assert placeholders <= {"scope", "scope[0]", "scope[1]", "select", "since"}
    assert ("since" in placeholders) == (collection.log is not None)
    assert any(p.startswith("scope") for p in placeholders) == (collection.scoped_by is not None)
    assert ("/" in collection.scope_key) == ("scope[0]" in placeholders) == ("scope[1]" in placeholders)
    assert ("$select={select}" in collection.request) == ("select" in placeholders)
    assert collection.request.startswith(("/v1.0/", "/beta/", "{scope}/_api/"))


@every
def test_a_request_can_be_made_of_it(collection: Collection) -> None:
    scope = ("d", "i") if "/" in collection.scope_key else "s"
    request = collection.request.format(scope=scope, select=",".join(selected(collection)), since="")
    assert "{" not in request
    assert "select=&" not in request
    assert " " not in request


@every
def test_what_can_be_selected_is_a_plain_property(collection: Collection) -> None:
    if "{select}" in collection.request:
        assert selected(collection)
        assert all(re.fullmatch(r"[a-z][A-Za-z]*", name) for name in selected(collection))


@every
def test_scopes_are_of_a_collection_that_has_them(collection: Collection) -> None:
    if collection.scoped_by is None:
        assert collection.scope_column is None
        assert (collection.scope_key, collection.scope_where) == ("id", "true")
    else:
        owner = collections()[collection.scoped_by]
        assert collection.scope_column is not None
        words = set(re.findall(r"[a-z_]+", re.sub(r"'[^']*'", "", f"{collection.scope_key} {collection.scope_where}")))
        sql = {"is", "not", "in", "true", "distinct", "from", "coalesce", "lower"}
        further = [collections()[name] for name in collection.scope_stands_on]
        if further:
            sql |= {"or", "select", "history", "as", "r", "where", "like", *(f.name for f in further)}
        sql |= {"list"} if collection.lists else set()
        assert words - sql <= {c.name for table in (owner, *further) for c in table.columns}


@every
def test_a_record_can_be_told_from_the_others(collection: Collection) -> None:
    if collection.is_grants:
        assert {c.name for c in collection.columns} <= set(GRANT_COLUMNS)
        assert {"kind", "resource_id", "role_id", "principal_id"} <= {c.name for c in collection.columns}
        assert collection.kinds
    else:
        assert collection.key[-1:] == ("id",)
        assert len(collection.key) == (1 if collection.scoped_by is None else 2)
        assert collection.kinds == ()
    assert not any(c.nullable for c in collection.columns if c.name in collection.key)


def test_no_kind_of_grant_is_read_by_two_collections() -> None:
    kinds = [kind for c in collections().values() for kind in c.kinds]
    assert len(kinds) == len(set(kinds)) == 9
