"""The words in which stories are told: who holds what, what was assigned, what must be found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "member",
    "owner",
    "eligible_member",
    "eligible_owner",
    "app_role",
    "site_group",
    "directory_role",
    "eligible_directory_role",
    "site_role",
]
ALWAYS = "xxxxx"
"""Held in all five snapshots; a dot is a snapshot in which the access was not there."""


@dataclass(frozen=True, slots=True)
class Role:
    """What may be done on a resource: the resource by short name, the app role or site group by its own."""

    kind: Kind
    resource: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """A principal holds a role in some of the five snapshots."""

    principal: str
    role: Role
    seen: str = ALWAYS
    granted: str | None = None
    """When, for app roles and eligibility: the only grants that the service dates."""
    ends: str | None = None
    """Until when, for eligibility; null: for ever."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A principal's hold on a package."""

    principal: str
    package: str
    start: str
    end: str | None
    policy: str = ""
    """Short name of the policy; empty = the package's first."""
    created: str | None = None
    """When it was asked for; null = the day before its start."""
    duration: str | None = None
    """The ISO 8601 duration that the service prints instead of an end."""
    renewed: tuple[int, str] | None = None
    """From which snapshot on the service says another end."""
    restarted: tuple[int, str] | None = None
    """From which snapshot on the service says another start, because the assignment was changed."""
    state: str | None = None
    """The state that the service keeps saying, whatever the dates say."""
    vanishes: int | None = None
    """The first snapshot in which the service no longer lists it."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request for a package of which no assignment was ever listed."""

    principal: str
    package: str
    created: str
    state: str


@dataclass(frozen=True, slots=True)
class Activation:
    """Somebody made a member of a group, or the holder of a directory role, of themselves for eight hours."""

    principal: str
    role: Role
    seen: str
    start: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What one round of a review says of one principal."""

    instance: str
    principal: str
    decision: str
    by: str | None = None
    """Who answered; null is the zero GUID."""
    applied: str = "AppliedSuccessfully"
    """What came of applying it, once the round was applied."""
    early: bool = False
    """Whether it stood there while the round was still in progress."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding that the story must give, with its state and confidence at each snapshot ("-" = not listed)."""

    check: str
    principal: str | None
    states: str
    confidence: str = "high"
    """One word for all snapshots, or one word for each."""
    severity: str = "high"
    roles: tuple[Role, ...] = ()
    package: str | None = None
    instance: str | None = None
    resource: tuple[str, str] | None = None
    """Kind and short name of what a review asked about."""
    other: tuple[str, str] | None = None
    """Kind and short name of what may not be held together with the package."""


@dataclass(frozen=True, slots=True)
class Story:
    """What happens to somebody, what must come of it, and the innocent twin that differs in one thing."""

    title: str
    tells: str
    twin: str
    assignments: tuple[Assignment, ...] = ()
    holdings: tuple[Holding, ...] = ()
    answers: tuple[Answer, ...] = ()
    findings: tuple[Finding, ...] = ()
    requests: tuple[Request, ...] = ()
    activations: tuple[Activation, ...] = ()
    cases: str = ""
    """Numbers of the catalogue of behaviours that it stands for, its twin included."""


def member(group: str) -> Role:
    """Return the role of a member of a group."""
    return Role("member", group)


def owner(group: str) -> Role:
    """Return the role of an owner of a group."""
    return Role("owner", group)


def app_role(app: str, name: str) -> Role:
    """Return a role of an application."""
    return Role("app_role", app, name)


def site_group(site: str, number: int) -> Role:
    """Return the role of a member of a site's group."""
    return Role("site_group", site, str(number))


def site_role(site: str, level: str) -> Role:
    """Return a permission level on a site, without any group of it."""
    return Role("site_role", site, level)


def directory_role(key: str) -> Role:
    """Return a role in the whole directory."""
    return Role("directory_role", key, "/")


def eligible_role(key: str) -> Role:
    """Return the role of somebody who may activate a role in the whole directory."""
    return Role("eligible_directory_role", key, "/")


def eligible(group: str) -> Role:
    """Return the role of somebody who may make themselves a member of a group."""
    return Role("eligible_member", group)
