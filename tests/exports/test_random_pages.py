"""Whatever a page holds, reading it gives rows or a sentence, never a crash and never silent nothing."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from driftaudit.collectors import collections
from driftaudit.collectors._record import Collection, Day, Id, Ids, Instant, LooseInstant, Number
from driftaudit.errors import UsageError
from driftaudit.exports.export import Export, Line, Numbered, Reading
from driftaudit.exports.manifest import Entry, Manifest
from tests.exports.made_export import TAKEN, Read, line, packed, put, read, read_plain, write_export

INSTANTS = [
    "2026-06-30T02:00:04Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.9999999-12:00",
    "",
    "soon",
    "/Date(5)/",
]
CUT_OFF = "System.Collections.Hashtable"
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([*INSTANTS, CUT_OFF])
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)
names = st.sampled_from(sorted(collections()))
EXAMPLES = settings(max_examples=60)


def right(collection: Collection) -> dict[str, Any]:
    """Return a record of the collection's shape in which every property stands."""
    record: dict[str, Any] = {}
    for column in collection.columns:
        place: Any = record
        *above, last = column.source.path[:-1] if column.type is Ids else column.source.path or ("",)
        for part in above:
            place = place.setdefault(part, {})
        if column.type is Ids:
            place[last] = [{column.source.path[-1]: "ID"}] * 2
        elif last:
            place[last] = right_kind(collection) if column.name == "kind" else right_value(column.type)
    left_out, each = collection.record.left_out, collection.record.each
    if left_out:
        place = record
        for part in left_out.path[:-1]:
            place = place[part]
        place[left_out.path[-1]] = 1 if left_out.kind is int else "Direct"
    return record | ({each: [record[each]]} if each else {})


def right_kind(collection: Collection) -> str:
    """Return a kind of grant that the collection holds, as the service writes it."""
    return collection.kinds[0].removeprefix("eligible_")


def right_value(kind: Any) -> Any:
    """Return a value of the wanted type."""
    if kind in (Instant, LooseInstant, Day):
        return INSTANTS[0]
    return {bool: True, int: 7, Number: 7, list[str]: ["x"], str: "text", Id: "ID"}.get(kind, {"nested": [1]})


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container of a value with each of its keys."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield value, key
        yield from places(inner)


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Return a collection's name and a page of its records in which up to three values are something else or gone."""
    name = draw(names)
    page: dict[str, Any] = {"@odata.context": "x#y", "value": [right(collections()[name]) for _ in range(2)]}
    for _ in range(draw(st.integers(0, 3))):
        found = list(places(page))
        if found:
            place, key = found[draw(st.integers(0, len(found) - 1))]
            if draw(st.booleans()):
                place[key] = draw(anything)
            else:
                del place[key]
    return name, page


def reading(name: str, raw: bytes) -> Reading:
    """Return a reading of one page."""
    manifest = Manifest(format=1, state="closed", tenant_id="t", taken_at=TAKEN, collections={})
    only = Numbered(Line(page=msgspec.Raw(raw), scope="d/i"), "file line 1")
    export = Export(Path("folder"), manifest, "", lambda _: iter([only]))
    return Reading(export, collections()[name], Entry(status="complete"))


def judged(found: Reading) -> int:
    """Drain a reading the way the store does; return its rows after checking that failure and sentence agree."""
    if found.collection.is_grants:
        count = sum(page.count for page in found.pages())
    else:
        count = sum(len(frame) for frame in found.frames())
    if found.failure:
        assert found.status == "failed"
        assert found.failure.startswith("file line 1 cannot be read: ")
    return 0 if found.failure else count


@given(names)
def test_a_right_page_is_read_whole(name: str) -> None:
    page = {"value": [right(collections()[name])] * 2}
    found = reading(name, json.dumps(page).encode())
    assert judged(found) == 2
    assert (found.failure, found.missing_fields) == (None, [])


@EXAMPLES
@given(mutated())
def test_a_changed_page_gives_rows_or_a_sentence(case: tuple[str, dict[str, Any]]) -> None:
    name, page = case
    found = reading(name, json.dumps(page).encode())
    count = judged(found)
    records = page.get("value")
    each = collections()[name].record.each
    if not found.failure and isinstance(records, list):
        told = sum(len(record[each]) if each else 1 for record in records)
        assert count == told or (count < told and collections()[name].record.left_out)


@EXAMPLES
@given(names, anything)
def test_any_json_gives_rows_or_a_sentence(name: str, page: Any) -> None:
    found = reading(name, json.dumps(page).encode())
    assert judged(found) == 0 or isinstance(page, dict)


@EXAMPLES
@given(mutated(), st.data())
def test_a_page_with_bytes_changed_gives_rows_or_a_sentence(
    case: tuple[str, dict[str, Any]], data: st.DataObject
) -> None:
    name, page = case
    raw = bytearray(json.dumps(page).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder:
        found = read(write_export(Path(folder), {name: packed(line(bytes(raw).replace(b"\n", b" "), "d/i"))}), name)
    assert found.status == "complete" or "line 1 cannot be read" in found.reason or found.reading.cut_off


@EXAMPLES
@given(mutated())
def test_a_changed_plain_file_gives_rows_or_a_sentence(case: tuple[str, dict[str, Any]]) -> None:
    name, page = case
    with tempfile.TemporaryDirectory() as folder:
        put(Path(folder), f"{name}/d/i.json", page)
        found = read_or_refuse(Path(folder), name)
    assert (
        found is None or found.status == "complete" or found.reading.cut_off or "i.json cannot be read" in found.reason
    )


def read_or_refuse(folder: Path, name: str) -> Read | None:
    """Read a collection of plain files; None if it is refused as cut off by PowerShell."""
    try:
        return read_plain(folder, name)
    except UsageError as error:
        if error.next_step != "Export again with -Depth 10.":
            raise
        return None
