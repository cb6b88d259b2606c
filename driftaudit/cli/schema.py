"""The `schema` command: the data dictionary, made from the same files as the views."""

from __future__ import annotations

import click

from driftaudit.errors import UsageError


@click.command("schema")
@click.argument("view", required=False)
def command(view: str | None) -> None:
    """Print the data dictionary: every view, or the columns of one VIEW."""
    from driftaudit.store.schema import view_files

    files = {n: f for n, f in sorted(view_files().items()) if "macro" not in f.header}
    if view is None:
        width = max(map(len, files))
        for name, file in files.items():
            click.echo(f"{name:{width}}  {file.meaning}")
        click.echo("\nThe columns of one: driftaudit schema grants\nAnother snapshot: set variable snapshot_id = 3")
        return
    if view not in files:
        raise UsageError(f"There is no view {view!r}.", f"There are: {', '.join(files)}.")
    columns = files[view].named("column")
    click.echo(files[view].meaning + "\n")
    for name, meaning in columns.items():
        click.echo(f"{name:{max(map(len, columns))}}  {meaning}")
