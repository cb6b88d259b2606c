"""The `config` command: what is configured and from where, whether it can work, and a file to begin with."""

from __future__ import annotations

import os
from pathlib import Path

import click

from driftaudit.cli._narration import narrator
from driftaudit.cli._options import Options, pass_options
from driftaudit.errors import UsageError
from driftaudit.foreign_text import visible

_FILE_ONLY_FOR_ITS_OWNER = 0o600


@click.group("config")
def command() -> None:
    """Show the configuration, check it, or write a file to begin with.

    An option beats the environment, the environment beats driftaudit.toml.
    """


@command.command("show")
@click.pass_context
def show(context: click.Context) -> None:
    """Show every setting with its value and where it comes from; of secrets only whether they are set.

    \b
    Example: driftaudit config show
    """
    from msgspec.structs import replace

    from driftaudit.cli import _settings
    from driftaudit.config import sources

    options, given = context.obj, context.find_root().params
    found = sources(given["config"], os.environ)
    if given["db"] is not None:
        found["store", "database"] = "--db"
    store = replace(options.config.store, database=options.db)
    config = replace(options.config, store=store)
    told = _settings.tables(config, lambda table, key: found.get((table, key), "default"))
    variables = [
        f"# {name:<{_settings.WIDTH}} {'set' if os.environ.get(name) else 'not set'}" for name in _settings.VARIABLES
    ]
    ways = _settings.ways(config) or "# No [[send]]: nobody gets the report.\n"
    click.echo("\n".join([*map(visible, f"{told}\n{ways}".split("\n")), *variables]))


@command.command("check")
@pass_options
def check(options: Options) -> int:
    """Check the configuration as far as that goes without asking anybody over the network.

    It looks at every setting and variable, opens the files that they name, and sees whether the
    sign-ins have what they need and every [[send]] leads somewhere. `driftaudit doctor` goes on from there.

    \b
    Example: driftaudit config check
    Exit codes: 0 all is right, 2 it is not; then each mistake is named.
    """
    from driftaudit.cli._config_check import mistakes

    found = mistakes(options, os.environ)
    for mistake in found:
        click.echo(visible(mistake))
    if found:
        return UsageError.exit_code
    click.echo("The configuration is right, as far as can be seen without the network.")
    if not options.config.send:
        narrator(options)("There is no [[send]]: nobody gets the report.")
    return 0


@command.command("init")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default=Path("driftaudit.toml"))
@pass_options
def init(options: Options, file: Path) -> None:
    """Write FILE, or driftaudit.toml, with every setting at its default and what it means.

    A file that is there is never replaced. Only its owner may read the new one.

    \b
    Example: driftaudit config init /etc/driftaudit/driftaudit.toml
    """
    from driftaudit.cli._settings import initial

    try:
        made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_ONLY_FOR_ITS_OWNER)
    except FileExistsError:
        raise UsageError(f"{file} is there already.", "Name another file, or move that one away.") from None
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.", "Check the path and its folder.") from None
    with os.fdopen(made, "w", encoding="utf-8") as text:
        text.write(initial())
    narrator(options)(f"Wrote {file}. Look whether all is right with: driftaudit --config {file} config check")
