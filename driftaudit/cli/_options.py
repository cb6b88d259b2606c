"""What every command is given: the database, the configuration and the form of the narration."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from driftaudit.config import Config

EXCEPTIONS = "exceptions.toml"
LogFormat = Literal["text", "json"]


@dataclass(frozen=True, slots=True)
class Options:
    """The answers to the options that stand before the command."""

    db: Path
    config: Config
    log_format: LogFormat
    exceptions_path: Path
    """Where the exceptions stand, or would."""

    @property
    def exceptions(self) -> Path | None:
        """Return the file of exceptions; none if there is none and the configuration names none."""
        named = self.config.audit.exceptions is not None
        return self.exceptions_path if named or self.exceptions_path.exists() else None


pass_options = click.make_pass_decorator(Options)
"""Decorates a command that wants the Options as its first argument."""


def read_options(db: Path | None, config: Path | None, log_format: LogFormat) -> Options:
    """Return the options with the configuration read: option, then environment, then file, then default."""
    from driftaudit.config import DEFAULT_FILE, read_config

    settings = read_config(config, os.environ)
    beside = (config or DEFAULT_FILE).with_name(EXCEPTIONS)
    return Options(db or settings.store.database, settings, log_format, settings.audit.exceptions or beside)
