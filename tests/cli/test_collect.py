"""The `collect` command: a tenant read into an export folder and loaded, and what a person is told of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from driftaudit.cli._sign_in import _sharepoint
from driftaudit.collect.before import NONE_BEFORE
from driftaudit.collect.order import for_persons
from driftaudit.collectors import collections
from driftaudit.graph.clouds import cloud
from driftaudit.graph.credentials import CredentialTokens, SignIn
from driftaudit.graph.sign_in import sign_in
from driftaudit.store.database import reading, value
from tests.cli.reading import Desk
from tests.fake_graph import Rule
from tests.fake_graph.faults import REFUSED
from tests.graph.entra import APP
from tests.store.blank import blank
from tests.store.made_export import TENANT


def _database(desk: Desk) -> Path:
    return desk.folder / "driftaudit.duckdb"


def test_a_tenant_is_read_loaded_and_told(desk: Desk) -> None:
    said = desk.run("collect")
    assert said.code == 0
    (folder,) = desk.exports
    statuses = desk.statuses()
    read = [name for name, status in statuses.items() if status == "complete"]
    assert {name for name, status in statuses.items() if status == "skipped"} == {*for_persons()}
    assert len(read) + len(for_persons()) == len(statuses)
    assert desk.manifest()["state"] == "closed"
    *table, how, left_out = said.out.splitlines()
    assert [line.split()[0] for line in table] == ["Collection", *read]
    assert how == f"group_members: all 32 groups read: {NONE_BEFORE}."
    assert left_out.startswith("Left out, needs a person to sign in: approval_stages, ")
    assert f"{folder.relative_to(desk.folder)} is snapshot 1, as of {desk.manifest()['taken_at']:.10}" in said.err
    with reading(_database(desk)) as connection:
        assert value(connection, "select count(*) from history.grants") > 0
        assert value(connection, "select count(*) from history.findings") > 0


def test_lines_tell_of_every_collection_where_nobody_looks(desk: Desk) -> None:
    lines = desk.run("collect", "--no-load").err.splitlines()
    read = [name for name in desk.statuses() if name not in for_persons()]
    told = [line.split(":")[0] for line in lines[: len(read)]]
    assert told == [f"{n} of {len(collections()) - len(for_persons())} {name}" for n, name in enumerate(read, 1)]
    assert "rows, complete" in lines[0].replace("row,", "rows,")
    assert lines[-1] == (
        f"Written to {desk.exports[0].relative_to(desk.folder)}; "
        f"load it with: driftaudit load {desk.exports[0].relative_to(desk.folder)}"
    )
    assert not _database(desk).exists()


def test_progress_can_be_json(desk: Desk) -> None:
    said = desk.run("--log-format", "json", "collect", "--no-load", "--only", "groups")
    told = [json.loads(line) for line in said.err.splitlines()]
    assert all(line["level"] == "info" and line["message"] for line in told)
    groups = next(line for line in told if line.get("collection") == "groups")
    assert (groups["event"], groups["status"], groups["rows"], groups["permission"]) == (
        "closed",
        "complete",
        32,
        "Group.Read.All",
    )


def test_a_night_later_only_what_changed_is_read(desk: Desk) -> None:
    of_members = [word for name in ("group_members", "users", "service_principals") for word in ("--only", name)]
    command = ("--log-format", "json", "collect", "--no-load", *of_members)
    desk.run(*command)
    desk.fake.clock.advance(24 * 3600)
    said = desk.run(*command)
    # In one group somebody stands who is in no list, so it is asked again each time.
    assert "group_members: 31 groups as they were read before, 1 read anew.\n" in said.out
    told = [json.loads(line) for line in said.err.splitlines()]
    members = next(line for line in told if line.get("collection") == "group_members")
    assert (members["scopes_carried"], members["scopes_read"], members["rows"]) == (31, 1, 225)


def test_what_the_chosen_stands_on_is_read_too(desk: Desk) -> None:
    said = desk.run("collect", "--no-load", "--only", "group_members")
    assert said.code == 0
    read = {name for name, status in desk.statuses().items() if status == "complete"}
    assert read == {"organization", "groups", "group_members"}
    assert desk.manifest()["collections"]["group_members"]["rows"] > 200
    assert "Left out, left out with --only: app_role_assignments" in said.out


def test_what_stands_on_the_skipped_is_left_out_and_costs_nothing(desk: Desk) -> None:
    said = desk.run("collect", "--no-load", "--skip", "sites")
    assert said.code == 0
    assert {name for name, status in desk.statuses().items() if status == "skipped"} == {
        "sites",
        "site_members",
        "site_role_assignments",
        *for_persons(),
    }
    assert "Left out, by --skip: sites." in said.out
    assert "Left out, it stands on sites, left out too: site_members, site_role_assignments." in said.out


def test_the_configuration_can_skip_too(desk: Desk) -> None:
    desk.set("DRIFTAUDIT_COLLECT_SKIP", "sites,leave_dates")
    assert "Left out, by [collect] skip: leave_dates, sites." in desk.run("collect", "--no-load").out


@pytest.mark.parametrize(("setting", "rows"), [("false", 14), ("true", 88)])
def test_the_configuration_says_whose_last_sign_in_is_read(desk: Desk, setting: str, rows: int) -> None:
    desk.set("DRIFTAUDIT_COLLECT_MEMBER_SIGN_INS", setting)
    assert desk.run("collect", "--no-load", "--only", "sign_ins").code == 0
    assert desk.manifest()["collections"]["sign_ins"]["rows"] == rows


def test_what_sign_ins_take_is_told_once(desk: Desk) -> None:
    desk.fake.faults.given.append(Rule(REFUSED, "*/users", calls=None))
    said = desk.run("collect", "--no-load", "--only", "sign_ins", "--only", "groups")
    assert said.code == 4
    (why,) = [line for line in said.out.splitlines() if line.startswith("sign_ins failed:")]
    assert why.endswith("; it takes AuditLog.Read.All and a licence of Microsoft Entra ID P1 or P2.")


@pytest.mark.parametrize("option", ["--only", "--skip"])
def test_an_unknown_collection_is_refused_before_anything_is_asked(desk: Desk, option: str) -> None:
    asked = desk.asked
    said = desk.run("collect", option, "grups")
    assert said.code == 2
    assert said.err.startswith("Error: There is no collection 'grups'. There are: app_role_assignments, ")
    assert (desk.asked, desk.exports) == (asked, [])


def test_one_refusal_costs_code_4_and_names_the_permission(desk: Desk) -> None:
    blank(_database(desk))
    desk.fake.faults.given.append(Rule(REFUSED, "*/policies", calls=None))
    desk.fake.faults.given.append(Rule(REFUSED, "*/assignmentPolicies", calls=None))
    said = desk.run("collect")
    assert said.code == 4
    assert desk.statuses()["policies"] == "failed"
    (why,) = [line for line in said.out.splitlines() if line.startswith("policies failed:")]
    assert "status 403" in why
    assert why.count("EntitlementManagement.Read.All") == 1
    assert "Incomplete: policies" not in said.err, "it is told once"
    with reading(_database(desk)) as connection:
        assert value(connection, "select status from history.coverage where collection = 'policies'") == "failed"


def test_nothing_readable_is_code_5_and_nothing_is_loaded(desk: Desk) -> None:
    desk.sign_in(desk.fake.token(roles=()), desk.fake.sharepoint_token(roles=()))
    said = desk.run("collect")
    assert said.code == 5
    assert "Error: Not one collection could be read: " in said.err
    assert "nothing was loaded" in said.err
    assert not _database(desk).exists()


def test_a_tenant_without_a_name_is_read_all_the_same(desk: Desk) -> None:
    desk.sign_in(desk.fake.token(without=["Organization.Read.All"]))
    said = desk.run("collect", "--only", "groups", "--no-load")
    assert said.code == 4
    assert desk.manifest()["tenant_id"] == desk.fake.tenant_id
    assert "Organization.Read.All" in said.out


def test_a_person_leaves_sites_to_applications(desk: Desk) -> None:
    desk.sign_in(
        desk.fake.token(scopes=["Group.Read.All", "Organization.Read.All"], signed_in_as="ada@contoso.example")
    )
    said = desk.run("collect", "--no-load", "--only", "site_members", "--only", "groups")
    assert "Left out, only an application may list all sites: sites." in said.out
    assert desk.manifest()["signed_in_as"] == "ada@contoso.example"
    assert desk.statuses()["groups"] == "complete"


def test_without_a_sign_in_for_sharepoint_its_sites_are_left_out(desk: Desk) -> None:
    desk.patch.delenv("DRIFTAUDIT_SHAREPOINT_URL")
    desk.patch.delenv("DRIFTAUDIT_SHAREPOINT_TOKEN")
    said = desk.run("collect", "--no-load", "--only", "site_members")
    assert said.code == 0
    assert "Left out, no sign-in for SharePoint is configured: site_members." in said.out


def test_the_same_tenant_later_is_the_next_snapshot(desk: Desk) -> None:
    blank(_database(desk))
    assert desk.run("collect", "--only", "organization").code == 0
    desk.fake.clock.advance(86_400)
    assert desk.run("collect", "--only", "organization").code == 0
    with reading(_database(desk)) as connection:
        assert value(connection, "select count(*) from history.snapshots") == 2


def test_the_same_sign_in_serves_sharepoint_where_no_token_was_brought(tmp_path: Path) -> None:
    wanted = SignIn(cloud("public"), {}, TENANT, APP, tmp_path / "app.pem")
    (tmp_path / "app.pem").write_text("not looked at yet", "utf-8")
    place = _sharepoint(
        sign_in("certificate", wanted), {"DRIFTAUDIT_SHAREPOINT_URL": "https://contoso.sharepoint.com/"}
    )
    assert place is not None
    assert place.root == "https://contoso.sharepoint.com"
    assert isinstance(place.tokens, CredentialTokens)
    assert place.tokens.wanted.scope == "https://contoso.sharepoint.com/.default"
