"""The README of the sample: every story and its twin, in the words of the stories themselves."""

from __future__ import annotations

from collections.abc import Iterator

from tests.sample_tenant.expected import state_of
from tests.sample_tenant.ids import FOLDERS
from tests.sample_tenant.resources import APPS
from tests.sample_tenant.rounds import INSTANCES
from tests.sample_tenant.words import Finding, Story
from tests.sample_tenant.world import CHAPTERS, STORIES, principal

_HEAD = """\
# Contoso, an invented tenant

Five snapshots of one summer, in the raw shapes of Microsoft Graph and SharePoint. Nobody in them exists.
`python -m tests.sample_tenant` writes this folder; the same bytes each time. `expected.json` lists what an audit of
each snapshot must find, and every story below has a twin that differs in one thing. Under a story stand the numbers of
the behaviours of Microsoft's service that it and its twin are about.

| snapshot | what was not read | open findings |
|---|---|---|
"""
_UNREAD = {
    "2026-07-31": "members of PRJ-Borealis: the service refused them",
    "2026-08-31": "all review decisions: the permission was missing",
    "2026-09-16": "members of FIN-Vendor records: the service answered with an empty list; the site Travel desk: "
    "SharePoint refused it",
}
_TAIL = """
## What must stay silent everywhere

- The members of Staff Lisbon and PRINT-Lisboa-Piso-2, which the package Travel and expenses gives: a rule and the
  on-premises directory put them there.
- The group that the auto-assignment policy of Travel and expenses made, and the people it assigned.
- Roles that no package gives: Reader in Contoso Ledger, Administrator in Contoso Expenses, Visitors of Treasury desk,
  Directory Readers in the directory, full control of a site that somebody has by name.
- Trần Quốc Bảo, whose id the service prints in capitals in his assignment: it is the same id.
- The works council in the board's secretariat: a group inside a group that no package gives.
- The people in groups that stand inside packaged groups: the group is found, once, and not each of them.

## What the pages hold on purpose

An empty page with a next link (users), next links that change the path (sites), several pages of one group's members,
a duration instead of an end (Kofi's assignment), requests whose assignment is gone (Agata's) or was never there
(Ingeborg's), instants with no, three and seven digits of a second, an app role that left and came back with another
date (Fritz's), two accounts with one mail address (Teemu's), and names in many scripts. The `.gz` files are stored, not
compressed, so that their hashes are the same on every machine.
"""


def readme() -> bytes:
    """Return README.md."""
    rows = "".join(f"| {day} | {_UNREAD.get(day, 'nothing')} | {_open(n)} |\n" for n, day in enumerate(FOLDERS))
    told = "".join(f"\n## {title}\n" + "".join(map(_told, stories)) for title, stories in CHAPTERS)
    return (_HEAD + rows + told + _TAIL).encode()


def _open(snapshot: int) -> int:
    """Count the findings that stand open in one snapshot, unconfirmed ones included."""
    closed = ("-", "resolved")
    return sum(state_of(finding, snapshot) not in closed for story in STORIES for finding in story.findings)


def _told(story: Story) -> str:
    """Return one story: what happens, the twin, what must be found when, and which behaviours it stands for."""
    parts = (f"\n### {story.title}", story.tells, f"\n*Twin:* {story.twin}", *_findings(story), *_cases(story))
    return "\n".join(parts) + "\n"


def _cases(story: Story) -> Iterator[str]:
    """Yield the numbers of the behaviours that a story stands for."""
    if story.cases:
        yield f"\n<sub>{', '.join(story.cases.split())}</sub>"


def _findings(story: Story) -> Iterator[str]:
    """Yield one line per finding with its states."""
    if story.findings:
        yield ""
    for finding in story.findings:
        states = " > ".join(state_of(finding, n).replace("_", " ") for n in range(len(FOLDERS)))
        yield f"- `{finding.check}`: {_about(finding)}: {states}"


def _about(finding: Finding) -> str:
    """Return whom a finding is about, or the round or the application, where it is about nobody."""
    if finding.principal is not None:
        return principal(finding.principal).name
    return INSTANCES[finding.instance].name if finding.instance else APPS[(finding.resource or ("", ""))[1]].name
