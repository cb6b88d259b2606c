"""Progress: what a person sees of a long run, and what a log keeps of it."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from driftaudit.cli._progress import EVERY, Lines, Progress, Screen, progress
from driftaudit.exports.manifest import Entry
from driftaudit.graph.events import Retried, Throttled


class Hand:
    """A clock that somebody moves by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def _busy(shown: Progress, clock: Hand) -> None:
    """Be in the middle of the second of three collections."""
    shown.begun("group_members", 2, 3)
    clock.now += 2
    shown.page("group_members", 999)
    shown.page("group_members", 1400)
    shown.scopes("group_members", 20, 60)


def _seen(shown: Screen) -> str:
    text = io.StringIO()
    Console(file=text, force_terminal=True, width=100, color_system=None).print(shown.view())
    return text.getvalue()


def test_a_terminal_shows_how_far_it_is() -> None:
    clock = Hand()
    shown = Screen(seconds=clock)
    assert _seen(shown) == "Asking which tenant this is ...\n"
    _busy(shown, clock)
    head, counts = _seen(shown).splitlines()
    assert head.startswith("Collection 2 of 3  ━━━")
    assert counts == "  group_members: 20 of 60 asked, 2 pages, 1,400 rows, 700 rows/s"


def test_a_terminal_counts_a_pause_down() -> None:
    clock = Hand()
    shown = Screen(seconds=clock)
    _busy(shown, clock)
    shown.told(Throttled(12))
    shown.told(Retried("directory", "429", 1))
    clock.now += 5
    assert _seen(shown).splitlines()[1:] == [
        "  group_members: 20 of 60 asked, 2 pages, 1,400 rows, 200 rows/s, 1 asked again",
        "  The service asks for a pause; 7 s left",
    ]
    clock.now += 7
    assert "pause" not in _seen(shown)


def test_a_log_hears_of_a_long_collection_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Hand()
    shown = Lines(seconds=clock)
    _busy(shown, clock)
    assert capsys.readouterr().err == ""
    clock.now += EVERY
    shown.page("group_members", 2240)
    shown.page("group_members", 2241)
    assert capsys.readouterr().err == "2 of 3 group_members: 20 of 60 asked, 3 pages, 2,240 rows, 70 rows/s\n"
    shown.closed("group_members", Entry(status="partial", rows=2241, reason="1 of its groups refused (403)"))
    assert capsys.readouterr().err == (
        "2 of 3 group_members: 2,241 rows, partial, 32.0 s: 1 of its groups refused (403)\n"
    )
    assert shown.took == {"group_members": 32.0}


def test_a_log_hears_of_pauses_but_not_of_each(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Hand()
    shown = Lines(seconds=clock, as_json=True)
    shown.begun("users", 1, 3)
    for _ in range(3):
        shown.told(Throttled(2))
        clock.now += 2
    clock.now += EVERY
    shown.told(Throttled(200))
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["event"], line["collection"]) for line in told] == [("throttled", "users")] * 2
    assert [line["message"] for line in told] == [
        f"The service asks for a pause of {seconds} s; everything waits." for seconds in (2, 200)
    ]


def test_what_a_service_says_cannot_act_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    shown = Lines(seconds=Hand())
    shown.begun("users", 1, 3)
    shown.closed("users", Entry(status="failed", reason="refused\x1b[2J"))
    assert capsys.readouterr().err == "1 of 3 users: failed, 0.0 s: refused␛[2J\n"


@pytest.mark.parametrize(("forced", "kind"), [("1", Screen), ("", Lines)])
def test_where_stderr_leads_decides(forced: str, kind: type[Progress], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("FORCE_COLOR", forced)
    assert type(progress("text")) is kind
    assert isinstance(progress("json"), Lines)
