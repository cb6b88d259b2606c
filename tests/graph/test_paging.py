"""All pages are read, whole and in order, from nobody else; whatever is no page ends with a sentence."""

from __future__ import annotations

import pytest

from driftaudit.graph.failures import BrokenAnswer, NotGraph, PageTokenExpired, Refused
from tests.graph.bench import Bench, ids
from tests.graph.small_server import AT, Reply, listed, refusal

FIRST, SECOND, THIRD = "/v1.0/users?$top=2", "/v1.0/users?$skiptoken=b+%2B/=", "/v1.0/other?$skiptoken=c"


def test_pages_are_followed_to_the_end(bench: Bench) -> None:
    bench.server.says(FIRST, listed("a", "b", then=bench.server.root + SECOND))
    bench.server.says(SECOND, listed("c", then=bench.server.root + THIRD))
    bench.server.says(THIRD, listed("d"))
    pages = bench.pages(FIRST)
    assert ids(pages) == ["a", "b", "c", "d"]
    assert [page.request for page in pages] == [FIRST, SECOND, THIRD] == bench.server.paths()
    assert {page.at for page in pages} == {AT}


def test_an_empty_page_is_not_the_end(bench: Bench) -> None:
    bench.server.says(FIRST, listed(then=bench.server.root + SECOND))
    bench.server.says(SECOND, listed("c"))
    assert ids(bench.pages(FIRST)) == ["c"]


def test_headers_are_on_every_page(bench: Bench) -> None:
    bench.server.says(FIRST, listed("a", then=bench.server.root + SECOND))
    bench.server.says(SECOND, listed("b"))
    bench.pages(FIRST, headers={"ConsistencyLevel": "eventual", "Prefer": "include-unknown-enum-members"})
    for seen in bench.server.seen:
        assert seen.headers["consistencylevel"] == "eventual"
        assert seen.headers["prefer"] == "include-unknown-enum-members"
        assert seen.headers["x-ms-throttle-priority"] == "low"
        assert seen.headers["authorization"].startswith("Bearer ")
        assert "gzip" in seen.headers["accept-encoding"]
    assert len(bench.server.seen) == 2


def test_a_first_page_from_elsewhere_is_not_asked_again(bench: Bench) -> None:
    bench.server.says(FIRST, listed("a", then=bench.server.root + SECOND))
    bench.server.says(SECOND, listed("b"))
    assert ids(bench.pages(FIRST, bench.get(FIRST))) == ["a", "b"]
    assert bench.server.paths() == [FIRST, SECOND]


def test_sharepoint_spells_its_links_another_way(bench: Bench) -> None:
    first, second = f"{bench.server.root}/sites/x/_api/web/sitegroups", f"{bench.server.root}/sites/x/_api/next?a=1"
    bench.server.says("/sites/x/_api/web/sitegroups", Reply({"value": [{"id": "a"}], "odata.nextLink": second}))
    bench.server.says("/sites/x/_api/next?a=1", listed("b"))
    pages = bench.pages(first)
    assert ids(pages) == ["a", "b"]
    assert [page.request for page in pages] == [first, second]


def test_one_record_is_a_page(bench: Bench) -> None:
    bench.server.says(FIRST, Reply({"id": "singleton", "durationUntilExternalUserDeletedAfterBlocked": "P30D"}))
    assert [page.body[:6] for page in bench.pages(FIRST)] == [b'{"id":']


def test_a_relative_link_is_followed(bench: Bench) -> None:
    bench.server.says(FIRST, listed("a", then=SECOND))
    bench.server.says(SECOND, listed("b"))
    assert ids(bench.pages(FIRST)) == ["a", "b"]


@pytest.mark.parametrize("back_to", [FIRST, SECOND])
def test_a_circle_is_an_error(bench: Bench, back_to: str) -> None:
    bench.server.says(FIRST, listed("a", then=bench.server.root + SECOND))
    bench.server.says(SECOND, listed("b", then=bench.server.root + back_to))
    with pytest.raises(BrokenAnswer, match="circle"):
        bench.pages(FIRST)
    assert len(bench.server.seen) == 2


@pytest.mark.parametrize(
    "link",
    [
        "https://graph.contoso.example/v1.0/users",
        "//graph.contoso.example/v1.0/users",
        "https://127.0.0.1:{port}/v1.0/users",
        "http://127.0.0.1:1/v1.0/users",
        "http://127.0.0.1:{port}@graph.contoso.example/v1.0/users",
        "http://somebody@127.0.0.1:{port}/v1.0/users",
        "http://127.0.0.1:{port}\\@graph.contoso.example/",
        "http://[::1/v1.0/users",
        "file:///etc/passwd",
    ],
)
def test_a_link_to_another_place_is_refused(bench: Bench, link: str) -> None:
    bench.server.says(FIRST, listed("a", then=link.format(port=bench.server.server_port)))
    with pytest.raises(BrokenAnswer, match="was not followed"):
        bench.pages(FIRST)
    assert bench.server.paths() == [FIRST]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"error": {"code": "generalException", "message": "Oh"}}, "generalException Oh"),
        ({"value": [], "error": {"code": "x"}}, "holds an error"),
        ({"value": {"id": "a"}}, "neither a list"),
        ({"value": None}, "neither a list"),
        ({}, "neither a list"),
        ([], "no object"),
        (7, "no object"),
        ({"value": [], "@odata.nextLink": 5}, "no text"),
        (b"", "cut off or no JSON"),
        (b'{"value": [{"id": "a"}', "cut off or no JSON"),
        (b"Service OK", "cut off or no JSON"),
    ],
)
def test_what_is_no_page_is_an_error(bench: Bench, body: object, says: str) -> None:
    bench.server.says(FIRST, Reply(body))
    with pytest.raises(BrokenAnswer, match=says) as caught:
        bench.pages(FIRST)
    assert (caught.value.exit_code, "/v1.0/users " in caught.value.happened) == (5, True)


def test_a_refused_page_says_why(bench: Bench) -> None:
    bench.server.says(FIRST, refusal(403, "Authorization_RequestDenied", "Insufficient\nprivileges \x1b[31m."))
    with pytest.raises(Refused) as caught:
        bench.pages(FIRST)
    assert (caught.value.status, caught.value.code) == (403, "Authorization_RequestDenied")
    assert caught.value.message == "Insufficient privileges ␛[31m."


@pytest.mark.parametrize(
    "gone",
    [
        refusal(400, "Directory_ExpiredPageToken", "The specified page token value has expired."),
        refusal(400, "Request_ExpiredPageToken"),
        refusal(400, "Request_UnsupportedQuery", "Invalid page token specified: x."),
        refusal(410, "syncStateNotFound"),
        refusal(410, ""),
    ],
)
def test_an_expired_page_token_is_told_apart(bench: Bench, gone: Reply) -> None:
    bench.server.says(FIRST, listed("a", then=bench.server.root + SECOND))
    bench.server.says(SECOND, gone)
    with pytest.raises(PageTokenExpired, match=r"next page of /v1\.0/users\."):
        bench.pages(FIRST)


@pytest.mark.parametrize("reply", [refusal(410, "syncStateNotFound"), refusal(400, "Request_BadRequest", "No filter.")])
def test_only_a_next_page_can_have_an_expired_token(bench: Bench, reply: Reply) -> None:
    bench.server.says(FIRST, reply)
    with pytest.raises(Refused):
        bench.pages(FIRST)


@pytest.mark.parametrize("status", [200, 403, 407, 302])
def test_a_proxy_that_answers_is_told_as_such(bench: Bench, status: int) -> None:
    page = Reply(b"<!DOCTYPE html><p>Please sign in", status, {"Content-Type": "text/html", "Location": "/x"})
    bench.server.says(FIRST, page)
    with pytest.raises(NotGraph, match=r"Something between here and 127\.0\.0\.1 answered with a web page"):
        bench.get(FIRST)
    assert len(bench.server.seen) == 1


def test_a_web_page_of_the_service_itself_is_its_answer(bench: Bench) -> None:
    page = Reply(b"<html>Not found", 404, {"Content-Type": "text/html", "request-id": "1"})
    bench.server.says(FIRST, page)
    assert bench.get(FIRST).status == 404
