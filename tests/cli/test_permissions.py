"""The `permissions` command: everything that reading needs, nothing more, in a form that can be pasted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from driftaudit.audit.checks import checks
from driftaudit.audit.permission_ids import GRAPH, IDS, SHAREPOINT
from driftaudit.audit.permissions import LEVELS, Permission, at_level, needless, opened_by, permissions
from driftaudit.cli.main import main
from driftaudit.collect.order import for_persons
from driftaudit.collectors import collections

KNOWN = permissions(checks().values())
BY_NAME = {(permission.api, permission.name): permission for permission in KNOWN}


def of_level(level: str) -> list[Permission]:
    """Return the permissions of a level, those for all sites included: what only a person may read is a level's own."""
    return KNOWN if level == "delegated" else permissions(checks().values(), for_persons())


def test_every_collection_is_read_by_one_permission() -> None:
    read = [name for permission in KNOWN for name in permission.collections]
    assert sorted(read) == sorted(collections())


def test_every_permission_has_its_ids_and_no_id_is_left_over() -> None:
    assert {(api, name) for api, listed in IDS.items() for name in listed} == set(BY_NAME)
    told = [i for listed in IDS.values() for ids in listed.values() for i in (ids.application, ids.delegated) if i]
    assert len(set(told)) == len(told)
    assert {len(i) for i in told} == {36}


def test_a_permission_blocks_what_reads_its_collections() -> None:
    reviews = BY_NAME[GRAPH, "AccessReview.Read.All"]
    assert reviews.blocked == ("review_denied_access_present", "review_overdue", "review_unanswered")
    assert reviews.weakened == ()


def test_what_is_asked_by_its_records_is_lost_too() -> None:
    groups = BY_NAME[GRAPH, "Group.Read.All"]
    assert {"group_members", "group_owners", "pim_group_eligibilities"} <= set(groups.dependents)
    assert "site_members" in BY_NAME[GRAPH, "Sites.Read.All"].dependents


def test_a_check_that_takes_what_it_gets_sees_less() -> None:
    dates = BY_NAME[GRAPH, "User-LifeCycleInfo.Read.All"]
    assert (dates.blocked, dates.weakened) == ((), ("leaver_with_access",))


@pytest.mark.parametrize(
    ("held", "wanted", "opener"),
    [
        ("User.Read.All", "User.Read.All", "User.Read.All"),
        ("User.ReadWrite.All", "User.Read.All", "User.ReadWrite.All"),
        ("Directory.Read.All", "GroupMember.Read.All", "Directory.Read.All"),
        ("Group.Read.All", "GroupMember.Read.All", "Group.Read.All"),
        ("GroupMember.Read.All", "Group.Read.All", None),
        ("Directory.Read.All", "AccessReview.Read.All", None),
        ("User.ReadBasic.All", "User.Read.All", None),
        ("Sites.FullControl.All", "Sites.Read.All", "Sites.FullControl.All"),
        ("Sites.Manage.All", "Sites.FullControl.All", None),
        (
            "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
            "PrivilegedEligibilitySchedule.Read.AzureADGroup",
            "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
        ),
    ],
)
def test_a_wider_permission_opens_a_narrower_one(held: str, wanted: str, opener: str | None) -> None:
    assert opened_by(frozenset({held}), wanted) == opener


def test_what_nobody_needs_is_found_and_what_writes_stands_first() -> None:
    held = frozenset({"User.Read.All", "Policy.Read.All", "Directory.ReadWrite.All", "openid"})
    found = needless(KNOWN, held)
    assert [(n.name, n.writes) for n in found] == [("Directory.ReadWrite.All", True), ("Policy.Read.All", False)]
    assert "Group.Read.All" in found[0].instead
    assert "User.Read.All" not in found[0].instead


def _printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["permissions", *arguments]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("level", LEVELS)
def test_the_text_tells_each_permission_of_the_level_and_what_it_buys(
    level: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = _printed(capsys, "--level", level)
    told = [p for p in of_level(level) if f"\n{p.name} (" in out]
    assert told == [p for p in of_level(level) if level == "sites" or not p.name.startswith("Sites.")]
    assert out.count("  Buys: ") == out.count("  Without it: ") == len(told)
    assert "/TENANT-ID/adminconsent?client_id=CLIENT-ID" in out
    assert max(len(line) for line in out.splitlines()) <= 100


def test_the_text_names_the_checks_and_the_consent_address(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFTAUDIT_TENANT_ID", "contoso.example")
    monkeypatch.setenv("DRIFTAUDIT_TENANT_CLOUD", "usgov")
    monkeypatch.setenv("DRIFTAUDIT_SIGN_IN_APP_ID", "a b&c")
    out = " ".join(_printed(capsys).split())
    assert "Buys: review_denied_access_present, review_overdue, review_unanswered" in out
    assert "https://login.microsoftonline.us/contoso.example/adminconsent?client_id=a%20b%26c" in out


def test_the_text_names_the_licence_and_what_buys_no_check(capsys: pytest.CaptureFixture[str]) -> None:
    out = _printed(capsys)
    told = out[out.index("AuditLog.Read.All (") :].split("\n\n")[0]
    assert [line.strip() for line in told.splitlines()[1:]] == [
        "Reads: directory audits; sign-ins, with a licence of Microsoft Entra ID P1 or P2",
        "Buys: no check, only what can be looked up (driftaudit sql)",
        "Without it: nothing can be looked up about directory audits, sign-ins",
    ]


def test_what_is_skipped_is_not_asked_for(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTAUDIT_COLLECT_SKIP", "leave_dates")
    assert "User-LifeCycleInfo.Read.All" not in _printed(capsys)


@pytest.mark.parametrize(("level", "kind"), [("core", "Role"), ("sites", "Role"), ("delegated", "Scope")])
def test_the_manifest_can_be_pasted(level: str, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(_printed(capsys, "--format", "manifest", "--level", level))["requiredResourceAccess"]
    found = {(api["resourceAppId"], each["id"], each["type"]) for api in told for each in api["resourceAccess"]}
    wanted = at_level(of_level(level), "sites" if level == "sites" else "core")
    ids = {(p.api, p.ids.delegated if kind == "Scope" else p.ids.application, kind) for p in wanted}
    assert found == ids
    assert (SHAREPOINT in {api for api, _, _ in found}) == (level == "sites")


FAKE_AZ = """\
#!/bin/sh
echo "$@" >> "$0.log"
case "$*" in
  *"ad app create"*) echo 11111111-0000-4000-8000-000000000001 ;;
  *"account show"*) echo 22222222-0000-4000-8000-000000000002 ;;
  *"Member.Read.Hidden"*) ;;
  *"ad sp show"*) echo 33333333-0000-4000-8000-000000000003 ;;
esac
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no sh")
@pytest.mark.parametrize(("level", "kind"), [("sites", "Role"), ("delegated", "Scope")])
def test_the_shell_script_runs_and_looks_up_every_permission(
    level: str, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "az").write_text(FAKE_AZ, "utf-8")
    (tmp_path / "az").chmod(0o755)
    script = _printed(capsys, "--format", "az", "--level", level)
    paths = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    run = subprocess.run(["sh"], input=script, env=paths, capture_output=True, text=True, check=True)
    log = (tmp_path / "az.log").read_text("utf-8")
    wanted = at_level(of_level(level), "sites" if level == "sites" else "core")
    assert [p.name for p in wanted if f"?value=='{p.name}'" not in log] == []
    assert log.count(f"33333333-0000-4000-8000-000000000003={kind}") == len(wanted) - 1
    assert run.stderr == "There is no permission Member.Read.Hidden here; going on without it.\n"
    assert run.stdout.splitlines()[-1].endswith(
        "/22222222-0000-4000-8000-000000000002/adminconsent?client_id=11111111-0000-4000-8000-000000000001"
    )
    assert ("--is-fallback-public-client true" in log) == (kind == "Scope")


@pytest.mark.parametrize(("level", "kind"), [("sites", "Role"), ("delegated", "Scope")])
def test_the_powershell_script_names_every_permission(
    level: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    script = _printed(capsys, "--format", "powershell", "--level", level)
    wanted = at_level(of_level(level), "sites" if level == "sites" else "core")
    assert [p.name for p in wanted if f"'{p.name}'" not in script] == []
    assert f"Type = '{kind}'" in script
    assert script.count("{") == script.count("}")
    assert "{list}" not in script
    assert ("'Sites.FullControl.All'" in script) == (level == "sites")
