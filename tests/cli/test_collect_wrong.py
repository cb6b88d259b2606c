"""The `collect` command when something is wrong: one sentence, what to do next, the right code, nothing half done."""

from __future__ import annotations

import errno
import socket
from datetime import timedelta
from pathlib import Path
from shutil import copyfile

import pytest

from driftaudit.audit.loading import load_and_record
from driftaudit.cli import _clock
from driftaudit.cli.main import main
from driftaudit.exports.writer import CollectionFile
from tests.audit.small_tenant import tenant
from tests.cli.reading import Desk, Said
from tests.fake_graph import Rule
from tests.fake_graph.faults import EXPIRED_SIGN_IN, html
from tests.graph.entra import APP
from tests.store.blank import blank
from tests.store.made_export import TENANT, made

OTHER = "0b7c42e0-0000-4000-8000-00000000beef"


def _one_sentence(said: Said, code: int, *words: str) -> None:
    """Check that an error was told in one line that says all of this, and no traceback."""
    assert said.code == code
    (line,) = [line for line in said.err.splitlines() if line.startswith("Error: ")]
    assert [word for word in words if word not in line] == []
    assert "Traceback" not in said.err


def test_another_tenant_than_configured(desk: Desk) -> None:
    desk.set("DRIFTAUDIT_TENANT_ID", OTHER)
    asked = desk.asked
    _one_sentence(desk.run("collect"), 8, desk.fake.tenant_id, OTHER, "Correct [tenant] id", "nothing was asked")
    assert (desk.asked, desk.exports) == (asked, [])


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database of another tenant than the service's."""
    path = blank(tmp_path_factory.mktemp("loaded") / "small.duckdb")
    load_and_record(path, made(1, tenant(["ada"])), given={}, accept_shrink=(), tell=print)
    return path


@pytest.fixture
def held(desk: Desk, loaded: Path) -> Path:
    """Put that database where the commands look for theirs."""
    return Path(copyfile(loaded, desk.folder / "driftaudit.duckdb"))


def test_another_tenant_than_the_database_holds(desk: Desk, held: Path) -> None:
    before, asked = held.read_bytes(), desk.asked
    _one_sentence(desk.run("collect"), 8, desk.fake.tenant_id, TENANT, "--db", "nothing was asked")
    assert (desk.asked, desk.exports) == (asked, [])
    assert held.read_bytes() == before
    assert desk.run("collect", "--no-load", "--only", "groups").code == 0, "the database does not matter then"


@pytest.mark.usefixtures("held")
def test_a_token_that_says_nothing_is_held_to_the_tenant_of_the_database(desk: Desk) -> None:
    desk.patch.setattr("driftaudit.graph.claims.claims_of", lambda token: None)
    _one_sentence(desk.run("collect"), 8, desk.fake.tenant_id, TENANT, "nothing was written")
    assert desk.exports == []


def test_a_token_that_ends_on_the_way_costs_the_rest(desk: Desk) -> None:
    blank(desk.folder / "driftaudit.duckdb")
    desk.fake.faults.given.append(Rule(EXPIRED_SIGN_IN, "*/users", calls=None))
    said = desk.run("collect")
    assert said.code == 4
    statuses = desk.statuses()
    assert (statuses["organization"], statuses["users"], statuses["requests"]) == ("complete", "failed", "failed")
    assert "The sign-in ended during the run" in said.out
    assert "is snapshot 1" in said.err


def test_a_token_that_had_ended_before(desk: Desk) -> None:
    desk.sign_in(desk.fake.token(expires_at=desk.fake.clock.timestamp() - 60))
    _one_sentence(desk.run("collect"), 5, "The sign-in ended", "bring a new token")
    assert desk.exports == []


def test_no_token_at_all(desk: Desk) -> None:
    desk.set("DRIFTAUDIT_ACCESS_TOKEN", "")
    _one_sentence(desk.run("collect"), 2, "DRIFTAUDIT_ACCESS_TOKEN", "not set")


def test_a_certificate_that_is_not_there(desk: Desk) -> None:
    desk.set("DRIFTAUDIT_SIGN_IN_METHOD", "certificate")
    desk.set("DRIFTAUDIT_SIGN_IN_APP_ID", APP)
    desk.set("DRIFTAUDIT_SIGN_IN_CERTIFICATE", "gone.pem")
    desk.set("DRIFTAUDIT_TENANT_ID", desk.fake.tenant_id)
    _one_sentence(desk.run("collect"), 2, "gone.pem cannot be read", "[sign_in] certificate")
    assert desk.exports == []


def test_no_network(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    desk.set("DRIFTAUDIT_GRAPH_URL", f"http://127.0.0.1:{port}")
    _one_sentence(desk.run("collect"), 5, "127.0.0.1 cannot be reached", "Check the network")
    assert desk.exports == []


def test_a_proxy_that_answers_with_its_own_page(desk: Desk) -> None:
    desk.fake.faults.given.append(Rule(html(), calls=None))
    _one_sentence(desk.run("collect"), 5, "answered with a web page (HTML)", "HTTPS_PROXY")
    assert desk.exports == []


def test_a_clock_that_is_off_by_a_day_moves_nothing(desk: Desk) -> None:
    blank(desk.folder / "driftaudit.duckdb")
    before = _clock.local_time()
    desk.patch.setattr(_clock, "local_time", lambda: before - timedelta(days=1))
    said = desk.run("collect", "--only", "groups")
    assert said.code == 0
    assert "This machine's clock is 1 day behind the service's" in said.err
    assert desk.manifest()["taken_at"][:10] == f"{before:%Y-%m-%d}"


def test_a_full_disk_leaves_nothing_that_could_be_loaded(desk: Desk) -> None:
    add, writes = CollectionFile.add, iter(range(100))

    def full(self: CollectionFile, *arguments: object) -> None:
        if next(writes) > 10:
            raise OSError(errno.ENOSPC, "No space left on device")
        add(self, *arguments)  # ty: ignore[invalid-argument-type]

    desk.patch.setattr(CollectionFile, "add", full)
    said = desk.run("collect")
    _one_sentence(said, 5, "The disk that holds driftaudit-exports is full", "Free some space")
    (folder,) = desk.exports
    assert f"{folder.relative_to(desk.folder)} is not finished. Go on before 2026-10-0" in said.err
    assert said.err.endswith("Free some space, then go on.\n")
    assert not (desk.folder / "driftaudit.duckdb").exists()
    assert desk.run("load", str(folder)).code == 8
    desk.patch.undo()
    desk.patch.chdir(desk.folder)
    desk.sign_in()
    assert desk.run("collect", "--resume", str(folder), "--no-load").code == 0


def test_a_full_disk_while_loading_keeps_what_was_read(desk: Desk) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    desk.patch.setattr("driftaudit.audit.loading.load_and_record", full)
    said = desk.run("collect", "--only", "groups")
    _one_sentence(said, 5, "is full", "the database is as it was")
    assert "What was read is kept in driftaudit-exports/" in said.err
    desk.patch.undo()
    later = blank(desk.folder / "later.duckdb")
    assert main(["--db", str(later), "load", str(desk.exports[0])]) == 0


def test_a_folder_that_cannot_be_written(desk: Desk) -> None:
    (desk.folder / "driftaudit-exports").write_text("a file", "utf-8")
    _one_sentence(desk.run("collect"), 2, "cannot be written", "[store] exports")


def test_two_runs_in_the_same_second(desk: Desk) -> None:
    instant = f"{desk.fake.clock.iso()}Z".replace(":", "")
    for second in (instant, f"{instant[:-3]}{int(instant[-3:-1]) + 1:02}Z"):
        (desk.folder / "driftaudit-exports" / second).mkdir(parents=True)
    _one_sentence(desk.run("collect"), 2, "is there already", "Run it again")


def test_a_sharepoint_token_without_its_address(desk: Desk) -> None:
    desk.patch.delenv("DRIFTAUDIT_SHAREPOINT_URL")
    _one_sentence(desk.run("collect"), 2, "DRIFTAUDIT_SHAREPOINT_TOKEN is set", "https://contoso.sharepoint.com")


def test_a_sharepoint_address_without_its_token(desk: Desk) -> None:
    desk.patch.delenv("DRIFTAUDIT_SHAREPOINT_TOKEN")
    _one_sentence(desk.run("collect"), 2, "no token for it", "DRIFTAUDIT_SHAREPOINT_TOKEN")
