"""Microsoft's clouds: each has its own Graph, its own place to sign in and its own SharePoint."""

from __future__ import annotations

from dataclasses import dataclass

from driftaudit.errors import UsageError


@dataclass(frozen=True, slots=True)
class Cloud:
    """The addresses of one cloud."""

    name: str
    graph_root: str
    """Without version; also the audience of its tokens."""
    authority: str
    """Where one signs in."""
    sharepoint: str
    """The domain under which every tenant has its SharePoint hosts."""
    portal: str
    """Where an administrator consents."""


CLOUDS = {
    cloud.name: cloud
    for cloud in (
        Cloud(
            "public",
            "https://graph.microsoft.com",
            "https://login.microsoftonline.com",
            "sharepoint.com",
            "https://entra.microsoft.com",
        ),
        Cloud(
            "usgov",
            "https://graph.microsoft.us",
            "https://login.microsoftonline.us",
            "sharepoint.us",
            "https://entra.microsoft.us",
        ),
        Cloud(
            "usgov-dod",
            "https://dod-graph.microsoft.us",
            "https://login.microsoftonline.us",
            "sharepoint-mil.us",
            "https://entra.microsoft.us",
        ),
        Cloud(
            "china",
            "https://microsoftgraph.chinacloudapi.cn",
            "https://login.chinacloudapi.cn",
            "sharepoint.cn",
            "https://entra.microsoftonline.cn",
        ),
    )
}


def cloud(name: str) -> Cloud:
    """Return the cloud of that name."""
    if name not in CLOUDS:
        raise UsageError(f"There is no cloud called {name!r}.", f"[tenant] cloud knows: {', '.join(CLOUDS)}.")
    return CLOUDS[name]
