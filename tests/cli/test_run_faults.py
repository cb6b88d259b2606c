"""`driftaudit run` when something is wrong: the right code, one sentence with what to do next, the report on disk."""

from __future__ import annotations

import resource
import shutil
import signal
import socket
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from driftaudit.store.database import reading, rows
from tests.cli.reading import Desk, Said
from tests.delivery.house import KIM
from tests.delivery.nights import LITTLE
from tests.delivery.post_office import SECRET, Office, office
from tests.graph.https import certificate_files
from tests.report.test_pdf import NoPango

NIGHT = 24 * 3600
OLD = b"the report of another night"
SMALL, MIDDLE = 20_000, 1_000_000
"""Bytes that a file may have: less than a report; more than that and less than the database."""


@dataclass
class Job:
    """A job that mails its report to one person, and the mail server."""

    desk: Desk
    office: Office

    def configure(self, form: str = "html", *, more: str = "", **mail: Any) -> None:
        """Write the configuration; `mail` overrules settings of [mail]."""
        settings = {"via": "smtp", "sender": "reports@contoso.example", "host": "127.0.0.1", "port": self.office.port}
        settings |= {"ca_file": str(self.office.ca_file)} | mail
        lines = [f"{key} = {value!r}" for key, value in settings.items()]
        (self.desk.folder / "driftaudit.toml").write_text(
            "\n".join([LITTLE, "[mail]", *lines, "[[send]]", f'to = ["{KIM}"]', f'attach = ["{form}"]', more]), "utf-8"
        )

    def report(self, form: str = "html") -> Path:
        """Return where this night's report lies."""
        date = self.desk.fake.clock.iso()[:10]
        return self.desk.folder / "driftaudit-reports" / f"driftaudit-{date}.{form}"

    def told(self, code: int, *words: str) -> Said:
        """Run the night, and see that it ends with this code and one error in a line that says all of this."""
        said = self.desk.run("run")
        assert said.code == code, said.err
        (line,) = [line for line in said.err.splitlines() if line.startswith("Error: ")]
        assert [word for word in words if word not in line] == []
        assert "Traceback" not in said.err
        return said

    def states(self) -> list[str]:
        """Return how each delivery ended."""
        with reading(self.desk.folder / "driftaudit.duckdb") as connection:
            return [row["state"] for row in rows(connection, "select state from deliveries order by recipient")]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a place for what the first test has read."""
    return tmp_path_factory.mktemp("kept") / "home"


@pytest.fixture
def job(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Job]:
    """Return a job before its first night, where an older report lies."""
    desk.patch.setattr("time.sleep", lambda seconds: None)
    with office(tmp_path_factory.mktemp("office")) as opened:
        made = Job(desk, opened)
        made.configure()
        desk.set("DRIFTAUDIT_MAIL_PASSWORD", SECRET)
        (desk.folder / "driftaudit-reports").mkdir()
        (desk.folder / "driftaudit-reports" / "driftaudit-2026-06-30.html").write_bytes(OLD)
        yield made
    assert (desk.folder / "driftaudit-reports" / "driftaudit-2026-06-30.html").read_bytes() == OLD
    assert not [path for path in desk.folder.rglob("*") if path.suffix in (".part", ".work")]


@pytest.fixture
def read(job: Job, kept: Path) -> Job:
    """Return a job whose night has been read and loaded, and not delivered."""
    if not kept.exists():
        assert job.desk.run("collect").code == 0
        shutil.copytree(job.desk.folder, kept)
    for name in ("driftaudit.duckdb", "driftaudit-exports"):
        there = job.desk.folder / name
        if not there.exists():
            (shutil.copytree if (kept / name).is_dir() else shutil.copy)(kept / name, there)
    return job


@contextmanager
def no_more_than(size: int) -> Generator[None]:
    """Let no file grow larger, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def closed_port() -> int:
    """Return a port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def other_authority(job: Job) -> str:
    """Return the certificate of somebody who has nothing to do with the mail server."""
    folder = job.desk.folder / "other"
    folder.mkdir()
    return str(certificate_files(folder)[0])


def nonsense(job: Job) -> str:
    """Return a file that holds no certificate."""
    path = job.desk.folder / "nonsense.pem"
    path.write_text("nonsense", "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (lambda job: {"port": closed_port()}, "127.0.0.1 cannot be reached (Connection refused)"),
        (lambda job: {"ca_file": other_authority(job)}, "its certificate is not trusted here"),
        (lambda job: {"ca_file": nonsense(job)}, "nonsense.pem holds no certificates"),
    ],
    ids=["closed port", "another authority", "no authority"],
)
def test_a_mail_server_that_cannot_be_used(read: Job, settings: Callable[[Job], dict[str, Any]], said: str) -> None:
    read.configure(**settings(read))
    read.told(7, said, KIM, "Repair that and run `driftaudit send` again", str(read.report()))
    assert read.report().is_file()
    assert (read.office.taken, read.states()) == ([], ["refused"])
    read.configure()
    assert read.desk.run("run").code == 0
    assert (len(read.office.taken), read.states()) == (1, ["sent"])


def take_pango_away(job: Job) -> None:
    """Let the machine have no Pango from now on."""
    job.desk.patch.delitem(sys.modules, "weasyprint", raising=False)
    job.desk.patch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])


def test_without_pango_html_lies_there_and_no_mail_goes_without_its_pdf(read: Job) -> None:
    read.configure("pdf", more=f'[[send]]\nto = ["bo@contoso.example", "{KIM}"]\nattach = ["html"]')
    take_pango_away(read)
    said = read.told(7, KIM, "not sent without its PDF", "run `driftaudit send` again", str(read.report()))
    assert "PDF needs Pango, and this machine has none" in said.err
    assert "apt-get install" in said.err
    assert read.report().is_file()
    assert not read.report("pdf").exists()
    assert [to for to, _ in read.office.taken] == [["bo@contoso.example"]]
    assert read.states() == ["sent", "refused"]


def test_without_pango_and_without_mail_html_lies_there(read: Job) -> None:
    (read.desk.folder / "driftaudit.toml").write_text(f'{LITTLE}[report]\nformats = ["pdf"]\n', "utf-8")
    take_pango_away(read)
    read.told(2, "PDF needs Pango", "apt-get install")
    assert read.report().is_file()


def test_a_report_too_large_for_the_server_leaves_as_a_summary(read: Job, tmp_path: Path) -> None:
    with office(tmp_path, data_size_limit=SMALL * 2) as narrow:
        read.configure(port=narrow.port, ca_file=str(narrow.ca_file))
        said = read.desk.run("run")
        assert said.code == 0, said.err
        (mail,) = narrow.mails
    assert "It was sent as a summary without the report, which is too large for a mail." in said.err
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert str(read.report()) in plain.get_content()


def test_a_disk_that_is_full_when_the_report_is_written(read: Job) -> None:
    with no_more_than(SMALL):
        read.told(7, "The report cannot be written to", "nothing was sent", "how much is free")
    assert (read.office.taken, read.states(), read.report().exists()) == ([], [], False)
    assert read.desk.run("run").code == 0


def test_a_disk_that_is_full_before_sending(read: Job) -> None:
    before = (read.desk.folder / "driftaudit.duckdb").read_bytes()
    with no_more_than(MIDDLE):
        read.told(7, "is full: nothing was sent by mail", "Free some space")
    assert (read.desk.folder / "driftaudit.duckdb").read_bytes() == before
    assert read.report().is_file()
    assert (read.office.taken, read.states()) == ([], [])
    assert read.desk.run("run").code == 0


def test_a_disk_that_is_full_after_sending(read: Job) -> None:
    with no_more_than(resource.RLIM_INFINITY):
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        read.office.on_taken = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (MIDDLE, hard))
        read.told(7, "is full: what came of sending by mail is not written down", "driftaudit send --again")
    read.told(7, KIM, "may have been sent, or not", "driftaudit send --again")
    assert (len(read.office.taken), read.states()) == (1, ["begun"])


def test_a_deadline_that_comes_while_the_mail_server_thinks_sends_nothing_twice(read: Job) -> None:
    main = threading.main_thread().ident or 0
    read.office.on_taken = lambda: signal.pthread_kill(main, signal.SIGALRM)
    read.told(7, "took longer than 360 minutes and was stopped")
    assert (len(read.office.taken), read.states()) == (1, ["begun"])
    read.office.on_taken = lambda: None
    read.told(7, KIM, "may have been sent, or not")
    assert len(read.office.taken) == 1


def test_a_service_that_cannot_be_reached(job: Job) -> None:
    job.desk.set("DRIFTAUDIT_GRAPH_URL", f"http://127.0.0.1:{closed_port()}")
    job.told(5, "127.0.0.1 cannot be reached", "Check the network")
    assert (job.office.taken, job.desk.exports) == ([], [])


def test_a_disk_that_is_full_when_the_tenant_is_read(job: Job) -> None:
    job.desk.fake.clock.advance(NIGHT)
    with no_more_than(SMALL):
        job.told(5, "The disk that holds driftaudit-exports is full", "Free some space")
    assert (job.office.taken, (job.desk.folder / "driftaudit.duckdb").exists()) == ([], False)
    said = job.desk.run("run")
    assert said.code == 0, said.err
    assert "An earlier run did not finish" in said.err


def test_a_disk_that_is_full_when_an_earlier_reading_is_loaded(read: Job) -> None:
    before = (read.desk.folder / "driftaudit.duckdb").read_bytes()
    (read.desk.folder / "driftaudit.duckdb").unlink()
    with no_more_than(MIDDLE // 4):
        read.told(5, "is full", "Free some space and run it again: it goes on")
    assert not (read.desk.folder / "driftaudit.duckdb").exists()
    assert len(before) > MIDDLE
    assert read.desk.run("run").code == 0


def test_a_database_below_a_file(job: Job) -> None:
    (job.desk.folder / "file").write_text("", "utf-8")
    job.desk.set("DRIFTAUDIT_DB", "file/driftaudit.duckdb")
    job.told(2, "file is no folder", "[store] database")
