"""What every command is given: the database, the configuration and the form of the narration."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from driftaudit.config import Config

LogFormat = Literal["text", "json"]


@dataclass(frozen=True, slots=True)
class Options:
    """The answers to the options that stand before the command."""

    db: Path
    config: Config
    log_format: LogFormat


pass_options = click.make_pass_decorator(Options)
"""Decorates a command that wants the Options as its first argument."""


def read_options(db: Path | None, config: Path | None, log_format: LogFormat) -> Options:
    """Return the options with the configuration read: option, then environment, then file, then default."""
    from driftaudit.config import read_config

    settings = read_config(config, os.environ)
    return Options(db or settings.store.database, settings, log_format)
