"""The app registration for a set of permissions: as a manifest, and as scripts that look every id up by name."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from driftaudit.audit.permissions import Permission
from driftaudit.report.unread import collection_name

NAME = "driftaudit"
_TENANT, _APP = "TENANT-ID", "CLIENT-ID"

_AZ_BEGINS = """\
#!/bin/sh
# Registers the application {name}, which only reads. Needs the Azure CLI, signed in as
# somebody who may register applications; an administrator consents afterwards.
set -eu
app=$(az ad app create --display-name {name} --sign-in-audience AzureADMyOrg{public} --query appId --output tsv)

add() { # the interface, the permission's name
  id=$(az ad sp show --id "$1" --query "{list}[?value=='$2'{kind}].id | [0]" --output tsv)
  case "$id" in
    ''|None) echo "There is no permission $2 here; going on without it." >&2 ;;
    *) az ad app permission add --id "$app" --api "$1" --api-permissions "$id={type}" --only-show-errors ;;
  esac
}

"""
_AZ_ENDS = """
az ad sp create --id "$app" --output none
tenant=$(az account show --query tenantId --output tsv)
echo "Application (client) id: $app"
echo "Let an administrator consent here: {address}"
"""
_POWERSHELL_BEGINS = """\
# Registers the application {name}, which only reads. Needs the module Microsoft.Graph.Applications
# and somebody who may register applications; an administrator consents afterwards.
$ErrorActionPreference = 'Stop'
Connect-MgGraph -Scopes 'Application.ReadWrite.All' -NoWelcome
$wanted = [ordered]@{
"""
_POWERSHELL_ENDS = """\
}
$access = foreach ($api in $wanted.Keys) {
    $service = Get-MgServicePrincipal -Filter "appId eq '$api'"
    $found = foreach ($name in $wanted[$api]) {
        $permission = $service.{list} | Where-Object { $_.Value -eq $name{kind} }
        if ($permission) { @{ Id = $permission.Id; Type = '{type}' } }
        else { Write-Warning "There is no permission $name here; going on without it." }
    }
    @{ ResourceAppId = $api; ResourceAccess = @($found) }
}
$app = New-MgApplication -DisplayName '{name}' -SignInAudience 'AzureADMyOrg'{public} -RequiredResourceAccess @($access)
New-MgServicePrincipal -AppId $app.AppId | Out-Null
$tenant = (Get-MgContext).TenantId
"Application (client) id: $($app.AppId)"
"Let an administrator consent here: {address}"
"""


@dataclass(frozen=True, slots=True)
class Registration:
    """What is registered, and where one signs in."""

    permissions: Sequence[Permission]
    delegated: bool
    """For a person who signs in, rather than for an application by itself."""
    authority: str

    @property
    def type(self) -> str:
        """Return what a registration calls the kind of permission."""
        return "Scope" if self.delegated else "Role"

    def by_api(self) -> dict[str, list[Permission]]:
        """Return the permissions by the interface that asks for them."""
        found: dict[str, list[Permission]] = {}
        for permission in self.permissions:
            found.setdefault(permission.api, []).append(permission)
        return found


def consent_address(authority: str, tenant: str, app: str) -> str:
    """Return where an administrator consents; what is not configured yet stays to be filled in."""
    return f"{authority}/{quote(tenant or _TENANT, safe='')}/adminconsent?client_id={quote(app or _APP, safe='')}"


def manifest(wanted: Registration) -> str:
    """Return the part `requiredResourceAccess` of an application's manifest."""
    access = [
        {"resourceAppId": api, "resourceAccess": [{"id": _id(p, wanted), "type": wanted.type} for p in listed]}
        for api, listed in wanted.by_api().items()
    ]
    return json.dumps({"requiredResourceAccess": access}, indent=2)


def az(wanted: Registration) -> str:
    """Return a shell script for the Azure CLI."""
    calls = [
        f"add {shlex.quote(api)} {shlex.quote(permission.name)}\n"
        for api, listed in wanted.by_api().items()
        for permission in listed
    ]
    application = " && contains(allowedMemberTypes, 'Application')"
    words = {
        "list": "oauth2PermissionScopes" if wanted.delegated else "appRoles",
        "kind": "" if wanted.delegated else application,
        "public": " --is-fallback-public-client true" if wanted.delegated else "",
        "address": f"{wanted.authority}/$tenant/adminconsent?client_id=$app",
    }
    return _filled(_AZ_BEGINS, wanted, words) + "".join(calls) + _filled(_AZ_ENDS, wanted, words)


def powershell(wanted: Registration) -> str:
    """Return a script for Microsoft's PowerShell module."""
    names = {api: ", ".join(f"'{p.name}'" for p in listed) for api, listed in wanted.by_api().items()}
    lines = [f"    '{api}' = @({inside})\n" for api, inside in names.items()]
    words = {
        "list": "Oauth2PermissionScopes" if wanted.delegated else "AppRoles",
        "kind": "" if wanted.delegated else " -and $_.AllowedMemberTypes -contains 'Application'",
        "public": " -IsFallbackPublicClient" if wanted.delegated else "",
        "address": f"{wanted.authority}/$tenant/adminconsent?client_id=$($app.AppId)",
    }
    return _filled(_POWERSHELL_BEGINS, wanted, words) + "".join(lines) + _filled(_POWERSHELL_ENDS, wanted, words)


def _id(permission: Permission, wanted: Registration) -> str:
    """Return the id of a permission in the kind that is registered."""
    return (permission.ids.delegated if wanted.delegated else None) or permission.ids.application


def _filled(text: str, wanted: Registration, words: dict[str, str]) -> str:
    """Return a template with its words put in; braces of the script's own stay."""
    for name, value in {"name": NAME, "type": wanted.type, **words}.items():
        text = text.replace("{" + name + "}", value)
    return text


def listed(names: Iterable[str]) -> str:
    """Return names of collections as a sentence lists them."""
    return ", ".join(map(collection_name, names))
