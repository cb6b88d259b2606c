"""The README of the sample: every story and its twin, in the words of the stories themselves."""

from __future__ import annotations

from collections.abc import Iterator

from tests.sample_tenant.expected import state_of
from tests.sample_tenant.ids import FOLDERS
from tests.sample_tenant.stories_expiry import LEFT_OVERS
from tests.sample_tenant.stories_outside import OUTSIDE
from tests.sample_tenant.stories_reviews import UNANSWERED
from tests.sample_tenant.words import Story
from tests.sample_tenant.world import STORIES, principal

_HEAD = """\
# Contoso, an invented tenant

Five snapshots of one summer, in the raw shapes of Microsoft Graph and SharePoint. Nobody in them exists.
`python -m tests.sample_tenant` writes this folder; the same bytes each time. `expected.json` lists what an audit of
each snapshot must find, and every story below has a twin that differs in one thing.

| snapshot | what was not read | open findings |
|---|---|---|
"""
_UNREAD = {
    "2026-07-31": "members of PRJ-Borealis: the service refused them",
    "2026-08-31": "all review decisions: the permission was missing",
}
_TAIL = """
## What must stay silent everywhere

- The members of Staff Lisbon and PRINT-Lisboa-Piso-2, which the package Travel and expenses gives: a rule and the
  on-premises directory put them there.
- The group that the auto-assignment policy of Travel and expenses made, and the people it assigned.
- Roles that no package gives: Reader in Contoso Ledger, Administrator in Contoso Expenses, Visitors of Treasury desk.
- Trần Quốc Bảo, whose id the service prints in capitals in his assignment: it is the same id.
- The board's secretariat, a group inside a group: nested groups are not followed by these checks.

## What the pages hold on purpose

An empty page with a next link (users), next links that change the path (sites), several pages of one group's members,
a duration instead of an end (Kofi's assignment), a request whose assignment is gone (Agata's), instants with no, three
and seven digits of a second, and names in many scripts. The `.gz` files are stored, not compressed, so that their
hashes are the same on every machine.
"""


def readme() -> bytes:
    """Return README.md."""
    rows = "".join(f"| {day} | {_UNREAD.get(day, 'nothing')} | {_open(n)} |\n" for n, day in enumerate(FOLDERS))
    parts = (
        ("Access outside packages", OUTSIDE),
        ("Access past its end", LEFT_OVERS),
        ("Reviews that nobody answered", UNANSWERED),
    )
    told = "".join(f"\n## {title}\n" + "".join(map(_told, stories)) for title, stories in parts)
    return (_HEAD + rows + told + _TAIL).encode()


def _open(snapshot: int) -> int:
    """Count the findings that stand open in one snapshot, unconfirmed ones included."""
    closed = ("-", "resolved")
    return sum(state_of(finding, snapshot) not in closed for story in STORIES for finding in story.findings)


def _told(story: Story) -> str:
    """Return one story: what happens, the twin, and what must be found when."""
    return "\n".join((f"\n### {story.title}", story.tells, f"\n*Twin:* {story.twin}", *_findings(story))) + "\n"


def _findings(story: Story) -> Iterator[str]:
    """Yield one line per finding with its states."""
    if story.findings:
        yield ""
    for finding in story.findings:
        states = " > ".join(state_of(finding, n).replace("_", " ") for n in range(len(FOLDERS)))
        yield f"- `{finding.check}`: {principal(finding.principal).name}: {states}"
