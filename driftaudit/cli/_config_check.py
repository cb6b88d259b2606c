"""What is wrong with a configuration, as far as that can be seen without asking anybody over the network."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from msgspec.structs import replace

from driftaudit.cli._options import Options
from driftaudit.cli._settings import VARIABLES
from driftaudit.config import Config, variables
from driftaudit.delivery_settings import MAIL_CERTIFICATE_PASSWORD
from driftaudit.errors import DriftauditError, UsageError
from driftaudit.toml_file import nearest

Environment = Mapping[str, str]
_PREFIX = "DRIFTAUDIT_"


def mistakes(options: Options, environment: Environment) -> list[str]:
    """Return every mistake in a sentence or two; empty if all is right."""
    return [*_unknown_variables(environment), *(str(error) for error in _errors(options, environment))]


def _unknown_variables(environment: Environment) -> Iterator[str]:
    """Give variables that look like ours and that nobody reads."""
    known = {*VARIABLES, *variables()}
    for name in sorted(environment):
        if name.startswith(_PREFIX) and name not in known:
            yield f"{name} is no variable that is read. {_nearest(name, known)}"


def _nearest(name: str, known: set[str]) -> str:
    """Advise the variable that is most like a wrong one; all of them would be too many to tell."""
    advice = nearest(name, sorted(known))
    return advice if advice.startswith("Did") else "`driftaudit config show` tells which are."


def _errors(options: Options, environment: Environment) -> Iterator[DriftauditError]:
    config = options.config
    looks: list[Callable[[], object]] = [
        lambda: _reader(config, environment),
        lambda: _addresses(config, environment),
        lambda: _collections("[collect] skip", config.collect.skip),
        lambda: _collections("[store] accept_shrink", config.store.accept_shrink),
        lambda: _checks(options),
        *(lambda way=way: _way(replace(config, send=(way,)), environment) for way in config.send),
    ]
    told = set[str]()
    for look in looks:
        try:
            look()
        except DriftauditError as error:
            if str(error) not in told:
                yield error
            told.add(str(error))


def _reader(config: Config, environment: Environment) -> None:
    """See that whoever reads has what signing in takes; the certificate opens with its password."""
    from driftaudit.cli._certificate import ends_at
    from driftaudit.graph.clouds import cloud
    from driftaudit.graph.credentials import SignIn
    from driftaudit.graph.sign_in import PASSWORD, sign_in

    reader, tenant = config.sign_in, config.tenant
    wanted = SignIn(
        cloud(tenant.cloud), environment, tenant.id, reader.app_id, reader.certificate, prompt=lambda *_: None
    )
    sign_in(reader.method, wanted)
    if reader.method == "certificate" and reader.certificate:
        ends_at(reader.certificate, environment.get(PASSWORD))


def _addresses(config: Config, environment: Environment) -> None:
    """See that the addresses in the environment are some."""
    from driftaudit.cli._sign_in import GRAPH_URL, SHAREPOINT_URL
    from driftaudit.graph.address import root_from
    from driftaudit.graph.clouds import cloud

    usual = cloud(config.tenant.cloud).graph_root
    root_from(environment, GRAPH_URL, usual)
    root_from(environment, SHAREPOINT_URL, usual)


def _collections(where: str, names: tuple[str, ...]) -> None:
    """See that names of collections are some."""
    from driftaudit.collectors import collections

    for name in names:
        if name not in collections():
            raise UsageError(f"{where}: there is no collection {name!r}.", nearest(name, sorted(collections())))


def _checks(options: Options) -> None:
    """See that checks of one's own, parameters and exceptions can be read."""
    from driftaudit.audit.checks import checks, parameters
    from driftaudit.audit.exceptions import read_exceptions

    known = checks(options.config.audit.queries)
    parameters(known.values(), dict(options.config.audit.parameters))
    if options.exceptions is not None:
        read_exceptions(options.exceptions, known.keys())


def _way(config: Config, environment: Environment) -> None:
    """See that one way of a report leads somewhere, and that whoever sends has what it takes."""
    from driftaudit.cli._certificate import ends_at
    from driftaudit.delivery.letter import Post
    from driftaudit.delivery.plan import checked

    checked(config, Post(config, environment, time.sleep))
    (way,), mail = config.send, config.mail
    if way.channel != "mail":
        return
    if mail.via == "smtp":
        _readable("[mail] ca_file", mail.ca_file)
    elif mail.method == "certificate" and mail.certificate:
        ends_at(mail.certificate, environment.get(MAIL_CERTIFICATE_PASSWORD), "[mail]")


def _readable(where: str, path: Path | None) -> None:
    """See that a file can be opened, where one is named."""
    try:
        if path is not None:
            path.open("rb").close()
    except OSError as error:
        raise UsageError(f"{where}: {path} cannot be read: {error.strerror}.", "Check the path.") from None
