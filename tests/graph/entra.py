"""A place to sign in, as small as possible: it gives out tokens, or refuses with one of Microsoft's codes."""

from __future__ import annotations

import base64
import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from driftaudit.graph.clouds import Cloud
from driftaudit.graph.credentials import SignIn
from tests.graph.bench import TENANT, jwt
from tests.graph.https import https_server
from tests.graph.small_server import Reply, Seen, SmallServer

APP = "0f0e2b10-0000-4000-8000-0000000000a9"


@dataclass
class Entra:
    """What the place does, and what it was told."""

    server: SmallServer
    refuses: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def authority(self) -> str:
        """Return where to sign in."""
        return f"https://127.0.0.1:{self.server.server_port}"

    def wanted(self, environment: Mapping[str, str] | None = None, **more: Any) -> SignIn:
        """Return a sign-in that comes here."""
        cloud = Cloud("public", "https://graph.microsoft.com", self.authority, "sharepoint.com", "")
        given: dict[str, Any] = {"tenant_id": TENANT, "app_id": APP} | more
        return SignIn(cloud, environment or {}, **given)

    def open(self) -> None:
        """Script the answers."""
        base = f"{self.authority}/{TENANT}"
        places = {"issuer": f"{base}/v2.0"} | {
            f"{name}_endpoint": f"{base}/oauth2/v2.0/{name}" for name in ("authorization", "token")
        }
        places["device_authorization_endpoint"] = f"{base}/oauth2/v2.0/devicecode"
        self.server.says(f"/{TENANT}/v2.0/.well-known/openid-configuration", Reply(places))
        self.server.says(f"/{TENANT}/oauth2/v2.0/token", self._token)
        code = {
            "device_code": "d",
            "user_code": "ABCD-EFGH",
            "verification_uri": "https://entra.contoso.example/device",
        }
        self.server.says(
            f"/{TENANT}/oauth2/v2.0/devicecode", Reply(code | {"expires_in": 900, "interval": 0, "message": ""})
        )

    def _token(self, seen: Seen) -> Reply:
        """Give a token that tells how many were given before."""
        self.asked.append({name: values[0] for name, values in parse_qs(seen.body.decode()).items()})
        if self.refuses:
            error = {"error": "invalid_client", "error_description": f"{self.refuses} Trace ID: 1\r\nTimestamp: 2"}
            return Reply(error, 400)
        client = base64.urlsafe_b64encode(json.dumps({"uid": "u", "utid": TENANT}).encode()).decode().rstrip("=")
        said = {"token_type": "Bearer", "expires_in": 3600, "access_token": jwt(jti=str(len(self.asked)))}
        said["scope"] = "https://graph.microsoft.com/.default"
        person = {"refresh_token": "r", "client_info": client, "id_token": _id_token(self.authority)}
        return Reply(said | (person if self.asked[-1]["grant_type"] != "client_credentials" else {}))


@contextmanager
def entra(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Entra]:
    """Run the place and trust its certificate."""
    with https_server(folder) as (server, public):
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(public))
        place = Entra(server)
        place.open()
        yield place


def _id_token(authority: str) -> str:
    claims = {"iss": f"{authority}/{TENANT}/v2.0", "aud": APP, "sub": "s", "preferred_username": "kim@contoso.example"}
    return jwt(**claims, exp=4102444800, iat=1)
