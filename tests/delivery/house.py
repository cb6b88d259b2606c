"""A house with a database, a configuration, a mail server and the real command."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from driftaudit.audit.loading import load_and_record
from driftaudit.cli.main import main
from driftaudit.store.database import reading, rows
from tests.audit.small_tenant import tenant
from tests.delivery.post_office import Office
from tests.store.blank import blank
from tests.store.made_export import made

KIM, BO, CY = "kim@contoso.example", "bo@contoso.example", "cy@contoso.example"
DAYS = {1: ["ada", "bob"], 2: ["ada", "bob"], 35: ["ada", "bob"], 36: ["ada", "bob", "cyd"]}
"""Who is in the group on which day: nothing changes before the last."""


def history(path: Path) -> Path:
    """Return a database of four snapshots."""
    blank(path)
    for day, names in DAYS.items():
        load_and_record(path, made(day, tenant(names)), given={}, accept_shrink=(), tell=print)
    return path


@dataclass
class House:
    """Everything in one folder."""

    folder: Path
    office: Office

    @property
    def database(self) -> Path:
        """Return the database."""
        return self.folder / "driftaudit.duckdb"

    def take(self, database: Path) -> None:
        """Put a copy of a database here."""
        shutil.copy(database, self.database)

    def configure(self, *ways: str, mail: str = "", report: str = "") -> None:
        """Write the configuration; each way is the inside of a [[send]]."""
        text = "\n".join(f"[[send]]\n{way}\n" for way in ways)
        (self.folder / "driftaudit.toml").write_text(
            f'[mail]\nvia = "smtp"\nsender = "reports@contoso.example"\nhost = "127.0.0.1"\n'
            f'port = {self.office.port}\nca_file = "{self.office.ca_file}"\n{mail}\n'
            f'[report]\norganisation = "Contoso"\n{report}\n{text}',
            "utf-8",
        )

    def run(self, *arguments: str) -> int:
        """Run a command as a person would in this folder."""
        return main(["--config", str(self.folder / "driftaudit.toml"), *arguments])

    def ledger(self) -> list[dict[str, Any]]:
        """Return the view of deliveries."""
        with reading(self.database) as connection:
            return rows(connection, "from deliveries order by period, channel, recipient")

    def states(self) -> list[tuple[str, str, str | None]]:
        """Return recipient, state and why of each row of the ledger."""
        return [(row["recipient"], row["state"], row["why"]) for row in self.ledger()]

    def attached(self) -> list[dict[str | None, Any]]:
        """Return the files that came with each mail."""
        return [
            {part.get_filename(): part.get_payload(decode=True) for part in mail.iter_attachments()}
            for mail in self.office.mails
        ]
