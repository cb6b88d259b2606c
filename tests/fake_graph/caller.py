"""A caller of the fake service for its own tests: one client, one token, the folder behind it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.fake_graph.serving import Fake

CONTOSO = Path(__file__).parents[2] / "sample_exports" / "contoso"
NEWEST = CONTOSO / "2026-09-30"
EM = "/v1.0/identityGovernance/entitlementManagement"
Record = dict[str, Any]


@dataclass
class Caller:
    """Somebody who asks one fake service."""

    fake: Fake
    client: httpx.Client = field(default_factory=httpx.Client)

    def ask(self, target: str, token: str | None = None, **headers: str) -> httpx.Response:
        """Return the answer to one request; header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(self.address(target), headers=self.signed_in(token) | named)

    def address(self, target: str) -> str:
        """Return where a target is; links are whole already."""
        return target if target.startswith("http") else f"{self.fake.url}{target}"

    def signed_in(self, token: str | None = None) -> dict[str, str]:
        """Return the header that every request carries."""
        return {"authorization": f"Bearer {token or self.fake.token()}"}

    def value(self, target: str, token: str | None = None, **headers: str) -> list[Record]:
        """Return the records of one page."""
        return self.ask(target, token, **headers).raise_for_status().json()["value"]

    def pages(self, target: str, **headers: str) -> Iterator[Record]:
        """Yield every page of a list."""
        following: str | None = target
        while following:
            page = self.ask(following, **headers).raise_for_status().json()
            yield page
            following = page.get("@odata.nextLink")

    def batch(self, *targets: str, version: str = "v1.0") -> dict[str, Record]:
        """Return the answers of a batch by target."""
        items = [{"id": str(number), "method": "GET", "url": target} for number, target in enumerate(targets)]
        answer = self.client.post(
            self.address(f"/{version}/$batch"), headers=self.signed_in(), json={"requests": items}
        ).raise_for_status()
        return {targets[int(each["id"])]: each for each in answer.json()["responses"]}

    def refused(self, target: str, token: str | None = None, **headers: str) -> tuple[int, str]:
        """Return status and code of a refusal."""
        answer = self.ask(target, token, **headers)
        return answer.status_code, answer.json()["error"]["code"]


def lines(folder: Path, collection: str) -> list[Record]:
    """Return the answers that an export folder holds of one collection."""
    with gzip.open(folder / f"{collection}.jsonl.gz", "rt", encoding="utf-8") as packed:
        return [json.loads(line) for line in packed]
