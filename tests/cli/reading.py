"""Commands that read a tenant, run against the fake service; whatever they print or write, no token is in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from driftaudit.cli.main import main
from tests.fake_graph import Fake


@dataclass(frozen=True)
class Said:
    """What a command said, and with which code it ended."""

    code: int
    out: str
    err: str


@dataclass
class Desk:
    """A folder in which commands are run, and the environment that leads them to the fake."""

    fake: Fake
    folder: Path
    patch: pytest.MonkeyPatch
    capture: pytest.CaptureFixture[str]
    secrets: list[str] = field(default_factory=list)

    def sign_in(self, token: str | None = None, sharepoint: str | None = None) -> None:
        """Bring tokens along; both may read everything unless others are given."""
        self.set("DRIFTAUDIT_SIGN_IN_METHOD", "token")
        self.set("DRIFTAUDIT_GRAPH_URL", self.fake.url)
        self.set("DRIFTAUDIT_ACCESS_TOKEN", self.fake.token() if token is None else token)
        self.set("DRIFTAUDIT_SHAREPOINT_URL", self.fake.sharepoint_url)
        self.set("DRIFTAUDIT_SHAREPOINT_TOKEN", self.fake.sharepoint_token() if sharepoint is None else sharepoint)

    def set(self, name: str, text: str) -> None:
        """Set a variable of the environment; a token's signed part must never be seen again."""
        self.patch.setenv(name, text)
        if name.endswith("_TOKEN") and text:
            self.secrets.append(text)

    def run(self, *arguments: str) -> Said:
        """Run a command and see that no secret is left anywhere."""
        code = main(list(arguments))
        captured = self.capture.readouterr()
        said = Said(code, captured.out, captured.err)
        files = [path.read_bytes() for path in self.folder.rglob("*") if path.is_file()]
        for secret in self.secrets:
            assert secret not in said.out + said.err
            assert not [file for file in files if secret.encode() in file]
        return said

    @property
    def asked(self) -> int:
        """Return how much was asked of the service so far."""
        return len(self.fake.requests)

    @property
    def exports(self) -> list[Path]:
        """Return the export folders."""
        return sorted((self.folder / "driftaudit-exports").glob("*"))

    def manifest(self) -> Mapping[str, Any]:
        """Return the manifest of the only export."""
        (folder,) = self.exports
        return json.loads((folder / "manifest.json").read_text("utf-8"))

    def statuses(self) -> dict[str, str]:
        """Return what came of each collection of the only export."""
        return {name: entry["status"] for name, entry in self.manifest()["collections"].items()}
