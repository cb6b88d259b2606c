"""A page that was announced and never read is told; nothing that was cut off passes for whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.exports.made_export import Read, line, listed, packed, read, read_lines, write_export

GRAPH = "https://graph.microsoft.com"
FIRST, NEXT, LAST = "/v1.0/users?$top=1", "/v1.0/users?$skiptoken=b", "/v1.0/users?$skiptoken=c"


def page(*ids: str, then: str | None = None, key: str = "@odata.nextLink") -> dict[str, Any]:
    """Return a page of records with these ids, which names the next page."""
    return listed(*({"id": i} for i in ids)) | ({key: f"{GRAPH}{then}"} if then else {})


def ids(found: Read) -> list[str]:
    """Return the ids read."""
    return sorted(row["id"] for row in found.rows)


def test_pages_that_follow_one_another_are_complete(tmp_path: Path) -> None:
    found = read_lines(
        tmp_path, "users", line(page("a", then=NEXT), request=FIRST), line(page("b", then=LAST), request=NEXT),
        line(page("c"), request=LAST),
    )  # fmt: skip
    assert (found.status, found.reading.reason, ids(found)) == ("complete", None, ["a", "b", "c"])


def test_the_order_of_lines_has_no_meaning(tmp_path: Path) -> None:
    found = read_lines(
        tmp_path, "users", line(page("c"), request=LAST), line(page("b", then=LAST), request=NEXT),
        line(page("a", then=NEXT), request=FIRST),
    )  # fmt: skip
    assert (found.status, ids(found)) == ("complete", ["a", "b", "c"])


def test_an_empty_page_with_a_next_link_is_no_end(tmp_path: Path) -> None:
    found = read_lines(tmp_path, "users", line(page(then=NEXT), request=FIRST), line(page("b"), request=NEXT))
    assert (found.status, ids(found)) == ("complete", ["b"])


def test_a_next_page_that_was_not_read_makes_a_collection_partial(tmp_path: Path) -> None:
    found = read_lines(tmp_path, "users", line(page("a", then=NEXT), request=FIRST))
    assert (found.status, ids(found)) == ("partial", ["a"])
    assert found.reason == "the last page says that there are more, which were not read"
    assert found.reading.gaps == {}


def test_a_page_that_names_itself_as_the_next_leads_nowhere(tmp_path: Path) -> None:
    assert read_lines(tmp_path, "users", line(page("a", then=FIRST), request=FIRST)).status == "partial"


def test_a_next_page_of_one_group_is_a_gap_of_that_group_only(tmp_path: Path) -> None:
    more = "/v1.0/groups/G1/members?$skiptoken=b"
    found = read_lines(
        tmp_path, "group_members", line(page("a", then=more), "G1", "/v1.0/groups/G1/members"),
        line(page("b"), "g2", "/v1.0/groups/g2/members"),
    )  # fmt: skip
    assert (found.status, found.reason) == ("partial", "1 of its groups with further pages that were not read")
    assert {(g.scope, g.code) for g in found.reading.gaps.values()} == {("g1", "nextlink_left")}
    assert found.reading.scopes == {"g1", "g2"}


def test_another_groups_page_does_not_stand_for_the_missing_one(tmp_path: Path) -> None:
    same = "/_api/web/sitegroups?$skiptoken=b"
    record = {"Id": 1, "Users": []}
    found = read_lines(
        tmp_path,
        "site_members",
        line(
            listed(record, **{"odata.nextLink": f"https://a.example{same}"}), "https://a.example", "https://a.example/x"
        ),
        line(listed(record), "https://b.example", f"https://b.example{same}"),
    )
    assert set(found.reading.gaps) == {"https://a.example"}


def test_sharepoints_next_link_counts_too(tmp_path: Path) -> None:
    record = listed({"Id": 1, "Users": []}, **{"odata.nextLink": "https://a.example/_api/web/sitegroups?$skiptoken=b"})
    first = line(record, "https://a.example", "https://a.example/_api/web/sitegroups")
    assert read_lines(tmp_path / "cut", "site_members", first).status == "partial"
    second = line(listed(), "https://a.example", "https://a.example/_api/web/sitegroups?$skiptoken=b")
    assert read_lines(tmp_path / "whole", "site_members", first, second).status == "complete"


def test_a_gap_of_the_manifest_is_not_written_over(tmp_path: Path) -> None:
    raw = packed(line(page("a", then="/v1.0/x"), "g1"))
    said = {"group_members": {"gaps": [{"scope": "G1", "code": "429", "message": "slow down"}]}}
    found = read(write_export(tmp_path, {"group_members": raw}, said), "group_members")
    assert [(g.code, g.message) for g in found.reading.gaps.values()] == [("429", "slow down")]
