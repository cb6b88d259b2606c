"""An export folder as the tenant that it was read from."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from tests.fake_graph.invented import invented
from tests.fake_graph.refusals import Refusal, by_status
from tests.fake_graph.source import Change, Record

ELSEWHERE = {"/sites/oneDrive.getAllSites": "/sites/getAllSites"}
SERVICE_PRINCIPAL = "#microsoft.graph.servicePrincipal"
DIRECTORY = ("/users", "/groups", "/servicePrincipals")


class FolderSource:
    """Every list of one export folder; when people signed in, which it lacks, is invented unless told otherwise."""

    changes: Sequence[Change] = ()

    def __init__(
        self, folder: Path, extra: Mapping[str, Sequence[Record]] | None = None, *, invent: bool = True
    ) -> None:
        """Read the folder; `extra` adds to its lists, record by record."""
        manifest = msgspec.json.decode((folder / "manifest.json").read_bytes())
        self.tenant_id: str = manifest["tenant_id"]
        self.taken_at: str = manifest["taken_at"]
        self._lists: dict[str, dict[str, Record]] = {}
        self._as_lists: dict[str, list[Record]] = {}
        self._refusals: dict[tuple[str, str], Refusal] = {}
        for name, entry in manifest["collections"].items():
            self._refuse(name, entry)
            if entry["file"]:
                self._take(_lines(folder / entry["file"]))
        for path, records in (invented(self.records, self.taken_at) if invent else {}).items():
            self._merge(path, records)
        for path, records in (extra or {}).items():
            self._merge(path, records)

    def records(self, path: str) -> Sequence[Record] | None:
        """Return a list, or None where the folder has none."""
        key = path.lower()
        if key.endswith("/memberof"):
            return self._holding(key.split("/")[-2])
        if key not in self._as_lists and key in self._lists:
            self._as_lists[key] = list(self._lists[key].values())
        return self._as_lists.get(key)

    def _holding(self, member_id: str) -> list[Record]:
        """Return the groups in which somebody is a member."""
        held = {path: list_ for path, list_ in self._lists.items() if re.fullmatch("/groups/[^/]+/members", path)}
        found = [path.split("/")[2] for path, list_ in held.items() if member_id in list_]
        return [{"@odata.type": "#microsoft.graph.group", "id": group} for group in found]

    def without_service_principals(self, path: str) -> Sequence[Record]:
        """Return a group's members as v1.0 lists them."""
        return [record for record in self.records(path) or () if record.get("@odata.type") != SERVICE_PRINCIPAL]

    def record(self, path: str, record_id: str) -> Record | None:
        """Return one record of a list."""
        return self._lists.get(path.lower(), {}).get(record_id.lower())

    def directory_object(self, object_id: str) -> Record | None:
        """Return what the folder's lists say of a user, a group or a service principal."""
        return next((found for path in DIRECTORY if (found := self.record(path, object_id))), None)

    def refusal(self, collection: str, ids: Sequence[str]) -> Refusal | None:
        """Return what the service said instead of this collection or this scope of it."""
        return self._refusals.get((collection, "/".join(ids).lower())) or self._refusals.get((collection, ""))

    def _refuse(self, name: str, entry: dict[str, Any]) -> None:
        """Keep what was refused when the folder was written."""
        if entry["status"] == "failed":
            found = re.search(r"\b[45]\d\d\b", entry["reason"] or "")
            self._refusals[name, ""] = by_status(int(found[0]) if found else 403, entry["reason"] or "")
        for gap in entry["gaps"]:
            status = int(gap["code"]) if str(gap["code"]).isdecimal() else 403
            self._refusals[name, str(gap["scope"]).lower()] = by_status(status, gap["message"])

    def _take(self, lines: Iterable[dict[str, Any]]) -> None:
        """Take in the answers of one collection: lists, or records that belong to the list above them."""
        for line in lines:
            path, page = _path(line["request"]), line["page"]
            if "value" in page:
                self._merge(path, page["value"])
                continue
            record = {name: value for name, value in page.items() if name != "@odata.context"}
            above, _, last = path.rpartition("/")
            self._merge(above if last.lower() == str(record["id"]).lower() else path, [record])

    def _merge(self, path: str, records: Iterable[Record]) -> None:
        """Add records to a list; what is there already gets their fields as well."""
        kept = self._lists.setdefault(path.lower(), {})
        self._as_lists.pop(path.lower(), None)
        for record in records:
            key = str(next(record[name] for name in ("id", "Id", "PrincipalId") if name in record)).lower()
            kept[key] = kept[key] | record if key in kept else dict(record)


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file, "rb") as lines:
        yield from map(msgspec.json.decode, lines)


def _path(request: str) -> str:
    """Return the path of a request without version; the whole address where it is SharePoint's."""
    parts = urlsplit(request)
    path = unquote(parts.path)
    if parts.netloc:
        return f"{parts.scheme}://{parts.netloc}{path}"
    path = "/" + path.split("/", 2)[2]
    return ELSEWHERE.get(path, path)
