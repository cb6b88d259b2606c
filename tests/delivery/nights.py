"""Nights of the real `driftaudit run`, each a process of its own, between a fake tenant and a real mail server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from driftaudit.collectors import collections
from driftaudit.exports.manifest import parsed
from driftaudit.store.database import reading, rows
from tests.delivery.house import BO, KIM
from tests.delivery.post_office import SECRET, Office, office
from tests.fake_graph import Fake, serving
from tests.fake_graph.caller import NEWEST

DAY = 24 * 3600
PATIENCE = 120.0
READ = (
    "organization", "users", "groups", "group_members", "catalogs", "packages", "package_roles",
    "assignments", "requests",
)  # fmt: skip
"""As little as gives findings."""
LITTLE = f"[collect]\nskip = {sorted(collections().keys() - set(READ))}\n"
"""The table of the configuration that leaves out the rest."""
PROGRAM = """
import sys
from datetime import datetime
from driftaudit.cli import _clock
from driftaudit.cli.main import main
_clock.local_time = lambda: datetime.fromisoformat(sys.argv[1])
sys.exit(main(sys.argv[2:]))
"""
"""The command at an hour that is given, because the machine's own is none of the tenant's."""


@dataclass
class Gate:
    """Counts requests to the tenant, of which a batch is one, and does something before one is answered."""

    came: int = 0
    _at: int | None = 0
    _do: Callable[[], None] = lambda: None

    def tick(self) -> None:
        """Let one request come."""
        self.came += 1
        if self._at in (self.came, None):
            self._do()

    @contextmanager
    def at(self, number: int | None, do: Callable[[], None]) -> Generator[None]:
        """Do something when the n-th request from now on has come, or whenever one has."""
        self._at, self._do = number and self.came + number, do
        try:
            yield
        finally:
            self._at = 0


@dataclass
class Nights:
    """A folder in which the job runs, and the two servers that it speaks to."""

    home: Path
    fake: Fake
    office: Office
    gate: Gate = field(default_factory=Gate)

    @property
    def database(self) -> Path:
        """Return the database."""
        return self.home / "driftaudit.duckdb"

    @property
    def date(self) -> str:
        """Return which night it is."""
        return self.fake.clock.iso()[:10]

    def configure(self, *ways: str, more: str = "") -> None:
        """Write the configuration; each way is the inside of a [[send]]."""
        sends = "\n".join(f"[[send]]\n{way}\n" for way in ways)
        (self.home / "driftaudit.toml").write_text(
            f"{LITTLE}full_every = 1\n"
            f'[mail]\nvia = "smtp"\nsender = "reports@contoso.example"\nhost = "127.0.0.1"\n'
            f'port = {self.office.port}\nca_file = "{self.office.ca_file}"\n{more}\n{sends}',
            "utf-8",
        )

    def start(
        self, *arguments: str, out: int = subprocess.DEVNULL, err: int = subprocess.PIPE
    ) -> subprocess.Popen[str]:
        """Start the command as the timer does."""
        program = (sys.executable, "-c", PROGRAM, f"{self.fake.clock.iso()}+00:00", *(arguments or ("run",)))
        where = self._environment()
        return subprocess.Popen(program, cwd=self.home, env=where, text=True, stdout=out, stderr=err)

    def ended(self, run: subprocess.Popen[str], seconds: float = PATIENCE) -> tuple[int, str]:
        """Return the exit code of a run and what it said; raise if it takes longer than so many seconds."""
        with run:
            try:
                _, said = run.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                run.kill()
                raise
        return run.returncode, said

    def run(self, *arguments: str) -> tuple[int, str]:
        """Run the command to its end and return its exit code and what it said."""
        return self.ended(self.start(*arguments))

    def taken(self) -> Counter[tuple[str, str]]:
        """Return how many mails about which night the server took for each recipient."""
        dates = [_date(mail) for mail in self.office.mails]
        return Counter(
            (to, date) for (recipients, _), date in zip(self.office.taken, dates, strict=True) for to in recipients
        )

    def asked(self, sql: str) -> list[dict[str, Any]]:
        """Return what the database says."""
        with reading(self.database) as connection:
            return rows(connection, sql)

    def is_over(self) -> bool:
        """Tell whether the ledger says that this night's report reached everybody."""
        if not self.database.is_file():
            return False
        states = self.asked(f"select state from deliveries where period::date = date '{self.date}'")
        return bool(states) and {row["state"] for row in states} == {"sent"}

    def exports(self) -> list[Path]:
        """Return the closed export folders, oldest first."""
        folders = sorted((self.home / "driftaudit-exports").glob("*/manifest.json"))
        return [path.parent for path in folders if parsed(path.parent)[0].state == "closed"]

    def _environment(self) -> dict[str, str]:
        """Return what leads the command to both servers; what one process compiles serves the next."""
        inherited = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return {
            **inherited,
            "PYTHONPYCACHEPREFIX": str(self.home.with_name("compiled")),
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "DRIFTAUDIT_SIGN_IN_METHOD": "token",
            "DRIFTAUDIT_GRAPH_URL": self.fake.url,
            "DRIFTAUDIT_ACCESS_TOKEN": self.fake.token(),
            "DRIFTAUDIT_MAIL_PASSWORD": SECRET,
        }


def _date(mail: Any) -> str:
    """Return about which night a mail is, by the name of its file."""
    (name,) = [part.get_filename() for part in mail.iter_attachments()]
    (found,) = re.findall(r"\d{4}-\d\d-\d\d", name)
    return found


@contextmanager
def nights(place: Path, form: str = "html") -> Generator[Nights]:
    """Give a job that mails its report to two people every night."""
    home = place / "home"
    home.mkdir()
    with serving(NEWEST) as fake, office(place) as post:
        made = Nights(home, fake, post)
        tick = fake.service.clock.tick

        def ticking() -> None:
            tick()
            made.gate.tick()

        fake.service.clock.tick = ticking
        made.configure(f'to = ["{KIM}", "{BO}"]\nattach = ["{form}"]')
        yield made
