"""Exceptions: what their file may say, which findings they accept on which day, and whom they must not serve."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from driftaudit.audit.acceptance import accept, matches
from driftaudit.audit.audit import Audit, Finding
from driftaudit.audit.exceptions import Entry, append, read_exceptions
from driftaudit.audit.formats import findings_digest, to_csv, to_json
from driftaudit.audit.loading import audit_snapshot, load_and_record
from driftaudit.errors import UsageError
from driftaudit.store.database import reading
from tests.audit.small_tenant import CHECK, GROUP, key, tenant
from tests.store.blank import blank
from tests.store.made_export import Part, made, records

if TYPE_CHECKING:
    from driftaudit.store.database import Connection

CHECKS = (CHECK, "grant_past_expiry", "review_unanswered")
KEY = f"{CHECK}/0123456789ab"
WHOLE = {
    "finding": f'"{KEY}"',
    "owner": '"Bo Berg"',
    "approver": '"Dana Ito"',
    "reason": '"Kept for the merger"',
    "created": "2026-07-01",
    "expires": "2026-07-20",
}
PATTERN = {**WHOLE, "finding": None, "check": f'"{CHECK}"'}


def _table(**changes: str | None) -> str:
    """Return one exception as text; a change to None leaves the field out."""
    fields = {**WHOLE, **changes}
    return "\n".join(["[[exception]]", *(f"{name} = {value}" for name, value in fields.items() if value), ""])


def _file(folder: Path, *texts: str) -> Path:
    path = folder / "exceptions.toml"
    path.write_text("\n".join(texts), "utf-8")
    return path


def test_a_file_is_read_in_its_order_with_its_lines(tmp_path: Path) -> None:
    by_pattern = _table(**PATTERN, principal='"svc-*"', resource='"FIN-?"')
    path = _file(tmp_path, "# ours", _table(), by_pattern)
    first, second = read_exceptions(path, CHECKS)
    assert first == Entry(
        CHECK, KEY, None, None, "Bo Berg", "Dana Ito", "Kept for the merger", date(2026, 7, 1), date(2026, 7, 20), 2
    )
    assert (second.what, second.line) == (f"{CHECK}, principal svc-*, resource FIN-?", 10)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "\ufeff"], ids=["empty", "comment", "bom"])
def test_a_file_without_exceptions_is_right(tmp_path: Path, text: str) -> None:
    assert read_exceptions(_file(tmp_path, text), CHECKS) == ()


MISTAKES = {
    "key of an unknown check": (_table(finding='"grant_past_expriy/0123456789ab"'), 2, "Did you mean grant_past_exp"),
    "key without digits": (_table(finding='"grant_past_expiry"'), 2, "is no finding's key. It is CHECK/12 digits."),
    "key in capitals": (_table(finding=f'"{KEY.upper()}"'), 2, "is no finding's key"),
    "unknown check": (_table(**PATTERN | {"check": '"grant_outside"'}, principal='"a"'), 6 + 1, "there is no check"),
    "unknown field": (_table(aprover='"x"'), 8, "aprover is no field of an exception. Did you mean approver?"),
    "missing field": (_table(reason=None), 1, 'has no reason. Add reason = "...".'),
    "missing date": (_table(expires=None), 1, "has no expires. Add expires = 2026-12-31."),
    "empty reason": (_table(reason='" \\t"'), 5, "reason is empty."),
    "a number for a text": (_table(owner="1"), 3, 'owner is no text. Write owner = "...".'),
    "a text for a date": (_table(created='"2026-07-01"'), 6, "created is no date. Write created = 2026-12-31, without"),
    "a date with a time": (_table(expires="2026-07-20T00:00:00Z"), 7, "expires is no date."),
    "too long": (
        _table(expires="2027-07-02"),
        7,
        "it lasts 366 days, and 365 are the most. Let it expire on 2027-07-01",
    ),
    "expires before it was created": (
        _table(expires="2026-06-30"),
        7,
        "it expires before it was created on 2026-07-01",
    ),
    "about nothing": (_table(finding=None), 1, "the exception is about nothing."),
    "a whole check": (_table(**PATTERN), 7, "a whole check cannot be accepted."),
    "everybody": (_table(**PATTERN, principal='"*"'), 8, "'*' is everybody and everything. Leave it out."),
    "key and check": (_table(check=f'"{CHECK}"'), 8, "check stands beside finding."),
    "no TOML": (_table() + "reason = 'again\n", 8, "is not valid TOML"),
    "no end": (_table() + 'x = """\n\n', 8, "is not valid TOML"),
    "another table": ("\n[[exceptions]]\n", 2, "exceptions is not known here. Begin each exception with a line [[ex"),
    "one table": ("[exception]\n", 1, "exception is a list of tables."),
    "an inline table": ("\n\nexception = [{}]\n", 3, "not every exception is a table of its own."),
    "in the second one": (_table() + _table(reason='"""\n[[exception]]\nowner = 1\n"""', owner="2"), 10, "owner is no"),
    "after a comment": (_table() + "# [[exception]]\n[[exception]] # y\n'owner'=1\n", 9, "has no approver"),
    "a table inside": (_table() + "[exception.more]\nx = 1\n", 1, "more is no field of an exception."),
}


@pytest.mark.parametrize(("text", "line", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    path = _file(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        read_exceptions(path, CHECKS)
    told = str(caught.value)
    assert told.startswith(str(path))
    assert f"line {line}" in told
    assert message in told


def test_365_days_are_not_too_long(tmp_path: Path) -> None:
    assert read_exceptions(_file(tmp_path, _table(expires="2027-07-01")), CHECKS)[0].expires == date(2027, 7, 1)


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no file of exceptions"):
        read_exceptions(tmp_path / "none.toml", CHECKS)


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
_PATTERN = _TEXT.filter(lambda text: text.strip("*? "))
_CREATED = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@st.composite
def _entries(draw: st.DrawFn) -> Entry:
    """Draw an exception that may stand in a file."""
    check, created = draw(st.sampled_from(CHECKS)), draw(_CREATED)
    patterns = draw(st.sampled_from([("principal",), ("resource",), ("principal", "resource"), ()]))
    about: dict[str, Any] = dict.fromkeys(("finding", "principal", "resource"))
    about |= {name: draw(_PATTERN) for name in patterns}
    if not patterns:
        about["finding"] = f"{check}/{draw(st.text('0123456789abcdef', min_size=12, max_size=12))}"
    expires = created + timedelta(days=draw(st.integers(0, 365)))
    people = {name: draw(_TEXT) for name in ("owner", "approver", "reason")}
    return Entry(check=check, created=created, expires=expires, **about, **people)


@given(
    new=st.lists(_entries(), min_size=1, max_size=3),
    before=st.sampled_from([b"", b"# ours", b"# ours\r\n", b"\xef\xbb\xbf# ours\n\n", _table().encode()]),
)
def test_what_is_appended_is_read_again_and_what_was_there_stays(
    tmp_path_factory: pytest.TempPathFactory, new: list[Entry], before: bytes
) -> None:
    path = tmp_path_factory.mktemp("file") / "exceptions.toml"
    path.write_bytes(before)
    lines = [append(path, entry, 'Who # [[exception]] "', CHECKS) for entry in new]
    assert path.read_bytes().startswith(before)
    read = read_exceptions(path, CHECKS)
    assert list(read[-len(new) :]) == [replace(e, line=line) for e, line in zip(new, lines, strict=True)]
    assert len(read) == len(new) + before.count(b"[[exception]]")
    assert {p.name for p in path.parent.iterdir()} == {path.name}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_permissions_and_a_link_are_kept(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real = _file(tmp_path / "real", _table())
    real.chmod(0o640)
    link = tmp_path / "exceptions.toml"
    link.symlink_to(real)
    append(link, read_exceptions(link, CHECKS)[0], "", CHECKS)
    assert link.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert len(read_exceptions(real, CHECKS)) == 2


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _file(tmp_path, _table())
    (new,) = read_exceptions(path, CHECKS)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(UsageError, match="cannot be written: No space left on device"):
        append(path, new, "", CHECKS)
    assert path.read_text("utf-8") == _table()
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def _user(id_: str, name: str, sign_in: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "displayName": name, "userPrincipalName": sign_in, "userType": "Member", **more}


def _users(bob: str = "Bob Okafor") -> Part:
    """Return the accounts; Bob is called differently in another snapshot."""
    return records(
        _user("bob", bob, "bob@contoso.example", accountEnabled=True, mail="robert@contoso.example"),
        _user("cyd", "[EXT] Cyd", "cyd_fabrikam.example#EXT#@contoso.example", accountEnabled=True),
        _user("dan", "Dan", "svc-dan@contoso.example", accountEnabled=True, mail=None),
    )


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return two snapshots, of 1 and 10 July 2026: bob, cyd and dan hold what no package gives; bob is renamed."""
    path = blank(tmp_path_factory.mktemp("exceptions") / "small.duckdb")
    for day, name in ((1, "Robert Sand"), (10, "Bob Okafor")):
        load_and_record(
            path, made(day, tenant(["bob", "cyd", "dan"], users=_users(name))), given={}, accept_shrink=(), tell=print
        )
    return path


Audited = dict[int, tuple["Connection", Audit]]


@pytest.fixture(scope="module")
def audited(database: Path) -> Iterator[Audited]:
    """Return an audit of each snapshot without exceptions, with the connection that holds its model."""
    with reading(database) as first, reading(database) as second:
        yield {1: (first, audit_snapshot(first, 1)), 2: (second, audit_snapshot(second, 2))}


def _audit(audited: Audited, folder: Path, *tables: str, snapshot_id: int = 2) -> Audit:
    connection, audit = audited[snapshot_id]
    return accept(connection, audit, read_exceptions(_file(folder, *tables), CHECKS))


def _accepted(audit: Audit) -> dict[str | None, str | None]:
    return {f.principal_id: f.exception for f in audit.findings if f.exception}


def _of(person: str) -> str:
    return f'"{key(person)}"'


def test_an_accepted_finding_stays_and_says_why(audited: Audited, tmp_path: Path) -> None:
    audit = _audit(audited, tmp_path, _table(finding=_of("bob"), reason='"Kept\\nfor the merger"'))
    assert _accepted(audit) == {"bob": "until 2026-07-20, approved by Dana Ito: Kept for the merger"}
    assert [f.key for f in audit.findings] == [f.key for f in audited[2][1].findings]
    (check,) = [c for c in audit.checks if c.id == CHECK]
    assert (check.finding_count, check.accepted_count) == (3, 1)
    (told,) = audit.exceptions
    assert (told.what, told.status, told.finding_count, told.line) == (key("bob"), "active", 1, 1)
    assert (told.owner, told.approver, told.created) == ("Bo Berg", "Dana Ito", date(2026, 7, 1))


def test_without_exceptions_the_audit_is_the_same(audited: Audited, tmp_path: Path) -> None:
    assert _audit(audited, tmp_path, "") == audited[2][1]


def test_an_audit_reads_the_file_before_it_runs(database: Path, tmp_path: Path) -> None:
    with reading(database) as connection:
        audit = audit_snapshot(connection, 2, exceptions=_file(tmp_path, _table(finding=_of("bob"))))
        assert set(_accepted(audit)) == {"bob"}
        with pytest.raises(UsageError, match="line 3: owner is no text"):
            audit_snapshot(connection, -1, exceptions=_file(tmp_path, _table(owner="1")))


def test_the_hash_is_that_of_the_findings_as_printed(audited: Audited, tmp_path: Path) -> None:
    plain, accepted = _audit(audited, tmp_path, ""), _audit(audited, tmp_path, _table(finding=_of("bob")))
    assert plain.findings_sha256 == findings_digest(plain.findings)
    assert accepted.findings_sha256 == findings_digest(accepted.findings) != plain.findings_sha256


def test_json_and_csv_count_what_is_accepted(audited: Audited, tmp_path: Path) -> None:
    audit = _audit(audited, tmp_path, _table(finding=_of("bob")))
    assert '"exceptions": [' in to_json(audit)
    assert '"expires": "2026-07-20",' in to_json(audit)
    assert to_csv(audit).count("until 2026-07-20, approved by Dana Ito: Kept for the merger") == 1


@pytest.mark.parametrize(
    ("created", "expires", "status", "accepts"),
    [
        ("2026-07-01", "2026-07-10", "active", True),
        ("2026-07-10", "2026-07-10", "active", True),
        ("2026-07-01", "2026-07-09", "expired", False),
        ("2026-07-11", "2026-08-01", "not yet", False),
    ],
    ids=["last day", "only day", "day after", "day before"],
)
def test_the_snapshot_s_day_decides(
    audited: Audited, tmp_path: Path, created: str, expires: str, status: str, accepts: bool
) -> None:
    audit = _audit(audited, tmp_path, _table(finding=_of("bob"), created=created, expires=expires))
    (told,) = audit.exceptions
    assert (told.status, told.finding_count, bool(_accepted(audit))) == (status, 1, accepts)


def test_an_older_snapshot_is_audited_as_of_its_own_day(audited: Audited, tmp_path: Path) -> None:
    table = _table(finding=_of("bob"), expires="2026-07-05")
    assert [_audit(audited, tmp_path, table, snapshot_id=n).exceptions[0].status for n in (1, 2)] == [
        "active",
        "expired",
    ]


def test_what_is_not_there_is_unused_and_no_mistake(audited: Audited, tmp_path: Path) -> None:
    audit = _audit(audited, tmp_path, _table())
    assert [(e.status, e.finding_count) for e in audit.exceptions] == [("unused", 0)]
    assert _accepted(audit) == {}


def test_what_expired_and_was_renewed_is_not_open_again(audited: Audited, tmp_path: Path) -> None:
    old = _table(finding=_of("bob"), expires="2026-07-05")
    audit = _audit(audited, tmp_path, old, _table(finding=_of("bob"), created="2026-07-05", expires="2026-09-01"))
    assert [(e.status, e.finding_count) for e in audit.exceptions] == [("expired", 0), ("active", 1)]


def test_of_two_the_one_that_holds_longer_is_named(audited: Audited, tmp_path: Path) -> None:
    long = _table(finding=_of("bob"), expires="2026-12-24")
    for tables in ([long, _table(finding=_of("bob"))], [_table(finding=_of("bob")), long]):
        assert (_accepted(_audit(audited, tmp_path, *tables))["bob"] or "").startswith("until 2026-12-24")


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        ({"principal": "bob"}, "bob"),
        ({"principal": "BOB  okafor"}, "bob"),
        ({"principal": "b*"}, "bob"),
        ({"principal": "?????@contoso.example"}, ""),
        ({"principal": "svc-*"}, "dan"),
        ({"principal": "*@contoso.example"}, "bob cyd dan"),
        ({"principal": "*#ext#*"}, "cyd"),
        ({"principal": "[EXT] *"}, "cyd"),
        ({"principal": "[bcd]*"}, ""),
        ({"principal": "Robert Sand"}, ""),
        ({"principal": "robert@*"}, ""),
        ({"resource": GROUP}, "bob cyd dan"),
        ({"resource": "=payroll()"}, "bob cyd dan"),
        ({"resource": "=pay*", "principal": "dan"}, "dan"),
        ({"resource": "=pay", "principal": "dan"}, ""),
    ],
    ids=str,
)
def test_a_pattern_fits_id_name_and_sign_in_name_of_today(
    audited: Audited, tmp_path: Path, patterns: dict[str, str], expected: str
) -> None:
    audit = _audit(audited, tmp_path, _table(**PATTERN, **{n: f'"{p}"' for n, p in patterns.items()}))
    assert set(_accepted(audit)) == set(expected.split())
    assert audit.exceptions[0].finding_count == len(expected.split())


def test_a_pattern_is_about_its_check_only(audited: Audited, tmp_path: Path) -> None:
    other = _table(**{**PATTERN, "check": '"grant_past_expiry"'}, principal='"bob"')
    assert _accepted(_audit(audited, tmp_path, other)) == {}


@pytest.mark.parametrize(
    "approver",
    [
        "bob",
        "bob okafor",
        "BOB@contoso.example",
        "robert@contoso.example",
        "Robert Sand",
        "Bob Okafor <bob.okafor@contoso.example>",
        "R. Okafor (bob@contoso.example)",
        "Dana Ito, Bob Okafor",
        "\uff22ob Okafor",
    ],
)
def test_nobody_approves_for_himself(audited: Audited, tmp_path: Path, approver: str) -> None:
    """By id, by sign-in name, by mail address, by whatever name he ever had."""
    own = _table(finding=_of("bob"), approver=f'"{approver}"')
    both = _table(**PATTERN | {"approver": f'"{approver}"'}, principal='"*o*"')
    for table, others, status in ((own, {}, "unused"), (both, {"cyd", "dan"}, "active")):
        audit = _audit(audited, tmp_path, table)
        (told,) = audit.exceptions
        assert set(_accepted(audit)) == set(others)
        assert (told.status, told.self_approved) == (status, (key("bob"),))


def test_somebody_with_a_similar_name_may_approve(audited: Audited, tmp_path: Path) -> None:
    audit = _audit(audited, tmp_path, _table(finding=_of("bob"), approver='"Bob Okafor-Lind"'))
    assert audit.exceptions[0].self_approved == ()
    assert set(_accepted(audit)) == {"bob"}


def test_a_resource_pattern_has_to_fit_every_resource_of_a_finding(audited: Audited, tmp_path: Path) -> None:
    """A finding about a whole package must not be accepted for the one group of it that was looked at."""
    audit = _audit(audited, tmp_path, "")
    grants = [{"resource_id": GROUP, "resource_name": "=Payroll()"}, {"resource_id": "g2", "resource_name": "Vault"}]
    (found,) = [f for f in audit.findings if f.principal_id == "bob"]
    bundle = replace(audit, findings=(replace(found, data={"grants": grants}),))

    def meant(resource: str) -> tuple[Finding, ...]:
        (entry,) = read_exceptions(_file(tmp_path, _table(**PATTERN, resource=f'"{resource}"')), CHECKS)
        return matches(audited[2][0], bundle, [entry])[0].findings

    assert meant("=payroll*") == ()
    assert len(meant("*a*l*")) == 1


def test_what_is_resolved_is_not_accepted_and_what_is_unconfirmed_is(tmp_path: Path) -> None:
    path = blank(tmp_path / "a.duckdb")
    failed = Part(status="failed", reason="Graph answered 403")
    for day, people, other in ((1, ["bob", "cyd"], {}), (5, ["cyd"], {}), (9, ["cyd"], {"group_members": failed})):
        load_and_record(path, made(day, tenant(people) | other), given={}, accept_shrink=(), tell=print)
    table = _table(**PATTERN, principal='"*@contoso.example"')
    with reading(path) as connection:
        file = _file(tmp_path, table)
        resolved, unconfirmed = (audit_snapshot(connection, n, exceptions=file) for n in (2, 3))
    assert {f.state: bool(f.exception) for f in resolved.findings} == {"resolved": False, "open": True}
    assert [(f.state, bool(f.exception)) for f in unconfirmed.findings] == [("unconfirmed", True)]
    assert [f.principal_id for f in unconfirmed.accepted_findings] == ["cyd"]
    assert {c.id: c.accepted_count for c in unconfirmed.checks}[CHECK] == 0
