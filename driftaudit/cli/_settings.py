"""Settings as the text of a `driftaudit.toml`: each with its value and a comment."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_type_hints

from driftaudit.config import TABLES, Config
from driftaudit.delivery_settings import Send

WIDTH = 38
"""Where the comments begin."""
Comment = Callable[[str, str], str]
VARIABLES = {
    "DRIFTAUDIT_CERTIFICATE_PASSWORD": "the password of the reader's certificate",
    "DRIFTAUDIT_CLIENT_ID": "the application that reads, if not in the file",
    "DRIFTAUDIT_CLIENT_SECRET": "its secret, for method = secret",
    "DRIFTAUDIT_ACCESS_TOKEN": "a token for Graph, for method = token",
    "DRIFTAUDIT_SHAREPOINT_URL": "the tenant's SharePoint, for the members of sites",
    "DRIFTAUDIT_SHAREPOINT_TOKEN": "a token for it, where no certificate signs in",
    "DRIFTAUDIT_GRAPH_URL": "another address of Graph than the cloud's own",
    "DRIFTAUDIT_MAIL_PASSWORD": "the password at the mail server",
    "DRIFTAUDIT_MAIL_ACCESS_TOKEN": "a token to send with: auth = xoauth2, or method = token",
    "DRIFTAUDIT_MAIL_CLIENT_ID": "the application that sends, if not in the file",
    "DRIFTAUDIT_MAIL_CLIENT_SECRET": "its secret, for method = secret",
    "DRIFTAUDIT_MAIL_CERTIFICATE_PASSWORD": "the password of its certificate",
}
"""Variables that stand in no file, and what they hold."""


def tables(config: Config, comment: Comment) -> str:
    """Return every table with every key, its value and the comment."""
    return "\n\n".join("\n".join(_table(name, getattr(config, name), comment)) for name in TABLES) + "\n"


def described(table: str, key: str) -> str:
    """Return in words what a setting is, as its class says it."""
    kind = Send if table == "send" else type(getattr(Config(), table))
    hint = get_type_hints(kind, include_extras=True)[key]
    return " ".join(note.description or "" for note in getattr(hint, "__metadata__", ())).strip()


def initial() -> str:
    """Return a file with every setting at its default, and what else there is to say in it."""
    sends = [
        _line(key, getattr(Send(), key), described("send", key)) for key in Send.__struct_fields__ if key != "place"
    ]
    return "\n".join(
        [
            "# The settings of driftaudit, all at their defaults. An option beats the environment, the environment",
            "# beats this file: DRIFTAUDIT_AUDIT_GRACE_HOURS=48 sets grace_hours in [audit].",
            "# Relative paths start where this file lies. `driftaudit config check` looks whether all is right.",
            "",
            tables(Config(), described),
            "# To whom the report goes; one [[send]] for each way.",
            "# [[send]]",
            *(f"# {line}" for line in sends),
            "",
            "# Secrets never stand here, but in the environment:",
            *(f"# {name:<{WIDTH}}{what}" for name, what in VARIABLES.items()),
            "",
        ]
    )


def ways(config: Config) -> str:
    """Return every way by which a report leaves, as configured, with its place in the file."""
    return "\n".join(
        "\n".join([f"[[send]]{'':<{WIDTH - 7}}# {way.place}", *_table("send", way, lambda table, key: "")[1:], ""])
        for way in config.send
    )


def value(given: Any) -> str:
    """Return a value as TOML writes it; nothing given is an empty text."""
    if isinstance(given, tuple):
        return f"[{', '.join(map(value, given))}]"
    if isinstance(given, dict):
        inside = ", ".join(f"{_key(name)} = {value(each)}" for name, each in given.items())
        return f"{{ {inside} }}" if inside else "{}"
    if given is None or isinstance(given, str | Path):
        text = "" if given is None else str(given)
        return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(given).lower()


def _key(name: str) -> str:
    """Return a key bare where TOML allows it."""
    return name if name.isascii() and name.replace("_", "").replace("-", "").isalnum() else value(name)


def _table(name: str, table: Any, comment: Comment) -> list[str]:
    keys: Iterator[str] = (key for key in table.__struct_fields__ if key != "place")
    return [f"[{name}]", *(_line(key, getattr(table, key), comment(name, key)) for key in keys)]


def _line(key: str, given: Any, comment: str) -> str:
    said = f"{key} = {value(given)}"
    return f"{said:<{WIDTH}} # {comment}" if comment else said
